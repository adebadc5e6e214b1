-- Bytes by their digest, stored once.
CREATE TABLE blobs (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  sha256     BLOB    NOT NULL UNIQUE,
  size_bytes INTEGER NOT NULL,
  location   TEXT    NOT NULL
);
CREATE UNIQUE INDEX blobs_by_location ON blobs (location);

-- An artifact: a path in the tree of its owner. owner_kind 1: a run.
CREATE TABLE files (
  owner_kind  INTEGER NOT NULL,
  owner_id    INTEGER NOT NULL,
  path        TEXT    NOT NULL,
  blob_id     INTEGER NOT NULL,
  modified_at INTEGER NOT NULL,
  PRIMARY KEY (owner_kind, owner_id, path)
) WITHOUT ROWID;
CREATE INDEX files_by_blob ON files (blob_id);

-- Bytes that no row speaks of any more and that are still to be removed from the artifact store.
CREATE TABLE garbage (
  location TEXT    NOT NULL PRIMARY KEY,
  since    INTEGER NOT NULL
) WITHOUT ROWID;

-- Multipart uploads with whose they are; a completed one stays for a while, for clients that ask again.
CREATE TABLE multipart_uploads (
  upload_id    TEXT    NOT NULL PRIMARY KEY,
  owner_kind   INTEGER NOT NULL,
  owner_id     INTEGER NOT NULL,
  path         TEXT    NOT NULL,
  num_parts    INTEGER NOT NULL,
  creator_id   INTEGER NOT NULL,
  created_at   INTEGER NOT NULL,
  completed_at INTEGER
) WITHOUT ROWID;
