"""MLflow's page "Automatic Logging" with scikit-learn."""

import mlflow
import pytest
from client_version import MAJOR
from sklearn.datasets import load_diabetes, load_iris
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import classification_report
from sklearn.model_selection import GridSearchCV, train_test_split


@pytest.fixture(autouse=True)
def no_autologging_afterwards():
    yield
    mlflow.autolog(disable=True)


def split(load):
    data = load()
    return train_test_split(data.data, data.target, random_state=1)


def test_a_regressor_logs_its_params_and_metrics():
    mlflow.autolog(log_models=False, extra_tags={"YOUR_TAG": "VALUE"})
    features, _, target, _ = split(load_diabetes)

    RandomForestRegressor(n_estimators=5, max_depth=3, max_features=3).fit(features, target)

    run = mlflow.last_active_run()
    assert run.info.status == "FINISHED"
    assert run.data.params["n_estimators"] == "5"
    assert run.data.params["max_features"] == "3"
    assert {"training_score", "training_r2_score", "training_mean_squared_error"} <= set(run.data.metrics)
    assert run.data.tags["YOUR_TAG"] == "VALUE"
    assert run.data.tags["estimator_name"] == "RandomForestRegressor"
    assert [each.dataset.source_type for each in run.inputs.dataset_inputs] == ["code"]


def test_autologging_and_own_logging_together(tmp_path):
    mlflow.autolog(log_models=False)
    features, test_features, species, test_species = split(load_iris)

    with mlflow.start_run() as run:
        model = RandomForestClassifier(n_estimators=5).fit(features, species)
        predictions = model.predict(test_features)
        report = classification_report(test_species, predictions, output_dict=True)
        mlflow.log_metrics({"f1_macro": report["macro avg"]["f1-score"]})
        (tmp_path / "feature_importance.csv").write_text("\n".join(map(str, model.feature_importances_)))
        mlflow.log_artifact(str(tmp_path / "feature_importance.csv"))

    logged = mlflow.get_run(run.info.run_id)
    assert logged.data.metrics["f1_macro"] == report["macro avg"]["f1-score"]
    assert "training_accuracy_score" in logged.data.metrics
    names = {file.path for file in mlflow.artifacts.list_artifacts(run_id=run.info.run_id)}
    assert {"feature_importance.csv", "training_confusion_matrix.png"} <= names
    assert mlflow.last_active_run().info.run_id == run.info.run_id


def test_a_grid_search_makes_child_runs(tracking):
    mlflow.autolog(log_models=False)
    features, _, species, _ = split(load_iris)

    with mlflow.start_run() as parent:
        GridSearchCV(LogisticRegression(max_iter=200), {"C": [0.1, 1.0, 10.0]}, cv=2).fit(features, species)

    children = mlflow.search_runs(
        [tracking.experiment_id], f"tags.mlflow.parentRunId = '{parent.info.run_id}'", output_format="list"
    )
    assert sorted(child.data.params["C"] for child in children) == ["0.1", "1.0", "10.0"]
    assert all("mean_test_score" in child.data.metrics for child in children)
    assert "best_cv_score" in mlflow.get_run(parent.info.run_id).data.metrics


@pytest.mark.one_mount
def test_the_model_is_logged_too():
    mlflow.autolog()
    features, test_features, species, _ = split(load_iris)

    model = LogisticRegression(max_iter=200).fit(features, species)

    run = mlflow.last_active_run()
    loaded = mlflow.sklearn.load_model(f"runs:/{run.info.run_id}/model")
    assert (loaded.predict(test_features) == model.predict(test_features)).all()
    if MAJOR >= 3:
        assert [output.model_id for output in run.outputs.model_outputs] == [mlflow.last_logged_model().model_id]
    else:
        assert "mlflow.log-model.history" in run.data.tags


def test_autologging_can_be_switched_off(tracking):
    mlflow.autolog(log_models=False)
    mlflow.autolog(disable=True)
    features, _, species, _ = split(load_iris)

    LogisticRegression(max_iter=200).fit(features, species)

    assert mlflow.search_runs([tracking.experiment_id], output_format="list") == []
