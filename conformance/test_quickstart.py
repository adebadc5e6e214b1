"""MLflow's pages "MLflow Tracking" and "MLflow Tracking Quickstart"."""

import mlflow
import pandas
import pytest
from client_version import MAJOR
from mlflow.models import infer_signature
from sklearn import datasets
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split

PARAMS = {"solver": "lbfgs", "max_iter": 1000, "random_state": 8888}


@pytest.fixture(scope="module")
def iris():
    features, species = datasets.load_iris(return_X_y=True)
    split = train_test_split(features, species, test_size=0.2, random_state=42)
    return (*split, LogisticRegression(**PARAMS).fit(split[0], split[2]))


def test_a_param_and_a_metric():
    with mlflow.start_run() as run:
        mlflow.log_param("lr", 0.001)
        mlflow.log_metric("val_loss", 0.25)

    logged = mlflow.get_run(run.info.run_id)
    assert logged.data.params == {"lr": "0.001"}
    assert logged.data.metrics == {"val_loss": 0.25}
    assert logged.info.status == "FINISHED"
    assert logged.info.start_time <= logged.info.end_time


def test_the_best_run_is_queried_by_the_client(tracking):
    for loss in (0.5, 0.123, 0.9):
        with mlflow.start_run():
            mlflow.log_metric("val_loss", loss)

    client = mlflow.tracking.MlflowClient()
    best = client.search_runs(tracking.experiment_id, order_by=["metrics.val_loss ASC"], max_results=1)[0]

    assert best.data.metrics == {"val_loss": 0.123}
    assert best.info.experiment_id == tracking.experiment_id


def test_params_a_metric_and_a_tag_of_a_trained_model(iris):
    _, features, _, species, model = iris
    accuracy = accuracy_score(species, model.predict(features))

    with mlflow.start_run() as run:
        mlflow.log_params(PARAMS)
        mlflow.log_metric("accuracy", accuracy)
        mlflow.set_tag("Training Info", "Basic LR model for iris data")

    data = mlflow.get_run(run.info.run_id).data
    assert data.params == {name: str(value) for name, value in PARAMS.items()}
    assert data.metrics == {"accuracy": accuracy}
    assert data.tags["Training Info"] == "Basic LR model for iris data"


def test_a_model_is_logged_and_loaded_for_inference(iris):
    train, features, _, species, model = iris
    with mlflow.start_run() as run:
        info = mlflow.sklearn.log_model(
            sk_model=model,
            **{"name" if MAJOR >= 3 else "artifact_path": "iris_model"},
            signature=infer_signature(train, model.predict(train)),
            input_example=train[:3],
            # Named, because finding them out starts another Python, which is slow and none of the server's business.
            pip_requirements=["scikit-learn"],
        )

    loaded = mlflow.pyfunc.load_model(info.model_uri)
    result = pandas.DataFrame(features, columns=datasets.load_iris().feature_names)
    result["actual_class"] = species
    result["predicted_class"] = loaded.predict(features)

    assert (result["predicted_class"] == model.predict(features)).all()
    if MAJOR < 3:
        assert "mlflow.log-model.history" in mlflow.get_run(run.info.run_id).data.tags
    assert mlflow.models.get_model_info(f"runs:/{run.info.run_id}/iris_model").run_id == run.info.run_id


def test_the_client_is_the_one_this_suite_means():
    assert MAJOR in (2, 3)
    assert mlflow.__version__ in ("2.22.5", "3.17.2")
