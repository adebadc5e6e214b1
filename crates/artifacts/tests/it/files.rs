//! Whole files: stored, read, refused, removed.

use std::time::Duration;

use bytes::Bytes;
use weir_artifacts::{Blobs, Location, Options};
use weir_domain::Error;

use crate::{Place, body, list, noise, on_both, read, sha256};

on_both! {
    comes_back_as_it_was
    an_empty_file_is_a_file
    ranges_are_exact
    tiny_pieces_make_a_file
    the_limit_holds
    a_wrong_announcement_is_refused
    a_dropped_upload_leaves_nothing
    a_failed_body_leaves_nothing
    deleting_twice_is_fine
    forged_locations_are_refused
    lists_what_is_stored
}

async fn comes_back_as_it_was(open: impl AsyncFn(Options) -> Place) {
    let place = open(Options::default()).await;
    // Below a batch, between a batch and a bucket's part, and several parts.
    for (size, piece) in [(1, 1), (70_000, 8_192), (3 << 20, 65_536), (30_000_000, 300_001)] {
        let bytes = noise(size);
        let stored = place.blobs.put(Some(size as u64), body(&bytes, piece)).await.unwrap();

        assert_eq!((stored.size, stored.sha256), (size as u64, sha256(&bytes)));
        assert!(read(&place.blobs, &stored.location, None).await.unwrap() == bytes, "{size} bytes");
        assert!(read(&place.reopen().await, &stored.location, None).await.unwrap() == bytes, "{size} bytes");
    }
    assert_eq!(place.files_below("uploads"), [""; 0]);
}

async fn an_empty_file_is_a_file(open: impl AsyncFn(Options) -> Place) {
    let place = open(Options::default()).await;
    let stored = place.blobs.put(Some(0), body(b"", 1)).await.unwrap();
    assert_eq!((stored.size, stored.sha256), (0, sha256(b"")));
    assert_eq!(read(&place.blobs, &stored.location, None).await.unwrap(), b"");
    assert_eq!(read(&place.blobs, &stored.location, Some(0..0)).await.unwrap(), b"");
}

async fn ranges_are_exact(open: impl AsyncFn(Options) -> Place) {
    let place = open(Options::default()).await;
    let bytes = noise(2_000_000);
    let stored = place.blobs.put(None, body(&bytes, 50_000)).await.unwrap();
    for range in
        [0..1, 0..2_000_000, 1_999_999..2_000_000, 5..5, 524_287..524_289, 524_288..1_048_576, 3..1_999_998]
    {
        let part = read(&place.blobs, &stored.location, Some(range.clone())).await.unwrap();
        assert!(part == bytes[range.start as usize..range.end as usize], "{range:?}");
    }
    for range in [0..2_000_001, 2_000_000..2_000_001] {
        let answer = read(&place.blobs, &stored.location, Some(range.clone())).await;
        assert!(matches!(answer, Err(Error::Internal(_))), "{range:?}");
    }
}

async fn tiny_pieces_make_a_file(open: impl AsyncFn(Options) -> Place) {
    let place = open(Options::default()).await;
    let bytes = noise(10_000);
    let stored = place.blobs.put(None, body(&bytes, 3)).await.unwrap();
    assert_eq!(stored.sha256, sha256(&bytes));
    assert!(read(&place.blobs, &stored.location, None).await.unwrap() == bytes);
}

async fn the_limit_holds(open: impl AsyncFn(Options) -> Place) {
    let place = open(Options { max_file_bytes: 100_000, ..Options::default() }).await;
    let Err(Error::TooLarge(message)) = place.blobs.begin(Some(100_001)).await.map(drop) else {
        panic!("taken")
    };
    assert_eq!(message, "a file of 100001 bytes or more is over the limit of 100000 bytes per file");
    let unannounced = place.blobs.put(None, body(&noise(100_001), 1_000)).await;
    assert!(matches!(unannounced, Err(Error::TooLarge(_))), "{unannounced:?}");
    place.wait_until_empty("").await;

    assert_eq!(place.blobs.put(Some(100_000), body(&noise(100_000), 1_000)).await.unwrap().size, 100_000);
}

async fn a_wrong_announcement_is_refused(open: impl AsyncFn(Options) -> Place) {
    let place = open(Options::default()).await;
    for announced in [9, 11] {
        let answer = place.blobs.put(Some(announced), body(&noise(10), 10)).await;
        assert!(matches!(answer, Err(Error::Invalid(_))), "{answer:?}");
    }
    place.wait_until_empty("").await;
}

async fn a_dropped_upload_leaves_nothing(open: impl AsyncFn(Options) -> Place) {
    let place = open(Options::default()).await;
    for size in [10, 2 << 20, 30_000_000] {
        let mut upload = place.blobs.begin(None).await.unwrap();
        for piece in noise(size).chunks(1 << 20) {
            upload.write(Bytes::copy_from_slice(piece)).await.unwrap();
        }
        drop(upload);
        place.wait_until_empty("").await;
    }
    assert_eq!(list(&place.blobs, Duration::ZERO).await, [""; 0]);
}

async fn a_failed_body_leaves_nothing(open: impl AsyncFn(Options) -> Place) {
    let place = open(Options::default()).await;
    let pieces = vec![Ok(Bytes::from(noise(1 << 20))), Err(Error::invalid("the client hung up"))];
    let answer = place.blobs.put(None, futures_util::stream::iter(pieces)).await;
    assert!(matches!(&answer, Err(Error::Invalid(message)) if message == "the client hung up"), "{answer:?}");
    place.wait_until_empty("").await;
}

async fn deleting_twice_is_fine(open: impl AsyncFn(Options) -> Place) {
    let place = open(Options::default()).await;
    // Identical bytes have a location each: which copy stays is for the database to say.
    let [kept, redundant] = [
        place.blobs.put(None, body(b"same", 4)).await.unwrap(),
        place.blobs.put(None, body(b"same", 4)).await.unwrap(),
    ];
    assert_ne!(kept.location, redundant.location);
    place.blobs.delete(&redundant.location).await.unwrap();
    place.blobs.delete(&redundant.location).await.unwrap();
    assert_eq!(read(&place.blobs, &kept.location, None).await.unwrap(), b"same");
    let gone = read(&place.blobs, &redundant.location, None).await;
    assert!(matches!(gone, Err(Error::Internal(_))), "{gone:?}");
}

async fn forged_locations_are_refused(open: impl AsyncFn(Options) -> Place) {
    let place = open(Options::default()).await;
    let outside = place.files.parent().unwrap().join("outside");
    std::fs::create_dir_all(outside.parent().unwrap()).unwrap();
    std::fs::write(&outside, "secret").unwrap();
    for location in
        ["../../outside", "../outside", "/etc/passwd", outside.to_str().unwrap(), "", "ab/../../../outside"]
    {
        assert!(matches!(read(&place.blobs, location, None).await, Err(Error::Internal(_))), "{location}");
        assert!(matches!(place.blobs.delete(location).await, Err(Error::Internal(_))), "{location}");
        assert!(matches!(place.blobs.abort_multipart(location).await, Err(Error::Invalid(_))), "{location}");
    }
    assert_eq!(std::fs::read_to_string(&outside).unwrap(), "secret");
}

async fn lists_what_is_stored(open: impl AsyncFn(Options) -> Place) {
    let place = open(Options::default()).await;
    let mut locations = Vec::new();
    for text in ["one", "two", "three"] {
        locations.push(place.blobs.put(None, body(text.as_bytes(), 9)).await.unwrap().location);
    }
    std::fs::write(place.files.join("blobs/somebody's own"), "x").unwrap();
    locations.sort();
    let mut listed = list(&place.blobs, Duration::ZERO).await;
    listed.sort();
    assert_eq!(listed, locations);
    assert_eq!(list(&place.blobs, Duration::from_secs(3600)).await, [""; 0]);
}

#[tokio::test]
async fn a_full_disk_refuses_with_both_figures() {
    let folder = tempfile::tempdir().unwrap();
    let location = Location::Folder(folder.path().to_owned());
    let options = Options { min_free_bytes: 1 << 60, ..Options::default() };
    let blobs = Blobs::open(&location, options).await.unwrap();
    let Err(Error::NoSpace(message)) = blobs.begin(Some(5)).await.map(drop) else { panic!("taken") };
    assert!(message.starts_with("no room for 5 more bytes: "), "{message}");
    assert!(message.ends_with("of which 1152921504606846976 are kept"), "{message}");
    assert!(matches!(blobs.begin(None).await.map(drop), Err(Error::NoSpace(_))));
}

#[tokio::test]
async fn a_store_that_cannot_be_used_is_one_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "x").unwrap();
    let open = async |location: &Location, options| {
        Blobs::open(location, options).await.map(drop).unwrap_err().to_string()
    };
    let refusal = open(&Location::Folder(file.join("data")), Options::default()).await;
    assert!(refusal.starts_with(&format!("cannot keep artifacts in '{}': ", file.join("data").display())));
    assert!(refusal.contains("Not a directory"), "{refusal}");

    let bucket = weir_testing::Bucket::start();
    let aws = bucket.env().map(|(name, value)| (name.to_owned(), value)).into();
    let location = Location::parse("s3://no-such-bucket/x").unwrap();
    let refusal = open(&location, Options { aws, ..Options::default() }).await;
    assert!(refusal.starts_with("cannot keep artifacts in 's3://no-such-bucket/x': "), "{refusal}");
    assert!(refusal.contains("NoSuchBucket"), "{refusal}");
}
