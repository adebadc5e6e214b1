CREATE TABLE users (
  id              INTEGER PRIMARY KEY AUTOINCREMENT,
  username        TEXT    NOT NULL,
  name            TEXT    NOT NULL,
  email           TEXT,
  administrator   BOOLEAN NOT NULL,
  bot             BOOLEAN NOT NULL,
  blocked         BOOLEAN NOT NULL,
  created_at      INTEGER NOT NULL
);
-- GitLab's user names are unique whatever their letter case.
CREATE UNIQUE INDEX users_by_username ON users (lower(username));

-- What projects live in: a user's own, later groups.
CREATE TABLE namespaces (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  full_path  TEXT    NOT NULL,
  name       TEXT    NOT NULL,
  owner_id   INTEGER,
  parent_id  INTEGER,
  created_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX namespaces_by_path ON namespaces (lower(full_path));

CREATE TABLE projects (
  id                  INTEGER PRIMARY KEY AUTOINCREMENT,
  namespace_id        INTEGER NOT NULL,
  path                TEXT    NOT NULL,
  full_path           TEXT    NOT NULL,
  name                TEXT    NOT NULL,
  visibility          INTEGER NOT NULL,
  creator_id          INTEGER NOT NULL,
  next_experiment_iid INTEGER NOT NULL,
  next_run_iid        INTEGER NOT NULL,
  created_at          INTEGER NOT NULL
);
CREATE UNIQUE INDEX projects_by_path ON projects (lower(full_path));

CREATE TABLE project_members (
  project_id INTEGER NOT NULL,
  user_id    INTEGER NOT NULL,
  role       INTEGER NOT NULL,
  expires_at INTEGER,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (project_id, user_id)
) WITHOUT ROWID;
CREATE INDEX project_members_by_user ON project_members (user_id);

CREATE TABLE access_tokens (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id      INTEGER NOT NULL,
  -- Set for a project access token, whose user is a bot made for it.
  project_id   INTEGER,
  name         TEXT    NOT NULL,
  -- SHA-256 of the token; the token itself is shown once and kept nowhere.
  digest       BLOB    NOT NULL,
  scopes       TEXT    NOT NULL,
  created_at   INTEGER NOT NULL,
  expires_at   INTEGER,
  revoked_at   INTEGER,
  last_used_at INTEGER
);
CREATE UNIQUE INDEX access_tokens_by_digest ON access_tokens (digest);
CREATE INDEX access_tokens_by_user ON access_tokens (user_id);
CREATE INDEX access_tokens_by_project ON access_tokens (project_id);

-- Values that belong to the installation: the key of page tokens and part addresses.
CREATE TABLE settings (
  name  TEXT NOT NULL PRIMARY KEY,
  value BLOB NOT NULL
) WITHOUT ROWID;
