"""What is expected over the coming year: two years of outcome, the stored forecast with its bands, and the gap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from lagesbild.domain.care import CareArea, Region
from lagesbild.domain.disclosure import COARSE_DECIMALS
from lagesbild.domain.expected_wait import YEAR, first_come_wait_days
from lagesbild.domain.guarantee import limit_days
from lagesbild.domain.periods import Month
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import COUNTRY, Run, Source
from lagesbild.domain.viewer import Viewer
from lagesbild.views.flows import WINDOW_MONTHS, Flows, flows
from lagesbild.views.forecast_gap import Gap, guarded_gap, stored_gap
from lagesbild.views.guards import RECENT, Guard, share_level
from lagesbild.views.region_shares import visible_shares
from lagesbild.views.small_counts import flow_states, hidden_in
from lagesbild.views.told_run import ToldRun

MIN_MONTHS: Final = 24  # shorter series get no forecast
_SAME: Final = 1e-9
_FEW: Final = 8  # care areas asked for at first where none is chosen
SHARE: Final = "within_limit_share"
WAIT: Final = "expected_wait_days"
BANDS: Final = ("mean", "p50", "lo50", "hi50", "lo80", "hi80", "lo95", "hi95")


@dataclass(frozen=True)
class Forecast:
    """`history`: columns period, share, coarse (in whole per cent, or protected), waiting, added, performed, wait_days,
    provisional; 24 months to the run's end, NaN where missing or hidden from the viewer. `bands[measure]`: columns
    period, horizon and BANDS, empty when there is none. `last_year`: month ahead -> the share of the same month the
    year before, as the viewer sees it, and whether in whole per cent. `observed` counts the months with a share.
    `coarse`: shares are in whole per cent; `protected`: measures whose forecast is not shown, because it may repeat a
    hidden count.
    """

    run: Run
    care_area: CareArea
    region: Region | None
    target: float
    limit_days: int
    history: pd.DataFrame
    bands: dict[str, pd.DataFrame]
    last_year: dict[pd.Timestamp, tuple[float, bool]]
    models: dict[str, str]
    notes: dict[str, tuple[str, ...]]
    gap: Gap | None
    observed: int
    flows: Flows | None
    coarse: bool = False
    protected: frozenset[str] = frozenset()
    wait_told: bool = True

    def at_end(self, measure: str, column: str = "p50") -> float | None:
        """The forecast for the last month of the horizon."""
        frame = self.bands.get(measure)
        last = np.nan if frame is None or frame.empty else float(frame[column].iloc[-1])
        return None if np.isnan(last) else last

    @property
    def end(self) -> Month:
        return self.run.until + self.run.horizon

    @property
    def too_short(self) -> bool:
        """Whether there is no forecast of the share because the series is too short."""
        return SHARE not in self.bands and SHARE not in self.protected and self.observed < MIN_MONTHS


def chosen_run(source: Source, selection: Selection) -> Run | None:
    """The run asked for, else the newest made on data up to the chosen month, else the latest of all; None when no
    forecast has been made. Whoever shows it for a month that it was not made for says so: see `of_another_month`."""
    runs = source.runs("forecast")
    asked = next((r for r in runs if r.run_id == selection.run), None)
    then = next((r for r in runs if r.until == selection.month), None)
    return asked or then or (runs[0] if runs else None)


def of_another_month(run: Run | None, month: Month | None) -> bool:
    """Whether the run saw data to another month than the one that the figures beside it are of: what it says of the
    coming year is then not said from where they stand."""
    return run is not None and month is not None and run.until != month


def forecast_fan(source: Source, selection: Selection, viewer: Viewer) -> Forecast | None:
    """The forecast of one series. None when there is no run or no care area. Without a chosen care area the first with
    forecasts is taken; without a region the country, or the first region with forecasts when the country has none."""
    run = chosen_run(source, selection)
    if run is None:
        return None
    areas = sorted(source.care_areas(), key=lambda a: (a.sort_order, a.code))
    codes = (selection.care_area,) if selection.care_area else tuple(a.code for a in areas)
    run_told = ToldRun(source, run, viewer)
    rows = _first_rows(run_told, (selection.region,), codes)
    code = selection.region
    if rows.empty and not selection.region:
        rows = _first_rows(run_told, (), codes)
    present = set(rows["care_area"])
    area = next((a for a in areas if a.code in present), None) or next(
        (a for a in areas if a.code == selection.care_area), areas[0] if areas else None
    )
    if area is None:
        return None
    rows = rows[rows["care_area"] == area.code]
    if not selection.region and not rows.empty and COUNTRY not in set(rows["region"]):
        code = str(rows["region"].iloc[0])
        rows = rows[rows["region"] == code]
    viewer = viewer.of(code)
    told = selection.with_(care_area=area.code, region=code, month=run.until, provider="")
    found = flows(source, told, need=("waiting",), viewer=viewer)
    region = next((r for r in source.regions() if r.code == code), None)
    own = rows[rows["role"] == "forecast"]
    history, observed, guard = _history(source, found, run.until, viewer)
    bands = {str(m): _bands(f) for m, f in own.groupby("measure") if f["p50"].notna().any()}
    if guard.share == "coarse" and SHARE in bands:
        bands[SHARE] = bands[SHARE].assign(**{c: bands[SHARE][c].round(COARSE_DECIMALS) for c in BANDS})
    gap = stored_gap(run_told, code, area.code, selection.target / 100)
    return Forecast(
        run=run,
        care_area=area,
        region=region,
        target=selection.target / 100,
        limit_days=limit_days(area, code, run.until, source.guarantee_limits()),
        history=history,
        bands={m: f for m, f in bands.items() if m not in guard.protected},
        last_year=_last_year(history, run),
        models={str(m): str(f["model"].iloc[0]) for m, f in own.groupby("measure")},
        notes={str(m): tuple(dict.fromkeys(str(n) for n in f["note"] if n)) for m, f in own.groupby("measure")},
        gap=None if gap is None else guarded_gap(gap, guard, viewer),
        observed=observed,
        flows=found,
        coarse=guard.share == "coarse",
        protected=guard.protected & bands.keys(),
        wait_told=guard.wait,
    )


@dataclass(frozen=True)
class FanGuard(Guard):
    """With the measures whose forecast is not shown."""

    protected: frozenset[str] = frozenset()


def _bands(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.sort_values("period")[["period", "horizon", *BANDS]].reset_index(drop=True)


def _history(source: Source, found: Flows | None, until: Month, viewer: Viewer) -> tuple[pd.DataFrame, int, FanGuard]:
    """Twenty-four months to the run's last one, how many months of the whole series have a share, and what may be told
    of a forecast made on them."""
    index = pd.date_range(end=pd.Timestamp(until.first_day), periods=WINDOW_MONTHS, freq="MS", name="period")
    columns = ["share", "coarse", "waiting", "added", "performed", "wait_days"]
    if found is None:
        return (
            pd.DataFrame(np.nan, index=index, columns=columns).assign(coarse=False, provisional=False).reset_index(),
            0,
            FanGuard(),
        )
    totals = ("waiting", "within_limit", "added", "performed", "removed_other")
    total = pd.DataFrame({c: found.total(c) for c in totals})
    other = total if viewer.role == "exact" else pd.DataFrame({c: found.other_total(c) for c in totals})
    days, other_days = _waits(total), _waits(other)
    total["wait_days"] = days if other is total else _agreed_days(days, other_days)
    within = total["within_limit"].where(total["waiting"] > 0)
    observed = int(within.notna().sum())
    window = total.reindex(index)
    states = flow_states(found, viewer).reindex(index)
    frame = window[["waiting", "added", "performed"]].mask(states[["waiting", "added", "performed"]] != "")
    shares = visible_shares(source, found, viewer).reindex(index)
    frame["share"] = shares["share"]
    frame["coarse"] = shares["coarse"].eq(True)
    frame["wait_days"] = window["wait_days"]
    frame["provisional"] = [Month.of(p) in found.provisional for p in index]
    guard = fan_guard(total, other, states, shares, viewer)
    return frame[[*columns, "provisional"]].reset_index(), observed, guard


def fan_guard(
    total: pd.DataFrame, other: pd.DataFrame, states: pd.DataFrame, shares: pd.DataFrame, viewer: Viewer
) -> FanGuard:
    """From the months that a forecast may repeat. `total` and `other` (the twin's) have the columns of the balance and
    within_limit, `states` those of the balance, `shares` share and coarse; months down, the last one the run's last."""
    recent, told = states.iloc[-RECENT:], shares.iloc[-RECENT:]
    level = share_level(told["share"].to_numpy(float), told["coarse"].eq(True).to_numpy())
    hidden = {c for c in ("waiting", "added", "performed") if hidden_in(recent[c]).any()}
    demand, theirs = (x["added"].iloc[-YEAR:].sum() - x["removed_other"].iloc[-YEAR:].sum() for x in (total, other))
    protected = {SHARE} if level == "hidden" else set()
    protected |= hidden | ({WAIT} if hidden & {"waiting", "performed"} else set())
    now = total["waiting"].iloc[-1]
    return FanGuard(
        share=level,
        amounts=share_level(told["share"].to_numpy(float)[-1:], told["coarse"].eq(True).to_numpy()[-1:]) != "hidden",
        load=viewer.role == "exact" or abs(demand - theirs) < _SAME,
        wait=WAIT not in protected,
        waiting=float(now) if len(states) and states["waiting"].iloc[-1] == "" else None,
        protected=frozenset(protected),
    )


def _agreed_days(days: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Waits in days where they are the same in the twin: exact, or rounded to whole days as they are shown."""
    same = np.abs(days - other) < _SAME
    rounded = np.where(np.round(days) == np.round(other), np.round(days), np.nan)
    return np.where(same, days, rounded)


def _last_year(history: pd.DataFrame, run: Run) -> dict[pd.Timestamp, tuple[float, bool]]:
    """From the history that is shown: a stored baseline would tell what is hidden there."""
    told = zip(history["share"].astype(float), history["coarse"].astype(bool), strict=True)
    shown = dict(zip(pd.to_datetime(history["period"]), told, strict=True))
    ahead = [pd.Timestamp((run.until + k).first_day) for k in range(1, min(run.horizon, YEAR) + 1)]
    return {month: shown.get(month - pd.DateOffset(years=1), (np.nan, False)) for month in ahead}


def _waits(total: pd.DataFrame) -> np.ndarray:
    """Expected wait, days, of a person added in each month, as in the forecast: first come, first served, at the
    outflow that came, and beyond the last month at that of the twelve months before it. NaN up to the last month
    without production, and with less than a year after that."""
    outflow = (total["performed"] + total["removed_other"].fillna(0)).to_numpy(float)
    days = np.full(len(total), np.nan)
    missing = np.flatnonzero(np.isnan(outflow))
    start = int(missing[-1]) + 1 if len(missing) else 0
    if len(total) - start >= YEAR:
        waiting = total["waiting"].to_numpy(float)[start:]
        days[start:] = first_come_wait_days(waiting[None], outflow[start:][None], ())[0]
    return days


def _first_rows(told: ToldRun, regions: tuple[str, ...], codes: tuple[str, ...]) -> pd.DataFrame:
    """Forecasts of care areas among which the first with any is: one is shown, and a country may have thousands."""
    rows = told.forecasts(regions=regions, care_areas=codes[:_FEW])
    if rows.empty and len(codes) > _FEW:
        rows = told.forecasts(regions=regions)
    return rows
