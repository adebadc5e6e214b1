"""Searching registered models: names, tags, order, pages; MLflow's grammar and what Weir adds to it."""

import pytest
from registry import refused


@pytest.fixture
def made(tracking, client):
    """Four models that share a word no other test uses; `made(text)` lists those found, by short key."""
    mark = tracking.model_name("searched")
    tags = {"a": {"group": "x", "note": "it's"}, "b": {"group": "X-ray"}, "C": {"group": "y"}, "d": {}}
    names = {key: f"{mark}-{key}" for key in tags}
    for key, name in names.items():
        client.create_registered_model(name, tags=tags[key])

    def search(text="", **options):
        mine = f"name LIKE '{mark}-%'" + (f" AND {text}" if text else "")
        return [model.name.rsplit("-", 1)[1] for model in client.search_registered_models(mine, **options)]

    search.names, search.mark = names, mark
    return search


def test_by_name(made, client):
    name = made.names["a"]

    for text in (f"name = '{name}'", f'name = "{name}"', f"attribute.name = '{name}'", f"name='{name}'"):
        assert [model.name for model in client.search_registered_models(text)] == [name], text
    assert made(f"name != '{name}'") == ["C", "b", "d"]
    assert made(f"name = '{made.mark}'") == [], "an exact match, not a part"
    assert made("name LIKE '%-c'") == []
    assert made("name ILIKE '%-c'") == ["C"]
    assert made("name ilike '%-C' and name like '%'") == ["C"]
    assert made("name LIKE '%-_'") == ["C", "a", "b", "d"]
    assert made(f"name IN ('{name}', '{made.names['d']}', 'other')") == ["a", "d"]
    assert made(f"name NOT IN ('{name}', '{made.names['d']}')") == ["C", "b"]


def test_by_tag(made):
    assert made("tags.group = 'x'") == ["a"]
    assert made("tag.`group` = 'y'") == ["C"]
    assert made("tags.group != 'x'") == ["C", "b"], "one without the tag is not found"
    assert made("tags.group LIKE '%x%'") == ["a"]
    assert made("tags.group ILIKE '%x%'") == ["a", "b"]
    assert made("tags.group ILIKE '%x%' AND tags.note = \"it's\"") == ["a"]


def test_a_found_model_has_all_its_fields(made, client, model_run):
    run_id = model_run().info.run_id
    client.create_model_version(made.names["a"], f"runs:/{run_id}/model", run_id)
    client.set_registered_model_alias(made.names["a"], "champion", "1")
    client.update_registered_model(made.names["a"], "text")

    (model,) = client.search_registered_models(f"name = '{made.names['a']}'")
    assert model.tags == {"group": "x", "note": "it's"}
    assert (model.description, model.aliases["champion"]) == ("text", "1")
    assert [version.version for version in model.latest_versions] == ["1"]
    assert model.last_updated_timestamp >= model.creation_timestamp > 0


def test_in_order(made, client):
    assert made() == ["C", "a", "b", "d"], "byte order of the name"
    assert made(order_by=["name DESC"]) == ["d", "b", "a", "C"]
    client.update_registered_model(made.names["b"], "the last one touched")
    assert made(order_by=["last_updated_timestamp DESC"])[0] == "b"
    assert made(order_by=["timestamp ASC", "name ASC"])[-1] == "b"


def test_by_page(made, client):
    text = f"name LIKE '{made.mark}-%'"
    for order in (["name ASC"], ["name DESC"], ["last_updated_timestamp DESC", "name ASC"]):
        whole = [model.name for model in client.search_registered_models(text, order_by=order)]
        found, sizes, token = [], [], None
        while True:
            page = client.search_registered_models(text, max_results=3, order_by=order, page_token=token)
            found += [model.name for model in page]
            sizes.append(len(page))
            token = page.token
            if not token:
                break
        assert (sizes, found) == ([3, 1], whole), order

    page = client.search_registered_models(text, max_results=4)
    assert (len(page), page.token or None) == (4, None), "a page that is just filled is the last"


def test_many_pages(tracking, client):
    mark = tracking.model_name("many")
    names = [f"{mark}-{number:02}" for number in range(25)]
    for name in names:
        client.create_registered_model(name)

    found, token = [], None
    while True:
        page = client.search_registered_models(f"name LIKE '{mark}%'", max_results=2, page_token=token)
        found += [model.name for model in page]
        token = page.token
        if not token:
            break
    assert found == names


@pytest.mark.parametrize(
    "text",
    [
        "name >",
        "name = unquoted",
        "name > 'a'",
        "tags.a > 'x'",
        "bogus = 'x'",
        "run_id = 'x'",
        "nonsense.name = 'x'",
        "name = 'a",
        "name IN ()",
    ],
)
def test_a_filter_that_cannot_be_read(client, text):
    refused(lambda: client.search_registered_models(text), "INVALID_PARAMETER_VALUE")


def test_an_order_page_or_size_that_is_none(client):
    for options in (
        {"order_by": ["bogus"]},
        {"order_by": ["name UP"]},
        {"order_by": ["tags.group"]},
        {"max_results": 1001},
        {"page_token": "made up"},
    ):
        refused(lambda: client.search_registered_models("name = 'x'", **options), "INVALID_PARAMETER_VALUE")


@pytest.mark.weir_only
def test_or_not_parentheses_and_absent_tags(made):
    """MLflow's own server reads no OR, and answers 500 to IS NULL here."""
    assert made("(tags.group = 'x' OR tags.group = 'y')") == ["C", "a"]
    assert made("NOT name LIKE '%-a'") == ["C", "b", "d"]
    assert made("(tags.group = 'y' OR (name LIKE '%-a' AND NOT tags.group = 'y'))") == ["C", "a"]
    assert made("tags.group IS NULL") == ["d"]
    assert made("tags.group IS NOT NULL") == ["C", "a", "b"]
