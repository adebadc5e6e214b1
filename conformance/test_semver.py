"""The SemVer of a model version: chosen or counted, in aliases and tags, taken wherever a version is asked for."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from mlflow.exceptions import MlflowException, RestException
from registry import refused

pytestmark = pytest.mark.weir_only


@pytest.fixture
def name(tracking, client):
    """The name of a model without versions."""
    return client.create_registered_model(tracking.model_name()).name


@pytest.fixture
def create(name, model_run, client):
    """`create("1.2.0")` makes a version of that model with that SemVer, `create()` one that is counted."""
    run_id = model_run().info.run_id

    def create(semver=None):
        tags = {"gitlab.version": semver} if semver else None
        return client.create_model_version(name, f"runs:/{run_id}/model", run_id, tags=tags)

    return create


def semver(version):
    """The one alias that GitLab's client looks for, which the tag repeats."""
    assert version.tags["gitlab.version"] in version.aliases
    return version.tags["gitlab.version"]


def test_a_chosen_one_stands_in_alias_and_tag(name, create, client):
    created = create("1.2.0-rc.1+build.5")

    for version in (created, client.get_model_version(name, "1"), client.get_model_version(name, "1.2.0-rc.1+build.5")):
        assert (version.version, version.aliases, semver(version)) == ("1", ["1.2.0-rc.1+build.5"], "1.2.0-rc.1+build.5")


def test_counted_ones(name, create):
    assert [semver(create()) for _ in range(3)] == ["1.0.0", "1.0.1", "1.0.2"]
    create("2.3.0")
    assert semver(create()) == "2.3.1"
    create("1.9.0")
    assert semver(create()) == "2.3.2", "after the latest release, not after the last one made"


def test_counting_passes_prereleases_by(name, create):
    create("0.9.0-alpha")
    assert semver(create()) == "0.9.0", "what the only prerelease prepares"
    create("1.1.0-rc.1")
    assert semver(create()) == "0.9.1"


def test_counting_drops_build_metadata(name, create):
    create("1.4.2+linux")
    assert semver(create()) == "1.4.3"


def test_a_taken_one(name, create, client):
    create("1.0.0")
    with pytest.raises(RestException, match="Version has already been taken") as failure:
        create("1.0.0")
    assert failure.value.error_code in ("INVALID_PARAMETER_VALUE", "RESOURCE_ALREADY_EXISTS")
    assert len(client.search_model_versions(f"name = '{name}'")) == 1
    assert create("1.0.0+other").version == "2", "a refused one takes no number; build metadata makes a version its own"


def test_a_deleted_one_may_be_used_again(name, create, client):
    create("1.0.0")
    client.delete_model_version(name, "1.0.0")

    version = create("1.0.0")
    assert (version.version, semver(version)) == ("2", "1.0.0")


@pytest.mark.parametrize("text", ["1", "1.0", "v1.0.0", "01.0.0", "1.0.0-", "1.0.0-01", "1.0.0+", "1.0.0 ", "latest"])
def test_one_that_is_none(name, create, client, text):
    refused(lambda: create(text), "INVALID_PARAMETER_VALUE", "(?i)semantic version|SemVer")

    assert client.search_model_versions(f"name = '{name}'") == []


def test_either_form_is_taken_everywhere(name, create, client, tracking):
    create("1.2.0")
    create("1.3.0-beta+7")
    for form, number in (("1.2.0", "1"), ("1", "1"), ("1.3.0-beta+7", "2"), ("2", "2")):
        assert client.get_model_version(name, form).version == number
        assert client.update_model_version(name, form, f"by {form}").version == number
        assert client.get_model_version(name, number).description == f"by {form}"
        client.set_model_version_tag(name, form, "k", form)
        assert client.get_model_version(name, number).tags["k"] == form
        client.delete_model_version_tag(name, form, "k")
        assert "k" not in client.get_model_version(name, number).tags
        assert client.transition_model_version_stage(name, form, "Staging").version == number
        uri = client.get_model_version_download_uri(name, form)
        assert uri == client.get_model_version_download_uri(name, number)
        assert uri.startswith("mlflow-artifacts:/")
        assert client.get_model_version_stages(name, form)

    # The client itself takes no SemVer here.
    alias = {"name": name, "alias": "champion", "version": "1.3.0-beta+7"}
    assert tracking.http("POST", "/api/2.0/mlflow/registered-models/alias", json=alias).status_code == 200
    assert client.get_model_version_by_alias(name, "champion").version == "2"

    client.delete_model_version(name, "1.3.0-beta+7")
    refused(lambda: client.get_model_version(name, "2"), "RESOURCE_DOES_NOT_EXIST", "not found")


def test_the_latest_version_is_the_highest_release(name, create, client):
    def latest():
        (version,) = client.get_latest_versions(name)
        return semver(version)

    create("1.0.0-rc.2")
    create("1.0.0-rc.10")
    assert latest() == "1.0.0-rc.10", "a prerelease, as there is no release"
    create("0.1.0")
    assert latest() == "0.1.0"
    create("1.10.0")
    create("1.9.0")
    create("2.0.0-alpha")
    assert latest() == "1.10.0"


def test_the_tag_does_not_leave_its_version(name, create, client):
    """What identifies a version is not changed or lost by a tag call."""
    create("1.0.0")
    for call in (
        lambda: client.set_model_version_tag(name, "1", "gitlab.version", "2.0.0"),
        lambda: client.delete_model_version_tag(name, "1", "gitlab.version"),
    ):
        try:
            call()
        except MlflowException as failure:
            assert failure.error_code == "INVALID_PARAMETER_VALUE"
        assert semver(client.get_model_version(name, "1")) == "1.0.0"


@pytest.mark.one_mount
def test_64_at_once(name, create, client):
    with ThreadPoolExecutor(64) as executor:
        made = list(executor.map(lambda _: create(), range(64)))

    assert sorted(int(version.version) for version in made) == list(range(1, 65))
    assert {semver(version) for version in made} == {f"1.0.{patch}" for patch in range(64)}
    found = client.search_model_versions(f"name = '{name}'", order_by=["version_number ASC"])
    assert [version.version for version in found] == [str(number) for number in range(1, 65)]


@pytest.mark.one_mount
def test_one_of_many_gets_the_version(name, create, client):
    def attempt(_):
        try:
            return create("1.0.0")
        except RestException as failure:
            assert "Version has already been taken" in str(failure)
            return None

    with ThreadPoolExecutor(16) as executor:
        made = [version for version in executor.map(attempt, range(16)) if version]
    assert [version.version for version in made] == ["1"]
    assert create().version == "2"
