//! Multipart uploads: parts in any order, from any replica, and what is refused.

use futures_util::future::try_join_all;
use weir_artifacts::Options;
use weir_domain::Error;

use crate::{Place, body, noise, on_both, read, sha256};

on_both! {
    parts_arrive_in_any_order
    a_completion_can_be_repeated
    a_part_sent_again_takes_the_place_of_the_first
    a_wrong_etag_names_the_part
    an_aborted_upload_is_gone
    the_limit_is_for_the_whole_file
}

const UNKNOWN: &str = "0123456789abcdef0123456789abcdef";

async fn parts_arrive_in_any_order(open: impl AsyncFn(Options) -> Place) {
    let place = open(Options::default()).await;
    let replica = place.reopen().await;
    let upload = place.blobs.begin_multipart().await.unwrap();
    assert!(upload.len() == 32 && upload.bytes().all(|byte| byte.is_ascii_hexdigit()), "{upload}");
    // The second is larger than one request to a bucket, the last is short.
    let parts = [noise(5_000_000), noise(14_000_000), noise(3_000_001), noise(7)];
    let send = async |index: usize| {
        let blobs = if index.is_multiple_of(2) { &place.blobs } else { &replica };
        let bytes = &parts[index];
        let part =
            blobs.put_part(&upload, index as u32 + 1, body(bytes, 100_000), Some(bytes.len() as u64)).await?;
        assert_eq!((part.etag.clone(), part.size), (hex::encode(sha256(bytes)), bytes.len() as u64));
        Ok::<_, Error>((index as u32 + 1, format!("\"{}\"", part.etag)))
    };
    let mut answers = try_join_all([3, 1, 0, 2].map(send)).await.unwrap();
    answers.sort();

    let stored = replica.complete_multipart(&upload, &answers).await.unwrap();

    let whole = parts.concat();
    assert_eq!((stored.size, stored.sha256), (whole.len() as u64, sha256(&whole)));
    assert!(read(&place.blobs, &stored.location, None).await.unwrap() == whole);
    place.blobs.abort_multipart(&upload).await.unwrap();
    place.wait_until_empty("multipart").await;
    assert_eq!(place.files_below("uploads"), [""; 0]);
    assert_eq!(place.files_below("blobs").len(), 1);
}

async fn a_completion_can_be_repeated(open: impl AsyncFn(Options) -> Place) {
    let place = open(Options::default()).await;
    let upload = place.blobs.begin_multipart().await.unwrap();
    let part = place.blobs.put_part(&upload, 1, body(b"once", 4), None).await.unwrap();
    let parts = [(1, part.etag)];
    let first = place.blobs.complete_multipart(&upload, &parts).await.unwrap();
    let second = place.blobs.complete_multipart(&upload, &parts).await.unwrap();
    assert_eq!(first.sha256, second.sha256);
    assert_ne!(first.location, second.location);
}

async fn a_part_sent_again_takes_the_place_of_the_first(open: impl AsyncFn(Options) -> Place) {
    let place = open(Options::default()).await;
    let upload = place.blobs.begin_multipart().await.unwrap();
    place.blobs.put_part(&upload, 1, body(b"broken", 6), None).await.unwrap();
    let again = place.blobs.put_part(&upload, 1, body(b"right", 5), None).await.unwrap();
    let stored = place.blobs.complete_multipart(&upload, &[(1, again.etag)]).await.unwrap();
    assert_eq!(read(&place.blobs, &stored.location, None).await.unwrap(), b"right");
}

async fn a_wrong_etag_names_the_part(open: impl AsyncFn(Options) -> Place) {
    let place = open(Options::default()).await;
    let upload = place.blobs.begin_multipart().await.unwrap();
    let one = place.blobs.put_part(&upload, 1, body(b"one", 3), None).await.unwrap();
    let other = hex::encode(sha256(b"other"));
    for parts in [vec![(1, other.clone())], vec![(1, one.etag.clone()), (2, one.etag.clone())]] {
        let (number, etag) = parts.last().unwrap();
        let refusal = place.blobs.complete_multipart(&upload, &parts).await.unwrap_err();
        assert!(matches!(&refusal, Error::Invalid(_)), "{refusal:?}");
        assert_eq!(refusal.to_string(), format!("part {number} was not uploaded with etag '{etag}'"));
    }
    assert_eq!(place.files_below("blobs"), [""; 0]);
    assert!(place.blobs.complete_multipart(&upload, &[(1, one.etag)]).await.is_ok());
}

async fn an_aborted_upload_is_gone(open: impl AsyncFn(Options) -> Place) {
    let place = open(Options::default()).await;
    let upload = place.blobs.begin_multipart().await.unwrap();
    let part = place.blobs.put_part(&upload, 1, body(b"one", 3), None).await.unwrap();
    place.blobs.abort_multipart(&upload).await.unwrap();
    place.blobs.abort_multipart(&upload).await.unwrap();
    place.wait_until_empty("").await;
    for upload in [upload.as_str(), UNKNOWN] {
        let sent = place.blobs.put_part(upload, 2, body(b"two", 3), None).await.unwrap_err();
        let completed = place.blobs.complete_multipart(upload, &[(1, part.etag.clone())]).await.unwrap_err();
        for refusal in [sent, completed] {
            assert!(matches!(&refusal, Error::NotFound(_)), "{refusal:?}");
            assert_eq!(refusal.to_string(), format!("no multipart upload '{upload}'"));
        }
    }
    place.wait_until_empty("").await;
}

async fn the_limit_is_for_the_whole_file(open: impl AsyncFn(Options) -> Place) {
    let place = open(Options { max_file_bytes: 10, ..Options::default() }).await;
    let upload = place.blobs.begin_multipart().await.unwrap();
    let mut parts = Vec::new();
    for number in 1..=3 {
        let part = place.blobs.put_part(&upload, number, body(b"four", 4), Some(4)).await.unwrap();
        parts.push((number, part.etag));
    }
    let refusal = place.blobs.complete_multipart(&upload, &parts).await.unwrap_err();
    assert!(matches!(&refusal, Error::TooLarge(message) if message.contains("10 bytes")), "{refusal:?}");
    let refusal = place.blobs.put_part(&upload, 4, body(b"eleven bytes", 4), None).await.unwrap_err();
    assert!(matches!(refusal, Error::TooLarge(_)));
    let refusal = place.blobs.put_part(&upload, 0, body(b"x", 1), None).await.unwrap_err();
    assert!(matches!(refusal, Error::Invalid(_)));
}
