-- A job is one, however many runs name it: it is asked for once.
CREATE TABLE ci_jobs (
  id                INTEGER PRIMARY KEY AUTOINCREMENT,
  project_id        INTEGER NOT NULL,
  kind              TEXT NOT NULL,
  job               TEXT NOT NULL,
  -- waiting, found or unverified.
  state             TEXT NOT NULL,
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
CREATE UNIQUE INDEX ci_jobs_by_number ON ci_jobs (project_id, kind, job);
CREATE INDEX ci_jobs_due ON ci_jobs (project_id, kind, next_at);

-- Of each job the row that was answered last.
INSERT INTO ci_jobs (project_id, kind, job, state, reason, name, status, web_url, pipeline, pipeline_url,
                     git_ref, commit_id, user_name, user_url, merge_request, merge_request_title, merge_request_url,
                     ended, answers, failures, checked_at, next_at)
SELECT project_id, kind, job, state, reason, name, status, web_url, pipeline, pipeline_url,
                     git_ref, commit_id, user_name, user_url, merge_request, merge_request_title, merge_request_url,
                     ended, answers, failures, checked_at, next_at
FROM (SELECT j.*, ROW_NUMBER() OVER (PARTITION BY project_id, kind, job
                                     ORDER BY COALESCE(checked_at, 0) DESC, run_id DESC) AS place
      FROM run_jobs j) newest
WHERE place = 1;

CREATE TABLE run_jobs_by_job (
  run_id INTEGER NOT NULL PRIMARY KEY,
  job_id INTEGER NOT NULL
);
INSERT INTO run_jobs_by_job (run_id, job_id)
SELECT r.run_id, j.id FROM run_jobs r
JOIN ci_jobs j ON j.project_id = r.project_id AND j.kind = r.kind AND j.job = r.job;
DROP TABLE run_jobs;
ALTER TABLE run_jobs_by_job RENAME TO run_jobs;
CREATE INDEX run_jobs_by_job ON run_jobs (job_id);
