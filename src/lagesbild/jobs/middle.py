"""The part of a forecast run that is told to those who may not see all: pairs whose counts are others in the twin are
forecast once more, from the middle of the two (see `views.middles`), with all that the run has learnt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Protocol

import numpy as np

from lagesbild.domain.fits import FitKey
from lagesbild.domain.periods import Month
from lagesbild.domain.source import TOLD, Run, Source
from lagesbild.forecast.panel import Pair
from lagesbild.jobs.forecast_facts import Facts

PairKey = tuple[str, str]  # region, care area
OF_MIDDLE: Final = (
    "/middle"  # after the measure: else these fits would take the place of those of the counts themselves
)


class Middles(Protocol):
    """By how much the middle's counts are others, (region, care area) -> column -> one a month, of pairs where they
    are; for viewers who are not shown counts under `threshold`."""

    @property
    def threshold(self) -> int: ...

    def __call__(
        self, source: Source, first: Month, until: Month, as_of: datetime | None = None
    ) -> Mapping[PairKey, Mapping[str, np.ndarray]]: ...


def middle_pairs(
    middles: Middles | None, source: Source, facts: Facts, as_of: datetime | None, pairs: Sequence[Pair]
) -> list[Pair]:
    """Those of `pairs` whose middle is another, as they are there; none without `middles`."""
    if middles is None:
        return []
    moves = middles(source, facts.panel.first, facts.until, as_of)
    return [p.moved(moves[p.region, p.care_area]) for p in pairs if (p.region, p.care_area) in moves]


def told_run_of(source: Source, run: Run | None) -> Run | None:
    """What goes with a run: None for one that was made before there was such a thing."""
    return None if run is None else next((r for r in source.runs(TOLD) if r.previous_run == run.run_id), None)


def fits_of_middle(known: Mapping[FitKey, dict[str, Any]]) -> dict[FitKey, dict[str, Any]]:
    """Those of some kept fits that are of the middle, as they are asked for."""
    return {
        (r, a, m.removesuffix(OF_MIDDLE), anchor, digest): fit
        for (r, a, m, anchor, digest), fit in known.items()
        if m.endswith(OF_MIDDLE)
    }


def kept_apart(made: Mapping[FitKey, dict[str, Any]]) -> dict[FitKey, dict[str, Any]]:
    """Fits of the middle as they are kept.

    >>> key = ("01", "kna", "waiting", Month(2025, 12), "1f")
    >>> fits_of_middle(kept_apart({key: {"a": 1}}) | {key: {"a": 2}}) == {key: {"a": 1}}
    True
    """
    return {(r, a, m + OF_MIDDLE, anchor, digest): fit for (r, a, m, anchor, digest), fit in made.items()}
