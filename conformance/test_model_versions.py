"""Model versions as MLflow documents them: create, get, update, delete, tags, stages, latest, where the files are."""

import mlflow
import pytest
from mlflow.exceptions import MlflowException
from registry import refused


@pytest.fixture
def name(tracking, client):
    """The name of a model without versions."""
    return client.create_registered_model(tracking.model_name()).name


@pytest.fixture
def create(name, model_run, client):
    """`create()` makes one more version of that model from a run's folder `model`."""
    run_id = model_run().info.run_id

    def create(**options):
        return client.create_model_version(name, f"runs:/{run_id}/model", run_id, **options)

    return create


def stages(client, name):
    found = client.search_model_versions(f"name = '{name}'")
    return {version.version: version.current_stage for version in found}


def test_a_new_version_has_all_its_fields(name, create, client):
    create(tags={"k": "v", "ключ": "значение"}, description="# Größe", run_link="https://ci.example/run/7")

    version = client.get_model_version(name, "1")
    assert (version.name, version.version, version.status, version.current_stage) == (name, "1", "READY", "None")
    assert (version.description, version.run_link) == ("# Größe", "https://ci.example/run/7")
    assert {"k": "v", "ключ": "значение"}.items() <= version.tags.items()
    assert version.creation_timestamp == version.last_updated_timestamp > 1_600_000_000_000
    assert len(version.run_id) == 32


def test_a_version_is_ready_at_once(create, sent):
    """The client asks again every three seconds for as long as the answer does not say READY."""
    assert create().status == "READY"

    assert sent == ["POST model-versions/create"]


def test_versions_count_up_and_are_never_used_again(name, create, client):
    assert [create().version for _ in range(3)] == ["1", "2", "3"]
    client.delete_model_version(name, "3")
    client.delete_model_version(name, "1")

    assert create().version == "4"
    assert sorted(stages(client, name)) == ["2", "4"]


def test_a_repeated_get_shows_the_same(name, create, client):
    created = create(description="text", tags={"k": "v"})

    version = client.get_model_version(name, created.version)
    assert dict(version) == dict(created)


def test_an_unknown_version(name, create, client):
    create()
    for call in (
        lambda: client.get_model_version(name, "99"),
        lambda: client.update_model_version(name, "99", "text"),
        lambda: client.delete_model_version(name, "99"),
        lambda: client.set_model_version_tag(name, "99", "k", "v"),
        lambda: client.transition_model_version_stage(name, "99", "Staging"),
        lambda: client.get_model_version_download_uri(name, "99"),
        lambda: client.set_registered_model_alias(name, "champion", "99"),
    ):
        refused(call, "RESOURCE_DOES_NOT_EXIST", f"Model Version .*{name}.*99.* not found")


def test_a_version_that_is_no_number(name, create, client):
    create()
    with pytest.raises(MlflowException, match="'?bogus'?") as failure:
        client.get_model_version(name, "bogus")
    assert failure.value.error_code in ("INVALID_PARAMETER_VALUE", "RESOURCE_DOES_NOT_EXIST")


def test_a_version_is_described(name, create, client):
    created = create()
    updated = client.update_model_version(name, created.version, "Neu")

    assert updated.description == client.get_model_version(name, "1").description == "Neu"
    assert updated.last_updated_timestamp >= created.last_updated_timestamp


def test_a_version_is_deleted_once(name, create, client):
    create()
    create()
    client.delete_model_version(name, "1")

    refused(lambda: client.get_model_version(name, "1"), "RESOURCE_DOES_NOT_EXIST", "not found")
    refused(lambda: client.delete_model_version(name, "1"), "RESOURCE_DOES_NOT_EXIST", "not found")
    assert client.get_model_version(name, "2").version == "2"


def test_tags_overwrite_and_go(name, create, client):
    create(tags={"k": "first"})
    client.set_model_version_tag(name, "1", "k", "second")
    client.set_model_version_tag(name, "1", "number", 7)
    tags = client.get_model_version(name, "1").tags
    assert (tags["k"], tags["number"]) == ("second", "7")

    client.delete_model_version_tag(name, "1", "k")
    client.delete_model_version_tag(name, "1", "never there")
    tags = client.get_model_version(name, "1").tags
    assert "k" not in tags
    assert tags["number"] == "7"


def test_tags_by_stage(name, create, client):
    create()
    create()
    client.transition_model_version_stage(name, "1", "Production")
    client.set_model_version_tag(name, key="checked", value="yes", stage="Production")

    assert client.get_model_version(name, "1").tags["checked"] == "yes"
    assert "checked" not in client.get_model_version(name, "2").tags
    client.delete_model_version_tag(name, key="checked", stage="Production")
    assert "checked" not in client.get_model_version(name, "1").tags


def test_stages_change_and_archive(name, create, client):
    for _ in range(3):
        create()
    assert client.transition_model_version_stage(name, "1", "Production").current_stage == "Production"
    client.transition_model_version_stage(name, "2", "pRODUCTION")
    assert stages(client, name) == {"1": "Production", "2": "Production", "3": "None"}

    client.transition_model_version_stage(name, "3", "Production", archive_existing_versions=True)
    assert stages(client, name) == {"1": "Archived", "2": "Archived", "3": "Production"}
    client.transition_model_version_stage(name, "2", "staging", archive_existing_versions=True)
    client.transition_model_version_stage(name, "3", "None")
    assert stages(client, name) == {"1": "Archived", "2": "Staging", "3": "None"}


def test_a_stage_that_is_none(name, create, client):
    create()
    refused(
        lambda: client.transition_model_version_stage(name, "1", "Bogus"),
        "INVALID_PARAMETER_VALUE",
        "Invalid Model Version stage: Bogus. Value must be one of None, Staging, Production, Archived",
    )
    assert stages(client, name) == {"1": "None"}


def latest(client, name, wanted=None):
    return [(found.version, found.current_stage) for found in client.get_latest_versions(name, wanted)]


def test_the_latest_version(name, create, client):
    assert latest(client, name) == []
    for _ in range(3):
        create()
    assert latest(client, name) == [("3", "None")]


def test_the_latest_version_of_each_stage(name, create, client):
    for _ in range(4):
        create()
    client.transition_model_version_stage(name, "1", "Production")
    client.transition_model_version_stage(name, "2", "Production")
    client.transition_model_version_stage(name, "3", "Staging")

    assert sorted(latest(client, name)) == [("2", "Production"), ("3", "Staging"), ("4", "None")]
    assert latest(client, name, ["Production"]) == [("2", "Production")]
    assert sorted(latest(client, name, ["staging", "None"])) == [("3", "Staging"), ("4", "None")]
    assert latest(client, name, ["Archived"]) == []


def test_where_the_files_are(name, create, client, saved_model):
    create()
    uri = client.get_model_version_download_uri(name, "1")

    # What stands before the name depends on how the client cuts the URI.
    files = {
        file.path.rsplit("/", 1)[-1]: file.file_size for file in mlflow.artifacts.list_artifacts(artifact_uri=uri)
    }
    assert files == {path.name: path.stat().st_size for path in saved_model(1).iterdir()}
    listed = mlflow.artifacts.list_artifacts(artifact_uri=f"models:/{name}/1")
    assert {file.path for file in listed} == set(files)


@pytest.mark.weir_only
def test_tags_and_descriptions_have_limits(name, create, client):
    """MLflow's own server lets a description be of any length."""
    create()
    for call in (
        lambda: client.set_model_version_tag(name, "1", "k" * 251, "v"),
        lambda: client.set_model_version_tag(name, "1", "k", "v" * 100_001),
        lambda: client.update_model_version(name, "1", "x" * 100_001),
        lambda: create(description="x" * 100_001),
        lambda: create(tags={"k" * 251: "v"}),
    ):
        refused(call, "INVALID_PARAMETER_VALUE", r"\d[\d,_]{2,}")
    assert list(stages(client, name)) == ["1"]
