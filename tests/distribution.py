"""How `make test` shares the files among its workers: what takes long first, and one demonstration for all who ask."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import pytest
from xdist.scheduler import LoadFileScheduling

ROOT: Final = Path(__file__).resolve().parents[1]
# Seconds for a test, on the whole: the last files to begin are then of many short tests, and workers end together.
# By number of tests, as xdist has it, a file of four tests that take minutes was begun when all others were done.
DEAREST: Final = (
    "tests/browser/",
    "tests/disclosure/",
    "tests/faults/",
    "tests/golden/",
    "tests/security/",
    "tests/data/",
    "tests/jobs/",
    "tests/reports/",
    "tests/snapshots/",
)
DEMONSTRATION: Final = "demonstration"


@cache
def asks_for_the_demonstration(file: str) -> bool:
    """Whether a file of tests uses the service that `live` starts, which takes a minute of both processors."""
    return "live: Live" in (ROOT / file).read_text(encoding="utf-8")


def place(file: str) -> tuple[bool, int]:
    """Sorts files of tests as they are to begin."""
    rank = next((k for k, start in enumerate(DEAREST) if file.startswith(start)), len(DEAREST))
    return not (rank == 0 and asks_for_the_demonstration(file)), rank


class DearestFirst(LoadFileScheduling):
    """A file's tests are one worker's, and so are those of all files that ask for the demonstration."""

    def __init__(self, config: pytest.Config, log: object) -> None:
        super().__init__(config, log)  # type: ignore[arg-type]
        config.option.loadscopereorder = False  # in the order of the items, which is `place`'s

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        return DEMONSTRATION if not place(file)[0] else file
