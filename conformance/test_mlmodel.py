"""What the server reads in the MLmodel files that the real clients save, and how two versions differ in it."""

import mlflow
import numpy
import pandas
import pytest
from client_version import MAJOR, only_3x
from mlflow.models import ModelSignature, infer_signature
from mlflow.types import ColSpec, ParamSchema, ParamSpec, Schema
from sklearn.dummy import DummyRegressor

pytestmark = pytest.mark.weir_only

ROWS = pandas.DataFrame({"rooms": [3, 4], "area": [70.5, 90.0], "city": ["Bonn", "Köln"]})


def own(tracking, path, **query):
    answer = tracking.http("GET", f"/api/v4/projects/1/ml/{path}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture
def name(tracking, client):
    return client.create_registered_model(tracking.model_name("described")).name


@pytest.fixture
def add(name, client, tmp_path):
    """`add(signature, …)` saves a scikit-learn model with the client and makes a version of its files."""

    def add(signature=None, model=None, requirements=("scikit-learn",), **options):
        model = model or DummyRegressor().fit([[1.0]], [2.0])
        folder = tmp_path / f"saved{len(list(tmp_path.glob('saved*')))}"
        mlflow.sklearn.save_model(model, folder, signature=signature, pip_requirements=list(requirements), **options)
        version = client.create_model_version(name, "")
        client.log_artifacts(version.run_id, str(folder))
        return version

    return add


def fields(side):
    return [(field["name"], field["type"], field["required"]) for field in side]


def test_flavours_signature_size_and_requirements(add, name, tracking):
    params = ParamSchema([ParamSpec("threshold", "double", 0.5)])
    signature = infer_signature(ROWS, numpy.array([1.0, 2.0]))
    signature = ModelSignature(signature.inputs, signature.outputs, params)
    add(signature, requirements=["scikit-learn==1.6.1", "pandas>=2,<3"])

    described = own(tracking, f"models/{name}/versions/1.0.0/mlmodel")
    assert described["path"] == "MLmodel"
    assert {"sklearn", "python_function"} <= set(described["flavors"])
    assert described["mlflow_version"] == mlflow.__version__
    assert fields(described["signature"]["inputs"]) == [
        ("rooms", "long", True),
        ("area", "double", True),
        ("city", "string", True),
    ]
    (output,) = described["signature"]["outputs"]
    assert (output["type"], output["dtype"], output["shape"]) == ("tensor", "float64", [-1])
    (param,) = described["signature"]["params"]
    assert (param["name"], param["type"], param["default"]) == ("threshold", "double", 0.5)
    packages = {package["name"]: package["specifier"] for package in described["requirements"]["packages"]}
    assert packages["scikit-learn"] == "==1.6.1"
    assert set(packages["pandas"].replace(" ", "").split(",")) == {">=2", "<3"}
    assert described["warnings"] == []


def test_it_stands_in_the_version_too(add, name, tracking):
    add(infer_signature(ROWS))

    version = own(tracking, f"models/{name}/versions/1")
    assert version["mlmodel"] == own(tracking, f"models/{name}/versions/1/mlmodel")
    assert version["mlmodel_warning"] is None
    assert fields(version["mlmodel"]["signature"]["inputs"])[0] == ("rooms", "long", True)


def test_a_tensor_signature_and_an_input_example(add, name, tracking):
    images = numpy.zeros((2, 28, 28, 3), dtype=numpy.uint8)
    add(infer_signature(images, numpy.zeros((2, 10), dtype=numpy.float32)), input_example=ROWS)

    described = own(tracking, f"models/{name}/versions/1/mlmodel")
    (given,) = described["signature"]["inputs"]
    assert (given["type"], given["dtype"], given["shape"]) == ("tensor", "uint8", [-1, 28, 28, 3])
    assert described["saved_input_example_info"]["artifact_path"].endswith(".json")


def test_a_python_model(name, client, tracking, tmp_path):
    class Doubles(mlflow.pyfunc.PythonModel):
        def predict(self, context, model_input, params=None):
            return model_input * 2

    folder = tmp_path / "saved"
    mlflow.pyfunc.save_model(folder, python_model=Doubles(), pip_requirements=["cloudpickle"])
    version = client.create_model_version(name, "")
    client.log_artifacts(version.run_id, str(folder), "model")

    described = own(tracking, f"models/{name}/versions/1/mlmodel")
    assert described["path"] == "model/MLmodel"
    assert list(described["flavors"]) == ["python_function"]
    assert [package["name"] for package in described["requirements"]["packages"]] == ["mlflow", "cloudpickle"]


def test_a_promoted_model(name, client, tracking, model_run):
    run_id = model_run().info.run_id
    client.create_model_version(name, f"runs:/{run_id}/model", run_id)

    described = own(tracking, f"models/{name}/versions/1.0.0/mlmodel")
    assert [package["name"] for package in described["requirements"]["packages"]] == ["mlflow", "scikit-learn"]


@only_3x
def test_a_logged_model(tracking):
    info = mlflow.sklearn.log_model(
        DummyRegressor().fit([[1.0]], [2.0]),
        name="model",
        signature=infer_signature(ROWS, [1.0]),
        pip_requirements=["scikit-learn"],
    )

    described = own(tracking, f"logged-models/{info.model_id}/mlmodel")
    assert described["model_id"] == info.model_id
    assert described["model_size_bytes"] > 0
    assert [field[0] for field in fields(described["signature"]["inputs"])] == ["rooms", "area", "city"]


def test_the_schema_difference(add, name, tracking):
    before = [ColSpec("long", "rooms"), ColSpec("double", "area"), ColSpec("string", "city")]
    after = [ColSpec("double", "area"), ColSpec("string", "city", required=False), ColSpec("boolean", "garden")]
    add(ModelSignature(Schema(before), Schema([ColSpec("double", "price")])), requirements=["scikit-learn==1.5.2"])
    changed = ModelSignature(Schema(after), Schema([ColSpec("float", "price")]))
    add(changed, requirements=["scikit-learn==1.6.1", "pandas"])

    difference = own(tracking, f"models/{name}/compare", **{"from": "1.0.0", "to": "2"})
    assert (difference["from"]["version"], difference["to"]["version"]) == ("1.0.0", "1.0.1")
    inputs, outputs = difference["schema"]["inputs"], difference["schema"]["outputs"]
    assert [field["name"] for field in inputs["added"]] == ["garden"]
    assert [field["name"] for field in inputs["removed"]] == ["rooms"]
    assert [(field["name"], field["changed"]) for field in inputs["changed"]] == [("city", ["required"])]
    (price,) = outputs["changed"]
    assert (price["name"], price["changed"]) == ("price", ["type"])
    assert (price["from"]["type"], price["to"]["type"]) == ("double", "float")
    requirements = {each["name"]: (each["from"], each["to"]) for each in difference["requirements"]}
    assert requirements["scikit-learn"] == ("==1.5.2", "==1.6.1")
    assert requirements["pandas"][0] is None
    assert "MLmodel" in [file["path"] for file in difference["files"]["changed"]]


def test_equal_versions_differ_in_nothing(add, name, client, tracking):
    add(infer_signature(ROWS))
    client.create_model_version(name, f"models:/{name}/1")

    difference = own(tracking, f"models/{name}/compare", **{"from": "1", "to": "2"})
    nothing = {"added": [], "removed": [], "changed": []}
    assert difference["schema"] == {"inputs": nothing, "outputs": nothing, "params": nothing}
    assert (difference["flavors"], difference["requirements"]) == (nothing, [])
    assert (difference["files"]["changed"], difference["params"], difference["metrics"]) == ([], [], [])


def test_a_malformed_file_is_harmless(name, client, tracking):
    for text in ("flavors: [unclosed", "just a sentence", "x" * (2 << 20)):
        version = client.create_model_version(name, "")
        client.log_text(version.run_id, text, "MLmodel")
        described = own(tracking, f"models/{name}/versions/{version.version}")
        assert described["mlmodel"] is None, (text[:30], described)
        assert described["mlmodel_warning"]
        answer = tracking.http("GET", f"/api/v4/projects/1/ml/models/{name}/versions/{version.version}/mlmodel")
        assert 400 <= answer.status_code < 500


def test_a_file_that_means_nothing_or_itself_is_harmless(name, client, tracking):
    for text in ("", "a: &a [*a]", "flavors: 7\nsignature: 7", "signature:\n  inputs: '[{'"):
        version = client.create_model_version(name, "")
        client.log_text(version.run_id, text, "MLmodel")
        described = own(tracking, f"models/{name}/versions/{version.version}")
        assert described["version"] == version.aliases[0]
        assert described["mlmodel_warning"] or not described["mlmodel"]["signature"]


def test_a_version_without_one(name, client, tracking):
    client.create_model_version(name, "")

    assert own(tracking, f"models/{name}/versions/1")["mlmodel"] is None
    answer = tracking.http("GET", f"/api/v4/projects/1/ml/models/{name}/versions/1/mlmodel")
    assert (answer.status_code, "MLmodel" in answer.text) == (404, True)
