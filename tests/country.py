"""A small invented country with production, capacity, forecasts and gaps, for tests of `/produktion`, `/prognos`,
`/kapacitetsgap` and `/om`. Deliberately not Swedish: nothing may assume 21 counties."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

import numpy as np
import pandas as pd

from lagesbild.domain.care import CareArea, Region
from lagesbild.domain.gap_columns import GAP_COLUMNS
from lagesbild.domain.periods import Month
from lagesbild.domain.source import MEASURES, TOLD, Batch, Break, Run
from tests.fakes import RECORDED, FakeSource

LAST = Month(2026, 10)
MONTHS = 60
FIRST = LAST - (MONTHS - 1)
REGIONS = [
    Region("ALL", "Hela landet", "Riket", sort_order=0),
    Region("A", "Region Aldal", "Aldal", "Norra", lat=60.0, lon=15.0, sort_order=1, parent="ALL"),
    Region("B", "Region Björke", "Björke", "Norra", lat=61.0, lon=15.0, sort_order=2, parent="ALL"),
    Region("C", "Region Östvik", "Östvik", "Södra", lat=57.0, lon=13.0, sort_order=3, parent="ALL"),
]
AREAS = [
    CareArea("kna", "Knäprotesoperation", "operation", 90, sort_order=1, short_name="Knäprotes"),
    CareArea("gra", "Gråstarrsoperation", "operation", 90, sort_order=2, short_name="Gråstarr"),
    CareArea("besok", "Första besök", "first_visit", 90, sort_order=3),
    CareArea("atgard", "Operation/åtgärd", "other", 90, sort_order=4),
]
SEASON = np.array([1.06, 1.05, 1.12, 0.98, 1.08, 0.98, 0.5, 0.8, 1.08, 1.16, 1.1, 1.09])
SIZE = {("A", "kna"): 40, ("B", "kna"): 90, ("C", "kna"): 200, ("A", "gra"): 300, ("B", "gra"): 500, ("C", "gra"): 900}


def months(n: int = MONTHS, last: Month = LAST) -> list[Month]:
    return [last - (n - 1) + k for k in range(n)]


def flow_frames(seed: int = 7, slide: float = 0.0) -> dict[str, pd.DataFrame]:
    """Waits, production and capacity that satisfy the balance row by row. `slide`: fall of A's knees for 8 months."""
    rng = np.random.default_rng(seed)
    waits, production, capacity = [], [], []
    for (region, area), size in SIZE.items():
        stock = size * 4
        for k, m in enumerate(months()):
            factor = SEASON[m.month - 1]
            level = size * (1 - (slide if (region, area) == ("A", "kna") and k >= MONTHS - 8 else 0.0))
            performed = round(level * factor * (1 + rng.normal(0, 0.02)))
            removed = round(size * 0.15 * factor)
            # what leaves comes back in the same year, so that the list neither dies out nor grows for ever
            added = performed + removed + round(rng.normal(0, size * 0.03))
            stock += added - performed - removed
            within = round(stock * (0.86 - 0.06 * (m.month in (7, 8, 9)) + rng.normal(0, 0.01)))
            waits.append((str(m), region, area, stock, within, 5, 7))
            production.append((str(m), region, area, added, performed, removed, round(level * factor * 1.05)))
            capacity.append((str(m), region, area, round(size * factor * 1.1), 0))
    for k, m in enumerate(months(13, Month(2024, 1))):
        for area, base in (("besok", 500_000), ("atgard", 200_000)):
            production.append((str(m), "ALL", area, 1000 + 100 * k, 900, np.nan, np.nan))
            waits.append((str(m), "ALL", area, base + sum(100 + 100 * j for j in range(k + 1)), np.nan, np.nan, np.nan))
    keys = ["period", "region", "care_area"]
    return {
        "waits": pd.DataFrame(
            waits, columns=[*keys, "waiting", "within_limit", "excluded_patient_choice", "excluded_medical"]
        ),
        "production": pd.DataFrame(production, columns=[*keys, "added", "performed", "removed_other", "planned"]),
        "capacity": pd.DataFrame(capacity, columns=[*keys, "capacity", "committed"]),
    }


def run(run_id: int = 3, kind: str = "forecast", until: Month = LAST) -> Run:
    made = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)
    return Run(run_id, kind, made, 1, RECORDED, until, 12, 1, "0.1.0", 30, 12.5)


def beside(made: Run) -> Run:
    """What goes with a run for those who may not see all: without rows of its own it says what the run says."""
    return replace(made, run_id=100 + made.run_id, kind=TOLD, previous_run=made.run_id, calibration={"threshold": 5})


def forecast_frame(runs: list[Run], frames: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """A flat forecast at the last value, with bands that widen, and last year's value as baseline."""
    wide = frames["waits"].merge(frames["production"], on=["period", "region", "care_area"], how="left")
    wide["within_limit_share"] = wide["within_limit"] / wide["waiting"]
    rows = []
    for r in runs:
        for (region, area), part in wide[wide["region"] != "ALL"].groupby(["region", "care_area"]):
            rows += _series_rows(r, region, area, part)
        for area, part in wide[wide["region"] != "ALL"].groupby("care_area"):
            total = part.drop(columns=["region", "care_area"]).groupby("period").sum().reset_index()
            total["within_limit_share"] = total["within_limit"] / total["waiting"]
            rows += _series_rows(r, "", area, total)
    return pd.DataFrame(rows)


def _series_rows(r: Run, region: str, area: str, part: pd.DataFrame) -> list[dict]:
    known = part[part["period"] <= str(r.until)].sort_values("period")
    rows = []
    for measure in (*MEASURES, "expected_wait_days"):
        if r.kind == "record" and measure != "within_limit_share":
            continue
        values = known[measure].to_numpy(float) if measure in known else np.full(len(known), 70.0)
        for h in range(1, r.horizon + 1):
            spread = 0.02 * h**0.5 * (1 if measure == "within_limit_share" else values[-1])
            for role, model, centre in (
                ("forecast", "ETS", values[-1]),
                ("baseline", "seasonal_naive", values[h - 13]),
            ):
                bands = {
                    f"{side}{level}": centre + sign * width * spread
                    for level, width in ((50, 0.7), (80, 1.3), (95, 2.0))
                    for side, sign in (("lo", -1), ("hi", 1))
                }
                period = pd.Timestamp((r.until + h).first_day)
                rows.append(
                    dict(run_id=r.run_id, region=region, care_area=area, measure=measure, role=role, model=model,
                         period=period, horizon=h, mean=centre, p50=centre, note="", **bands)
                )  # fmt: skip
    return rows


def gap_row(region: str, area: str, status: str, **values: object) -> dict[str, object]:
    """One row of the gaps table; months are offsets from LAST."""
    row: dict[str, object] = dict.fromkeys(GAP_COLUMNS)
    row |= {
        "run_id": 3,
        "region": region,
        "care_area": area,
        "status": status,
        "target_share": 0.8,
        "seasonal_only": False,
        "reason": "",
    }
    row |= {"probability_3m": 0.1, "probability_6m": 0.2, "probability_12m": 0.2, "load": 0.97, "brokerable_share": 0.7}
    row |= {"share_now": 0.85, "structural_share_now": 0.86, "capacity_per_month": 50.0, "free_per_month": 6.0}
    row |= {"extra_per_week_to_target": 2.0, "extra_per_week_to_stabilise": 1.0, "extra_per_week_to_target_50": 1.5}
    row |= {
        k: (pd.Timestamp((LAST + v).first_day) if isinstance(v, int) and "opens" in k else v) for k, v in values.items()
    }
    return row


def make_small(source: FakeSource, region: str, care_area: str, within_limit: float) -> None:
    """A list of nine in every month, too small to show a share of."""
    waits = source.frames["waits"]
    rows = (waits["region"] == region) & (waits["care_area"] == care_area)
    waits.loc[rows, ["waiting", "within_limit"]] = [9.0, within_limit]


def gap_frame() -> pd.DataFrame:
    rows = [
        gap_row("A", "kna", "open", opens_period=-3, probability_12m=1.0, extra_per_week_to_target=3.6, load=1.05,
                structural_share_now=0.74, free_per_month=0.0),
        gap_row("B", "kna", "expected", opens_period=4, opens_lo=2, opens_hi=9, probability_12m=0.64, load=1.04,
                extra_per_week_to_target=1.2, free_per_month=0.0),
        gap_row("C", "kna", "none", free_per_month=30.0),
        gap_row("A", "gra", "watch", opens_period=7, opens_lo=5, opens_hi=11, probability_12m=0.39,
                extra_per_week_to_target=5.0),
        gap_row("B", "gra", "none", seasonal_only=True, reason="Under gränsen bara juli till september."),
        gap_row("C", "gra", "none", probability_3m=None, probability_6m=None, probability_12m=None, free_per_month=None,
                reason="Senaste månaden saknas."),
    ]  # fmt: skip
    frame = pd.DataFrame(rows)
    for c in ("opens_period", "opens_lo", "opens_hi", "target_period"):
        frame[c] = pd.to_datetime(frame[c])
    other = [frame.assign(target_share=t, status="none") for t in (0.7, 0.9)]
    return pd.concat([frame, *other], ignore_index=True)


@cache
def _made(slide: float) -> tuple[dict[str, pd.DataFrame], tuple[Run, ...], pd.DataFrame, pd.DataFrame]:
    frames = flow_frames(slide=slide)
    runs = (run(), *(run(10 + k, "record", LAST - 3 * (4 - k)) for k in range(4)))
    return frames, runs, forecast_frame(list(runs), frames), gap_frame()


def country(*, slide: float = 0.0, breaks: tuple[Break, ...] = ()) -> FakeSource:
    """The whole country as a Source: flows, a run with forecasts and gaps, and four replayed runs. Each caller has
    frames of its own to change."""
    frames, runs, forecasts, gaps = _made(slide)
    return FakeSource(
        region_rows=REGIONS,
        area_rows=AREAS,
        frames={name: frame.copy() for name, frame in frames.items()},
        break_rows=breaks,
        run_rows=[*runs, *(beside(r) for r in runs if r.kind == "forecast")],
        forecast_rows=forecasts.copy(),
        gap_rows=gaps.copy(),
        batch_rows=[
            Batch(1, "waits", "Påhittade data", RECORDED, 1000, True, False, "waits.csv"),
            Batch(2, "waits", "SKR, Väntetider i vården", RECORDED, 26, False, False, "skr.csv"),
        ],
    )
