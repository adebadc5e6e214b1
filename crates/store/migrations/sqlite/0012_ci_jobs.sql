-- The CI that a project is linked to.
CREATE TABLE ci_links (
  project_id INTEGER NOT NULL PRIMARY KEY,
  kind       TEXT    NOT NULL,
  url        TEXT    NOT NULL,
  ci_project TEXT    NOT NULL,
  -- Sealed with the server's secret key.
  token      BLOB,
  updater_id INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
);

-- The CI job that a tag of a run names, and what the linked CI says of it.
CREATE TABLE run_jobs (
  run_id            INTEGER NOT NULL PRIMARY KEY,
  project_id        INTEGER NOT NULL,
  kind              TEXT    NOT NULL,
  job               TEXT    NOT NULL,
  -- waiting, found or unverified.
  state             TEXT    NOT NULL,
  -- Why it is not found, or was not the last time.
  reason            TEXT,
  name              TEXT,
  status            TEXT,
  web_url           TEXT,
  pipeline          TEXT,
  pipeline_url      TEXT,
  git_ref           TEXT,
  commit_id         TEXT,
  user_name         TEXT,
  user_url          TEXT,
  merge_request     TEXT,
  merge_request_title TEXT,
  merge_request_url TEXT,
  ended             BOOLEAN NOT NULL,
  -- Answers so far, and failures since the last answer.
  answers           INTEGER NOT NULL,
  failures          INTEGER NOT NULL,
  checked_at        INTEGER,
  -- When it is asked for next; NULL: not any more.
  next_at           INTEGER
);
CREATE INDEX run_jobs_due ON run_jobs (project_id, kind, next_at);
