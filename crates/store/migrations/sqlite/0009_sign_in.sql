CREATE TABLE passwords (
  user_id INTEGER NOT NULL PRIMARY KEY,
  -- argon2id with its parameters and salt, in PHC's form.
  hash    TEXT    NOT NULL,
  set_at  INTEGER NOT NULL
);

-- Of browsers that have signed in. Of each secret only the SHA-256 is kept.
CREATE TABLE sessions (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id      INTEGER NOT NULL,
  digest       BLOB    NOT NULL,
  -- password, link or oidc
  method       TEXT    NOT NULL,
  address      TEXT    NOT NULL,
  user_agent   TEXT    NOT NULL,
  created_at   INTEGER NOT NULL,
  last_used_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX sessions_by_digest ON sessions (digest);
CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE TABLE sign_in_links (
  digest     BLOB    NOT NULL PRIMARY KEY,
  user_id    INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX sign_in_links_by_user ON sign_in_links (user_id);

-- Attempts to sign in by password that did not succeed, since the first of a while.
CREATE TABLE sign_in_attempts (
  -- SHA-256 of a user name or an address: people type passwords in the wrong field.
  subject  BLOB    NOT NULL PRIMARY KEY,
  attempts INTEGER NOT NULL,
  since    INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX sign_in_attempts_by_time ON sign_in_attempts (since);
