//! Multipart uploads: parts in any order, from several requests and replicas at once, joined into one file.

use bytes::Bytes;
use futures_util::Stream;
use weir_domain::{Error, Result};

use crate::key::{UploadId, is_hex};
use crate::upload::{Closed, Sink, check_size};
use crate::{Blobs, Store, Stored};

/// As S3 numbers them; MLflow's client makes one part of 10 MiB each by default.
const MAX_PART_NUMBER: u32 = 10_000;

/// A part that is durable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The SHA-256 of the part in hex, without quotes.
    pub etag: String,
    pub size: u64,
}

/// A part as its upload's completion names it. Its own digest is in its name in the store: so a part that was
/// sent twice with different bytes is two parts, and the one that the client means is taken.
#[derive(Clone, Debug)]
pub(crate) struct PartKey {
    number: u32,
    etag: String,
}

impl PartKey {
    /// The name in the store.
    pub fn name(&self) -> String {
        format!("{}-{}", self.number, self.etag)
    }

    /// A client names a part that it did not upload so.
    pub fn unknown(&self) -> Error {
        Error::invalid(format!("part {} was not uploaded with etag '{}'", self.number, self.etag))
    }
}

impl Blobs {
    /// Opens a multipart upload and returns its id, 32 hex digits.
    pub async fn begin_multipart(&self) -> Result<String> {
        let upload = UploadId::random()?;
        match &self.store {
            Store::Folder(folder) => folder.begin_multipart(&upload).await?,
            Store::Bucket(bucket) => bucket.begin_multipart(&upload).await?,
        }
        Ok(upload.as_str().to_owned())
    }

    /// Stores one part, durably. The same number may be sent again; the etag tells the copies apart.
    pub async fn put_part(
        &self,
        upload: &str,
        part_number: u32,
        body: impl Stream<Item = Result<Bytes>> + Send,
        declared_size: Option<u64>,
    ) -> Result<Part> {
        let upload = UploadId::parse(upload)?;
        check_number(part_number)?;
        match &self.store {
            Store::Folder(folder) => folder.check_multipart(&upload).await?,
            Store::Bucket(bucket) => bucket.check_multipart(&upload).await?,
        }
        let mut incoming = self.begin(declared_size).await?;
        incoming.write_all(body).await?;
        let Closed { sink, sha256, size } = incoming.close().await?;
        let part = PartKey { number: part_number, etag: hex::encode(sha256) };
        match sink {
            Sink::Folder(staged) => staged.publish_part(&upload, &part).await?,
            Sink::Bucket(staged) => staged.publish_part(&upload, &part).await?,
        }
        Ok(Part { etag: part.etag, size })
    }

    /// Joins the parts, named with the etags that [`Blobs::put_part`] returned (quotes are fine), into a file.
    ///
    /// The parts stay, so that a client may repeat a completion whose answer it never saw: once the file's row
    /// is committed, remove them with [`Blobs::abort_multipart`].
    pub async fn complete_multipart(&self, upload: &str, parts: &[(u32, String)]) -> Result<Stored> {
        let upload = UploadId::parse(upload)?;
        let parts = check_parts(parts)?;
        let sizes = match &self.store {
            Store::Folder(folder) => folder.part_sizes(&upload, &parts).await?,
            Store::Bucket(bucket) => bucket.part_sizes(&upload, &parts).await?,
        };
        let size = sizes.iter().sum();
        check_size(size, self.max_file_bytes)?;
        let mut joined = self.begin(Some(size)).await?;
        for part in &parts {
            let bytes = match &self.store {
                Store::Folder(folder) => folder.read_part(&upload, part).await?,
                Store::Bucket(bucket) => bucket.read_part(&upload, part).await?,
            };
            joined.write_all(bytes).await?;
        }
        joined.finish().await
    }

    /// Removes an upload's parts, whether it was given up or completed; an unknown upload is fine.
    pub async fn abort_multipart(&self, upload: &str) -> Result<()> {
        let upload = UploadId::parse(upload)?;
        match &self.store {
            Store::Folder(folder) => folder.abort_multipart(&upload).await,
            Store::Bucket(bucket) => bucket.abort_multipart(&upload).await,
        }
    }
}

fn check_number(number: u32) -> Result<()> {
    if !(1..=MAX_PART_NUMBER).contains(&number) {
        return Err(Error::invalid(format!("part number {number} is not from 1 to {MAX_PART_NUMBER}")));
    }
    Ok(())
}

/// The parts of a completion: at least one, each number once and in ascending order, each etag one of ours.
fn check_parts(parts: &[(u32, String)]) -> Result<Vec<PartKey>> {
    let mut checked: Vec<PartKey> = Vec::with_capacity(parts.len().min(MAX_PART_NUMBER as usize));
    for (number, etag) in parts {
        check_number(*number)?;
        if let Some(before) = checked.last()
            && before.number >= *number
        {
            return Err(Error::invalid(format!(
                "part {number} stands after part {}, not in order",
                before.number
            )));
        }
        let bare = etag.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(etag);
        let part = PartKey { number: *number, etag: bare.to_owned() };
        if !is_hex(bare, 64) {
            return Err(part.unknown());
        }
        checked.push(part);
    }
    if checked.is_empty() {
        return Err(Error::invalid("a multipart upload needs at least one part"));
    }
    Ok(checked)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(parts: &[(u32, &str)]) -> String {
        let parts: Vec<(u32, String)> =
            parts.iter().map(|(number, etag)| (*number, (*etag).to_owned())).collect();
        check_parts(&parts).unwrap_err().to_string()
    }

    #[test]
    fn parts_come_in_order_and_with_our_etags() {
        let etag = "0f".repeat(32);
        let quoted = format!("\"{etag}\"");
        let parts = check_parts(&[(1, etag.clone()), (3, quoted)]).unwrap();
        assert_eq!(
            parts.iter().map(PartKey::name).collect::<Vec<_>>(),
            [format!("1-{etag}"), format!("3-{etag}")]
        );

        assert_eq!(refusal(&[]), "a multipart upload needs at least one part");
        assert_eq!(refusal(&[(2, &etag), (1, &etag)]), "part 1 stands after part 2, not in order");
        assert_eq!(refusal(&[(2, &etag), (2, &etag)]), "part 2 stands after part 2, not in order");
        assert_eq!(refusal(&[(0, &etag)]), "part number 0 is not from 1 to 10000");
        assert_eq!(refusal(&[(10_001, &etag)]), "part number 10001 is not from 1 to 10000");
        assert_eq!(refusal(&[(1, "../x")]), "part 1 was not uploaded with etag '../x'");
    }
}
