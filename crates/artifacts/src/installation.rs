//! Whose store this is: a mark in the store, so that another database does not take its files for lost ones.

use std::time::Duration;

use futures_util::TryStreamExt as _;
use weir_domain::Result;

use crate::{Blobs, Store};

/// The name of the mark below the root of the store.
pub(crate) const MARK: &str = "installation";

impl Blobs {
    /// Whether the store belongs to the installation `id`. A store without a mark that held no file when it was
    /// opened becomes its own; any other may be full of files that only another database knows.
    pub async fn claim(&self, id: &str) -> Result<bool> {
        if let Some(owner) = self.installation().await? {
            return Ok(owner == id);
        }
        if !self.opened_new {
            return Ok(false);
        }
        match &self.store {
            Store::Folder(folder) => folder.mark(id).await?,
            Store::Bucket(bucket) => bucket.mark(id).await?,
        }
        // Another installation may have been quicker.
        Ok(self.installation().await?.as_deref() == Some(id))
    }

    /// Whether nobody's mark and no file is there. Asked when the store is opened: later there may be files of
    /// this installation's own that came before its claim.
    pub(crate) async fn is_new(&self) -> Result<bool> {
        if self.installation().await?.is_some() {
            return Ok(false);
        }
        Ok(self.list(Duration::ZERO).await?.try_next().await?.is_none())
    }

    async fn installation(&self) -> Result<Option<String>> {
        let mark = match &self.store {
            Store::Folder(folder) => folder.installation().await?,
            Store::Bucket(bucket) => bucket.installation().await?,
        };
        // An operator who writes it by hand ends the line.
        Ok(mark.map(|mark| mark.trim().to_owned()))
    }
}
