//! Bytes that no row speaks of: found, unless the store is another installation's; and kept when a row does.

use std::path::Path;
use std::time::{Duration, SystemTime};

use futures_util::stream;
use weir_api::{App, Clock, Settings, Upkeep};
use weir_artifacts::{Blobs, Location, Options};
use weir_store::{Store, files};
use weir_testing::{Database, TestServer};

use super::{get, put};

/// Makes every stored file two hours older.
fn age(folder: &Path) {
    for shelf in std::fs::read_dir(folder.join("blobs")).unwrap() {
        for file in std::fs::read_dir(shelf.unwrap().path()).unwrap() {
            let file = std::fs::File::options().append(true).open(file.unwrap().path()).unwrap();
            let modified_at = file.metadata().unwrap().modified().unwrap();
            let then: SystemTime = modified_at - Duration::from_secs(2 * 60 * 60);
            file.set_modified(then).unwrap();
        }
    }
}

async fn garbage(store: &Store) -> usize {
    store.read(|tx| files::garbage(tx, i64::MAX, 100)).await.unwrap().len()
}

#[tokio::test]
async fn another_database_marks_nothing_as_lost() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    put(&alice, &run, "a.txt", "hello").await;
    let pieces = stream::iter([Ok(bytes::Bytes::from_static(b"left"))]);
    server.app.blobs.put(None, pieces).await.unwrap();
    age(&server.artifact_folder);

    let database = Database::create();
    let store = database.open();
    let options = Options { min_free_bytes: 0, ..Options::default() };
    let location = Location::Folder(server.artifact_folder.clone());
    let blobs = Blobs::open(&location, options).await.unwrap();
    let other = App::new(store.clone(), blobs, Clock::System, Settings::default()).await.unwrap();
    assert_eq!(Upkeep::find_lost(&other).await.unwrap(), None);
    assert_eq!(garbage(&store).await, 0);

    assert_eq!(Upkeep::find_lost(&server.app).await.unwrap(), Some(1));
    assert_eq!(garbage(&server.store).await, 1);
    assert_eq!(Upkeep::find_lost(&server.app).await.unwrap(), Some(0), "what is to be removed is known");
    assert_eq!(get(&alice, &run, "a.txt").await.bytes, b"hello");
}

#[tokio::test]
async fn bytes_with_a_row_are_not_removed_as_garbage() {
    let server = TestServer::start().await;
    let alice = server.developer("alice").await;
    let run = alice.create_run().await;
    put(&alice, &run, "a.txt", "hello").await;
    let digest: Vec<u8> =
        hex::decode("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824").unwrap();
    // A commit whose answer got lost was given up, and went through after all.
    server
        .store
        .write(move |tx| {
            let location =
                tx.get("SELECT location FROM blobs WHERE sha256 = ?1", &[&digest], |row| row.text(0))?;
            files::add_garbage(tx, &location, 0)
        })
        .await
        .unwrap();
    assert_eq!(garbage(&server.store).await, 0);
    // Without its row it is garbage from then on.
    super::delete(&alice, &run, "a.txt").await.ok();
    assert_eq!(garbage(&server.store).await, 1);
    let before = server.now() - 1;
    assert!(server.store.read(move |tx| files::garbage(tx, before, 100)).await.unwrap().is_empty());
}
