-- Which number of the latest release an automatic version raises: 0 patch, 1 minor, 2 major.
ALTER TABLE projects ADD COLUMN version_part BIGINT NOT NULL DEFAULT 0;

-- The model version that this run is, and whether that is published: then its files, params and metrics stay.
ALTER TABLE runs ADD COLUMN version_id BIGINT;
ALTER TABLE runs ADD COLUMN sealed BOOLEAN NOT NULL DEFAULT FALSE;
CREATE UNIQUE INDEX runs_by_version ON runs (version_id) WHERE version_id IS NOT NULL;

CREATE TABLE registered_models (
  id            BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  project_id    BIGINT NOT NULL,
  name          TEXT COLLATE "C"    NOT NULL,
  description   TEXT COLLATE "C"    NOT NULL,
  -- A prompt of MLflow: a model with a certain tag, which searches leave out unless they ask for it.
  is_prompt     BOOLEAN NOT NULL,
  -- '[model]<name>', where the runs of its versions are.
  experiment_id BIGINT NOT NULL,
  next_number   BIGINT NOT NULL,
  creator_id    BIGINT NOT NULL,
  created_at    BIGINT NOT NULL,
  updated_at    BIGINT NOT NULL
);
CREATE UNIQUE INDEX registered_models_by_name ON registered_models (project_id, name);
CREATE UNIQUE INDEX registered_models_by_experiment ON registered_models (experiment_id);
CREATE INDEX registered_models_by_update ON registered_models (project_id, updated_at, name);

CREATE TABLE registered_model_tags (
  model_id BIGINT NOT NULL,
  key      TEXT COLLATE "C"    NOT NULL,
  value    TEXT COLLATE "C"    NOT NULL,
  PRIMARY KEY (model_id, key)
);
-- A value may be 100,000 characters, an index entry may not.
CREATE INDEX registered_model_tags_by_value ON registered_model_tags (key, substr(value, 1, 100), model_id);

CREATE TABLE model_versions (
  id              BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  project_id      BIGINT NOT NULL,
  model_id        BIGINT NOT NULL,
  -- MLflow's version: counted per model, never used twice.
  number          BIGINT NOT NULL,
  -- SemVer, as it was given.
  version         TEXT COLLATE "C"    NOT NULL,
  -- Bytes in the order of SemVer's precedence.
  precedence      BYTEA    NOT NULL,
  is_release      BOOLEAN NOT NULL,
  is_prompt       BOOLEAN NOT NULL,
  stage           BIGINT NOT NULL,
  description     TEXT COLLATE "C"    NOT NULL,
  -- As the client sent them.
  source          TEXT COLLATE "C"    NOT NULL,
  run_link        TEXT COLLATE "C"    NOT NULL,
  -- What it was promoted from.
  source_run_id   TEXT COLLATE "C",
  source_model_id TEXT COLLATE "C",
  creator_id      BIGINT NOT NULL,
  created_at      BIGINT NOT NULL,
  updated_at      BIGINT NOT NULL,
  published_at    BIGINT,
  publisher_id    BIGINT,
  -- Over all its files, when it was published.
  digest          BYTEA
);
-- Numbers and versions are given out behind a lock on the model's row, so no index has to keep them apart.
CREATE INDEX model_versions_by_number ON model_versions (model_id, number);
-- A search in the model: SQLite answers it from the index above, with two more columns.
CREATE INDEX model_versions_by_update ON model_versions (model_id, updated_at, number);
CREATE INDEX model_versions_by_precedence ON model_versions (model_id, is_release, precedence, number);
CREATE INDEX model_versions_by_stage ON model_versions (model_id, stage, is_release, precedence, number)
  WHERE stage <> 0;
CREATE INDEX model_versions_by_project ON model_versions (project_id, updated_at, number);
CREATE INDEX model_versions_by_source ON model_versions (source_run_id) WHERE source_run_id IS NOT NULL;

CREATE TABLE model_version_tags (
  version_id BIGINT NOT NULL,
  key        TEXT COLLATE "C"    NOT NULL,
  value      TEXT COLLATE "C"    NOT NULL,
  PRIMARY KEY (version_id, key)
);
CREATE INDEX model_version_tags_by_value ON model_version_tags (key, substr(value, 1, 100), version_id);

CREATE TABLE model_aliases (
  model_id   BIGINT NOT NULL,
  alias      TEXT COLLATE "C"    NOT NULL,
  version_id BIGINT NOT NULL,
  PRIMARY KEY (model_id, alias)
);
CREATE INDEX model_aliases_by_version ON model_aliases (version_id);

-- What happened to a model and its versions, for people: never changed, gone with the model.
CREATE TABLE model_events (
  id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  model_id   BIGINT NOT NULL,
  kind       TEXT COLLATE "C"    NOT NULL,
  -- The version it is about, as numbers and words that stay when the version is deleted.
  number     BIGINT,
  version    TEXT COLLATE "C",
  -- An alias, when it is about one.
  alias      TEXT COLLATE "C",
  before     TEXT COLLATE "C",
  after      TEXT COLLATE "C",
  actor_id   BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX model_events_by_model ON model_events (model_id, id);
