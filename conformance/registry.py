"""What the scenarios of the model registry share."""

import mlflow
import numpy
import pytest
from mlflow.exceptions import MlflowException


def refused(call, code, message=""):
    """`call` fails with `code` and a sentence in which `message` is found; returns the sentence."""
    with pytest.raises(MlflowException, match=f"(?s){message}") as failure:
        call()
    assert failure.value.error_code == code, failure.value
    return str(failure.value)


def predicted(uri):
    """The number that the model at `uri` predicts."""
    return float(mlflow.pyfunc.load_model(uri).predict(numpy.array([[1.0]]))[0])
