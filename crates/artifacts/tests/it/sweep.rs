//! What a killed server left is removed, and nothing else is.

use std::time::Duration;

use bytes::Bytes;
use weir_artifacts::Options;

use crate::{Place, body, list, noise, on_both, read};

on_both! {
    stale_multipart_uploads_are_removed
    what_is_in_use_stays
}

fn at_once() -> Options {
    Options { multipart_max_age: Duration::ZERO, ..Options::default() }
}

async fn stale_multipart_uploads_are_removed(open: impl AsyncFn(Options) -> Place) {
    let place = open(at_once()).await;
    let stored = place.blobs.put(None, body(b"kept", 4)).await.unwrap();
    for number in 1..=2 {
        let upload = place.blobs.begin_multipart().await.unwrap();
        place.blobs.put_part(&upload, number, body(b"part", 4), None).await.unwrap();
    }
    assert_eq!(place.files_below("multipart").len(), 2);

    assert_eq!(place.blobs.sweep().await.unwrap(), 2);

    place.wait_until_empty("multipart").await;
    assert_eq!(place.blobs.sweep().await.unwrap(), 0);
    assert_eq!(read(&place.blobs, &stored.location, None).await.unwrap(), b"kept");
    assert_eq!(list(&place.blobs, Duration::ZERO).await, [stored.location]);
}

async fn what_is_in_use_stays(open: impl AsyncFn(Options) -> Place) {
    let place = open(Options::default()).await;
    let replica = place.reopen().await;
    let id = place.blobs.begin_multipart().await.unwrap();
    let part = place.blobs.put_part(&id, 1, body(b"part", 4), None).await.unwrap();
    let mut upload = place.blobs.begin(None).await.unwrap();
    upload.write(Bytes::from(noise(2 << 20))).await.unwrap();

    assert_eq!(replica.sweep().await.unwrap(), 0);
    assert_eq!(place.blobs.sweep().await.unwrap(), 0);

    let stored = upload.finish().await.unwrap();
    assert!(read(&replica, &stored.location, None).await.unwrap() == noise(2 << 20));
    let joined = replica.complete_multipart(&id, &[(1, part.etag)]).await.unwrap();
    assert_eq!(read(&replica, &joined.location, None).await.unwrap(), b"part");
}

#[tokio::test]
async fn uploads_of_a_killed_process_are_removed() {
    let place = Place::folder(Options::default()).await;
    // A killed process leaves its folder and its files, and the system has let go of its lock.
    for (instance, files) in [("dead", vec!["lock", "one", "two"]), ("died-early", vec![])] {
        let instance = place.files.join("uploads").join(instance);
        std::fs::create_dir(&instance).unwrap();
        for file in files {
            std::fs::write(instance.join(file), "half a file").unwrap();
        }
    }
    let replica = place.reopen().await;
    let mut upload = replica.begin(None).await.unwrap();
    upload.write(Bytes::from(noise(2 << 20))).await.unwrap();

    assert_eq!(place.blobs.sweep().await.unwrap(), 2);

    assert!(!place.files.join("uploads/dead").exists() && !place.files.join("uploads/died-early").exists());
    assert_eq!(upload.finish().await.unwrap().size, 2 << 20);
}

#[tokio::test]
async fn the_folder_of_a_closed_store_is_removed_by_the_next() {
    let place = Place::folder(Options::default()).await;
    let instances = || std::fs::read_dir(place.files.join("uploads")).unwrap().count() - 1;
    drop(place.reopen().await);
    assert_eq!(instances(), 2);
    assert_eq!(place.blobs.sweep().await.unwrap(), 0);
    assert_eq!(instances(), 1);
}
