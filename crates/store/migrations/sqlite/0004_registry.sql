-- Which number of the latest release an automatic version raises: 0 patch, 1 minor, 2 major.
ALTER TABLE projects ADD COLUMN version_part INTEGER NOT NULL DEFAULT 0;

-- The model version that this run is, and whether that is published: then its files, params and metrics stay.
ALTER TABLE runs ADD COLUMN version_id INTEGER;
ALTER TABLE runs ADD COLUMN sealed BOOLEAN NOT NULL DEFAULT FALSE;
CREATE UNIQUE INDEX runs_by_version ON runs (version_id) WHERE version_id IS NOT NULL;

CREATE TABLE registered_models (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  project_id    INTEGER NOT NULL,
  name          TEXT    NOT NULL,
  description   TEXT    NOT NULL,
  -- A prompt of MLflow: a model with a certain tag, which searches leave out unless they ask for it.
  is_prompt     BOOLEAN NOT NULL,
  -- '[model]<name>', where the runs of its versions are.
  experiment_id INTEGER NOT NULL,
  next_number   INTEGER NOT NULL,
  creator_id    INTEGER NOT NULL,
  created_at    INTEGER NOT NULL,
  updated_at    INTEGER NOT NULL
);
CREATE UNIQUE INDEX registered_models_by_name ON registered_models (project_id, name);
CREATE UNIQUE INDEX registered_models_by_experiment ON registered_models (experiment_id);
CREATE INDEX registered_models_by_update ON registered_models (project_id, updated_at, name);

CREATE TABLE registered_model_tags (
  model_id INTEGER NOT NULL,
  key      TEXT    NOT NULL,
  value    TEXT    NOT NULL,
  PRIMARY KEY (model_id, key)
) WITHOUT ROWID;
-- A value may be 100,000 characters, an index entry may not.
CREATE INDEX registered_model_tags_by_value ON registered_model_tags (key, substr(value, 1, 100), model_id);

CREATE TABLE model_versions (
  id              INTEGER PRIMARY KEY AUTOINCREMENT,
  project_id      INTEGER NOT NULL,
  model_id        INTEGER NOT NULL,
  -- MLflow's version: counted per model, never used twice.
  number          INTEGER NOT NULL,
  -- SemVer, as it was given.
  version         TEXT    NOT NULL,
  -- Bytes in the order of SemVer's precedence.
  precedence      BLOB    NOT NULL,
  is_release      BOOLEAN NOT NULL,
  is_prompt       BOOLEAN NOT NULL,
  stage           INTEGER NOT NULL,
  description     TEXT    NOT NULL,
  -- As the client sent them.
  source          TEXT    NOT NULL,
  run_link        TEXT    NOT NULL,
  -- What it was promoted from.
  source_run_id   TEXT,
  source_model_id TEXT,
  creator_id      INTEGER NOT NULL,
  created_at      INTEGER NOT NULL,
  updated_at      INTEGER NOT NULL,
  published_at    INTEGER,
  publisher_id    INTEGER,
  -- Over all its files, when it was published.
  digest          BLOB
);
-- Numbers and versions are given out behind a lock on the model's row, so no index has to keep them apart: each more is a
-- page written for each version made. This one also answers a search in the model, without the rows.
CREATE INDEX model_versions_by_number ON model_versions (model_id, number, updated_at, is_prompt);
CREATE INDEX model_versions_by_precedence ON model_versions (model_id, is_release, precedence, number);
CREATE INDEX model_versions_by_stage ON model_versions (model_id, stage, is_release, precedence, number)
  WHERE stage <> 0;
CREATE INDEX model_versions_by_project ON model_versions (project_id, updated_at, number);
CREATE INDEX model_versions_by_source ON model_versions (source_run_id) WHERE source_run_id IS NOT NULL;

CREATE TABLE model_version_tags (
  version_id INTEGER NOT NULL,
  key        TEXT    NOT NULL,
  value      TEXT    NOT NULL,
  PRIMARY KEY (version_id, key)
) WITHOUT ROWID;
CREATE INDEX model_version_tags_by_value ON model_version_tags (key, substr(value, 1, 100), version_id);

CREATE TABLE model_aliases (
  model_id   INTEGER NOT NULL,
  alias      TEXT    NOT NULL,
  version_id INTEGER NOT NULL,
  PRIMARY KEY (model_id, alias)
) WITHOUT ROWID;
CREATE INDEX model_aliases_by_version ON model_aliases (version_id);

-- What happened to a model and its versions, for people: never changed, gone with the model.
CREATE TABLE model_events (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  model_id   INTEGER NOT NULL,
  kind       TEXT    NOT NULL,
  -- The version it is about, as numbers and words that stay when the version is deleted.
  number     INTEGER,
  version    TEXT,
  -- An alias, when it is about one.
  alias      TEXT,
  before     TEXT,
  after      TEXT,
  actor_id   INTEGER NOT NULL,
  created_at INTEGER NOT NULL
);
CREATE INDEX model_events_by_model ON model_events (model_id, id);
