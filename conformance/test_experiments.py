"""Experiments: create, rename, tag, delete and restore, and MLflow's page "Search Experiments"."""

import mlflow
import pytest
from client_version import only_3x
from mlflow.entities import ViewType
from mlflow.exceptions import MlflowException


def test_none_is_the_answer_for_an_unknown_name(tracking):
    assert mlflow.get_experiment_by_name(tracking.unique("never made")) is None


def test_a_new_experiment_has_all_its_fields(tracking, client):
    name = tracking.unique("  Überprüfung 実験 🧪 'quoted' \"twice\" a/b  ")
    experiment = client.get_experiment(client.create_experiment(name, tags={"ключ": "значение", "empty": ""}))

    assert experiment.name == name
    assert experiment.lifecycle_stage == "active"
    assert experiment.creation_time == experiment.last_update_time > 0
    assert experiment.artifact_location == f"mlflow-artifacts:/{experiment.experiment_id}"
    tags = {key: value for key, value in experiment.tags.items() if not key.startswith("mlflow.")}
    assert tags == {"ключ": "значение", "empty": ""}
    assert client.get_experiment_by_name(name).experiment_id == experiment.experiment_id


def test_renaming(tracking, client):
    name = tracking.unique("renamed")
    client.rename_experiment(tracking.experiment_id, name)

    assert client.get_experiment(tracking.experiment_id).name == name
    assert client.get_experiment_by_name(tracking.experiment.name) is None
    assert client.get_experiment(tracking.experiment_id).last_update_time >= tracking.experiment.last_update_time


def test_tags_overwrite(tracking, client):
    mlflow.set_experiment_tag("release.version", "2.2.0")
    mlflow.set_experiment_tags({"team": "weir", "release.version": "2.3.0"})
    client.set_experiment_tag(tracking.experiment_id, "number", 7)

    tags = client.get_experiment(tracking.experiment_id).tags
    assert (tags["release.version"], tags["team"], tags["number"]) == ("2.3.0", "weir", "7")


@only_3x
def test_a_tag_is_deleted(tracking, client):
    mlflow.set_experiment_tag("gone", "soon")
    client.delete_experiment_tag(tracking.experiment_id, "gone")

    assert "gone" not in client.get_experiment(tracking.experiment_id).tags
    with pytest.raises(MlflowException, match="No tag with name: gone") as failure:
        client.delete_experiment_tag(tracking.experiment_id, "gone")
    assert failure.value.error_code == "RESOURCE_DOES_NOT_EXIST"


def test_delete_and_restore_take_the_runs_along(tracking, client):
    with mlflow.start_run() as run:
        mlflow.log_metric("loss", 1)

    mlflow.delete_experiment(tracking.experiment_id)
    assert client.get_experiment(tracking.experiment_id).lifecycle_stage == "deleted"
    assert client.get_experiment_by_name(tracking.experiment.name).lifecycle_stage == "deleted"
    assert client.get_run(run.info.run_id).info.lifecycle_stage == "deleted"
    assert client.search_runs([tracking.experiment_id]) == []
    with pytest.raises(MlflowException, match="deleted"):
        mlflow.set_experiment(tracking.experiment.name)

    client.restore_experiment(tracking.experiment_id)
    assert client.get_experiment(tracking.experiment_id).lifecycle_stage == "active"
    assert client.get_run(run.info.run_id).info.lifecycle_stage == "active"
    assert mlflow.set_experiment(tracking.experiment.name).experiment_id == tracking.experiment_id


@pytest.fixture
def made(tracking, client):
    """Four experiments that share a word no other test uses; the last one is deleted. Names by short key."""
    mark = tracking.unique("searched").replace(" ", "-")
    groups = {"a": "x", "b": "X-ray", "C": "y", "d": None}
    names = {key: f"{mark}-{key}" for key in groups}
    ids = {}
    for key, group in groups.items():
        ids[key] = client.create_experiment(names[key], tags={"group": group} if group else None)
    client.delete_experiment(client.create_experiment(f"{mark}-deleted", tags={"group": "x"}))

    def search(text="", **options):
        mine = f"name LIKE '{mark}-%'" + (f" AND {text}" if text else "")
        found = mlflow.search_experiments(filter_string=mine, **options)
        return [experiment.name.rsplit("-", 1)[1] for experiment in found]

    search.names, search.ids = names, ids
    return search


def test_search_by_name(made):
    name = made.names["a"]

    for text in (f"name = '{name}'", f'name = "{name}"', f"attribute.name = '{name}'"):
        assert [e.name for e in mlflow.search_experiments(filter_string=text)] == [name], text
    assert made(f"name != '{name}'") == ["d", "C", "b"]
    assert made(f"attribute.name LIKE '{name[:-1].upper()}%'") == []
    assert made(f"name ILIKE '{name[:-1].upper()}%'") == ["d", "C", "b", "a"]


@pytest.mark.weir_only
def test_search_takes_the_word_that_the_documentation_uses(made):
    """The page writes `attributes.name`; MLflow's own server knows only `attribute` and none here."""
    name = made.names["a"]

    assert made(f"attributes.name = '{name}'") == ["a"]
    assert made(f"attributes.name LIKE '{name[:-1]}%' AND attributes.creation_time > 0") == ["d", "C", "b", "a"]


def test_search_by_tag(made):
    assert made("tags.group = 'x'") == ["a"]
    assert made("tags.group != 'x'") == ["C", "b"]
    assert made("tags.group LIKE '%X%'") == ["b"]
    assert made("tags.group ILIKE '%x%'") == ["b", "a"]
    assert made("tag.`group` = 'y'") == ["C"]


@only_3x
def test_search_for_an_absent_tag(made):
    # The 3.x server reads these, the client of either line only passes them on.
    assert made("tags.group IS NULL") == ["d"]
    assert made("tags.group is not null") == ["C", "b", "a"]


def test_search_by_time(made, client):
    time = client.get_experiment(made.ids["b"]).creation_time

    assert "a" in made(f"creation_time <= {time}")
    assert "d" in made(f"attribute.creation_time >= {time}")
    assert made(f"last_update_time < {time - 3_600_000}") == []


def test_search_in_order(made):
    assert made() == ["d", "C", "b", "a"], "newest first"
    assert made(order_by=["name"]) == ["C", "a", "b", "d"], "byte order"
    assert made(order_by=["attribute.name DESC"]) == ["d", "b", "a", "C"]
    assert made(order_by=["creation_time ASC"]) == ["a", "b", "C", "d"]
    assert sorted(made(order_by=["experiment_id DESC"])) == ["C", "a", "b", "d"]


def test_search_by_lifecycle(made):
    assert made(view_type=ViewType.ACTIVE_ONLY) == ["d", "C", "b", "a"]
    assert made(view_type=ViewType.DELETED_ONLY) == ["deleted"]
    assert made(view_type=ViewType.ALL) == ["deleted", "d", "C", "b", "a"]


def test_search_by_page(made, client):
    text = f"name LIKE '{made.names['a'][:-1]}%'"
    found, token = [], None
    sizes = []
    while True:
        page = client.search_experiments(filter_string=text, max_results=3, page_token=token, order_by=["name"])
        found += [experiment.name for experiment in page]
        sizes.append(len(page))
        token = page.token
        if not token:
            break

    assert sizes == [3, 1]
    assert found == sorted(made.names.values())
    assert [e.name for e in mlflow.search_experiments(filter_string=text, max_results=2, order_by=["name"])] == found[:2]
