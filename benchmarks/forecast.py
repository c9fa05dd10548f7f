"""The monthly forecast run on the demo's data, and our engine beside statsforecast's AutoETS, in one run.

The whole run without database: 63 pairs x 4 measures, replays, calibration, 1 000 paths, gaps, record and country;
first with nothing known, then a month later with the fits that the first left behind. Then one series at a time in one
process: our engine beside AutoETS (`make setup-bench`), each fitting anew. How good the forecasts are is printed by
`lagesbild backtest`.
"""

from __future__ import annotations

import resource
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from lagesbild.domain.care import CareArea, Region
from lagesbild.domain.fits import MemoryFits
from lagesbild.domain.periods import Month
from lagesbild.domain.run_contents import RunContents
from lagesbild.domain.source import MEASURES, DataVersion, Query, Run
from lagesbild.forecast.engine import PooledEngine
from lagesbild.forecast.fanout import local_executor
from lagesbild.forecast.intervals import bands_of
from lagesbild.forecast.members import filled
from lagesbild.forecast.panel import COLUMNS, Pair, panel_of
from lagesbild.forecast.paths import Draws
from lagesbild.forecast.peers import Peer, available_peers
from lagesbild.forecast.series import WINDOW, Series
from lagesbild.jobs.forecasting import run_forecast

SEED = Path(__file__).resolve().parents[1] / "data" / "seed" / "synthetic"
HORIZON = 12


class Files:
    """The synthetic country's files as a source: what a run asks of the database."""

    def __init__(self) -> None:
        self.frames = {name: _read(name) for name in ("waits", "production", "capacity")}
        self.version_read = DataVersion(1, datetime.now(UTC))

    def version(self) -> DataVersion:
        return self.version_read

    def regions(self) -> list[Region]:
        return [Region(code, code, code) for code in sorted(set(self.frames["waits"]["region"]))]

    def care_areas(self) -> list[CareArea]:
        return [CareArea(code, code, "operation", 90) for code in sorted(set(self.frames["waits"]["care_area"]))]

    def latest_month(self) -> Month:
        return Month.of(self.frames["waits"]["period"].max())

    def facts(self, dataset: str, query: Query) -> pd.DataFrame:
        frame = self.frames[dataset]
        assert query.last is not None
        return frame[frame["period"] <= pd.Timestamp(query.last.first_day)].reset_index(drop=True)

    def guarantee_limits(self) -> list[Any]:
        return []

    def breaks(self) -> list[Any]:
        return []

    def runs(self, kind: str = "forecast") -> list[Run]:
        return []


class Nowhere:
    """Stores nothing."""

    def store(self, run: Run, contents: RunContents) -> Run:
        return run


def _read(name: str) -> pd.DataFrame:
    frame = pd.concat(
        [pd.read_csv(f, dtype={"region": str, "care_area": str}) for f in sorted(SEED.glob(f"{name}-*.csv"))]
    )
    if "provider" in frame:
        frame = frame[frame["provider"].isna()]
    frame = frame.drop_duplicates(["period", "region", "care_area"], keep="last")
    missing = {column for columns in COLUMNS.values() for column in columns} - set(frame)
    return frame.assign(
        **dict.fromkeys(missing, np.nan), provider="", period=pd.to_datetime(frame["period"]), suppressed=None
    )


def monthly(source: Files) -> None:
    """Seconds of the whole run, with nothing known and a month later, and the most memory a process has held."""
    fits, last = MemoryFits(), source.latest_month()
    for what, until in (("första gången", last - 1), ("en månad senare", last)):
        start = time.perf_counter()
        run = run_forecast(source, Nowhere(), until=until, fits=fits)
        seconds = time.perf_counter() - start
        print(f"   hela körningen, {what}: {seconds:.1f} s ({run.series} serier, {len(fits.kept)} anpassningar kända)")
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    print(f"   mest minne i en process: {peak:.0f} MB")


def _pairs(source: Files) -> list[Pair]:
    until = source.latest_month()
    panel = panel_of(
        source.frames,
        regions=[r.code for r in source.regions()],
        care_areas=[a.code for a in source.care_areas()],
        until=until,
        breaks=[],
    )
    return panel.pairs(until)


def beside(pairs: list[Pair]) -> None:
    """Milliseconds per series, ours (fit, 1 000 paths, bands) over AutoETS's (fit, 7 quantiles), taking turns."""
    peer = next((p for p in available_peers() if p.name == "AutoETS"), None)
    if peer is None:
        print("   statsforecast är inte installerat (make setup-bench): ingen jämförelse med AutoETS")
        return
    every = [p.series(measure) for p in pairs for measure in MEASURES]
    tasks = [(s.last(WINDOW), peer) for s in every if not s.refusal]
    timed = np.array(list(local_executor(1, len(tasks)).map(_timed, tasks)))
    both = timed[~np.isnan(timed).any(axis=1)][1:]  # the first loads the packages
    ours, theirs = 1000 * both.mean(axis=0)
    print(
        f"   {len(both)} serier, en process: vi {ours:.1f} ms/serie (median {1000 * np.median(both[:, 0]):.1f}), "
        f"AutoETS {theirs:.1f} (median {1000 * np.median(both[:, 1]):.1f}); vi tar {ours / theirs:.2f} av deras tid"
    )


def _timed(task: tuple[Series, Peer]) -> tuple[float, float]:
    series, peer = task
    begun = time.perf_counter()
    bands_of(PooledEngine.fresh().fit_paths(series, HORIZON, Draws.of(1, 1_000, 2 * HORIZON)).paths)
    between = time.perf_counter()
    try:
        peer.quantiles(filled(series)[0], HORIZON)
    except ValueError:
        return between - begun, float("nan")
    return between - begun, time.perf_counter() - between


if __name__ == "__main__":
    files = Files()
    monthly(files)
    beside(_pairs(files))
