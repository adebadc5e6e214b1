//! The mark of the installation in a bucket: one small object.

use object_store::{ObjectStoreExt as _, PutPayload};
use weir_domain::{Error, Result};

use super::Bucket;
use crate::installation::MARK;

impl Bucket {
    pub async fn installation(&self) -> Result<Option<String>> {
        let object = match self.store.get(&self.path(MARK)).await {
            Ok(object) => object.bytes().await.map_err(Error::internal)?,
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(Error::internal(error)),
        };
        Ok(Some(String::from_utf8_lossy(&object).into_owned()))
    }

    /// Writes the mark. Not every service can refuse to overwrite: of two installations that claim a new bucket
    /// in the same moment, both may believe that it is theirs until they ask again.
    pub async fn mark(&self, id: &str) -> Result<()> {
        let payload = PutPayload::from(format!("{id}\n"));
        self.store.put(&self.path(MARK), payload).await.map(drop).map_err(Error::internal)
    }
}
