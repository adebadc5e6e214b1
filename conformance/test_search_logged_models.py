"""Searching logged models of MLflow 3: its smaller grammar, datasets, order and pages."""

import time

import mlflow
import pandas
import pytest
from client_version import MAJOR
from mlflow.exceptions import MlflowException
from registry import refused

if MAJOR < 3:
    pytest.skip("2.x has no logged models", allow_module_level=True)


@pytest.fixture
def made(tracking, client):
    """Four models; `made(text)` lists the names of those found, in their order."""
    train = mlflow.data.from_pandas(pandas.DataFrame({"x": [1.0]}), name="train")
    test = mlflow.data.from_pandas(pandas.DataFrame({"x": [2.0]}), name="test")
    rows = [("a", "0.1", 1.0, train), ("b", "0.1", 2.0, test), ("C", "0.2", 3.0, train), ("d", "0.2", None, None)]
    with mlflow.start_run() as run:
        for name, lr, loss, data in rows:
            model = client.create_logged_model(
                tracking.experiment_id, name, run.info.run_id, tags={"group": name.lower()}, params={"lr": lr}
            )
            if loss is not None:
                mlflow.log_metric("loss", loss, model_id=model.model_id, dataset=data)
            if name != "b":
                client.finalize_logged_model(model.model_id, "READY")
            # The default order is by the millisecond of creation.
            time.sleep(0.002)

    def search(text=None, **options):
        found = mlflow.search_logged_models([tracking.experiment_id], text, output_format="list", **options)
        return [model.name for model in found]

    search.run_id = run.info.run_id
    return search


ASCENDING = {"order_by": [{"field_name": "creation_time", "ascending": True}]}


def test_everything_newest_first(made, tracking):
    assert made() == ["d", "C", "b", "a"]
    assert made(**ASCENDING) == ["a", "b", "C", "d"]
    table = mlflow.search_logged_models([tracking.experiment_id])
    assert list(table["name"]) == ["d", "C", "b", "a"]


def test_by_attribute(made):
    assert made("name = 'a'") == ["a"]
    assert made("name != 'a'", **ASCENDING) == ["b", "C", "d"]
    assert made("attributes.name LIKE 'c'") == []
    assert made("name ILIKE 'c'") == ["C"]
    assert made("name IN ('a', 'd')", **ASCENDING) == ["a", "d"]
    assert made("name NOT IN ('a', 'd')", **ASCENDING) == ["b", "C"]
    assert made(f"source_run_id = '{made.run_id}' AND name = 'b'") == ["b"]
    assert made("creation_timestamp > 1000", **ASCENDING) == ["a", "b", "C", "d"]
    assert made("creation_time < 1000") == []


def test_by_param_tag_and_metric(made):
    assert made("params.lr = '0.1'", **ASCENDING) == ["a", "b"]
    assert made("params.`lr` != '0.1'", **ASCENDING) == ["C", "d"]
    assert made("tags.group IN ('a', 'c')", **ASCENDING) == ["a", "C"]
    assert made("tags.group LIKE '%b%'") == ["b"]
    assert made("metrics.loss > 1", **ASCENDING) == ["b", "C"]
    assert made("metrics.loss <= 2 AND params.lr = '0.1'", **ASCENDING) == ["a", "b"]


def test_by_dataset(made, tracking):
    digest = mlflow.data.from_pandas(pandas.DataFrame({"x": [1.0]}), name="train").digest
    train = [{"dataset_name": "train", "dataset_digest": digest}]

    assert made(datasets=train, **ASCENDING) == ["a", "C"]
    assert made("metrics.loss > 1", datasets=train) == ["C"]


def test_in_order(made):
    def ordered(field, ascending=True):
        return made(order_by=[{"field_name": field, "ascending": ascending}])

    assert ordered("name") == ["C", "a", "b", "d"], "byte order"
    assert ordered("name", False) == ["d", "b", "a", "C"]
    assert ordered("metrics.loss", False) == ["C", "b", "a", "d"], "those without the metric last"
    assert ordered("metrics.loss") == ["a", "b", "C", "d"], "in both directions"
    assert ordered("creation_timestamp") == ["a", "b", "C", "d"]


def test_by_page(made, tracking, client):
    found, sizes, token = [], [], None
    while True:
        page = client.search_logged_models([tracking.experiment_id], max_results=3, page_token=token, **ASCENDING)
        found += [model.name for model in page]
        sizes.append(len(page))
        token = page.token
        if not token:
            break
    assert (sizes, found) == ([3, 1], ["a", "b", "C", "d"])
    assert made(max_results=2) == ["d", "C"]


def test_a_page_token_of_another_search(made, tracking, client):
    token = client.search_logged_models([tracking.experiment_id], max_results=2).token

    refused(
        lambda: client.search_logged_models([tracking.experiment_id], "name = 'a'", page_token=token),
        "INVALID_PARAMETER_VALUE",
    )


@pytest.mark.parametrize(
    "text",
    ["name", "name =", "params.lr > '1'", "attribute.name = 'a'"],
)
def test_a_filter_that_cannot_be_read(made, text):
    with pytest.raises(MlflowException) as failure:
        made(text)
    assert failure.value.get_http_status_code() == 400


def test_an_order_that_cannot_be_read(made):
    for field in ("params.lr", "bogus"):
        refused(lambda: made(order_by=[{"field_name": field}]), "INVALID_PARAMETER_VALUE", "order")


@pytest.mark.weir_only
def test_what_ends_in_a_5xx_on_mlflows_own_server(made, tracking, client):
    refused(lambda: made("bogus = 'x'"), "INVALID_PARAMETER_VALUE", "bogus")
    refused(lambda: made("metrics.loss > 'x'"), "INVALID_PARAMETER_VALUE", "numeric")
    refused(
        lambda: client.search_logged_models([tracking.experiment_id], page_token="made up"), "INVALID_PARAMETER_VALUE"
    )


@pytest.mark.weir_only
def test_or_parentheses_and_absent_tags(made):
    assert made("(params.lr = '0.1' OR name = 'd')", **ASCENDING) == ["a", "b", "d"]
    assert made("tags.bogus IS NULL AND NOT name = 'a'", **ASCENDING) == ["b", "C", "d"]
    assert made("tags.group IS NULL") == []
