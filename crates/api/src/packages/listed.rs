//! Where files that were listed lately lie: a client that deletes what it has listed need not have each file looked for
//! among all of its package.

use std::collections::HashMap;

use parking_lot::Mutex;
use weir_domain::package::file_id;
use weir_store::files::File;

/// Files remembered at most, and bytes of a path that is.
const MOST: usize = 20_000;
const MOST_BYTES: usize = 200;

/// Paths by package and number. A number is of a path and its bytes, so what is remembered can be out of date but not
/// wrong; whoever deletes asks the database once more.
#[derive(Default)]
pub(crate) struct ListedFiles {
    paths: Mutex<HashMap<(i64, i64), String>>,
}

impl ListedFiles {
    pub(crate) fn remember(&self, package: i64, files: &[File]) {
        let mut paths = self.paths.lock();
        if paths.len() + files.len() > MOST {
            paths.clear();
        }
        for file in files.iter().filter(|file| file.path.len() <= MOST_BYTES) {
            paths.insert((package, file_id(package, &file.path, &file.sha256)), file.path.clone());
        }
    }

    /// Each is asked for once: then the file is gone.
    pub(crate) fn take(&self, package: i64, number: i64) -> Option<String> {
        self.paths.lock().remove(&(package, number))
    }
}
