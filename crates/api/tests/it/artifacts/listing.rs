//! Listings by the proxy and by run: names, order, pages.

use serde_json::json;
use weir_domain::run::RunId;
use weir_store::files::{self, Owner, Stored};
use weir_store::runs;
use weir_testing::{TestRun, TestServer};

use super::{get, list, list_run, names, put};

/// Many files with the same bytes, written past HTTP.
async fn fill(server: &TestServer, run: &TestRun, paths: Vec<String>) {
    let run_id = RunId::parse(&run.id).unwrap();
    server
        .store
        .write(move |tx| {
            let owner = Owner::Run(runs::get(tx, 1, &run_id)?.id);
            let stored = Stored { sha256: &[7; 32], size_bytes: 3, location: &"0".repeat(32) };
            paths.iter().try_for_each(|path| files::put(tx, owner, path, &stored, 0).map(drop))
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn the_two_listings_name_files_their_own_way() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    for path in ["d/e/f.bin", "d/g.txt", "top.txt"] {
        put(&alice, &run, path, "abc").await;
    }

    assert_eq!(
        list(&alice, &run, "d").await.ok(),
        json!({ "files": [{ "path": "e", "is_dir": true }, { "path": "g.txt", "is_dir": false, "file_size": 3 }] })
    );
    assert_eq!(
        list_run(&alice, &run, "&path=d").await.ok(),
        json!({
            "root_uri": run.artifact_uri,
            "files": [{ "path": "d/e", "is_dir": true }, { "path": "d/g.txt", "is_dir": false, "file_size": 3 }],
        })
    );
    assert_eq!(names(&list_run(&alice, &run, "").await.ok()), ["d/", "top.txt"]);
    assert_eq!(names(&list_run(&alice, &run, "&path=d/").await.ok()), ["d/e/", "d/g.txt"]);
    let by_uuid = alice.get(&format!("artifacts/list?run_uuid={}&path=d/e", run.id)).await.ok();
    assert_eq!(names(&by_uuid), ["d/e/f.bin"]);
}

#[tokio::test]
async fn a_file_or_what_is_not_there_lists_as_nothing() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    put(&alice, &run, "d/a.txt", "abc").await;

    for path in ["d/a.txt", "no", "no/such/folder", "d/a.txt/x"] {
        assert_eq!(list(&alice, &run, path).await.ok(), json!({}), "{path}");
        let listing = list_run(&alice, &run, &format!("&path={path}")).await.ok();
        assert_eq!(listing, json!({ "root_uri": run.artifact_uri }), "{path}");
    }
    assert_eq!(
        get(&alice, &run, "no").await.to_string(),
        "404 RESOURCE_DOES_NOT_EXIST: No such artifact: 'no'"
    );
    let missing = alice.get("artifacts/list?path=d").await;
    assert!(missing.status == 400 && missing.to_string().contains("'run_id'"), "{missing}");
}

const TRICKY: [&str; 14] = [
    "a/x", "a/y", "a.txt", "a b", "a-", "a-b/c", "a.b/c", "a.b.c", "a.b.d/e", "a0", "b", "é/x", "é.txt", "🌊",
];

#[tokio::test]
async fn files_and_folders_come_in_one_order_by_name() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    let below: Vec<String> = TRICKY.iter().map(|path| format!("in/{path}")).collect();
    fill(&server, &run, TRICKY.iter().map(|path| (*path).to_owned()).chain(below).collect()).await;
    let mut expected: Vec<String> =
        TRICKY.iter().map(|path| path.split('/').next().unwrap().to_owned()).collect();
    expected.sort();
    expected.dedup();

    let bare = |names: Vec<String>| {
        names.iter().map(|name| name.trim_end_matches('/').to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(bare(names(&list(&alice, &run, "in").await.ok())), expected);
    let run_id = RunId::parse(&run.id).unwrap();
    for most in 1..=expected.len() + 1 {
        let run_id = run_id.clone();
        let paged = server.store.read(move |tx| {
            let owner = Owner::Run(runs::get(tx, 1, &run_id)?.id);
            let mut all: Vec<String> = Vec::new();
            loop {
                let page = files::list(tx, owner, "in", all.last().map(String::as_str), most)?;
                all.extend(page.iter().map(|entry| entry.name.clone()));
                if page.len() < most {
                    return Ok(all);
                }
            }
        });
        assert_eq!(paged.await.unwrap(), expected, "pages of {most}");
    }
}

#[tokio::test]
async fn a_long_listing_comes_in_pages_by_run_and_whole_by_the_proxy() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    let expected: Vec<String> = (0..2345).map(|number| format!("f{number:05}.txt")).collect();
    fill(&server, &run, expected.iter().map(|name| format!("d/{name}")).collect()).await;

    assert_eq!(names(&list(&alice, &run, "d").await.ok()), expected);
    let mut sizes = Vec::new();
    let (mut all, mut token) = (Vec::new(), String::new());
    loop {
        let page = list_run(&alice, &run, &format!("&path=d&page_token={token}")).await.ok();
        let page_names = names(&page);
        sizes.push(page_names.len());
        all.extend(page_names.iter().map(|name| name.strip_prefix("d/").unwrap().to_owned()));
        match page["next_page_token"].as_str() {
            Some(next) => token = next.to_owned(),
            None => break,
        }
    }
    assert_eq!((sizes, &all), (vec![1000, 1000, 345], &expected));

    let other = alice.create_run().await;
    for (run, query) in [(&other, "&path=d"), (&run, "&path="), (&run, "&path=d/f00001.txt")] {
        let answer = list_run(&alice, run, &format!("{query}&page_token={token}")).await;
        assert_eq!(answer.status, 400, "{answer}");
    }

    // Exactly one page is no reason for a second.
    fill(&server, &other, (0..1000).map(|number| format!("{number}")).collect()).await;
    let page = list_run(&alice, &other, "").await.ok();
    assert_eq!((names(&page).len(), page.get("next_page_token")), (1000, None));
    assert_eq!(names(&list(&alice, &other, "").await.ok()).len(), 1000);
}
