//! The chain, broken on purpose.

use std::time::Duration;

use serde_json::json;
use weir_domain::Result;
use weir_domain::audit::Head;
use weir_store::audit::{self, Fault, Report};
use weir_store::{Store, Tx};
use weir_testing::TestServer;

use super::events;

/// Takes away what keeps our own mistakes out, as whoever means harm would.
fn disarm(tx: &mut Tx<'_>) -> Result<()> {
    for (trigger, table) in [
        ("audit_events_stay", "audit_events"),
        ("audit_events_remain", "audit_events"),
        ("audit_head_advances", "audit_head"),
        ("audit_head_remains", "audit_head"),
    ] {
        let sql = match tx {
            Tx::Sqlite(_) => format!("DROP TRIGGER {trigger}"),
            Tx::Postgres(_) => format!("DROP TRIGGER {trigger} ON {table}"),
        };
        tx.execute(&sql, &[])?;
    }
    Ok(())
}

/// A log of ten entries.
async fn filled() -> TestServer {
    let server = TestServer::start().await;
    let root = server.root();
    for number in 0..10 {
        root.create_model(&format!("model-{number}")).await;
    }
    assert_eq!(events(&root, "audit_events").await.len(), 10);
    server
}

async fn verify(store: &Store, kept: Option<Head>, now: i64) -> Report {
    audit::verify(store, kept, now).await.unwrap()
}

async fn change(server: &TestServer, sql: &'static str) {
    server.store.write(move |tx| tx.execute(sql, &[])).await.unwrap();
}

async fn break_with(statements: &'static [&'static str]) -> Option<Fault> {
    let server = filled().await;
    assert_eq!(verify(&server.store, None, server.now()).await.fault, None);
    server.store.write(disarm).await.unwrap();
    for sql in statements {
        change(&server, sql).await;
    }
    verify(&server.store, None, server.now()).await.fault
}

#[tokio::test]
async fn an_untouched_chain_holds() {
    let server = filled().await;
    let report = verify(&server.store, None, server.now()).await;
    assert!(report.holds() && report.checked == 10, "{report:?}");
    let head = server.store.read(audit::head).await.unwrap().unwrap();
    assert_eq!(report.head, head);
    server.root().create_model("one-more").await;
    events(&server.root(), "audit_events").await;
    // What was the end goes on being in it.
    assert!(verify(&server.store, Some(head), server.now()).await.holds());
}

#[tokio::test]
async fn a_changed_entry_is_found() {
    for sql in [
        &["UPDATE audit_events SET actor = 'mallory' WHERE sequence = 4"][..],
        &["UPDATE audit_events SET created_at = created_at - 1 WHERE sequence = 4"],
        &["UPDATE audit_events SET after = NULL WHERE sequence = 4"],
        &["UPDATE audit_events SET entity_id = 2, entity_number = 1 WHERE sequence = 4"],
        &["UPDATE audit_events SET hash = (SELECT hash FROM audit_head WHERE id = 1) WHERE sequence = 4"],
    ] {
        assert_eq!(break_with(sql).await, Some(Fault::Changed(4)), "{sql:?}");
    }
}

#[tokio::test]
async fn a_missing_entry_is_found() {
    let one = break_with(&["DELETE FROM audit_events WHERE sequence = 4"]).await;
    assert_eq!(one, Some(Fault::Missing { from: 4, to: 4 }));
    let last = break_with(&["DELETE FROM audit_events WHERE sequence > 8"]).await;
    assert_eq!(last, Some(Fault::Missing { from: 9, to: 10 }));
    let all = break_with(&["DELETE FROM audit_events"]).await;
    assert_eq!(all, Some(Fault::Missing { from: 1, to: 10 }));
    // Closing the gap does not help.
    let closed = break_with(&[
        "DELETE FROM audit_events WHERE sequence = 4",
        "UPDATE audit_events SET sequence = 4 WHERE sequence = 10",
    ])
    .await;
    assert_eq!(closed, Some(Fault::Changed(4)));
}

#[tokio::test]
async fn an_entry_that_was_put_in_is_found() {
    const COLUMNS: &str = "sequence, entity_number, event, actor_id, actor, means, address, entity_kind, entity_id, \
                           entity_path, target_kind, target_id, target, before, after, count, created_at, hash";
    let copy = |sequence: &str| {
        let rest = COLUMNS.strip_prefix("sequence, entity_number").unwrap();
        let sql = format!(
            "INSERT INTO audit_events ({COLUMNS}) SELECT {sequence}, 99{rest} FROM audit_events WHERE sequence = 3"
        );
        &*Box::leak(Box::new([&*sql.leak()]))
    };
    assert_eq!(break_with(copy("11")).await, Some(Fault::Changed(11)));
    assert_eq!(break_with(copy("0")).await, Some(Fault::Changed(0)));
    assert_eq!(break_with(copy("-7")).await, Some(Fault::Changed(-7)));
}

#[tokio::test]
async fn entries_that_changed_places_are_found() {
    let swapped = break_with(&[
        "UPDATE audit_events SET sequence = 100 WHERE sequence = 4",
        "UPDATE audit_events SET sequence = 4 WHERE sequence = 5",
        "UPDATE audit_events SET sequence = 5 WHERE sequence = 100",
    ])
    .await;
    assert_eq!(swapped, Some(Fault::Changed(4)));
}

#[tokio::test]
async fn a_head_that_was_set_back_is_found() {
    let back = break_with(&[
        "UPDATE audit_head SET sequence = 7, hash = (SELECT hash FROM audit_events WHERE sequence = 7)",
    ])
    .await;
    assert_eq!(back, Some(Fault::BeyondHead(8)));
    let other =
        break_with(&["UPDATE audit_head SET hash = (SELECT hash FROM audit_events WHERE sequence = 7)"]);
    assert_eq!(other.await, Some(Fault::HeadDiffers));
    assert_eq!(break_with(&["DELETE FROM audit_head"]).await, Some(Fault::NoHead));
}

#[tokio::test]
async fn a_head_that_is_kept_elsewhere_finds_what_the_chain_cannot() {
    let server = filled().await;
    let kept = server.store.read(audit::head).await.unwrap().unwrap();
    server.store.write(disarm).await.unwrap();
    // Cut off the end, head and all: in itself the chain is whole.
    change(&server, "DELETE FROM audit_events WHERE sequence > 7").await;
    change(
        &server,
        "UPDATE audit_head SET sequence = 7, hash = (SELECT hash FROM audit_events WHERE sequence = 7)",
    )
    .await;
    assert!(verify(&server.store, None, server.now()).await.holds());
    let fault = verify(&server.store, Some(kept), server.now()).await.fault;
    assert_eq!(fault, Some(Fault::Shortened(10)));
    // Go on writing, as if nothing had been.
    for number in 0..5 {
        server.root().create_model(&format!("new-{number}")).await;
    }
    events(&server.root(), "audit_events").await;
    assert!(verify(&server.store, None, server.now()).await.holds());
    let fault = verify(&server.store, Some(kept), server.now()).await.fault;
    assert_eq!(fault, Some(Fault::OtherChain(10)));
}

#[tokio::test]
async fn a_mistake_of_ours_changes_nothing() {
    let server = filled().await;
    for sql in [
        "UPDATE audit_events SET actor = 'mallory' WHERE sequence = 4",
        "DELETE FROM audit_events WHERE sequence = 4",
        "UPDATE audit_head SET sequence = 7",
        "DELETE FROM audit_head",
    ] {
        assert!(server.store.write(move |tx| tx.execute(sql, &[])).await.is_err(), "{sql}");
    }
    let replace = server.store.write(|tx| {
        let Tx::Sqlite(connection) = tx else { return Ok(()) };
        // As a connection that sets nothing up, such as the command line of SQLite, does it.
        connection.pragma_update(None, "recursive_triggers", false).unwrap();
        for (sql, number) in [
            ("SELECT 4, entity_number, event, actor_id, 'mallory'", 5),
            ("SELECT 99, entity_number, event, actor_id, 'mallory'", 4),
        ] {
            let sql = format!(
                "INSERT OR REPLACE INTO audit_events
                 {sql}, means, address, entity_kind, entity_id, entity_path, target_kind, target_id, target, before,
                 after, count, created_at, hash FROM audit_events WHERE sequence = {number}"
            );
            assert!(connection.execute(&sql, []).is_err(), "{sql}");
        }
        let head = "INSERT OR REPLACE INTO audit_head SELECT id, 7, hash FROM audit_head";
        assert!(connection.execute(head, []).is_err());
        connection.pragma_update(None, "recursive_triggers", true).unwrap();
        Ok(())
    });
    replace.await.unwrap();
    assert!(verify(&server.store, None, server.now()).await.holds());
}

#[tokio::test]
async fn entries_get_their_places_without_being_asked_for() {
    let server = TestServer::start().await;
    server.root().create_model("m").await;
    for _ in 0..100 {
        if server.store.read(audit::head).await.unwrap().unwrap().sequence == 1 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("nobody sealed the entry");
}

#[tokio::test]
async fn entries_that_nobody_seals_are_told() {
    let server = filled().await;
    // A sealer that has no head can give no places.
    server.store.write(disarm).await.unwrap();
    change(&server, "UPDATE audit_head SET id = 2").await;
    server.root().create_model("unsealed").await;
    let report = verify(&server.store, None, server.now() + 60_000).await;
    assert_eq!((report.waiting, report.fault), (0, Some(Fault::NoHead)));
    let report = verify(&server.store, None, server.now() + 60_001).await;
    assert_eq!(report.waiting, 1);
    assert!(!report.holds());
}

#[tokio::test]
async fn two_servers_make_one_chain() {
    let server = TestServer::start().await;
    let (one, two) = (server.store.clone(), server.second_store());
    let root = server.root();
    let mut writers = Vec::new();
    for number in 0..40 {
        let root = root.clone();
        writers.push(tokio::spawn(async move { root.create_model(&format!("m-{number}")).await }));
    }
    let seal = |store: Store| {
        tokio::spawn(async move {
            for _ in 0..20 {
                // One of them may find the other's lock, and comes again.
                let _ = store.write(|tx| audit::seal(tx, 3)).await;
            }
        })
    };
    let sealers = [seal(one.clone()), seal(two)];
    for writer in writers {
        writer.await.unwrap();
    }
    for sealer in sealers {
        sealer.await.unwrap();
    }
    let listed = events(&root, "audit_events?per_page=100").await;
    let ids: Vec<i64> = listed.iter().map(|event| event["id"].as_i64().unwrap()).collect();
    assert_eq!(ids, (1..=40).rev().collect::<Vec<i64>>());
    assert!(verify(&one, None, server.now()).await.holds());
    assert_eq!(listed[0]["details"]["after"], json!({ "name": listed[0]["details"]["target_details"] }));
}
