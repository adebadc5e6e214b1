-- The CI that a project is linked to.
CREATE TABLE ci_links (
  project_id BIGINT NOT NULL PRIMARY KEY,
  kind       TEXT COLLATE "C"    NOT NULL,
  url        TEXT COLLATE "C"    NOT NULL,
  ci_project TEXT COLLATE "C"    NOT NULL,
  -- Sealed with the server's secret key.
  token      BYTEA,
  updater_id BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);

-- The CI job that a tag of a run names, and what the linked CI says of it.
CREATE TABLE run_jobs (
  run_id            BIGINT NOT NULL PRIMARY KEY,
  project_id        BIGINT NOT NULL,
  kind              TEXT COLLATE "C"    NOT NULL,
  job               TEXT COLLATE "C"    NOT NULL,
  -- waiting, found or unverified.
  state             TEXT COLLATE "C"    NOT NULL,
  -- Why it is not found, or was not the last time.
  reason            TEXT COLLATE "C",
  name              TEXT COLLATE "C",
  status            TEXT COLLATE "C",
  web_url           TEXT COLLATE "C",
  pipeline          TEXT COLLATE "C",
  pipeline_url      TEXT COLLATE "C",
  git_ref           TEXT COLLATE "C",
  commit_id         TEXT COLLATE "C",
  user_name         TEXT COLLATE "C",
  user_url          TEXT COLLATE "C",
  merge_request     TEXT COLLATE "C",
  merge_request_title TEXT COLLATE "C",
  merge_request_url TEXT COLLATE "C",
  ended             BOOLEAN NOT NULL,
  -- Answers so far, and failures since the last answer.
  answers           BIGINT NOT NULL,
  failures          BIGINT NOT NULL,
  checked_at        BIGINT,
  -- When it is asked for next; NULL: not any more.
  next_at           BIGINT
);
CREATE INDEX run_jobs_due ON run_jobs (project_id, kind, next_at);
