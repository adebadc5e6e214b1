"""MLflow's page "Dataset Tracking": datasets from NumPy and pandas as inputs of runs."""

import json

import mlflow
import numpy
import pandas
import pytest
from client_version import MAJOR


@pytest.fixture
def wine(tmp_path):
    frame = pandas.DataFrame({"fixed acidity": [7.0, 6.3], "alcohol": [8.8, 9.5], "quality": [6, 6]})
    path = tmp_path / "winequality-white.csv"
    frame.to_csv(path, sep=";", index=False)
    return path, pandas.read_csv(path, sep=";")


def test_a_pandas_dataset_is_logged_read_and_loaded_again(wine):
    path, frame = wine
    dataset = mlflow.data.from_pandas(frame, source=str(path), name="wine quality - white", targets="quality")
    with mlflow.start_run() as run:
        mlflow.log_input(dataset, context="training")

    (logged,) = mlflow.get_run(run.info.run_id).inputs.dataset_inputs
    assert logged.dataset.name == "wine quality - white"
    assert logged.dataset.digest == dataset.digest
    assert json.loads(logged.dataset.profile) == {"num_rows": 2, "num_elements": 6}
    columns = json.loads(logged.dataset.schema)["mlflow_colspec"]
    assert [column["name"] for column in columns] == ["fixed acidity", "alcohol", "quality"]
    assert {tag.key: tag.value for tag in logged.tags} == {"mlflow.data.context": "training"}
    source = mlflow.data.get_source(logged.dataset)
    assert pandas.read_csv(source.load(), delimiter=";").equals(frame)


@pytest.mark.one_mount
def test_a_dataset_is_evaluated(client):
    frame = pandas.DataFrame({"x": range(8), "label": [0, 1] * 4, "predictions": [0, 1, 0, 1, 0, 1, 1, 1]})
    dataset = mlflow.data.from_pandas(frame, predictions="predictions", targets="label", name="scored")
    evaluate = mlflow.evaluate if MAJOR == 2 else mlflow.models.evaluate

    with mlflow.start_run() as run:
        result = evaluate(data=dataset, predictions=None, model_type="classifier")

    logged = client.get_run(run.info.run_id)
    assert result.metrics["accuracy_score"] == logged.data.metrics["accuracy_score"] == 0.875
    assert [each.dataset.name for each in logged.inputs.dataset_inputs] == ["scored"]
    assert "confusion_matrix.png" in [file.path for file in client.list_artifacts(run.info.run_id)]


def test_numpy_datasets_of_several_contexts(run):
    training = mlflow.data.from_numpy(numpy.zeros((20, 4)), targets=numpy.ones(20), name="training set")
    testing = mlflow.data.from_numpy({"x": numpy.arange(6), "y": numpy.zeros(6)}, name="größe", digest="d1")
    mlflow.log_input(training, context="train")
    mlflow.log_input(testing, context="test", tags={"split": "20%"})
    mlflow.log_input(training, context="train")

    inputs = mlflow.get_run(run.info.run_id).inputs.dataset_inputs
    by_name = {each.dataset.name: each for each in inputs}
    assert len(inputs) == 2
    assert by_name["größe"].dataset.digest == "d1"
    assert {tag.key: tag.value for tag in by_name["größe"].tags} == {"mlflow.data.context": "test", "split": "20%"}
    assert by_name["training set"].dataset.source_type == "code"


def test_several_inputs_in_one_call(tracking, client):
    from mlflow.entities import Dataset, DatasetInput, InputTag

    run = client.create_run(tracking.experiment_id)
    inputs = [
        DatasetInput(
            Dataset(name=f"n{number}", digest="d", source_type="local", source="{}"),
            [InputTag("mlflow.data.context", "train")],
        )
        for number in range(3)
    ]
    client.log_inputs(run.info.run_id, datasets=inputs)

    logged = client.get_run(run.info.run_id).inputs.dataset_inputs
    assert sorted(each.dataset.name for each in logged) == ["n0", "n1", "n2"]
    assert logged[0].dataset.schema in (None, "")


def test_one_dataset_of_two_runs_is_found_by_its_name(tracking, client):
    name = tracking.unique("shared")
    dataset = mlflow.data.from_numpy(numpy.arange(4), name=name)
    runs = set()
    for context in ("train", "eval"):
        with mlflow.start_run() as run:
            mlflow.log_input(dataset, context=context)
        runs.add(run.info.run_id)

    def found(text):
        return {run.info.run_id for run in client.search_runs([tracking.experiment_id], text)}

    assert found(f"dataset.name = '{name}'") == runs
    assert len(found(f"dataset.name = '{name}' AND dataset.context = 'eval'")) == 1
    assert found(f"dataset.digest = '{dataset.digest}' AND dataset.context = 'test'") == set()
