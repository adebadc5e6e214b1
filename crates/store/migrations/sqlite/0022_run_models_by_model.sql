-- A logged model that is removed is taken from the runs that used it.
CREATE INDEX run_models_by_model ON run_models (model_id);
