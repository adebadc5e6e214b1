//! Multipart uploads in a bucket: an object per part, next to one that says that the upload is open.

use std::collections::HashMap;

use futures_util::stream::TryStreamExt as _;
use object_store::path::Path;
use object_store::{ObjectStore as _, ObjectStoreExt as _, PutPayload};
use weir_domain::{Error, Result};

use super::{Bucket, Staged, relative};
use crate::ByteStream;
use crate::key::UploadId;
use crate::multipart::PartKey;

const BEGUN: &str = "begun";

impl Bucket {
    fn upload_path(&self, upload: &UploadId) -> Path {
        self.path("multipart").join(upload.as_str())
    }

    pub async fn begin_multipart(&self, upload: &UploadId) -> Result<()> {
        let marker = self.upload_path(upload).join(BEGUN);
        self.store.put(&marker, PutPayload::new()).await.map(drop).map_err(Error::internal)
    }

    pub async fn check_multipart(&self, upload: &UploadId) -> Result<()> {
        match self.store.head(&self.upload_path(upload).join(BEGUN)).await {
            Ok(_) => Ok(()),
            Err(object_store::Error::NotFound { .. }) => Err(upload.unknown()),
            Err(error) => Err(Error::internal(error)),
        }
    }

    /// The size of each part; an unknown upload or part is the client's mistake.
    pub async fn part_sizes(&self, upload: &UploadId, parts: &[PartKey]) -> Result<Vec<u64>> {
        let folder = self.upload_path(upload);
        let mut stored = HashMap::new();
        let mut objects = self.store.list(Some(&folder));
        while let Some(object) = objects.try_next().await.map_err(Error::internal)? {
            if let Some(name) = relative(&object.location, &folder) {
                stored.insert(name, object.size);
            }
        }
        if !stored.contains_key(BEGUN) {
            return Err(upload.unknown());
        }
        let size = |part: &PartKey| stored.get(&part.name()).copied().ok_or_else(|| part.unknown());
        parts.iter().map(size).collect()
    }

    pub async fn read_part(&self, upload: &UploadId, part: &PartKey) -> Result<ByteStream> {
        let path = self.upload_path(upload).join(part.name());
        let answer = self.store.get(&path).await.map_err(Error::internal)?;
        Ok(Box::pin(answer.into_stream().map_err(Error::internal)))
    }

    pub async fn abort_multipart(&self, upload: &UploadId) -> Result<()> {
        // The marker goes first: from then on no replica takes another part.
        self.remove(&self.upload_path(upload).join(BEGUN)).await?;
        self.remove_below(&self.upload_path(upload)).await
    }
}

impl Staged {
    pub async fn publish_part(self, upload: &UploadId, part: &PartKey) -> Result<()> {
        let path = self.bucket.upload_path(upload).join(part.name());
        self.publish_as(path).await
    }
}
