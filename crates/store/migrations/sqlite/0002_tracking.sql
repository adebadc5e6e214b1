-- Names of metrics, params and tags; rows elsewhere hold the id. Never deleted, so the server may remember them.
CREATE TABLE keys (
  id   INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE
);

CREATE TABLE experiments (
  id                INTEGER PRIMARY KEY AUTOINCREMENT,
  project_id        INTEGER NOT NULL,
  iid               INTEGER NOT NULL,
  name              TEXT    NOT NULL,
  -- NULL: the proxied location made of the iid.
  artifact_location TEXT,
  deleted           BOOLEAN NOT NULL,
  creator_id        INTEGER NOT NULL,
  created_at        INTEGER NOT NULL,
  updated_at        INTEGER NOT NULL
);
CREATE UNIQUE INDEX experiments_by_iid ON experiments (project_id, iid);
CREATE UNIQUE INDEX experiments_by_name ON experiments (project_id, name);

CREATE TABLE experiment_tags (
  experiment_id INTEGER NOT NULL,
  key           TEXT    NOT NULL,
  value         TEXT    NOT NULL,
  PRIMARY KEY (experiment_id, key)
) WITHOUT ROWID;

CREATE TABLE runs (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  run_id        TEXT    NOT NULL,
  project_id    INTEGER NOT NULL,
  experiment_id INTEGER NOT NULL,
  iid           INTEGER NOT NULL,
  name          TEXT    NOT NULL,
  -- As the client sent it; creator_id is who really called.
  user_id       TEXT    NOT NULL,
  creator_id    INTEGER NOT NULL,
  -- MLflow's number of the status.
  status        INTEGER NOT NULL,
  started_at    INTEGER NOT NULL,
  ended_at      INTEGER,
  deleted       BOOLEAN NOT NULL,
  deleted_at    INTEGER,
  created_at    INTEGER NOT NULL
);
CREATE UNIQUE INDEX runs_by_run_id ON runs (run_id);
CREATE UNIQUE INDEX runs_by_iid ON runs (project_id, iid);
CREATE INDEX runs_by_start ON runs (experiment_id, started_at DESC, run_id);

CREATE TABLE params (
  run_id        INTEGER NOT NULL,
  key_id        INTEGER NOT NULL,
  experiment_id INTEGER NOT NULL,
  value         TEXT    NOT NULL,
  PRIMARY KEY (run_id, key_id)
) WITHOUT ROWID;
-- A value may be 64 KiB, an index entry may not.
CREATE INDEX params_by_value ON params (experiment_id, key_id, substr(value, 1, 100), run_id);

CREATE TABLE tags (
  run_id        INTEGER NOT NULL,
  key_id        INTEGER NOT NULL,
  experiment_id INTEGER NOT NULL,
  value         TEXT    NOT NULL,
  PRIMARY KEY (run_id, key_id)
) WITHOUT ROWID;
CREATE INDEX tags_by_value ON tags (experiment_id, key_id, substr(value, 1, 100), run_id);

-- What was logged and not yet moved to the two tables below: one row a request. It holds about a second of writes and
-- is read whole, so on SQLite an index by run would only make every commit touch more pages.
CREATE TABLE metric_inbox (
  id            INTEGER PRIMARY KEY,
  experiment_id INTEGER NOT NULL,
  run_id        INTEGER NOT NULL,
  points        INTEGER NOT NULL,
  body          BLOB    NOT NULL
);

-- Rows of the inbox that could not be read: set aside, so that they hold nothing else up.
CREATE TABLE metric_damaged (
  id     INTEGER PRIMARY KEY AUTOINCREMENT,
  run_id INTEGER NOT NULL,
  body   BLOB NOT NULL
);

-- The latest point of every metric of a run, and what it has ranged over. A value of NULL is NaN.
CREATE TABLE metrics (
  run_id        INTEGER NOT NULL,
  key_id        INTEGER NOT NULL,
  experiment_id INTEGER NOT NULL,
  value         REAL,
  step          INTEGER NOT NULL,
  logged_at     INTEGER NOT NULL,
  min_value     REAL,
  max_value     REAL,
  points        INTEGER NOT NULL,
  PRIMARY KEY (run_id, key_id)
) WITHOUT ROWID;
CREATE INDEX metrics_by_value ON metrics (experiment_id, key_id, value, run_id);

-- The history: sorted, distinct points, chunk after chunk without overlap.
CREATE TABLE metric_chunks (
  run_id   INTEGER NOT NULL,
  key_id   INTEGER NOT NULL,
  chunk    INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  last_at  INTEGER NOT NULL,
  points   INTEGER NOT NULL,
  body     BLOB    NOT NULL,
  PRIMARY KEY (run_id, key_id, chunk)
) WITHOUT ROWID;

CREATE TABLE datasets (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  experiment_id INTEGER NOT NULL,
  name          TEXT    NOT NULL,
  digest        TEXT    NOT NULL,
  source_type   TEXT    NOT NULL,
  source        TEXT    NOT NULL,
  schema        TEXT,
  profile       TEXT
);
CREATE UNIQUE INDEX datasets_by_digest ON datasets (experiment_id, name, digest);

CREATE TABLE run_datasets (
  run_id     INTEGER NOT NULL,
  dataset_id INTEGER NOT NULL,
  PRIMARY KEY (run_id, dataset_id)
) WITHOUT ROWID;
CREATE INDEX run_datasets_by_dataset ON run_datasets (dataset_id);

CREATE TABLE run_dataset_tags (
  run_id     INTEGER NOT NULL,
  dataset_id INTEGER NOT NULL,
  key        TEXT    NOT NULL,
  value      TEXT    NOT NULL,
  PRIMARY KEY (run_id, dataset_id, key)
) WITHOUT ROWID;

-- Logged models that a run used (input) or made (output).
CREATE TABLE run_models (
  run_id   INTEGER NOT NULL,
  output   BOOLEAN NOT NULL,
  model_id TEXT    NOT NULL,
  step     INTEGER NOT NULL,
  PRIMARY KEY (run_id, output, model_id)
) WITHOUT ROWID;
