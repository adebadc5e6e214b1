//! A store belongs to one installation.

use weir_artifacts::Options;

use crate::{Place, body, on_both};

on_both! {
    a_new_store_goes_to_the_first_and_stays_its_own
    a_store_with_files_and_no_owner_is_nobodys
}

async fn a_new_store_goes_to_the_first_and_stays_its_own(open: impl AsyncFn(Options) -> Place) {
    let place = open(Options::default()).await;
    let opened_too = place.reopen().await;
    // A server that takes a file before it claims is its owner all the same.
    place.blobs.put(None, body(b"early", 5)).await.unwrap();

    assert!(place.blobs.claim("ours").await.unwrap());
    assert!(place.blobs.claim("ours").await.unwrap());
    assert!(place.reopen().await.claim("ours").await.unwrap());
    assert!(!opened_too.claim("other").await.unwrap());
    assert!(!place.reopen().await.claim("other").await.unwrap());
    assert_eq!(std::fs::read_to_string(place.files.join("installation")).unwrap(), "ours\n");
}

async fn a_store_with_files_and_no_owner_is_nobodys(open: impl AsyncFn(Options) -> Place) {
    let place = open(Options::default()).await;
    place.blobs.put(None, body(b"known to another database", 5)).await.unwrap();
    let reopened = place.reopen().await;
    assert!(!reopened.claim("ours").await.unwrap());
    assert!(!place.files.join("installation").exists());

    // As the operator is told to.
    std::fs::write(place.files.join("installation"), "ours").unwrap();
    assert!(reopened.claim("ours").await.unwrap());
}
