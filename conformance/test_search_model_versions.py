"""Searching model versions: names, runs, numbers, tags, order, pages; MLflow's grammar and what Weir adds to it."""

import pytest
from registry import refused


@pytest.fixture
def made(tracking, client, model_run):
    """Two models, one with three versions, one with two; `made(text)` lists those found, as `a1`."""
    mark = tracking.model_name("searched")
    runs = [model_run(number).info.run_id for number in (1, 2)]
    for key, run_id, count in (("a", runs[0], 3), ("b", runs[1], 2)):
        client.create_registered_model(f"{mark}-{key}")
        for number in range(count):
            tags = {"group": "ab"[number % 2], "note": f"Note {key}"}
            client.create_model_version(f"{mark}-{key}", f"runs:/{run_id}/model", run_id, tags=tags)

    def search(text="", **options):
        mine = f"name IN ('{mark}-a', '{mark}-b')" + (f" AND {text}" if text else "")
        found = client.search_model_versions(mine, **options)
        return [version.name.rsplit("-", 1)[1] + version.version for version in found]

    search.mark = mark
    return search


BY_NUMBER = {"order_by": ["name ASC", "version_number ASC"]}


def test_by_name(made, client):
    def found(text):
        return sorted(version.version for version in client.search_model_versions(text))

    assert found(f"name = '{made.mark}-a'") == ["1", "2", "3"]
    assert found(f"name='{made.mark}-b'") == ["1", "2"]
    assert found(f"name LIKE '{made.mark}%'") == ["1", "1", "2", "2", "3"]
    assert found(f"name ILIKE '{made.mark.upper()}-A'") == ["1", "2", "3"]
    assert found(f"name = '{made.mark}'") == []
    assert made(f"name != '{made.mark}-a'", **BY_NUMBER) == ["b1", "b2"]
    assert made(f"name NOT IN ('{made.mark}-a')", **BY_NUMBER) == ["b1", "b2"]


def test_by_run(made, client):
    run_id = client.get_model_version(f"{made.mark}-b", "1").run_id

    assert "b1" in made(f"run_id = '{run_id}'")
    assert "b1" in made(f"run_id IN ('{run_id}', '{'0' * 32}')")
    assert made(f"run_id = '{'0' * 32}'") == []


def test_by_the_run_that_they_came_from(tracking, client, model_run):
    """The page of a run asks this, to list the models that were made of it."""
    name = client.create_registered_model(tracking.model_name()).name
    run_id = model_run().info.run_id
    client.create_model_version(name, f"runs:/{run_id}/model", run_id)

    assert [version.name for version in client.search_model_versions(f"run_id = '{run_id}'")] == [name]


def test_by_number(made):
    assert made("version_number > 1", **BY_NUMBER) == ["a2", "a3", "b2"]
    assert made("version_number = 3") == ["a3"]
    assert made("version_number <= 1", **BY_NUMBER) == ["a1", "b1"]
    assert made("version_number != 2", **BY_NUMBER) == ["a1", "a3", "b1"]


def test_by_source(made, client):
    source = client.get_model_version(f"{made.mark}-b", "1").source

    assert made(f"source_path = '{source}'", **BY_NUMBER) == ["b1", "b2"]
    assert made(f"source_path LIKE '{source[:20]}%'", **BY_NUMBER)[-2:] == ["b1", "b2"]


def test_by_tag(made):
    assert made("tags.group = 'a'", **BY_NUMBER) == ["a1", "a3", "b1"]
    assert made("tag.`group` != 'a'", **BY_NUMBER) == ["a2", "b2"]
    assert made("tags.note LIKE 'note%'") == []
    assert made("tags.note ILIKE 'note B' AND tags.group = 'b'") == ["b2"]


def test_in_order(made, client):
    assert made(order_by=["name DESC", "version_number DESC"]) == ["b2", "b1", "a3", "a2", "a1"]
    assert made(order_by=["creation_timestamp ASC", "name ASC", "version_number ASC"]) == ["a1", "a2", "a3", "b1", "b2"]
    client.update_model_version(f"{made.mark}-a", "2", "the last one touched")
    assert made()[0] == "a2", "the last touched first"
    assert made(order_by=["last_updated_timestamp ASC"])[-1] == "a2"


def test_by_page(made, client):
    text = f"name LIKE '{made.mark}%'"
    for order in (["name ASC", "version_number ASC"], ["last_updated_timestamp DESC"], ["version_number DESC"], None):
        whole = [(found.name, found.version) for found in client.search_model_versions(text, order_by=order)]
        found, sizes, token = [], [], None
        while True:
            page = client.search_model_versions(text, max_results=2, order_by=order, page_token=token)
            found += [(version.name, version.version) for version in page]
            sizes.append(len(page))
            token = page.token
            if not token:
                break
        assert (sizes, found) == ([2, 2, 1], whole), order


@pytest.mark.parametrize(
    "text",
    ["name >", "name = unquoted", "bogus = 'x'", "version_number = 'x'", "version_number LIKE '1'", "nonsense.a = 'x'"],
)
def test_a_filter_that_cannot_be_read(client, text):
    refused(lambda: client.search_model_versions(text), "INVALID_PARAMETER_VALUE")


def test_an_order_page_or_size_that_is_none(client):
    for options in (
        {"order_by": ["bogus"]},
        {"order_by": ["name UP"]},
        {"max_results": 0},
        {"max_results": 200_001},
        {"page_token": "made up"},
    ):
        refused(lambda: client.search_model_versions("name = 'x'", **options), "INVALID_PARAMETER_VALUE")


@pytest.mark.weir_only
def test_or_and_parentheses(made):
    assert made("(version_number = 1 OR tags.group = 'b')", **BY_NUMBER) == ["a1", "a2", "b1", "b2"]
    assert made("NOT version_number = 1", **BY_NUMBER) == ["a2", "a3", "b2"]


@pytest.mark.weir_only
def test_absent_tags(made):
    """MLflow's own server answers 500 to this."""
    assert made("tags.bogus IS NULL", **BY_NUMBER) == ["a1", "a2", "a3", "b1", "b2"]
    assert made("tags.group IS NULL") == []
