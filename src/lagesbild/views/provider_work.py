"""What does each provider do? Performed in a year, who waits there, load against capacity, as part of the region.

The twins of a region's providers add up to the region's, so that the pattern is the same whatever is chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd

from lagesbild.domain.capacity import load
from lagesbild.domain.care import CareArea, Provider, Region
from lagesbild.domain.disclosure import State, states_of
from lagesbild.domain.periods import Month
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Query, Source
from lagesbild.domain.swedish import sort_key
from lagesbild.domain.viewer import Viewer
from lagesbild.views.area_twin import AreaTwin, area_twin
from lagesbild.views.cell_count import CellCount, cell_count
from lagesbild.views.provider_twin import ProviderTwins, provider_twins
from lagesbild.views.wait_bands import provider_states
from lagesbild.views.wait_counts import Counts

YEAR: Final = 12
_REST: Final = "\0rest"  # the cell of what the providers leave; no provider is called that
_SOURCED: Final = ("waiting", "added", "performed", "removed_other", "capacity")


@dataclass(frozen=True)
class Work:
    """A provider's year up to `end`, in one care area. `performed` over twelve months, `waiting` in the last; `used` is
    the part of the capacity that performed took, `load` inflow over capacity; None when a month of either is missing or
    protected (`load_state` tells which). `share` of the region's performed. `to_all`: whether all see performed."""

    area: CareArea
    region: Region
    provider: Provider
    performed: CellCount
    waiting: CellCount
    used: float | None
    load: float | None
    load_state: State
    share: float | None
    provisional: bool
    to_all: bool


@dataclass(frozen=True)
class RegionWork:
    """One region's providers in one care area, largest first; those whose number is hidden or missing by name at the
    end. `performed` is the region's own, `rest` what its providers' rows leave of it ("övriga"; None when there is
    nothing left, or a year is not known), `end` the last month with production."""

    area: CareArea
    region: Region
    end: Month
    rows: tuple[Work, ...]
    performed: CellCount
    rest: CellCount | None


def provider_work(
    source: Source,
    area: CareArea,
    regions: Sequence[Region],
    end: Month,
    counts: Counts,
    selection: Selection,
    viewer: Viewer,
) -> tuple[RegionWork, ...]:
    """Of every region in `regions` that has rows of providers. `counts`: the protected waits of the month `end`; where
    production ends earlier, its twelve months do too."""
    asked = Query(
        regions=tuple(r.code for r in regions),
        care_areas=(area.code,),
        provider=None,
        first=end - (2 * YEAR - 1),  # a region that is late has its twelve months before
        last=end,
        as_of=selection.as_of,
    )
    frames = {name: source.facts(name, asked) for name in ("waits", "production", "capacity")}
    made = frames["production"]
    if made.empty:
        return ()
    twins = _twins(source, area, Month.of(made["period"].max()), selection, viewer)
    known = {p.code: p for p in source.providers()}
    by_region = {r.code: r for r in regions}
    series = _series(frames, Month.of(made["period"].max()))
    waits = frames["waits"]
    waits = waits[waits["period"] == pd.Timestamp(end.first_day)]
    out = []
    for code, rows in made[made["provider"] != ""].groupby("region", sort=False):
        region = by_region[str(code)]
        codes = [p for p in dict.fromkeys(rows["provider"].astype(str)) if p in known]
        if codes:
            out.append(_region(area, region, [known[p] for p in codes], series, waits, counts, twins, viewer))
    order = {r.code: k for k, r in enumerate(regions)}
    return tuple(sorted(out, key=lambda x: order[x.region.code]))


def largest(found: Sequence[RegionWork], n: int) -> tuple[Work, ...]:
    """The providers with most performed over all regions; hidden numbers have no place in an order. Those of the
    viewer's own region that others do not see stand among them and take nobody's place."""
    rows = [w for region in found for w in region.rows if w.performed.value is not None]
    rows.sort(key=lambda w: (-(w.performed.value or 0), sort_key(w.provider.name)))
    told = [w for w in rows if w.to_all][:n]
    last = told[-1].performed.value or 0 if len(told) == n else 0
    return tuple(w for w in rows if w in told or (not w.to_all and (w.performed.value or 0) >= last))


@dataclass
class _Twins:
    """By how much the twin's year differs, for a region ("" as provider) or one of its providers."""

    whole: AreaTwin
    read: Callable[[str], ProviderTwins]
    kept: dict[str, ProviderTwins] = field(default_factory=dict)

    def year(self, region: str, provider: str, column: str) -> float:
        if not provider:
            k = next(k for k, r in enumerate(self.whole.regions) if r.code == region)
            return float(self.whole.differences[column][k, -YEAR:].sum())
        if region not in self.kept:
            self.kept[region] = self.read(region)
        return float(self.kept[region].of(provider, column)[-YEAR:].sum())

    def demand(self, region: str, provider: str) -> float:
        return self.year(region, provider, "added") - self.year(region, provider, "removed_other")


def _twins(source: Source, area: CareArea, end: Month, selection: Selection, viewer: Viewer) -> _Twins:
    told = selection.with_(care_area=area.code, month=end, region="", provider="", healthcare_region="")
    whole = area_twin(source, told, end - YEAR, viewer)
    return _Twins(whole, lambda region: provider_twins(source, told, area, region, whole, viewer.threshold))


@dataclass(frozen=True)
class _Series:
    """`values[column]`: months down ((region, provider) across); `early`: pairs with a provisional last month."""

    values: Mapping[str, pd.DataFrame]
    early: frozenset[tuple[str, str]]
    end: Month

    def of(self, region: str, provider: str) -> pd.DataFrame:
        """The columns of one provider ("" = the region itself), NaN where nothing is reported."""
        return pd.DataFrame({c: f.get((region, provider), pd.Series(np.nan, f.index)) for c, f in self.values.items()})


def _series(frames: Mapping[str, pd.DataFrame], end: Month) -> _Series:
    months = pd.date_range(end=pd.Timestamp(end.first_day), periods=YEAR + 1, freq="MS")
    values = {}
    for column, name in zip(_SOURCED, ("waits", "production", "production", "production", "capacity"), strict=True):
        wide = frames[name].set_index(["period", "region", "provider"])[column].unstack(["region", "provider"])
        values[column] = wide.reindex(months).astype(float)
    early: set[tuple[str, str]] = set()
    for name in ("waits", "production"):
        rows = frames[name]
        last = rows[(rows["period"] == months[-1]) & (rows["value_status"] == "provisional")]
        early |= set(zip(last["region"].astype(str), last["provider"].astype(str), strict=True))
    return _Series(values, frozenset(early), end)


def _region(
    area: CareArea,
    region: Region,
    providers: Sequence[Provider],
    series: _Series,
    waits: pd.DataFrame,
    counts: Counts,
    twins: _Twins,
    viewer: Viewer,
) -> RegionWork:
    everybody, viewer = viewer, viewer.of(region.code)
    own = series.of(region.code, "")
    parts = {p.code: series.of(region.code, p.code) for p in providers}
    exact = {c: _sum(f["performed"]) for c, f in {"": own, **parts}.items()}
    others = {c: None if v is None else v + twins.year(region.code, c, "performed") for c, v in exact.items()}
    states = {c: _state(v, others[c], viewer) for c, v in exact.items()}
    left, other_left = _left(exact), _left(others)
    waiting, waiting_states = provider_states(waits, counts, region.code, viewer)
    whole = cell_count(exact[""], states[""])
    rows = []
    for p in providers:
        done = cell_count(exact[p.code], states[p.code])
        # who leaves without treatment needs no place; shown when the twin's inflow is the same
        safe = viewer.role == "exact" or not twins.demand(region.code, p.code)
        ratio = _load(parts[p.code])
        rows.append(
            Work(
                area=area,
                region=region,
                provider=p,
                performed=done,
                waiting=cell_count(
                    waiting.get((p.code, "waiting")), waiting_states.get((p.code, "waiting"), "missing")
                ),
                used=_used(parts[p.code], done),
                load=ratio if safe else None,
                load_state="missing" if ratio is None else "" if safe else "secondary",
                share=done.value / whole.value if done.value is not None and whole.value else None,
                provisional=(region.code, p.code) in series.early,
                to_all=_state(exact[p.code], others[p.code], everybody) == "",
            )
        )
    rows.sort(key=lambda w: (w.performed.value is None, -(w.performed.value or 0), sort_key(w.provider.name)))
    rest = cell_count(left, _state(left, other_left, viewer)) if left or other_left else None
    return RegionWork(area, region, series.end, tuple(rows), whole, rest)


def _state(value: float | None, other: float | None, viewer: Viewer) -> State:
    a, b = (np.array(np.nan if x is None else x) for x in (value, other))
    state: State = states_of(a, b, viewer).item()
    return state


def _left(exact: Mapping[str, float | None]) -> float | None:
    """What the providers leave of the region's own; None when a year is not known or the parts are more."""
    parts = [v for c, v in exact.items() if c]
    total = exact[""]
    if total is None or any(v is None for v in parts):
        return None
    return max(0.0, total - sum(v or 0.0 for v in parts))


def _sum(values: pd.Series) -> float | None:
    """Of the last year; None when a month is missing."""
    year = values.iloc[-YEAR:]
    return None if year.isna().any() else float(year.sum())


def _used(frame: pd.DataFrame, performed: CellCount) -> float | None:
    """Performed over capacity of the year, of a performed that is shown."""
    capacity = _sum(frame["capacity"])
    return performed.value / capacity if performed.value is not None and capacity else None


def _load(frame: pd.DataFrame) -> float | None:
    """Inflow over capacity of the year: who leaves without treatment needs no place (as in `capacity_use`)."""
    year = frame.iloc[-YEAR:]
    capacity, added = _sum(year["capacity"]), _sum(year["added"])
    if not capacity or added is None:
        return None
    value = load(added - float(year["removed_other"].fillna(0.0).sum()), capacity)
    return value if np.isfinite(value) else None
