//! The store in a local folder: its layout, its instances, and the removal of what dead ones left.
//!
//! | below the root | what |
//! |---|---|
//! | `blobs/<first 2 hex>/<sha256 hex>-<8 random hex>` | stored files |
//! | `uploads/<instance>/` | files being written by one server process, and the `lock` it holds while it lives |
//! | `uploads/lock` | held while an instance is made, and while dead ones are looked for |
//! | `multipart/<upload id>/<part number>-<sha256 hex>` | parts of multipart uploads |
//! | `installation` | the id of the installation whose database knows the files |

mod installation;
mod multipart;
mod read;
mod staging;

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use futures_util::stream::{self, BoxStream, StreamExt as _};
use weir_domain::{Error, Result};

pub use self::staging::{Staged, stage};
use crate::Options;
use crate::key::{BlobKey, random_hex};
use crate::lane::blocking;

const LOCK: &str = "lock";

pub struct Folder {
    root: PathBuf,
    blobs: PathBuf,
    uploads: PathBuf,
    multipart: PathBuf,
    /// This process's own folder below `uploads`.
    instance: PathBuf,
    min_free_bytes: u64,
    /// Held as long as the process lives, however it ends: the system lets go of it.
    _alive: File,
}

impl Folder {
    pub async fn open(root: &Path, options: &Options) -> Result<Self> {
        let root = root.to_owned();
        let min_free_bytes = options.min_free_bytes;
        blocking(move || Self::open_blocking(&root, min_free_bytes).map_err(|error| unusable(&root, &error)))
            .await
    }

    fn open_blocking(root: &Path, min_free_bytes: u64) -> io::Result<Self> {
        let [blobs, uploads, multipart] = ["blobs", "uploads", "multipart"].map(|name| root.join(name));
        for folder in [&blobs, &uploads, &multipart] {
            fs::create_dir_all(folder)?;
        }
        sync_folder(root)?;
        let instance = uploads.join(random_hex::<16>().map_err(io::Error::other)?);
        let making = lock_uploads(&uploads)?;
        fs::create_dir(&instance)?;
        let alive = File::create(instance.join(LOCK))?;
        alive.lock()?;
        drop(making);
        Ok(Self { root: root.to_owned(), blobs, uploads, multipart, instance, min_free_bytes, _alive: alive })
    }

    pub async fn check(&self) -> Result<()> {
        let probe = self.instance.join("check");
        blocking(move || now_of_disk(&probe).map(drop).map_err(|error| failed("write", &probe, &error))).await
    }

    pub async fn delete(&self, key: &BlobKey) -> Result<()> {
        let path = self.blob_path(key);
        blocking(move || match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed("remove", &path, &error)),
            Ok(()) | Err(_) => Ok(()),
        })
        .await
    }

    pub async fn list(&self, min_age: Duration) -> Result<BoxStream<'static, Result<String>>> {
        let (blobs, probe) = (self.blobs.clone(), self.instance.join("list"));
        let (now, shelves) = blocking(move || {
            let now = now_of_disk(&probe).map_err(|error| failed("write", &probe, &error))?;
            Ok((now, folder_entries(&blobs)?))
        })
        .await?;
        // A shelf at a time: that many names are in memory, and no more.
        let names = stream::iter(shelves).then(move |shelf| async move {
            let names = blocking(move || shelf_locations(&shelf, now, min_age)).await;
            stream::iter(match names {
                Ok(names) => names.into_iter().map(Ok).collect(),
                Err(error) => vec![Err(error)],
            })
        });
        Ok(names.flatten().boxed())
    }

    fn blob_path(&self, key: &BlobKey) -> PathBuf {
        self.blobs.join(key.as_str())
    }

    /// Refuses what would leave less than the minimum free. Called before an upload and while it grows.
    fn check_space(&self, needed: u64) -> Result<()> {
        let disk = rustix::fs::statvfs(&self.uploads)
            .map_err(|error| failed("ask for free space in", &self.uploads, &error.into()))?;
        let free = disk.f_bavail.saturating_mul(disk.f_frsize);
        if free < needed.saturating_add(self.min_free_bytes) {
            return Err(Error::NoSpace(format!(
                "no room for {needed} more bytes: {free} bytes are free on the server's disk, of which {} are kept",
                self.min_free_bytes
            )));
        }
        Ok(())
    }
}

/// Removes the uploads of instances whose lock nobody holds, and multipart uploads older than `max_age`.
pub async fn sweep(folder: &Arc<Folder>, max_age: Duration) -> Result<u64> {
    let folder = Arc::clone(folder);
    blocking(move || Ok(sweep_instances(&folder)? + multipart::sweep(&folder, max_age)?)).await
}

fn sweep_instances(folder: &Folder) -> Result<u64> {
    let looking = lock_uploads(&folder.uploads).map_err(|error| failed("lock", &folder.uploads, &error))?;
    let mut removed = 0;
    for instance in folder_entries(&folder.uploads)? {
        if instance == folder.instance || is_alive(&instance) {
            continue;
        }
        removed += folder_entries(&instance)?.len() as u64;
        fs::remove_dir_all(&instance).map_err(|error| failed("remove", &instance, &error))?;
    }
    drop(looking);
    Ok(removed)
}

/// Whether a process holds the instance's lock. When that cannot be told, it does: a folder more is no harm.
fn is_alive(instance: &Path) -> bool {
    match File::open(instance.join(LOCK)) {
        Ok(lock) => lock.try_lock().is_err(),
        Err(error) => error.kind() != io::ErrorKind::NotFound || !instance.is_dir(),
    }
}

fn lock_uploads(uploads: &Path) -> io::Result<File> {
    let lock = File::create(uploads.join(LOCK))?;
    lock.lock()?;
    Ok(lock)
}

/// The locations in one entry of `blobs`: a shelf of digests, or a file that came from a bucket.
fn shelf_locations(shelf: &Path, now: SystemTime, min_age: Duration) -> Result<Vec<String>> {
    let name = |path: &Path| path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
    let mut locations = Vec::new();
    if shelf.is_dir() {
        for file in folder_entries(shelf)? {
            locations.push((format!("{}/{}", name(shelf), name(&file)), file));
        }
    } else {
        locations.push((name(shelf), shelf.to_owned()));
    }
    // A name that is none of ours is somebody's own file and left alone.
    locations.retain(|(location, file)| BlobKey::parse(location).is_ok() && is_older(file, now, min_age));
    Ok(locations.into_iter().map(|(location, _)| location).collect())
}

/// False for what vanished in the meantime.
fn is_older(path: &Path, now: SystemTime, min_age: Duration) -> bool {
    let modified_at = fs::metadata(path).and_then(|metadata| metadata.modified());
    modified_at.is_ok_and(|modified_at| now.duration_since(modified_at).unwrap_or_default() >= min_age)
}

/// The time by the clock that also dates the files, which on a network disk is not this machine's.
fn now_of_disk(probe: &Path) -> io::Result<SystemTime> {
    let mut file = File::create(probe)?;
    file.write_all(b"weir")?;
    let now = file.metadata()?.modified()?;
    fs::remove_file(probe)?;
    Ok(now)
}

/// What is in a folder, but for a lock; nothing when the folder is gone.
fn folder_entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => Err(error),
    };
    let mut entries = entries.map_err(|error| failed("list", folder, &error))?;
    entries.retain(|entry| !entry.ends_with(LOCK));
    Ok(entries)
}

/// Makes the names in a folder durable.
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

fn unusable(root: &Path, error: &io::Error) -> Error {
    Error::invalid(format!("cannot keep artifacts in '{}': {error}", root.display()))
}

/// The error of a file operation. A full disk is the one that a client can be told of.
fn failed(doing: &str, path: &Path, error: &io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            Error::NoSpace(format!("no room for the file: {error}"))
        }
        _ => Error::internal(format!("cannot {doing} {}: {error}", path.display())),
    }
}
