"""What the empty page tells people to paste, with the real client. usage: first-run.py FILE"""

import logging
import sys

import mlflow

logging.getLogger("mlflow").setLevel(logging.ERROR)
with open(sys.argv[1], encoding="utf-8") as snippet:
    exec(compile(snippet.read(), "snippet", "exec"), {"mlflow": mlflow})
