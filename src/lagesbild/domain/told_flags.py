"""Whose flags are counted where they are stored, so that a page need not read all of a country's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

FLAGGED: Final = ("open", "expected", "watch")  # the most urgent first
NONE: Final = "none"  # judged, without a flag
UNJUDGED: Final = "unjudged"  # the run could not say
UNTOLD: Final = "untold"  # what the run says may not be told


@dataclass(frozen=True)
class ToldFlags:
    """The pairs of a run as a viewer is told of them: `views.told_run` alone makes one.

    Rows of `run_id` at `target` (a share) in `regions` and `care_area` ("" = all); of pairs outside the region `own`
    that `beside` has rows of, those instead. Of the pairs (region, care area) in `untold` nothing is told.
    """

    run_id: int
    target: float
    regions: tuple[str, ...]
    care_area: str = ""
    beside: int | None = None
    own: str = ""
    untold: frozenset[tuple[str, str]] = frozenset()
