//! Reads that take too long, that nobody waits for any more, or that are too many.

use std::time::{Duration, Instant};

use serde_json::json;
use weir_domain::{Error, Result};
use weir_store::{Limits, Store, Tx};
use weir_testing::{Database, TestServer, Wishes};

const LONG: Duration = Duration::from_secs(12);
const SHORT: Duration = Duration::from_millis(300);

/// A read that ends when it is given up, and not before.
fn endless(tx: &mut Tx<'_>) -> Result<i64> {
    let sql =
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n WHERE i < 0";
    tx.get(sql, &[], |row| row.int(0))
}

/// The same in many short statements.
fn endlessly_many(tx: &mut Tx<'_>) -> Result<i64> {
    loop {
        one(tx)?;
    }
}

fn one(tx: &mut Tx<'_>) -> Result<i64> {
    tx.get("SELECT CAST(1 AS BIGINT)", &[], |row| row.int(0))
}

/// Runs in the background until it is dropped.
struct Client(tokio::task::JoinHandle<Result<i64>>);

impl Drop for Client {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn client(store: &Store, long: bool) -> Client {
    let store = store.clone();
    Client(tokio::spawn(async move {
        match long {
            true => store.read_long(endless).await,
            false => store.read(endless).await,
        }
    }))
}

#[tokio::test]
async fn a_read_past_its_time_is_refused_and_its_reader_goes_on() {
    let database = Database::create();
    let store = database.open_with(Limits { read: SHORT, ..Limits::default() });
    for body in [endless, endlessly_many] {
        let began = Instant::now();
        let answers =
            tokio::join!(store.read(body), store.read(body), store.read(body), store.read_long(body));
        for answer in [answers.0, answers.1, answers.2, answers.3] {
            let Err(Error::Invalid(sentence)) = answer else { panic!("{answer:?}") };
            assert_eq!(
                sentence,
                "the search took longer than 0.3 s: narrow its filter, or search fewer experiments at once"
            );
        }
        assert!((SHORT..LONG / 4).contains(&began.elapsed()), "{:?}", began.elapsed());
    }
    for _ in 0..20 {
        assert_eq!(store.read(one).await.unwrap(), 1);
    }
    // A write has other limits.
    assert_eq!(store.write(one).await.unwrap(), 1);
}

#[tokio::test]
async fn an_error_of_the_read_itself_stays_what_it_is() {
    let database = Database::create();
    let store = database.open_with(Limits { read: Duration::ZERO, ..Limits::default() });
    let refusal = store.read(|_| Err::<i64, _>(Error::NotFound("no such thing".to_owned()))).await;
    assert!(matches!(refusal, Err(Error::NotFound(_))), "{refusal:?}");
}

#[tokio::test]
async fn nobody_s_read_holds_no_reader() {
    let database = Database::create();
    let limits = Limits { read: LONG, ..Limits::default() };
    let store = database.open_with(limits);
    // More than there are readers: some wait in line when their clients go.
    let clients: Vec<Client> = (0..8).map(|_| client(&store, false)).collect();
    tokio::time::sleep(SHORT).await;
    let blocked = tokio::time::timeout(SHORT, store.read(one)).await;
    assert!(blocked.is_err(), "readers were left: {blocked:?}");
    drop(clients);
    if matches!(database.location, weir_store::Location::Sqlite(_)) {
        let answer = tokio::time::timeout(LONG / 4, store.read(one)).await;
        assert_eq!(answer.unwrap().unwrap(), 1);
    }
}

#[tokio::test]
async fn long_reads_leave_readers_to_the_others() {
    let limits = Limits { read: LONG, place: SHORT };
    let server = TestServer::with(Wishes { limits, ..Wishes::default() }).await;
    let root = server.root();
    let run = root.create_run().await;
    let clients: Vec<Client> = (0..4).map(|_| client(&server.store, true)).collect();
    tokio::time::sleep(SHORT).await;
    let address = format!("{}/api/v4/projects/1/ml/experiments/0", server.address);
    let post = |path: &str, body: serde_json::Value| {
        root.send(root.request(reqwest::Method::POST, &format!("{address}/{path}")).json(&body))
    };
    let series = format!("{}/api/v4/projects/1/ml/series", server.address);
    root.log_metric(&run, "loss", json!(1), 0, 1000).await.ok();
    let series = root.request(reqwest::Method::POST, &series);
    let series = series.json(&json!({ "runs": [run.id], "metrics": ["loss"] }));
    for answer in [
        post("groups", json!({ "param": "lr" })).await,
        post("table", json!({ "count": "exact" })).await,
        root.api_get("projects/1/ml/experiments/0/columns").await,
        root.send(series).await,
    ] {
        assert_eq!((answer.status, answer.header("retry-after")), (503, Some("1")), "{answer}");
        assert!(answer.json()["message"].as_str().unwrap().starts_with("busy, try again"), "{answer}");
    }
    post("table", json!({})).await.ok();
    root.post("runs/search", json!({ "experiment_ids": ["0"] })).await.ok();
    drop(clients);
}
