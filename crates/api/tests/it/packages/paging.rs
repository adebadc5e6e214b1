//! GitLab's page headers, by the list of packages.

use weir_testing::{Answer, TestServer};

use super::{get, keep};

const HEADERS: [&str; 6] = ["x-page", "x-per-page", "x-next-page", "x-prev-page", "x-total", "x-total-pages"];

fn headers(answer: &Answer) -> String {
    HEADERS.map(|name| answer.header(name).unwrap_or("-")).join(" ")
}

#[tokio::test]
async fn pages_tell_where_one_is() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    assert_eq!(headers(&get(&alice, "").await), "1 20   0 1");
    for number in 0..5 {
        keep(&alice, &format!("/generic/p/{number}/a"), "a").await;
    }
    let middle = get(&alice, "?sort=desc&per_page=2&page=2").await;
    assert_eq!(middle.ok().as_array().unwrap().len(), 2);
    assert_eq!(headers(&middle), "2 2 3 1 5 3");
    let at = format!("{}/api/v4/projects/1/packages?sort=desc", server.address);
    assert_eq!(
        middle.header("link").unwrap(),
        [("prev", 1), ("next", 3), ("first", 1), ("last", 3)]
            .map(|(name, page)| format!("<{at}&page={page}&per_page=2>; rel=\"{name}\""))
            .join(", ")
    );
    let next = alice.send(alice.request(reqwest::Method::GET, &format!("{at}&page=3&per_page=2"))).await;
    assert_eq!(headers(&next), "3 2  2 5 3");
    assert_eq!(headers(&get(&alice, "?page=9&per_page=1000").await), "9 100  8 5 1");
    for (query, sentence) in [
        ("?page=0", "page is invalid: '0' is not a number from 1 on"),
        ("?per_page=-1", "per_page is invalid: '-1' is not a number from 1 on"),
        (
            "?page=9223372036854775807",
            "page 9223372036854775807 begins behind 50000 rows: ask with pagination=keyset&order_by=id",
        ),
    ] {
        assert_eq!(super::message(&get(&alice, query).await), format!("400 {sentence}"));
    }
    assert_eq!(get(&alice, "?page=x").await.status, 400);
}

#[tokio::test]
async fn packages_are_walked_by_keyset() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    for number in 0..5 {
        keep(&alice, &format!("/generic/p/{number}/a"), "a").await;
    }
    let mut address = format!(
        "{}/api/v4/projects/1/packages?pagination=keyset&order_by=id&sort=asc&per_page=2",
        server.address
    );
    let mut versions = Vec::new();
    for _ in 0..4 {
        let answer = alice.send(alice.request(reqwest::Method::GET, &address)).await;
        let page = answer.ok();
        versions.extend(
            page.as_array().unwrap().iter().map(|package| package["version"].as_str().unwrap().to_owned()),
        );
        let Some(link) = answer.header("link").filter(|link| link.contains("rel=\"next\"")) else { break };
        address = link.strip_prefix('<').unwrap().split('>').next().unwrap().to_owned();
    }
    assert_eq!(versions, ["0", "1", "2", "3", "4"]);
    assert_eq!(super::listed(&alice, "?order_by=id&sort=desc&per_page=1").await, ["generic p 4"]);
}
