"""The `lagesbild` command. Exit 0 done, 1 internal error, 2 the input or the call is wrong. Texts in Swedish."""

from __future__ import annotations

import os

# The matrices of a command are small: threads for one of them wait for each other, and for the processes beside them
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from lagesbild.cli.main import main

__all__ = ["main"]
