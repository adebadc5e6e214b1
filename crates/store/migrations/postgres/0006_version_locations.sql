-- Where the files of a model version are that are kept elsewhere: decided when it is made, told as the address of its
-- run's artifacts. NULL, and so for every other run: in the run's own tree here, at its experiment's location.
ALTER TABLE runs ADD COLUMN location TEXT COLLATE "C";
UPDATE runs SET location = (SELECT v.source FROM model_versions v WHERE v.id = runs.version_id)
WHERE version_id IN (
    SELECT v.id FROM model_versions v WHERE v.source LIKE '%://%' AND v.source NOT LIKE 'mlflow-artifacts:%'
      AND v.source NOT LIKE 'models:%' AND v.source NOT LIKE 'runs:%'
  )
  AND NOT EXISTS (SELECT 1 FROM files f WHERE f.owner_kind = 1 AND f.owner_id = runs.id);
