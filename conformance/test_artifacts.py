"""Artifacts: files and folders up and down, texts, dictionaries, figures, images, tables, odd names, deletion."""

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor

import mlflow
import numpy
import pandas
import pytest
from mlflow.exceptions import MlflowException
from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository


def listed(run, path=None):
    """(path, is folder, size) of each entry, as the client sees them."""
    return [(f.path, f.is_dir, f.file_size) for f in mlflow.MlflowClient().list_artifacts(run.info.run_id, path)]


def tree(run, path=None):
    """Every file below `path`, by walking the folders."""
    found = []
    for name, is_folder, _ in listed(run, path):
        found += tree(run, name) if is_folder else [name]
    return found


def fetched(run, path):
    """The bytes of one file, downloaded by the client."""
    with open(mlflow.artifacts.download_artifacts(run_id=run.info.run_id, artifact_path=path), "rb") as file:
        return file.read()


@pytest.fixture
def folder(tmp_path):
    """A folder with files at three depths, one of them empty."""
    root = tmp_path / "outputs"
    (root / "plots/deep").mkdir(parents=True)
    (root / "features.txt").write_text("rooms, zipcode, median_price")
    (root / "plots/a.json").write_text("[1]")
    (root / "plots/deep/bytes.bin").write_bytes(bytes(range(256)))
    (root / "plots/deep/empty").write_bytes(b"")
    return root


FOLDER = ["features.txt", "plots/a.json", "plots/deep/bytes.bin", "plots/deep/empty"]


def test_a_file_is_logged_at_the_root_and_in_a_folder(run, folder):
    mlflow.log_artifact(str(folder / "features.txt"))
    mlflow.log_artifact(str(folder / "features.txt"), artifact_path="data/raw")

    assert tree(run) == ["data/raw/features.txt", "features.txt"]
    assert listed(run) == [("data", True, None), ("features.txt", False, 28)]
    assert fetched(run, "data/raw/features.txt") == b"rooms, zipcode, median_price"


def test_a_folder_is_logged_and_downloaded_whole(run, folder, tmp_path):
    mlflow.log_artifacts(str(folder))
    mlflow.log_artifacts(str(folder), artifact_path="states/one")
    mlflow.log_artifact(str(folder), artifact_path="as_artifact")

    assert tree(run, "states") == [f"states/one/{path}" for path in FOLDER]
    assert tree(run, "as_artifact") == [f"as_artifact/outputs/{path}" for path in FOLDER]
    assert listed(run, "plots/deep")[0] == ("plots/deep/bytes.bin", False, 256)
    target = tmp_path / "down"
    target.mkdir()
    mlflow.artifacts.download_artifacts(f"runs:/{run.info.run_id}/states", dst_path=str(target))
    for path in FOLDER:
        assert (target / "states/one" / path).read_bytes() == (folder / path).read_bytes()


def test_everything_of_a_run_can_be_downloaded(run, folder, tmp_path, client):
    mlflow.log_artifacts(str(folder))
    for number, download in enumerate(
        (
            lambda to: mlflow.artifacts.download_artifacts(run_id=run.info.run_id, dst_path=to),
            lambda to: mlflow.artifacts.download_artifacts(artifact_uri=run.info.artifact_uri, dst_path=to),
            lambda to: client.download_artifacts(run.info.run_id, "", to),
        )
    ):
        target = tmp_path / f"down{number}"
        target.mkdir()
        local = download(str(target))
        files = [os.path.relpath(os.path.join(at, name), local) for at, _, names in os.walk(local) for name in names]
        assert sorted(files) == FOLDER
        with open(os.path.join(local, "plots/deep/bytes.bin"), "rb") as file:
            assert file.read() == bytes(range(256))


def test_listing_what_is_not_there_is_empty(run):
    assert listed(run) == []
    assert listed(run, "no/such/folder") == []
    assert mlflow.artifacts.list_artifacts(run_id=run.info.run_id) == []


def test_a_missing_file_cannot_be_downloaded(run):
    mlflow.log_text("here", "here.txt")

    with pytest.raises(Exception, match="(?i)404|not found|no such artifact|failed to download"):
        fetched(run, "there.txt")


def test_texts_and_dictionaries(run):
    mlflow.log_text("text1 ä 字\n", "file1.txt")
    mlflow.log_text("<h1>header</h1>", "dir/index.html")
    mlflow.log_text("", "empty.txt")
    mlflow.log_dict({"k": "ü", "n": [1, None]}, "data.json")
    mlflow.log_dict({"k": "v"}, "dir/data.yml")

    uri = run.info.artifact_uri
    assert mlflow.artifacts.load_text(f"{uri}/file1.txt") == "text1 ä 字\n"
    assert mlflow.artifacts.load_text(f"runs:/{run.info.run_id}/dir/index.html") == "<h1>header</h1>"
    assert mlflow.artifacts.load_text(f"{uri}/empty.txt") == ""
    assert mlflow.artifacts.load_dict(f"{uri}/data.json") == {"k": "ü", "n": [1, None]}
    assert fetched(run, "dir/data.yml") == b"k: v\n"


def test_many_files_go_up_and_come_down_in_parallel(run, client, tmp_path):
    names = [f"part {number % 4}/file {number}.txt" for number in range(40)]
    with ThreadPoolExecutor(8) as executor:
        list(executor.map(lambda name: client.log_text(run.info.run_id, name, name), names))

    assert sorted(tree(run)) == sorted(names)
    (tmp_path / "down").mkdir()
    local = mlflow.artifacts.download_artifacts(run_id=run.info.run_id, dst_path=str(tmp_path / "down"))
    assert {name: open(os.path.join(local, name)).read() for name in names} == {name: name for name in names}


def test_an_artifact_is_overwritten(run):
    mlflow.log_text("first, and longer", "notes.txt")
    mlflow.log_text("second", "notes.txt")

    assert fetched(run, "notes.txt") == b"second"
    assert listed(run) == [("notes.txt", False, 6)]


def test_a_matplotlib_figure(run):
    from matplotlib import pyplot

    figure, axes = pyplot.subplots()
    axes.plot([0, 1], [2, 3])
    mlflow.log_figure(figure, "plots/figure.png")
    pyplot.close(figure)

    assert fetched(run, "plots/figure.png").startswith(b"\x89PNG")


def test_images(run):
    from PIL import Image

    array = numpy.arange(48, dtype=numpy.uint8).reshape(4, 4, 3)
    mlflow.log_image(array, "numpy.png")
    mlflow.log_image(Image.fromarray(array), "pil/image.png")

    loaded = mlflow.artifacts.load_image(f"{run.info.artifact_uri}/numpy.png")
    assert (numpy.asarray(loaded) == array).all()
    assert fetched(run, "pil/image.png").startswith(b"\x89PNG")


def test_images_of_steps(run, client):
    array = numpy.full((8, 8, 3), 128, dtype=numpy.uint8)
    for step in (0, 3):
        mlflow.log_image(array, key="dogs", step=step, timestamp=1000 + step)
    client.log_image(run.info.run_id, mlflow.Image(array), key="cats", step=1)
    mlflow.flush_artifact_async_logging()

    names = [os.path.basename(name) for name in tree(run, "images")]
    # Each image goes up twice: as it is, and compressed for the web page.
    assert len(names) == 6
    dogs = [name for name in tree(run, "images") if "dogs" in name and name.endswith(".png")]
    assert len(dogs) == 2
    for name in dogs:
        assert fetched(run, name).startswith(b"\x89PNG"), name
    assert client.get_run(run.info.run_id).data.tags["mlflow.loggedImages"] == "True"


def test_tables(run):
    first = {"inputs": ["What is MLflow?", "Größe?"], "outputs": ["a tool", "42"], "toxicity": [0.0, 0.5]}
    mlflow.log_table(data=first, artifact_file="qa.json")
    more = pandas.DataFrame({"inputs": ["more"], "outputs": ["x"], "toxicity": [1.0]})
    mlflow.log_table(data=more, artifact_file="qa.json")

    table = mlflow.load_table("qa.json", run_ids=[run.info.run_id], extra_columns=["run_id"])
    assert list(table["inputs"]) == ["What is MLflow?", "Größe?", "more"]
    assert set(table["run_id"]) == {run.info.run_id}
    found = mlflow.load_table("qa.json")
    assert list(found["toxicity"]) == [0.0, 0.5, 1.0]


ODD_NAMES = [
    "with blank.txt",
    "plus+plus.txt",
    "tilde~.txt",
    "größe 字 🎉.txt",
    "a,b;c=d&e@f!g$h'(i).txt",
    "colon:name.txt",
    "..double.dots..",
    ".hidden",
    "trailing.",
    "back\\slash.txt",
    "[brackets]{braces}|^`.txt",
    "x" * 200 + ".txt",
]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_names_of_every_kind(run, tmp_path, name):
    content = name.encode()
    (tmp_path / name).write_bytes(content)
    mlflow.log_artifact(str(tmp_path / name))
    mlflow.log_artifact(str(tmp_path / name), artifact_path="größe + x/~")

    assert sorted(tree(run)) == sorted([name, f"größe + x/~/{name}"])
    assert listed(run, "größe + x/~") == [(f"größe + x/~/{name}", False, len(content))]
    assert fetched(run, name) == content
    assert fetched(run, f"größe + x/~/{name}") == content


def test_a_number_sign_in_a_name_does_not_lose_bytes_silently(run, tmp_path):
    """The client does not encode `#`: the rest of the name never leaves it. What arrives must be what was sent."""
    (tmp_path / "a#b.txt").write_text("sharp")
    try:
        mlflow.log_artifact(str(tmp_path / "a#b.txt"))
    except Exception:
        assert tree(run) == []
    else:
        assert [fetched(run, name) for name in tree(run)] == [b"sharp"]


def test_an_empty_file(run, tmp_path):
    (tmp_path / "empty.bin").write_bytes(b"")
    mlflow.log_artifact(str(tmp_path / "empty.bin"))

    assert [(path, is_folder) for path, is_folder, _ in listed(run)] == [("empty.bin", False)]
    assert fetched(run, "empty.bin") == b""


def test_twenty_megabytes(run, tmp_path):
    content = hashlib.shake_256(b"weir").digest(1 << 20) * 20
    (tmp_path / "big.bin").write_bytes(content)
    mlflow.log_artifact(str(tmp_path / "big.bin"))

    assert listed(run) == [("big.bin", False, len(content))]
    assert hashlib.sha256(fetched(run, "big.bin")).digest() == hashlib.sha256(content).digest()


def test_runs_do_not_see_each_others_files(tracking):
    with mlflow.start_run() as first:
        mlflow.log_text("one", "same.txt")
    with mlflow.start_run() as second:
        mlflow.log_text("one", "same.txt")
        mlflow.log_text("two", "other.txt")

    assert tree(first) == ["same.txt"]
    assert sorted(tree(second)) == ["other.txt", "same.txt"]
    assert fetched(first, "same.txt") == fetched(second, "same.txt") == b"one"


def test_files_and_folders_are_deleted(run, folder):
    mlflow.log_artifacts(str(folder))
    repository = get_artifact_repository(run.info.artifact_uri)
    repository.delete_artifacts("plots/deep/bytes.bin")
    assert tree(run) == ["features.txt", "plots/a.json", "plots/deep/empty"]

    repository.delete_artifacts("plots")
    assert tree(run) == ["features.txt"]
    repository.delete_artifacts()
    assert tree(run) == []


def test_a_path_outside_the_run_is_refused(run):
    with pytest.raises(MlflowException, match="(?i)invalid"):
        mlflow.log_text("out", "../../outside.txt")

    assert tree(run) == []
