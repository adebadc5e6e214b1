"""MLflow's page "Search Runs": its ten example runs, and each query of it, with the answer counted out."""

import math

import mlflow
import numpy
import pytest
from mlflow.entities import ViewType

ACCURACY = [number / 10 for number in range(10)]
LOSS = [1 - number / 10 for number in range(10)]
MODEL = ["GPT-2", "GPT-3", "GPT-3.5", "GPT-4"] + [None] * 6
TASK = ["classification", "regression", "causal lm"] + [None] * 7
DIGEST = ["s8ds293b", "jks834s2"] + [f"digest{number}" for number in range(2, 10)]


@pytest.fixture(scope="module")
def guides():
    """Experiment id and run ids of the guide's runs, made once for each mount."""
    return {}


@pytest.fixture
def guide(guides, tracking, client):
    if tracking.uri not in guides:
        experiment_id = client.create_experiment(tracking.unique("search-run-guide"))
        guides[tracking.uri] = Guide(experiment_id, [make_run(client, experiment_id, i) for i in range(10)])
    return guides[tracking.uri]


def make_run(client, experiment_id, i):
    with mlflow.start_run(experiment_id=experiment_id, run_name=f"run-{i}") as run:
        mlflow.log_metrics(
            {
                "loss": LOSS[i],
                "accuracy": ACCURACY[i],
                "log-scale-loss": math.log(LOSS[i]),
                "f1 score": ACCURACY[i],
            }
        )
        if i % 2:
            mlflow.log_metric("odd", math.nan if i == 5 else i)
        mlflow.log_params(
            {"batch_size": 2 if i < 5 else 4, "learning rate": [0.001, 0.01][i % 2], "model": MODEL[i]}
        )
        mlflow.set_tags({"task": TASK[i], "environment": "notebook" if i < 5 else None})
        dataset = mlflow.data.from_numpy(
            features=numpy.zeros((4, 2)), name="custom" if i < 5 else "also custom", digest=DIGEST[i]
        )
        mlflow.log_input(dataset, context="train" if i < 5 else "test")
    return run.info.run_id


class Guide:
    def __init__(self, experiment_id, run_ids):
        self.experiment_id = experiment_id
        self.run_ids = run_ids

    def found(self, text="", **options):
        """The numbers of the runs that a search answers, in its order."""
        runs = mlflow.search_runs([self.experiment_id], text, output_format="list", **options)
        return [self.run_ids.index(run.info.run_id) for run in runs]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", range(10)),
        ("metrics.loss > 0.8", [0, 1]),
        ("metrics.accuracy > 0.72", [8, 9]),
        ('metrics."accuracy" > 0.72', [8, 9]),
        ("metrics.loss <= 0.15", [9]),
        ("metrics.`log-scale-loss` <= 0", range(10)),
        ("metrics.`f1 score` >= 0.5", range(5, 10)),
        ("metrics.accuracy > 0.72 AND metrics.loss <= 0.15", [9]),
        ("metric.accuracy = 0.5", [5]),
        ("metrics.accuracy != 0.5", [0, 1, 2, 3, 4, 6, 7, 8, 9]),
        ("metrics.loss <= 0.15 AND metrics.loss >= 0.05", [9]),
        ("metrics.odd > -1", [1, 3, 7, 9]),
        ("metrics.odd != 3", [1, 5, 7, 9]),
        ('params.batch_size = "2"', range(5)),
        ("parameters.`learning rate` = '0.01'", [1, 3, 5, 7, 9]),
        ('params.model LIKE "GPT%"', range(4)),
        ('params.model ILIKE "gPt%"', range(4)),
        ('params.model LIKE "gPt%"', []),
        ('params.model LIKE "GPT%" AND params.batch_size = "2"', range(4)),
        ("params.model LIKE 'GPT-_'", [0, 1, 3]),
        ('tags."environment" = "notebook"', range(5)),
        ("tags.environment = 'notebook'", range(5)),
        ('tags.task = "Classification"', []),
        ('tags.task ILIKE "classif%"', [0]),
        ("tags.task != 'regression'", [0, *range(2, 10)]),
        ("tags.`absent` = 'x'", []),
        ("tags.absent != 'x'", []),
        ('datasets.name LIKE "custom"', range(5)),
        ("dataset.name LIKE '%custom'", range(10)),
        ("datasets.digest IN ('s8ds293b', 'jks834s2')", [0, 1]),
        ('datasets.context = "train"', range(5)),
        ("datasets.name IN ('custom', 'also custom', 'another')", range(10)),
        ("attributes.status = 'FINISHED'", range(10)),
        ("attributes.status = 'ACTIVE'", []),
        ("status ILIKE 'finished'", range(10)),
        ('attributes.user_id LIKE "no such user"', []),
        ('attributes.run_name = "run-7"', [7]),
        ("run_name LIKE 'run-_'", range(10)),
        ("`Run name` = 'run-7'", [7]),
        ("attributes.start_time >= 1664067852747", range(10)),
        ("attributes.end_time < 1664067852747", []),
        ("attributes.created > 1664067852747", range(10)),
        ('params.batch_size != "None"', range(10)),
        ("metrics.accuracy > 0.72 AND metrics.batch_size != 0", []),
        ("metrics.accuracy>0.72\n  AND\tparams.batch_size='4'", [8, 9]),
    ],
)
def test_a_query_finds_what_the_guide_says(guide, text, expected):
    assert sorted(guide.found(text)) == sorted(expected)


def test_runs_can_be_named_in_a_list(guide):
    three, eight = guide.run_ids[3], guide.run_ids[8]

    assert guide.found(f"attributes.run_id = '{three}'") == [3]
    assert sorted(guide.found(f"attributes.run_id IN ('{three}', '{eight}')")) == [3, 8]
    assert guide.found(f"run_id IN ('{three}','{eight}') AND metrics.loss < 0.5") == [8]
    listed = ",".join(f"'{run_id}'" for run_id in guide.run_ids[:4])
    text = f"""
    attributes.run_id IN ({listed})
      AND metrics.loss > 0.75
      AND metrics."f1 score" < 0.5
      AND params.model LIKE "GPT%"
    """
    assert sorted(guide.found(text)) == [0, 1, 2]


@pytest.mark.parametrize(
    ("order_by", "expected"),
    [
        (["metrics.accuracy DESC"], [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]),
        (["metrics.accuracy"], list(range(10))),
        (["metrics.`f1 score` asc"], list(range(10))),
        (["params.batch_size DESC", "metrics.loss ASC"], [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]),
        (["attributes.run_name DESC"], [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]),
        # Absent tasks were logged as the text "None", which sorts before the small letters.
        (["tags.task", "metrics.loss"], [*range(9, 2, -1), 2, 0, 1]),
    ],
)
def test_results_come_in_the_order_asked_for(guide, order_by, expected):
    assert guide.found(order_by=order_by) == expected


def test_nan_comes_after_numbers_and_absence_after_nan(guide):
    assert guide.found(order_by=["metrics.odd", "metrics.accuracy"]) == [1, 3, 7, 9, 5, 0, 2, 4, 6, 8]
    assert guide.found(order_by=["metrics.odd DESC", "metrics.accuracy"]) == [9, 7, 3, 1, 5, 0, 2, 4, 6, 8]


def test_without_an_order_the_newest_come_first(tracking, client):
    runs = [client.create_run(tracking.experiment_id, start_time=time) for time in (200, 100, 300, 200)]

    found = [(r.info.start_time, r.info.run_id) for r in client.search_runs([tracking.experiment_id])]
    assert found == sorted(((r.info.start_time, r.info.run_id) for r in runs), key=lambda x: (-x[0], x[1]))


def test_the_best_of_all(guide):
    assert guide.found(max_results=1, order_by=["metrics.accuracy DESC"]) == [9]
    assert guide.found(run_view_type=ViewType.ACTIVE_ONLY, order_by=["metrics.accuracy DESC"])[:2] == [9, 8]


def test_a_data_frame_has_a_column_for_each_key(guide):
    frame = mlflow.search_runs([guide.experiment_id], "metrics.loss > 0.8", order_by=["metrics.loss"])

    assert list(frame["run_id"]) == [guide.run_ids[1], guide.run_ids[0]]
    assert list(frame["params.model"]) == ["GPT-3", "GPT-2"]
    assert list(frame["metrics.accuracy"]) == [0.1, 0.0]
    assert list(frame["tags.environment"]) == ["notebook", "notebook"]
    assert set(frame["status"]) == {"FINISHED"}
    assert mlflow.search_runs([guide.experiment_id], "metrics.loss > 100").empty


def test_all_experiments_can_be_searched(guide):
    runs = mlflow.search_runs(
        filter_string=f"params.model = 'GPT-4' AND run_id = '{guide.run_ids[3]}'",
        run_view_type=ViewType.ALL,
        search_all_experiments=True,
        output_format="list",
    )

    assert [run.info.run_id for run in runs] == [guide.run_ids[3]]


def test_several_experiments_can_be_searched(guide, tracking, client):
    client.create_run(tracking.experiment_id, tags={"from": "the other"})

    ids = [guide.experiment_id, tracking.experiment_id]
    runs = mlflow.search_runs(ids, "metrics.accuracy >= 0", output_format="list")
    assert len(runs) == 10
    assert {run.info.experiment_id for run in client.search_runs(ids)} == set(ids)
    names = [client.get_experiment(experiment_id).name for experiment_id in ids]
    assert len(mlflow.search_runs(experiment_names=names)) == 11


def test_pages_follow_each_other(guide, client):
    pages, token = [], None
    while True:
        page = client.search_runs(
            [guide.experiment_id], order_by=["metrics.loss"], max_results=4, page_token=token
        )
        pages.append([guide.run_ids.index(run.info.run_id) for run in page])
        token = page.token
        if not token:
            break

    assert pages == [[9, 8, 7, 6], [5, 4, 3, 2], [1, 0]]


def test_a_page_that_just_fits_is_the_last(guide, client):
    page = client.search_runs([guide.experiment_id], max_results=10)

    assert len(page) == 10
    assert not page.token


def test_deleted_runs_are_seen_only_when_asked_for(tracking, client):
    kept, deleted = (client.create_run(tracking.experiment_id).info.run_id for _ in range(2))
    client.delete_run(deleted)

    def found(view):
        return {run.info.run_id for run in client.search_runs([tracking.experiment_id], run_view_type=view)}

    assert found(ViewType.ACTIVE_ONLY) == {kept}
    assert found(ViewType.DELETED_ONLY) == {deleted}
    assert found(ViewType.ALL) == {kept, deleted}


def test_a_found_run_is_whole(guide, client):
    (run,) = client.search_runs([guide.experiment_id], "attributes.run_name = 'run-3'")

    assert run.data.metrics["accuracy"] == 0.3
    assert run.data.params["model"] == "GPT-4"
    assert run.data.tags["environment"] == "notebook"
    assert run.inputs.dataset_inputs[0].dataset.name == "custom"
    assert run.info.artifact_uri.endswith(f"/{guide.run_ids[3]}/artifacts")


def test_odd_keys_and_values_are_found(tracking, client):
    run = client.create_run(tracking.experiment_id)
    run_id = run.info.run_id
    client.set_tag(run_id, "größe α", "it's")
    client.log_param(run_id, "order", "100%")
    client.log_metric(run_id, "a.b/c-d", 1.5)

    for text in (
        "tags.`größe α` = \"it's\"",
        "params.order = '100%'",
        "params.order LIKE '100_'",
        "metrics.`a.b/c-d` = 1.5",
        "metrics.`a.b/c-d` > 1.4e0",
        "tags.`größe α` ILIKE \"IT'S\"",
    ):
        found = client.search_runs([tracking.experiment_id], text)
        assert [run.info.run_id for run in found] == [run_id], text
