"""Registered models: create, get, update, rename, delete, tags, aliases, limits and refusals; their experiments."""

import pytest
from mlflow.exceptions import RestException
from registry import predicted, refused


@pytest.fixture
def model(tracking, client):
    return client.create_registered_model(tracking.model_name())


def test_a_new_model_has_all_its_fields(tracking, client):
    name = tracking.model_name("größe.実験_1")
    client.create_registered_model(name, tags={"team": "weir", "ключ": "значение", "empty": ""}, description="# Card\n")

    model = client.get_registered_model(name)
    assert (model.name, model.description) == (name, "# Card\n")
    assert model.tags == {"team": "weir", "ключ": "значение", "empty": ""}
    assert model.creation_timestamp == model.last_updated_timestamp > 1_600_000_000_000
    assert (model.latest_versions, model.aliases) == ([], {})


def test_an_unknown_model(tracking, client):
    name = tracking.model_name("unknown")
    for call in (
        lambda: client.get_registered_model(name),
        lambda: client.update_registered_model(name, "text"),
        lambda: client.rename_registered_model(name, tracking.model_name()),
        lambda: client.delete_registered_model(name),
        lambda: client.set_registered_model_tag(name, "k", "v"),
        lambda: client.set_registered_model_alias(name, "champion", "1"),
        lambda: client.get_model_version_by_alias(name, "champion"),
        lambda: client.get_latest_versions(name),
        lambda: client.create_model_version(name, "s3://bucket/model"),
    ):
        refused(call, "RESOURCE_DOES_NOT_EXIST", f"Registered Model .*{name}.* not found")


def test_a_taken_name(model, client):
    refused(lambda: client.create_registered_model(model.name), "RESOURCE_ALREADY_EXISTS", f"{model.name}.*exists")


@pytest.mark.parametrize("name", ["", "   ", "a/b", "a:b", ".", "..", "..a", "/"])
def test_a_name_that_is_none(client, name):
    refused(lambda: client.create_registered_model(name), "INVALID_PARAMETER_VALUE")


def test_a_model_is_described(model, client):
    updated = client.update_registered_model(model.name, "Überarbeitet")
    assert updated.description == "Überarbeitet"
    assert updated.last_updated_timestamp >= model.last_updated_timestamp
    assert client.get_registered_model(model.name).description == "Überarbeitet"

    client.update_registered_model(model.name, "")
    assert not client.get_registered_model(model.name).description


def test_a_model_is_renamed_with_all_it_has(tracking, model_run, client):
    old, new = tracking.model_name("old"), tracking.model_name("new")
    client.create_registered_model(old, tags={"k": "v"}, description="text")
    run_id = model_run().info.run_id
    client.create_model_version(old, f"runs:/{run_id}/model", run_id)
    client.set_registered_model_alias(old, "champion", "1")

    client.rename_registered_model(old, new)

    model = client.get_registered_model(new)
    assert (model.tags, model.description, model.aliases["champion"]) == ({"k": "v"}, "text", "1")
    assert [version.name for version in model.latest_versions] == [new]
    assert client.get_model_version_by_alias(new, "champion").name == new
    assert [version.name for version in client.search_model_versions(f"name = '{new}'")] == [new]
    refused(lambda: client.get_registered_model(old), "RESOURCE_DOES_NOT_EXIST", old)
    client.create_registered_model(old)


def test_a_model_is_not_renamed_to_a_taken_or_bad_name(tracking, model, client):
    client.create_registered_model(taken := tracking.model_name("taken"))

    refused(lambda: client.rename_registered_model(model.name, taken), "RESOURCE_ALREADY_EXISTS", f"{taken}.*exists")
    refused(lambda: client.rename_registered_model(model.name, "a/b"), "INVALID_PARAMETER_VALUE")
    assert client.get_registered_model(model.name).name == model.name


def test_a_model_is_deleted_with_its_versions(model, model_run, client):
    run_id = model_run().info.run_id
    client.create_model_version(model.name, f"runs:/{run_id}/model", run_id)
    client.create_model_version(model.name, f"runs:/{run_id}/model", run_id)
    client.delete_registered_model(model.name)

    refused(lambda: client.get_registered_model(model.name), "RESOURCE_DOES_NOT_EXIST", model.name)
    refused(lambda: client.get_model_version(model.name, "1"), "RESOURCE_DOES_NOT_EXIST")
    assert client.search_model_versions(f"name = '{model.name}'") == []
    refused(lambda: client.delete_registered_model(model.name), "RESOURCE_DOES_NOT_EXIST", model.name)

    client.create_registered_model(model.name)
    assert client.create_model_version(model.name, f"runs:/{run_id}/model", run_id).version == "1"


def test_tags_overwrite_and_go(model, client):
    client.set_registered_model_tag(model.name, "stage", "draft")
    client.set_registered_model_tag(model.name, "stage", "review")
    client.set_registered_model_tag(model.name, "number", 7)
    assert client.get_registered_model(model.name).tags == {"stage": "review", "number": "7"}

    client.delete_registered_model_tag(model.name, "stage")
    client.delete_registered_model_tag(model.name, "never there")
    assert client.get_registered_model(model.name).tags == {"number": "7"}


def test_tags_have_limits(model, client):
    client.set_registered_model_tag(model.name, "k" * 250, "v" * 5000)
    assert client.get_registered_model(model.name).tags == {"k" * 250: "v" * 5000}

    for key, value in (("k" * 251, "v"), ("k", "v" * 100_001)):
        refused(lambda: client.set_registered_model_tag(model.name, key, value), "INVALID_PARAMETER_VALUE", "exceeds")
    assert len(client.get_registered_model(model.name).tags) == 1


@pytest.fixture
def versions(model, model_run, client):
    """Two versions of the model."""
    run_id = model_run().info.run_id
    return [client.create_model_version(model.name, f"runs:/{run_id}/model", run_id) for _ in range(2)]


def test_an_alias_is_set_moved_and_deleted(model, versions, client):
    client.set_registered_model_alias(model.name, "champion", "1")
    client.set_registered_model_alias(model.name, "Über_1-a", "1")
    assert client.get_model_version_by_alias(model.name, "champion").version == "1"
    assert {"champion", "Über_1-a"} <= set(client.get_model_version(model.name, "1").aliases)

    client.set_registered_model_alias(model.name, "champion", 2)
    aliases = client.get_registered_model(model.name).aliases
    assert (aliases["champion"], aliases["Über_1-a"]) == ("2", "1")
    assert "champion" not in client.get_model_version(model.name, "1").aliases

    client.delete_registered_model_alias(model.name, "champion")
    client.delete_registered_model_alias(model.name, "champion")
    assert "champion" not in client.get_registered_model(model.name).aliases
    assert "champion" not in client.get_model_version(model.name, "2").aliases


def test_an_unknown_alias(model, versions, client):
    """MLflow's own server calls this an invalid parameter, and its client takes either as `there is none`."""
    with pytest.raises(RestException, match="alias nobody not found") as failure:
        client.get_model_version_by_alias(model.name, "nobody")
    assert failure.value.error_code in ("INVALID_PARAMETER_VALUE", "RESOURCE_DOES_NOT_EXIST")


def test_the_alias_of_a_deleted_version_goes_with_it(model, versions, client):
    client.set_registered_model_alias(model.name, "champion", "2")
    client.delete_model_version(model.name, "2")

    assert "champion" not in client.get_registered_model(model.name).aliases


@pytest.mark.parametrize("alias", ["", "latest", "LATEST", "v1", "V23", "a b", "a.b", "a/b", "^1", "1.0.0", "a" * 256])
def test_an_alias_that_is_none(model, versions, client, alias):
    refused(lambda: client.set_registered_model_alias(model.name, alias, "1"), "INVALID_PARAMETER_VALUE")

    assert alias not in client.get_registered_model(model.name).aliases


def test_an_alias_for_no_version(model, versions, client):
    refused(
        lambda: client.set_registered_model_alias(model.name, "champion", "3"),
        "RESOURCE_DOES_NOT_EXIST",
        f"Model Version .*{model.name}.*3.* not found",
    )


def test_the_latest_versions_stand_in_a_model(model, versions, client):
    assert [version.version for version in client.get_registered_model(model.name).latest_versions] == ["2"]


# What GitLab's registry adds: an experiment for each model.


def experiment_of(client, name):
    """The experiment of the model, None when there is none or only a deleted one."""
    experiment = client.get_experiment_by_name(f"[model]{name}")
    return experiment if experiment and experiment.lifecycle_stage == "active" else None


@pytest.mark.weir_only
def test_the_experiment_of_a_model_comes_and_goes_with_it(tracking, model, client):
    experiment_id = experiment_of(client, model.name).experiment_id
    renamed = tracking.model_name("renamed")
    client.rename_registered_model(model.name, renamed)

    assert experiment_of(client, model.name) is None
    assert experiment_of(client, renamed).experiment_id == experiment_id
    client.delete_registered_model(renamed)
    assert experiment_of(client, renamed) is None
    client.create_registered_model(renamed)
    assert experiment_of(client, renamed).experiment_id != experiment_id


@pytest.mark.weir_only
def test_the_experiment_of_a_model_is_not_deleted_or_renamed_alone(model, client):
    experiment_id = experiment_of(client, model.name).experiment_id

    for call in (
        lambda: client.delete_experiment(experiment_id),
        lambda: client.rename_experiment(experiment_id, f"{model.name} renamed"),
    ):
        refused(call, "INVALID_PARAMETER_VALUE", "model")
    assert experiment_of(client, model.name).experiment_id == experiment_id


@pytest.mark.weir_only
def test_the_name_of_an_experiment_is_refused(tracking, client):
    taken = tracking.model_name("experiment")
    client.create_experiment(taken)
    client.create_experiment(f"[model]{(other := tracking.model_name('other'))}")

    for name in (taken, other):
        with pytest.raises(RestException, match=f"(?s)experiment.*{name}|{name}.*experiment") as failure:
            client.create_registered_model(name)
        assert failure.value.error_code in ("RESOURCE_ALREADY_EXISTS", "INVALID_PARAMETER_VALUE")
        refused(lambda: client.get_registered_model(name), "RESOURCE_DOES_NOT_EXIST")


NAMES = ["a b", "a#b", "50%", "it's", 'a"b', "a&b=c", "ü 字 🧪", "a\\b", ".a", "-a+b", "x" * 200]


@pytest.mark.parametrize("name", NAMES)
def test_names_of_every_kind(tracking, client, saved_model, model_run, name):
    name = tracking.unique(name)
    client.create_registered_model(name)
    run_id = model_run(3).info.run_id
    client.create_model_version(name, f"runs:/{run_id}/model", run_id)
    client.set_registered_model_alias(name, "champion", "1")

    quoted = f'"{name}"' if "'" in name else f"'{name}'"
    assert [model.name for model in client.search_registered_models(f"name = {quoted}")] == [name]
    assert [version.name for version in client.search_model_versions(f"name = {quoted}")] == [name]
    for uri in (f"models:/{name}/1", f"models:/{name}@champion", f"models:/{name}/latest"):
        assert predicted(uri) == 3
    client.rename_registered_model(name, f"{name} 2")
    client.delete_registered_model(f"{name} 2")


@pytest.mark.weir_only
def test_limits_say_what_they_are(tracking, client):
    """MLflow's own server states no length of a name or a description."""
    for call in (
        lambda: client.create_registered_model("x" * 256),
        lambda: client.create_registered_model(tracking.model_name(), description="x" * 100_001),
    ):
        refused(call, "INVALID_PARAMETER_VALUE", r"\d[\d,_]{2,}")
