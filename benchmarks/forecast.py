"""The forecast run on the demo's data, and its quality on real lists against the two baselines, in one run.

Speed: 63 pairs x 4 measures, paths, gaps and country, without database. Quality: Scottish lists in tests/data_files,
rolling origins, 12 months ahead: weighted quantile loss (2 x mean pinball of 7 quantiles) as a ratio to each baseline,
and how much of what came lay in the 80 and 95 % bands. A ratio below 1 beats the baseline. Between the two, one series
at a time in one process: our engine beside statsforecast's AutoETS (`make setup-bench`), each fitting anew.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from examples import scotland
from lagesbild.domain.periods import Month
from lagesbild.domain.source import MEASURES
from lagesbild.forecast.baselines import BASELINES
from lagesbild.forecast.engine import PooledEngine
from lagesbild.forecast.fanout import local_executor
from lagesbild.forecast.intervals import BANDS, bands_of
from lagesbild.forecast.members import filled
from lagesbild.forecast.pair import Plan, forecast_pair
from lagesbild.forecast.panel import COLUMNS, Pair, panel_of
from lagesbild.forecast.paths import Draws
from lagesbild.forecast.peers import Peer, available_peers
from lagesbild.forecast.pool import WINDOW
from lagesbild.forecast.series import Series

ROOT = Path(__file__).resolve().parents[1]
HORIZON, STEP = 12, 6


def _forecast(task: tuple[Pair, Plan]) -> int:
    return len(forecast_pair(*task).paths)


def _read(path: Path) -> pd.DataFrame:
    frame = pd.read_csv(path, dtype={"region": str, "care_area": str})
    frame = frame[frame["provider"].isna()] if "provider" in frame else frame
    missing = {name for names in COLUMNS.values() for name in names} - set(frame)
    return frame.assign(**dict.fromkeys(missing, np.nan), period=pd.to_datetime(frame["period"]), suppressed=None)


def _panel(waits: pd.DataFrame, production: pd.DataFrame) -> tuple[list[Pair], Month]:
    until = Month.of(waits["period"].max())
    panel = panel_of(
        {"waits": waits, "production": production},
        regions=sorted(set(waits["region"])),
        care_areas=sorted(set(waits["care_area"])),
        until=until,
        breaks=[],
    )
    return panel.pairs(until), until


def _demo_pairs() -> list[Pair]:
    seed = ROOT / "data" / "seed" / "synthetic"
    frames = [
        pd.concat([_read(f) for f in sorted(seed.glob(f"{name}-*.csv"))]).drop_duplicates(
            ["period", "region", "care_area"], keep="last"
        )
        for name in ("waits", "production")
    ]
    pairs, _ = _panel(*frames)
    return pairs


def speed(pairs: list[Pair]) -> None:
    """Seconds for the demo's pairs, in one process and in one a core."""
    tasks = [(p, Plan(seed=1, horizon=HORIZON, n_paths=1_000)) for p in pairs]
    for jobs in (1, None):
        start = time.perf_counter()
        list(local_executor(jobs, len(tasks)).map(_forecast, tasks))
        seconds = time.perf_counter() - start
        what = "en process" if jobs else "en process per kärna"
        print(f"   {len(pairs)} par x 4 mått, {what}: {seconds:.1f} s, {1000 * seconds / len(pairs) / 4:.0f} ms/serie")


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


def quality() -> None:
    """Loss against the baselines and coverage, per measure."""
    with tempfile.TemporaryDirectory() as out:
        scotland.convert(ROOT / "tests" / "data_files" / "scotland", Path(out))
        pairs, until = _panel(_read(Path(out) / "waits.csv"), _read(Path(out) / "production.csv"))
    draws, engine, scores = Draws.of(1, 1_000, 2 * HORIZON), PooledEngine.fresh(), []
    for pair in pairs:
        for measure in ("waiting", "within_limit_share", "performed"):
            truth = pair.values(measure)
            for stop in range(48, len(truth) - HORIZON + 1, STEP):
                cut = Pair(pair.region, pair.care_area, pair.first, {k: v[:stop] for k, v in pair.columns.items()})
                series, came = cut.series(measure), truth[stop : stop + HORIZON]
                if series.refusal or series.constant or np.isnan(came).all():
                    continue
                made = {name: b(series, HORIZON, draws) for name, b in BASELINES.items()}
                made["forecast"] = engine.fit_paths(series, HORIZON, draws).paths
                lag = np.abs(truth[12:stop] - truth[: stop - 12])
                for name, paths in made.items():
                    scores.append((measure, name, *_score(bands_of(paths), came, float(np.nanmean(lag)))))
    table = pd.DataFrame(scores, columns=["measure", "name", "loss", "c80", "c95"])
    for measure, rows in table.groupby("measure"):
        means = rows.groupby("name")[["loss", "c80", "c95"]].mean()
        ours = means.loc["forecast"]
        print(
            f"   {measure:<19} WQL/naiv {ours['loss'] / means.loc['naive', 'loss']:.2f}  "
            f"WQL/säsongsnaiv {ours['loss'] / means.loc['seasonal_naive', 'loss']:.2f}  "
            f"80 %-band {100 * ours['c80']:.0f} %  95 %-band {100 * ours['c95']:.0f} %  "
            f"({(rows['name'] == 'forecast').sum()} prognoser till och med {until})"
        )


def _score(bands: dict[str, np.ndarray], came: np.ndarray, scale: float) -> tuple[float, float, float]:
    seen = ~np.isnan(came)
    pinball = [
        np.maximum(level * (came - bands[name]), (level - 1) * (came - bands[name]))[seen]
        for name, level in BANDS.items()
    ]

    def covered(width: int) -> float:
        return float(((bands[f"lo{width}"] <= came) & (came <= bands[f"hi{width}"]))[seen].mean())

    return 2 * float(np.mean(pinball)) / scale, covered(80), covered(95)


if __name__ == "__main__":
    demo = _demo_pairs()
    speed(demo)
    beside(demo)
    quality()
