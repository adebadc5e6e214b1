"""Prompts: registered, loaded by version and by alias, searched, and hidden among models; models among prompts too."""

import mlflow
import pytest
from client_version import MAJOR, only_2x, only_3x
from mlflow.exceptions import MlflowException
from registry import refused

prompts = mlflow.genai if MAJOR >= 3 else mlflow


@pytest.fixture
def name(tracking):
    return tracking.model_name("prompt")


@pytest.fixture
def greeting(name):
    """A prompt with two versions."""
    prompts.register_prompt(name=name, template="Hi, {{name}}!", commit_message="first", tags={"author": "a"})
    prompts.register_prompt(name=name, template="Good day, {{name}}.", commit_message="second")
    return name


def test_a_prompt_is_registered_and_loaded_by_version(greeting):
    first, second = prompts.load_prompt(greeting, version=1), prompts.load_prompt(f"prompts:/{greeting}/2")

    assert (int(first.version), first.template, first.commit_message) == (1, "Hi, {{name}}!", "first")
    assert (int(second.version), second.template) == (2, "Good day, {{name}}.")
    assert second.format(name="Weir") == "Good day, Weir."
    # In 2.x these are the tags of the prompt, in 3.x those of its version.
    assert first.tags["author"] == "a"
    assert first.creation_timestamp > 1_600_000_000_000


def test_a_prompt_is_loaded_by_alias(greeting):
    prompts.set_prompt_alias(greeting, alias="production", version=1)
    assert prompts.load_prompt(f"prompts:/{greeting}@production").template == "Hi, {{name}}!"
    prompts.set_prompt_alias(greeting, alias="production", version=2)
    assert int(prompts.load_prompt(f"prompts:/{greeting}@production").version) == 2

    mlflow.delete_prompt_alias(greeting, alias="production")
    with pytest.raises(MlflowException, match="(?i)not found|does not exist"):
        prompts.load_prompt(f"prompts:/{greeting}@production")


@only_3x
def test_the_latest_is_loaded(greeting):
    assert int(prompts.load_prompt(f"prompts:/{greeting}@latest").version) == 2
    prompts.register_prompt(name=greeting, template="third")
    assert prompts.load_prompt(f"prompts:/{greeting}@latest", cache_ttl_seconds=0).template == "third"


@only_2x
def test_the_latest_is_loaded_in_2x(greeting):
    assert int(prompts.load_prompt(greeting).version) == 2


def test_what_is_not_there(greeting, tracking):
    for call in (
        lambda: prompts.load_prompt(greeting, version=99),
        lambda: prompts.load_prompt(f"prompts:/{tracking.model_name('unknown')}/1"),
        lambda: prompts.set_prompt_alias(greeting, alias="production", version=99),
    ):
        with pytest.raises(MlflowException, match="(?i)not found|does not exist"):
            call()


@only_3x
def test_a_missing_prompt_may_be_allowed(greeting, tracking):
    assert prompts.load_prompt(f"prompts:/{greeting}/99", allow_missing=True) is None
    assert prompts.load_prompt(f"prompts:/{greeting}@nobody", allow_missing=True) is None
    assert prompts.load_prompt(tracking.model_name("unknown"), version=1, allow_missing=True) is None


@only_3x
def test_a_chat_prompt_with_a_format_and_a_configuration(name):
    messages = [{"role": "system", "content": "Be {{style}}."}, {"role": "user", "content": "{{question}}"}]
    prompts.register_prompt(
        name=name,
        template=messages,
        response_format={"type": "object", "properties": {"answer": {"type": "string"}}},
        model_config={"model_name": "some-model", "temperature": 0.5},
    )

    prompt = prompts.load_prompt(name, version=1)
    assert prompt.template == messages
    assert prompt.response_format["properties"]["answer"]["type"] == "string"
    assert prompt.model_config["temperature"] == 0.5


@only_3x
def test_tags(greeting, client):
    prompts.set_prompt_tag(greeting, "team", "weir")
    assert prompts.get_prompt_tags(greeting)["team"] == "weir"
    prompts.delete_prompt_tag(greeting, "team")
    assert "team" not in prompts.get_prompt_tags(greeting)
    prompts.set_prompt_version_tag(greeting, 1, "checked", "yes")
    assert prompts.load_prompt(greeting, version=1).tags["checked"] == "yes"
    prompts.delete_prompt_version_tag(greeting, 1, "checked")
    assert "checked" not in prompts.load_prompt(greeting, version=1).tags


@only_3x
def test_search(greeting, client, tracking):
    other = prompts.register_prompt(name=tracking.model_name("prompt"), template="x", tags={"k": "v"}).name

    assert [prompt.name for prompt in prompts.search_prompts(f"name = '{greeting}'")] == [greeting]
    assert {greeting, other} <= {prompt.name for prompt in prompts.search_prompts("name LIKE 'prompt-%'")}
    found = client.search_prompt_versions(greeting)
    assert [int(version.version) for version in found] == [2, 1]


def test_a_prompt_of_a_long_text(name):
    text = "word " * (18_000 if MAJOR >= 3 else 900)
    prompts.register_prompt(name=name, template=text)

    assert prompts.load_prompt(name, version=1).template == text


def test_models_and_prompts_hide_from_each_other(greeting, client, tracking, model_run):
    model = client.create_registered_model(tracking.model_name("prompt")).name
    run_id = model_run().info.run_id
    client.create_model_version(model, f"runs:/{run_id}/model", run_id)

    both = f"name IN ('{greeting}', '{model}')"
    assert [found.name for found in client.search_registered_models(both)] == [model]
    assert {found.name for found in client.search_model_versions(both)} == {model}
    flagged = f"{both} AND tags.`mlflow.prompt.is_prompt` = 'true'"
    assert {found.name for found in client.search_model_versions(flagged)} == {greeting}
    unflagged = f"{both} AND tags.`mlflow.prompt.is_prompt` != 'true'"
    assert {found.name for found in client.search_model_versions(unflagged)} == {model}
    # The pages of MLflow send no clause of their own.
    path = "/api/2.0/mlflow/registered-models/search"
    listed = tracking.http("GET", path, params={"filter": both}).json()["registered_models"]
    assert [found["name"] for found in listed] == [model]
    if MAJOR >= 3:
        assert [found.name for found in prompts.search_prompts("name LIKE 'prompt-%'") if found.name == model] == []


def test_calls_for_models_find_no_prompt(greeting, client):
    for call in (
        lambda: client.update_registered_model(greeting, "text"),
        lambda: client.get_latest_versions(greeting),
        lambda: client.delete_registered_model(greeting),
    ):
        refused(call, "RESOURCE_DOES_NOT_EXIST", "not found")
    assert int(prompts.load_prompt(greeting, version=1).version) == 1


def test_a_model_is_no_prompt(client, tracking, model_run):
    model = client.create_registered_model(tracking.model_name()).name
    run_id = model_run().info.run_id
    client.create_model_version(model, f"runs:/{run_id}/model", run_id)

    with pytest.raises(MlflowException):
        prompts.load_prompt(model, version=1)
    with pytest.raises(MlflowException):
        prompts.register_prompt(name=model, template="text")


@only_3x
def test_deletion(greeting, client):
    client.delete_prompt_version(greeting, "1")
    assert prompts.load_prompt(greeting, version=1, allow_missing=True) is None
    client.delete_prompt_version(greeting, "2")
    client.delete_prompt(greeting)

    assert prompts.search_prompts(f"name = '{greeting}'") == []
    assert int(prompts.register_prompt(name=greeting, template="again").version) == 1


@only_2x
def test_deletion_in_2x(greeting):
    mlflow.delete_prompt(greeting, version=1)
    assert int(prompts.load_prompt(greeting).version) == 2
    mlflow.delete_prompt(greeting, version=2)

    assert int(prompts.register_prompt(name=greeting, template="again").version) == 1


def test_a_prompt_is_linked_to_a_run(greeting, run, client):
    if MAJOR >= 3:
        client.link_prompt_version_to_run(run.info.run_id, f"prompts:/{greeting}/1")
        assert greeting in client.get_run(run.info.run_id).data.tags["mlflow.linkedPrompts"]
    else:
        client.log_prompt(run.info.run_id, f"prompts:/{greeting}/1")
        assert [int(prompt.version) for prompt in client.list_logged_prompts(run.info.run_id)] == [1]
        client.detach_prompt_from_run(run.info.run_id, f"prompts:/{greeting}/1")
        assert client.list_logged_prompts(run.info.run_id) == []
