-- What the tables of experiments and runs are counted and ordered by.
CREATE INDEX runs_by_state ON runs (experiment_id, deleted, id);
CREATE INDEX runs_by_end ON runs (experiment_id, ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX metrics_by_min ON metrics (experiment_id, key_id, min_value, run_id);
CREATE INDEX metrics_by_max ON metrics (experiment_id, key_id, max_value, run_id);
