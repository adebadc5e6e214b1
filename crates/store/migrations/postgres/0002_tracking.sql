-- Names of metrics, params and tags; rows elsewhere hold the id. Never deleted, so the server may remember them.
CREATE TABLE keys (
  id   BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name TEXT COLLATE "C" NOT NULL UNIQUE
);

CREATE TABLE experiments (
  id                BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  project_id        BIGINT NOT NULL,
  iid               BIGINT NOT NULL,
  name              TEXT COLLATE "C"    NOT NULL,
  -- NULL: the proxied location made of the iid.
  artifact_location TEXT COLLATE "C",
  deleted           BOOLEAN NOT NULL,
  creator_id        BIGINT NOT NULL,
  created_at        BIGINT NOT NULL,
  updated_at        BIGINT NOT NULL
);
CREATE UNIQUE INDEX experiments_by_iid ON experiments (project_id, iid);
CREATE UNIQUE INDEX experiments_by_name ON experiments (project_id, name);

CREATE TABLE experiment_tags (
  experiment_id BIGINT NOT NULL,
  key           TEXT COLLATE "C"    NOT NULL,
  value         TEXT COLLATE "C"    NOT NULL,
  PRIMARY KEY (experiment_id, key)
);

CREATE TABLE runs (
  id            BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id        TEXT COLLATE "C"    NOT NULL,
  project_id    BIGINT NOT NULL,
  experiment_id BIGINT NOT NULL,
  iid           BIGINT NOT NULL,
  name          TEXT COLLATE "C"    NOT NULL,
  -- As the client sent it; creator_id is who really called.
  user_id       TEXT COLLATE "C"    NOT NULL,
  creator_id    BIGINT NOT NULL,
  -- MLflow's number of the status.
  status        BIGINT NOT NULL,
  started_at    BIGINT NOT NULL,
  ended_at      BIGINT,
  deleted       BOOLEAN NOT NULL,
  deleted_at    BIGINT,
  created_at    BIGINT NOT NULL
);
CREATE UNIQUE INDEX runs_by_run_id ON runs (run_id);
CREATE UNIQUE INDEX runs_by_iid ON runs (project_id, iid);
CREATE INDEX runs_by_start ON runs (experiment_id, started_at DESC, run_id);

CREATE TABLE params (
  run_id        BIGINT NOT NULL,
  key_id        BIGINT NOT NULL,
  experiment_id BIGINT NOT NULL,
  value         TEXT COLLATE "C"    NOT NULL,
  PRIMARY KEY (run_id, key_id)
);
-- A value may be 64 KiB, an index entry may not.
CREATE INDEX params_by_value ON params (experiment_id, key_id, substr(value, 1, 100), run_id);

CREATE TABLE tags (
  run_id        BIGINT NOT NULL,
  key_id        BIGINT NOT NULL,
  experiment_id BIGINT NOT NULL,
  value         TEXT COLLATE "C"    NOT NULL,
  PRIMARY KEY (run_id, key_id)
);
CREATE INDEX tags_by_value ON tags (experiment_id, key_id, substr(value, 1, 100), run_id);

-- What was logged and not yet moved to the two tables below: one row a request. The index, which SQLite has not, spares
-- readers the dead rows that vacuum has yet to remove.
CREATE TABLE metric_inbox (
  id            BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  experiment_id BIGINT NOT NULL,
  run_id        BIGINT NOT NULL,
  points        BIGINT NOT NULL,
  body          BYTEA    NOT NULL
);
CREATE INDEX metric_inbox_by_run ON metric_inbox (run_id);

-- Rows of the inbox that could not be read: set aside, so that they hold nothing else up.
CREATE TABLE metric_damaged (
  id     BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id BIGINT NOT NULL,
  body   BYTEA NOT NULL
);

-- The latest point of every metric of a run, and what it has ranged over. A value of NULL is NaN.
CREATE TABLE metrics (
  run_id        BIGINT NOT NULL,
  key_id        BIGINT NOT NULL,
  experiment_id BIGINT NOT NULL,
  value         DOUBLE PRECISION,
  step          BIGINT NOT NULL,
  logged_at     BIGINT NOT NULL,
  min_value     DOUBLE PRECISION,
  max_value     DOUBLE PRECISION,
  points        BIGINT NOT NULL,
  PRIMARY KEY (run_id, key_id)
);
CREATE INDEX metrics_by_value ON metrics (experiment_id, key_id, value, run_id);

-- The history: sorted, distinct points, chunk after chunk without overlap.
CREATE TABLE metric_chunks (
  run_id   BIGINT NOT NULL,
  key_id   BIGINT NOT NULL,
  chunk    BIGINT NOT NULL,
  first_at BIGINT NOT NULL,
  last_at  BIGINT NOT NULL,
  points   BIGINT NOT NULL,
  body     BYTEA    NOT NULL,
  PRIMARY KEY (run_id, key_id, chunk)
);

CREATE TABLE datasets (
  id            BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  experiment_id BIGINT NOT NULL,
  name          TEXT COLLATE "C"    NOT NULL,
  digest        TEXT COLLATE "C"    NOT NULL,
  source_type   TEXT COLLATE "C"    NOT NULL,
  source        TEXT COLLATE "C"    NOT NULL,
  schema        TEXT COLLATE "C",
  profile       TEXT COLLATE "C"
);
CREATE UNIQUE INDEX datasets_by_digest ON datasets (experiment_id, name, digest);

CREATE TABLE run_datasets (
  run_id     BIGINT NOT NULL,
  dataset_id BIGINT NOT NULL,
  PRIMARY KEY (run_id, dataset_id)
);
CREATE INDEX run_datasets_by_dataset ON run_datasets (dataset_id);

CREATE TABLE run_dataset_tags (
  run_id     BIGINT NOT NULL,
  dataset_id BIGINT NOT NULL,
  key        TEXT COLLATE "C"    NOT NULL,
  value      TEXT COLLATE "C"    NOT NULL,
  PRIMARY KEY (run_id, dataset_id, key)
);

-- Logged models that a run used (input) or made (output).
CREATE TABLE run_models (
  run_id   BIGINT NOT NULL,
  output   BOOLEAN NOT NULL,
  model_id TEXT COLLATE "C"    NOT NULL,
  step     BIGINT NOT NULL,
  PRIMARY KEY (run_id, output, model_id)
);
