//! Files of packages by number, and deleting them and their packages.

use serde_json::{Value, json};
use weir_domain::access::Role;
use weir_testing::TestServer;

use super::{delete, file_names, files, get, iid, keep, listed, message, package, text};
use crate::artifacts::{list, names};

#[tokio::test]
async fn files_are_listed_in_either_order_and_deleted_one_by_one() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let mel = server.member("mel", Role::Maintainer).await;
    let run = alice.create_run().await;
    let at = format!("/ml_models/candidate:{}/files", iid(&alice, &run).await);
    for path in ["z", "d/b", "a"] {
        server.advance_ms(10);
        keep(&alice, &format!("{at}/{path}"), "same").await;
    }
    let own = get(&alice, "").await.ok()[0].clone();
    assert_eq!(file_names(&alice, &own, "").await, ["first.txt", "z", "d/b", "a"]);
    assert_eq!(file_names(&alice, &own, "?sort=desc&per_page=2").await, ["a", "d/b"]);
    assert_eq!(file_names(&alice, &own, "?order_by=file_name").await, ["a", "d/b", "first.txt", "z"]);
    assert_eq!(file_names(&alice, &own, "?order_by=file_name&sort=desc&page=2&per_page=3").await, ["a"]);

    let list_of_files = files(&alice, &own, "").await;
    let by_name = |name: &str| {
        let file = list_of_files.iter().find(|file| file["file_name"] == name).unwrap();
        format!("/{}/package_files/{}", own["id"], file["id"])
    };
    let refused = delete(&alice, &by_name("z")).await;
    assert_eq!(
        message(&refused),
        "403 403 Forbidden - you may not delete packages of this project: it needs maintainer or above"
    );
    let deleted = delete(&mel, &by_name("z")).await;
    assert_eq!((deleted.status, deleted.bytes.len()), (204, 0));
    assert_eq!(delete(&mel, &by_name("z")).await.status, 404, "it is gone");
    assert_eq!(names(&list(&alice, &run, "").await.ok()), ["a", "d/", "first.txt"]);

    // A number is of bytes: what was put in the place of a file is not deleted by that file's number.
    keep(&alice, &format!("{at}/a"), "other").await;
    assert_eq!(delete(&mel, &by_name("a")).await.status, 404);
    assert_eq!(text(&alice, &format!("{at}/a")).await, "other");
    for path in ["x", "-1", "99999999999999999999"] {
        assert_eq!(delete(&mel, &format!("/{}/package_files/{path}", own["id"])).await.status, 404, "{path}");
    }
    let wrong = get(&alice, &format!("/{}/package_files?order_by=size", own["id"])).await;
    assert_eq!(
        message(&wrong),
        "400 order_by does not have a valid value: 'size' is not id, created_at or file_name"
    );
}

#[tokio::test]
async fn a_deleted_package_takes_its_files_along() {
    let server = TestServer::start().await;
    let mel = server.member("mel", Role::Maintainer).await;
    let run = mel.create_run().await;
    iid(&mel, &run).await;
    keep(&mel, "/generic/p/1/a", "a").await;
    let (of_run, generic) = (package(&mel, "ml_exp", "candidate_1").await, package(&mel, "p", "1").await);
    for own in [&of_run, &generic] {
        assert_eq!(delete(&mel, &format!("/{}", own["id"])).await.status, 204);
        for answer in [
            get(&mel, &format!("/{}", own["id"])).await,
            get(&mel, &format!("/{}/package_files", own["id"])).await,
            delete(&mel, &format!("/{}", own["id"])).await,
        ] {
            let id = &own["id"];
            assert_eq!(
                message(&answer),
                format!("404 404 Package Not Found - this project has no package '{id}'")
            );
        }
    }
    assert!(listed(&mel, "").await.is_empty());
    assert_eq!(list(&mel, &run, "").await.ok(), json!({}));
    assert_eq!(mel.get_run(&run).await["info"]["run_id"], Value::from(run.id.clone()), "the run stays");

    mel.put_file(&run, "b", "b").await;
    keep(&mel, "/generic/p/1/a", "again").await;
    assert_ne!(package(&mel, "ml_exp", "candidate_1").await["id"], of_run["id"], "another package");
    assert_ne!(package(&mel, "p", "1").await["id"], generic["id"]);
}
