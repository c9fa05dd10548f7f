"""Making a stored run again from the data as they were known then, and comparing to the last digit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from lagesbild.domain.errors import InputError
from lagesbild.domain.run_contents import RunContents
from lagesbild.domain.source import Run, Source
from lagesbild.forecast.fanout import Executor
from lagesbild.jobs.forecasting import Progress, run_forecast
from lagesbild.jobs.middle import Middles, told_run_of

_KEYS = {
    "forecasts": ["region", "care_area", "measure", "role", "model", "period"],
    "gaps": ["region", "care_area", "target_share"],
}
_TEXTS = ("note", "status", "reason")


@dataclass(frozen=True)
class Rerun:
    """What a run made again came to. `differences`: Swedish lines, one a table that is not the same; empty when all of
    it is. `rows` is how many rows and paths were compared."""

    run: Run
    differences: tuple[str, ...]
    rows: int


class _Kept:
    """A store that keeps what it is given and stores nothing."""

    contents: RunContents

    def store(self, run: Run, contents: RunContents) -> Run:
        self.contents = contents
        return run


def rerun(
    source_at: Callable[[datetime | None], Source],
    run_id: int,
    *,
    jobs: int | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
    middles: Callable[[int], Middles] | None = None,
) -> Rerun:
    """Make a stored forecast run again and compare. Nothing is stored.

    `source_at(moment)` is the source as it was known at a moment, `middles(threshold)` what the part for those who may
    not see all is made with, if there is one. Raises InputError for a run that does not exist.
    """
    now = source_at(None)
    run = next((r for r in now.runs() if r.run_id == run_id), None)
    if run is None:
        known = ", ".join(str(r.run_id) for r in now.runs()[:10]) or "inga"
        raise InputError(f"Det finns ingen prognoskörning {run_id}.", f"De senaste är: {known}.")
    beside = None if middles is None else told_run_of(now, run)
    kept = _Kept()
    run_forecast(
        source_at(run.data_as_of),
        kept,
        horizon=run.horizon,
        until=run.until,
        jobs=jobs,
        seed=run.seed,
        n_paths=run.paths,
        progress=progress,
        executor=executor,
        as_of=run.data_as_of,
        previous_run=run.previous_run,
        middles=middles(int(beside.calibration["threshold"])) if middles and beside else None,
    )
    made = kept.contents
    told = [
        *_compared("forecasts", now.forecasts((run_id,), baselines=True), made.forecasts),
        *_compared("gaps", now.gaps(run_id), made.gaps),
        *_paths(now, run_id, made),
    ]
    if beside is not None and made.told is not None:
        told += [f"för dem som inte ser alla tal: {t}" for t in _of_told(now, beside, made.told.contents)]
    return Rerun(run, tuple(told), len(made.forecasts) + len(made.gaps) + len(made.paths))


def _of_told(now: Source, beside: Run, made: RunContents) -> list[str]:
    return [
        *_compared("forecasts", now.forecasts((beside.run_id,), baselines=True), made.forecasts),
        *_compared("gaps", now.gaps(beside.run_id), made.gaps),
        *_paths(now, beside.run_id, made),
    ]


def _compared(table: str, stored: pd.DataFrame, made: pd.DataFrame) -> list[str]:
    if len(stored) != len(made):
        return [f"{table}: {len(stored)} rader då, {len(made)} nu."]
    if made.empty:
        return []
    keys = _KEYS[table]
    a, b = (_ordered(frame, keys) for frame in (stored, made))
    shared = [c for c in a.columns if c in b.columns and c != "run_id"]
    found = [c for c in shared if not _same(a[c], b[c], text=c in (*keys, *_TEXTS))]
    return [f"{table}: {', '.join(found)} skiljer sig."] if found else []


def _ordered(frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    dated = [c for c in frame.columns if c == "period" or c.endswith("_period") or c in ("opens_lo", "opens_hi")]
    out = frame.assign(**{c: pd.to_datetime(frame[c]).astype("datetime64[s]") for c in dated})
    return out.sort_values(keys).reset_index(drop=True)


def _same(a: pd.Series, b: pd.Series, *, text: bool) -> bool:
    if text or a.dtype.kind in "Mb":
        return a.astype(str).tolist() == b.astype(str).tolist()
    return bool(np.array_equal(a.to_numpy(float), b.to_numpy(float), equal_nan=True))


def _paths(source: Source, run_id: int, made: RunContents) -> list[str]:
    wrong = 0
    for (region, care_area, measure), values in made.paths.items():
        stored = source.paths(run_id, region, care_area, measure)
        wrong += stored is None or not np.array_equal(stored.astype(np.float32), values, equal_nan=True)
    return [f"utfall: {wrong} av {len(made.paths)} serier skiljer sig."] if wrong else []
