"""Which line of the stock client runs these tests."""

import mlflow
import pytest

MAJOR = int(mlflow.__version__.split(".")[0])

only_2x = pytest.mark.skipif(MAJOR != 2, reason="3.x has another call for it")
only_3x = pytest.mark.skipif(MAJOR < 3, reason="new in the 3.x client")
