"""What a mistake gets: the client's exception, its error code and a message that names the value. Never a 5xx."""

from concurrent.futures import ThreadPoolExecutor

import mlflow
import pytest
from mlflow.entities import Metric, Param, RunTag
from mlflow.exceptions import MlflowException, RestException

UNKNOWN = "0123456789abcdef" * 2


def fails(code, message):
    return pytest.raises(RestException, match=f"(?s)^{code}: .*{message}")


def code_of(failure):
    return failure.value.error_code


def test_an_unknown_run(client):
    for call in (
        lambda: client.get_run(UNKNOWN),
        lambda: client.log_metric(UNKNOWN, "loss", 1),
        lambda: client.set_tag(UNKNOWN, "t", "v"),
        lambda: client.log_batch(UNKNOWN, params=[Param("p", "1")]),
        lambda: client.delete_run(UNKNOWN),
        lambda: client.update_run(UNKNOWN, name="n"),
    ):
        with fails("RESOURCE_DOES_NOT_EXIST", f"Run .*{UNKNOWN}.* not found") as failure:
            call()
        assert code_of(failure) == "RESOURCE_DOES_NOT_EXIST"


def test_an_unknown_experiment(client):
    for call in (
        lambda: client.get_experiment("987654321"),
        lambda: client.create_run("987654321"),
        lambda: client.delete_experiment("987654321"),
        lambda: client.rename_experiment("987654321", "n"),
        lambda: client.set_experiment_tag("987654321", "k", "v"),
    ):
        with fails("RESOURCE_DOES_NOT_EXIST", "987654321") as failure:
            call()
        assert code_of(failure) == "RESOURCE_DOES_NOT_EXIST"


def test_an_experiment_id_that_is_no_number(client):
    with pytest.raises(MlflowException, match="(?i)invalid experiment id") as failure:
        client.get_experiment("abc")

    assert code_of(failure) == "INVALID_PARAMETER_VALUE"


def test_a_taken_experiment_name(tracking, client):
    with fails("RESOURCE_ALREADY_EXISTS", "already exists") as failure:
        mlflow.create_experiment(tracking.experiment.name)
    assert code_of(failure) == "RESOURCE_ALREADY_EXISTS"

    client.delete_experiment(tracking.experiment_id)
    with fails("RESOURCE_ALREADY_EXISTS", "already exists"):
        mlflow.create_experiment(tracking.experiment.name)


def test_one_of_many_makes_the_experiment(tracking, client):
    name = tracking.unique("raced")

    def create(_):
        try:
            return client.create_experiment(name)
        except RestException as error:
            assert error.error_code == "RESOURCE_ALREADY_EXISTS"
            return None

    with ThreadPoolExecutor(8) as executor:
        created = [made for made in executor.map(create, range(8)) if made]
    assert created == [client.get_experiment_by_name(name).experiment_id]


def test_an_experiment_name_too_long(client):
    with fails("INVALID_PARAMETER_VALUE", "exceeds the maximum length of 500 characters"):
        client.create_experiment("x" * 501)


def test_renaming_to_a_taken_name(tracking, client):
    client.create_experiment(taken := tracking.unique("taken"))

    with pytest.raises(RestException) as failure:
        client.rename_experiment(tracking.experiment_id, taken)
    assert code_of(failure) in ("BAD_REQUEST", "RESOURCE_ALREADY_EXISTS")
    assert client.get_experiment(tracking.experiment_id).name == tracking.experiment.name


def test_a_changed_param(run, client):
    mlflow.log_param("lr", 0.1)

    with pytest.raises(MlflowException, match="Changing param values is not allowed") as failure:
        mlflow.log_param("lr", 0.2)
    assert code_of(failure) == "INVALID_PARAMETER_VALUE"
    assert "'lr'" in str(failure.value) and "'0.1'" in str(failure.value) and "'0.2'" in str(failure.value)
    assert client.get_run(run.info.run_id).data.params == {"lr": "0.1"}


def test_a_changed_param_in_a_batch_changes_nothing(run, client):
    mlflow.log_param("lr", 0.1)

    with pytest.raises(MlflowException, match="Changing param values is not allowed") as failure:
        client.log_batch(
            run.info.run_id,
            metrics=[Metric("loss", 1.0, 1, 0)],
            params=[Param("new", "1"), Param("lr", "0.2")],
            tags=[RunTag("t", "v")],
        )
    assert code_of(failure) == "INVALID_PARAMETER_VALUE"
    data = client.get_run(run.info.run_id).data
    assert (data.params, data.metrics) == ({"lr": "0.1"}, {})
    assert "t" not in data.tags


def test_one_param_twice_in_a_batch(run, client):
    with pytest.raises(MlflowException, match=r"Duplicate parameter keys have been submitted: \['p'\]"):
        client.log_batch(run.info.run_id, params=[Param("p", "1"), Param("p", "2")])

    assert client.get_run(run.info.run_id).data.params == {}


def test_a_deleted_run_takes_nothing(tracking, client):
    run_id = client.create_run(tracking.experiment_id).info.run_id
    client.delete_run(run_id)

    for call in (
        lambda: client.log_metric(run_id, "loss", 1),
        lambda: client.log_param(run_id, "p", 1),
        lambda: client.set_tag(run_id, "t", "v"),
        lambda: client.log_batch(run_id, tags=[RunTag("t", "v")]),
        lambda: client.set_terminated(run_id),
    ):
        with pytest.raises(MlflowException, match="must be in the 'active' state. Current state is deleted") as failure:
            call()
        assert code_of(failure) == "INVALID_PARAMETER_VALUE"
    assert client.get_run(run_id).info.status == "RUNNING"


def test_a_deleted_experiment_takes_no_runs(tracking, client):
    client.delete_experiment(tracking.experiment_id)

    for call in (
        lambda: client.create_run(tracking.experiment_id),
        lambda: client.set_experiment_tag(tracking.experiment_id, "k", "v"),
    ):
        with fails("INVALID_PARAMETER_VALUE", "must be in the 'active' state. Current state is deleted"):
            call()
    with fails("RESOURCE_DOES_NOT_EXIST", tracking.experiment_id):
        client.delete_experiment(tracking.experiment_id)


@pytest.mark.parametrize("key", ["a#b", "", "a//b", "../up", "/root", "a\tb", "k" * 251])
def test_a_key_that_is_none(run, client, key):
    for call in (
        lambda: client.log_metric(run.info.run_id, key, 1),
        lambda: client.log_param(run.info.run_id, key, 1),
        lambda: client.set_tag(run.info.run_id, key, 1),
    ):
        with pytest.raises(MlflowException) as failure:
            call()
        assert code_of(failure) == "INVALID_PARAMETER_VALUE"
    data = client.get_run(run.info.run_id).data
    assert (data.params, data.metrics) == ({}, {})


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("metrics.loss >", ""),
        ("metrics.loss > 'high'", "numeric"),
        ("params.lr = 0.1", "quoted string"),
        ("nonsense.loss > 1", "nonsense"),
        ("attributes.bogus = 'x'", "bogus"),
        ("tags.a > 'x'", ">"),
        ("run_id IN ()", ""),
        ("tags.`open = 'x'", ""),
        ("'a' = 'a'", ""),
        ("metrics.loss > 1; metrics.loss < 2", ""),
    ],
)
def test_a_filter_that_cannot_be_read(tracking, client, text, part):
    with pytest.raises(MlflowException) as failure:
        client.search_runs([tracking.experiment_id], text)

    assert code_of(failure) == "INVALID_PARAMETER_VALUE"
    assert part in str(failure.value)


def test_an_order_that_cannot_be_read(tracking, client):
    for order in ("metrics.loss UP", "bogus", "metrics.loss, metrics.accuracy"):
        with pytest.raises(MlflowException) as failure:
            client.search_runs([tracking.experiment_id], order_by=[order])
        assert code_of(failure) == "INVALID_PARAMETER_VALUE", order


def test_a_page_token_that_is_none(tracking, client):
    for call in (
        lambda: client.search_runs([tracking.experiment_id], page_token="made up"),
        lambda: client.search_experiments(page_token="made up"),
    ):
        with pytest.raises(MlflowException, match="(?i)page token|page_token") as failure:
            call()
        assert code_of(failure) == "INVALID_PARAMETER_VALUE"


def test_page_sizes_out_of_range(tracking, client):
    for call in (
        lambda: client.search_runs([tracking.experiment_id], max_results=0),
        lambda: client.search_runs([tracking.experiment_id], max_results=50001),
        lambda: client.search_experiments(max_results=50001),
        lambda: client.search_experiments(max_results=-1),
    ):
        with pytest.raises(MlflowException, match="max_results") as failure:
            call()
        assert code_of(failure) == "INVALID_PARAMETER_VALUE"


def test_a_negative_time(run, client):
    with fails("INVALID_PARAMETER_VALUE", "nonnegative"):
        client.log_metric(run.info.run_id, "loss", 1.0, timestamp=-1)

    assert client.get_run(run.info.run_id).data.metrics == {}
