-- Models of MLflow 3 as a run made them, before any registry, with params, tags, metrics and files (owner_kind 2) of
-- their own.
CREATE TABLE logged_models (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  model_id       TEXT    NOT NULL,
  project_id     INTEGER NOT NULL,
  experiment_id  INTEGER NOT NULL,
  name           TEXT    NOT NULL,
  model_type     TEXT    NOT NULL,
  -- As the client gave it, which may be no run's at all; empty: none.
  source_run_id  TEXT    NOT NULL,
  -- MLflow's number of the status.
  status         INTEGER NOT NULL,
  status_message TEXT,
  creator_id     INTEGER NOT NULL,
  created_at     INTEGER NOT NULL,
  updated_at     INTEGER NOT NULL,
  deleted_at     INTEGER
);
CREATE UNIQUE INDEX logged_models_by_model_id ON logged_models (model_id);
CREATE INDEX logged_models_by_creation ON logged_models (experiment_id, created_at DESC, model_id);
-- Clients look for `runs:/<id>/<name>` among all models of that name.
CREATE INDEX logged_models_by_name ON logged_models (experiment_id, name, created_at DESC, model_id);
CREATE INDEX logged_models_by_run ON logged_models (source_run_id, project_id);

CREATE TABLE logged_model_params (
  model_id INTEGER NOT NULL,
  key      TEXT    NOT NULL,
  value    TEXT    NOT NULL,
  PRIMARY KEY (model_id, key)
) WITHOUT ROWID;

CREATE TABLE logged_model_tags (
  model_id INTEGER NOT NULL,
  key      TEXT    NOT NULL,
  value    TEXT    NOT NULL,
  PRIMARY KEY (model_id, key)
) WITHOUT ROWID;

-- Every distinct point of a run's metric that was logged with the model. Unlike a run's own, points are rows: a model
-- has few, and each is searched by itself. The key is in the order that makes a point the latest, so that it is found at
-- once. The value of NaN is 0; a dataset without a name is none.
CREATE TABLE logged_model_metrics (
  model_id       INTEGER NOT NULL,
  key_id         INTEGER NOT NULL,
  step           INTEGER NOT NULL,
  logged_at      INTEGER NOT NULL,
  run_id         INTEGER NOT NULL,
  value          REAL    NOT NULL,
  is_nan         BOOLEAN NOT NULL,
  dataset_name   TEXT    NOT NULL,
  dataset_digest TEXT    NOT NULL,
  PRIMARY KEY (model_id, key_id, logged_at, step, run_id, value, is_nan, dataset_name, dataset_digest)
) WITHOUT ROWID;
CREATE INDEX logged_model_metrics_by_run ON logged_model_metrics (run_id);
