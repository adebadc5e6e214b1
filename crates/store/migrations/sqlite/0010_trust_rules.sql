-- Whose CI jobs may come with an ID token of their issuer, and what they are in the project then.
CREATE TABLE trust_rules (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  project_id INTEGER NOT NULL,
  name       TEXT    NOT NULL,
  issuer     TEXT    NOT NULL,
  audience   TEXT    NOT NULL,
  role       INTEGER NOT NULL,
  -- The bot that these jobs act as.
  user_id    INTEGER NOT NULL,
  creator_id INTEGER,
  created_at INTEGER NOT NULL
);
CREATE INDEX trust_rules_by_project ON trust_rules (project_id, id);

CREATE TABLE trust_conditions (
  rule_id    INTEGER NOT NULL,
  position   INTEGER NOT NULL,
  project_id INTEGER NOT NULL,
  claim      TEXT    NOT NULL,
  pattern    TEXT    NOT NULL,
  PRIMARY KEY (rule_id, position)
) WITHOUT ROWID;
CREATE INDEX trust_conditions_by_project ON trust_conditions (project_id);

-- CI jobs that made or wrote runs, as their issuers vouch for them; each once, by a digest of all that is said of it.
CREATE TABLE provenances (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  project_id    INTEGER NOT NULL,
  digest        BLOB    NOT NULL,
  kind          TEXT    NOT NULL,
  issuer        TEXT    NOT NULL,
  subject       TEXT,
  ci_project    TEXT,
  pipeline      TEXT,
  attempt       TEXT,
  job           TEXT,
  workflow      TEXT,
  commit_id     TEXT,
  git_ref       TEXT,
  ref_protected INTEGER,
  environment   TEXT,
  actor         TEXT,
  web_url       TEXT
);
CREATE UNIQUE INDEX provenances_by_digest ON provenances (project_id, digest);

CREATE TABLE run_provenances (
  run_id        INTEGER NOT NULL,
  provenance_id INTEGER NOT NULL,
  -- The job made the run, and did not only write to it.
  made          BOOLEAN NOT NULL,
  first_at      INTEGER NOT NULL,
  PRIMARY KEY (run_id, provenance_id)
) WITHOUT ROWID;
