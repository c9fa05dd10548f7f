"""Work for the cluster that tests can watch: it says which process does it, and takes its time."""

from __future__ import annotations

import os
import time


def threads(_: int) -> tuple[int, str | None]:
    return os.getpid(), os.environ.get("OPENBLAS_NUM_THREADS")


def slow_square(n: int) -> int:
    time.sleep(0.1)
    return n * n


def time_out_at_three(n: int) -> int:
    if n == 3:
        raise TimeoutError("tre")
    return n


def refuse_at_three(n: int) -> int:
    if n == 3:
        raise ConnectionRefusedError("tre")
    return n
