-- A job is one, however many runs name it: it is asked for once.
CREATE TABLE ci_jobs (
  id                BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  project_id        BIGINT NOT NULL,
  kind              TEXT COLLATE "C" NOT NULL,
  job               TEXT COLLATE "C" NOT NULL,
  -- waiting, found or unverified.
  state             TEXT COLLATE "C" NOT NULL,
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
  run_id BIGINT NOT NULL PRIMARY KEY,
  job_id BIGINT NOT NULL
);
INSERT INTO run_jobs_by_job (run_id, job_id)
SELECT r.run_id, j.id FROM run_jobs r
JOIN ci_jobs j ON j.project_id = r.project_id AND j.kind = r.kind AND j.job = r.job;
DROP TABLE run_jobs;
ALTER TABLE run_jobs_by_job RENAME TO run_jobs;
CREATE INDEX run_jobs_by_job ON run_jobs (job_id);
