-- What GitLab's package routes speak of: a run with files, a model version, or files under a name and version of their
-- own (files of owner_kind 3). A run's name and version follow from what the run is.
CREATE TABLE packages (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  project_id INTEGER NOT NULL,
  run_id     INTEGER,
  name       TEXT,
  version    TEXT,
  -- 0 default, 1 hidden.
  status     INTEGER NOT NULL,
  created_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX packages_by_run ON packages (run_id) WHERE run_id IS NOT NULL;
CREATE UNIQUE INDEX packages_by_name ON packages (project_id, name, version) WHERE run_id IS NULL;
CREATE INDEX packages_by_creation ON packages (project_id, created_at, id);

INSERT INTO packages (project_id, run_id, status, created_at)
SELECT r.project_id, r.id, 0, r.created_at FROM runs r
WHERE r.version_id IS NOT NULL OR EXISTS (SELECT 1 FROM files f WHERE f.owner_kind = 1 AND f.owner_id = r.id)
ORDER BY r.id;
