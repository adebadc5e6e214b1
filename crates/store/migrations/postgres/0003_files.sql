-- Bytes by their digest, stored once.
CREATE TABLE blobs (
  id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  sha256     BYTEA    NOT NULL UNIQUE,
  size_bytes BIGINT NOT NULL,
  location   TEXT COLLATE "C"    NOT NULL
);
CREATE UNIQUE INDEX blobs_by_location ON blobs (location);

-- An artifact: a path in the tree of its owner. owner_kind 1: a run.
CREATE TABLE files (
  owner_kind  BIGINT NOT NULL,
  owner_id    BIGINT NOT NULL,
  path        TEXT COLLATE "C"    NOT NULL,
  blob_id     BIGINT NOT NULL,
  modified_at BIGINT NOT NULL,
  PRIMARY KEY (owner_kind, owner_id, path)
);
CREATE INDEX files_by_blob ON files (blob_id);

-- Bytes that no row speaks of any more and that are still to be removed from the artifact store.
CREATE TABLE garbage (
  location TEXT COLLATE "C"    NOT NULL PRIMARY KEY,
  since    BIGINT NOT NULL
);

-- Multipart uploads with whose they are; a completed one stays for a while, for clients that ask again.
CREATE TABLE multipart_uploads (
  upload_id    TEXT COLLATE "C"    NOT NULL PRIMARY KEY,
  owner_kind   BIGINT NOT NULL,
  owner_id     BIGINT NOT NULL,
  path         TEXT COLLATE "C"    NOT NULL,
  num_parts    BIGINT NOT NULL,
  creator_id   BIGINT NOT NULL,
  created_at   BIGINT NOT NULL,
  completed_at BIGINT
);
