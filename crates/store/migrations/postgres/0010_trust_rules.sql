-- Whose CI jobs may come with an ID token of their issuer, and what they are in the project then.
CREATE TABLE trust_rules (
  id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  project_id BIGINT NOT NULL,
  name       TEXT COLLATE "C"    NOT NULL,
  issuer     TEXT COLLATE "C"    NOT NULL,
  audience   TEXT COLLATE "C"    NOT NULL,
  role       BIGINT NOT NULL,
  -- The bot that these jobs act as.
  user_id    BIGINT NOT NULL,
  creator_id BIGINT,
  created_at BIGINT NOT NULL
);
CREATE INDEX trust_rules_by_project ON trust_rules (project_id, id);

CREATE TABLE trust_conditions (
  rule_id    BIGINT NOT NULL,
  position   BIGINT NOT NULL,
  project_id BIGINT NOT NULL,
  claim      TEXT COLLATE "C"    NOT NULL,
  pattern    TEXT COLLATE "C"    NOT NULL,
  PRIMARY KEY (rule_id, position)
);
CREATE INDEX trust_conditions_by_project ON trust_conditions (project_id);

-- CI jobs that made or wrote runs, as their issuers vouch for them; each once, by a digest of all that is said of it.
CREATE TABLE provenances (
  id            BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  project_id    BIGINT NOT NULL,
  digest        BYTEA    NOT NULL,
  kind          TEXT COLLATE "C"    NOT NULL,
  issuer        TEXT COLLATE "C"    NOT NULL,
  subject       TEXT COLLATE "C",
  ci_project    TEXT COLLATE "C",
  pipeline      TEXT COLLATE "C",
  attempt       TEXT COLLATE "C",
  job           TEXT COLLATE "C",
  workflow      TEXT COLLATE "C",
  commit_id     TEXT COLLATE "C",
  git_ref       TEXT COLLATE "C",
  ref_protected BIGINT,
  environment   TEXT COLLATE "C",
  actor         TEXT COLLATE "C",
  web_url       TEXT COLLATE "C"
);
CREATE UNIQUE INDEX provenances_by_digest ON provenances (project_id, digest);

CREATE TABLE run_provenances (
  run_id        BIGINT NOT NULL,
  provenance_id BIGINT NOT NULL,
  -- The job made the run, and did not only write to it.
  made          BOOLEAN NOT NULL,
  first_at      BIGINT NOT NULL,
  PRIMARY KEY (run_id, provenance_id)
);
