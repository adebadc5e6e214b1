"""Selectors: what follows the name in a `models:/` URI, from a number to a range; each loads the right model."""

import mlflow
import pytest
from mlflow.exceptions import MlflowException
from registry import predicted, refused

pytestmark = pytest.mark.weir_only

# In the order of their integers, 1 and up; the model of each predicts its integer.
SEMVERS = ["1.2.0", "1.2.3", "1.3.0", "2.0.0", "2.1.0-rc.1", "1.2.9", "0.9.0"]


def register(tracking, client, model_run, name, semvers):
    client.create_registered_model(name)
    for number, semver in enumerate(semvers, 1):
        run_id = model_run(number).info.run_id
        client.create_model_version(name, f"runs:/{run_id}/model", run_id, tags={"gitlab.version": semver})


MODELS = {}


@pytest.fixture
def name(tracking, client, model_run):
    """A model with all those versions and an alias; made once a mount, and only read."""
    if tracking.uri not in MODELS:
        name = tracking.model_name("selected")
        register(tracking, client, model_run, name, SEMVERS)
        client.set_registered_model_alias(name, "champion", "2")
        MODELS[tracking.uri] = name
    return MODELS[tracking.uri]


@pytest.mark.parametrize(
    ("selector", "number"),
    [
        ("1", 1),
        ("7", 7),
        ("1.2.0", 1),
        ("=1.2.0", 1),
        ("latest", 4),
        ("Latest", 4),
        ("^1.2", 3),
        ("^1.2.4", 3),
        ("^0.9", 7),
        ("~1.2.3", 6),
        ("~1.2", 6),
        (">=1.2,<2", 3),
        (">=1.2, <1.3", 6),
        (">1.2.9", 4),
        ("1.x", 3),
        ("1.2.x", 6),
        ("2.x", 4),
        ("2.1.0-rc.1", 5),
        (">=2.1.0-rc.0", 5),
        ("^2.1.0-rc.1", 5),
    ],
)
def test_it_loads_the_right_model(name, selector, number):
    uris = [f"models:/{name}/{selector}", f"models:/{name}@{selector}"]
    if selector.isdigit():
        uris.pop()
    for uri in uris:
        assert predicted(uri) == number, uri


def test_an_own_alias(name, client):
    assert predicted(f"models:/{name}@champion") == 2
    assert client.get_model_version_by_alias(name, "champion").version == "2"


def test_a_stage(tracking, client, model_run):
    name = tracking.model_name("staged")
    register(tracking, client, model_run, name, ["1.0.0", "1.1.0", "1.2.0"])
    client.transition_model_version_stage(name, "1", "Production")
    client.transition_model_version_stage(name, "2", "Staging")

    assert predicted(f"models:/{name}/Production") == 1
    assert predicted(f"models:/{name}/staging") == 2
    with pytest.raises(MlflowException, match="No versions of model .* and stage 'Archived' found"):
        predicted(f"models:/{name}/Archived")


def test_the_client_can_ask_without_loading(name, client):
    assert client.get_model_version_by_alias(name, "^1.2").version == "3"
    assert client.get_model_version_by_alias(name, "1.2.9").version == "6"
    assert [found.version for found in client.get_latest_versions(name, ["~1.2.3"])] == ["6"]
    assert [found.version for found in client.get_latest_versions(name, ["2.1.0-rc.1"])] == ["5"]
    assert [found.version for found in client.get_latest_versions(name)] == ["4"]


def test_single_files_can_be_downloaded(name):
    for uri in (f"models:/{name}/1.2.0/MLmodel", f"models:/{name}/^1.2/MLmodel", f"models:/{name}@champion/MLmodel"):
        with open(mlflow.artifacts.download_artifacts(uri)) as file:
            assert "python_function" in file.read()


@pytest.mark.parametrize("selector", ["9.9.9", "=9.9.9", "^3", "^2.1", "~1.4", ">=3,<4", "3.x", "1.2.0+build", "0.0.x"])
def test_one_that_matches_nothing_is_an_error(name, selector):
    """Never the latest. The prerelease 2.1.0-rc.1 is no answer to ^2.1, which does not name it."""
    for uri in (f"models:/{name}/{selector}", f"models:/{name}@{selector}"):
        sentence = refused(lambda: predicted(uri), "RESOURCE_DOES_NOT_EXIST", "2.0.0")
        assert selector in sentence and name in sentence, sentence


def test_an_integer_that_is_none(name):
    refused(lambda: predicted(f"models:/{name}/99"), "RESOURCE_DOES_NOT_EXIST", f"Model Version .*{name}.*99.* not found")


def test_an_alias_that_is_none(name):
    with pytest.raises(MlflowException, match="alias nobody not found.*champion") as failure:
        predicted(f"models:/{name}@nobody")
    assert failure.value.error_code in ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE")


def test_a_word_that_is_no_stage(name):
    with pytest.raises(MlflowException, match="Bogus"):
        predicted(f"models:/{name}/Bogus")


def test_a_model_without_versions(tracking, client):
    name = client.create_registered_model(tracking.model_name("empty")).name

    with pytest.raises(MlflowException, match="No versions of model"):
        predicted(f"models:/{name}/latest")
    for selector in ("latest", "^1", "1.0.0"):
        refused(lambda: predicted(f"models:/{name}@{selector}"), "RESOURCE_DOES_NOT_EXIST", name)


def test_a_model_that_is_none(tracking):
    name = tracking.model_name("none")

    for uri in (f"models:/{name}/1", f"models:/{name}/^1", f"models:/{name}@^1", f"models:/{name}/latest"):
        refused(lambda: predicted(uri), "RESOURCE_DOES_NOT_EXIST", f"Registered Model .*{name}.* not found")


@pytest.mark.parametrize(
    "alias",
    ["1.2.0", "1.2.0-rc.1", "^1.2", "~1.2.3", ">=1.2,<2", "1.x", "=1.2.0", "1.2", "*", "latest", "v1"],
)
def test_an_alias_that_looks_like_a_selector_is_refused(tracking, name, client, alias):
    # The client refuses some of these itself, so they go past it.
    body = {"name": name, "alias": alias, "version": "1"}
    answer = tracking.http("POST", "/api/2.0/mlflow/registered-models/alias", json=body)

    assert (answer.status_code, answer.json()["error_code"]) == (400, "INVALID_PARAMETER_VALUE"), answer.text
    assert alias in answer.json()["message"]
    assert alias not in client.get_registered_model(name).aliases
