"""What comes in and goes out, by care area, region and month, with each month's twin: the same as on `/produktion`.

A row of a month is what that page says when the month is chosen. So the country is the sum over the regions that it
adds up then (see `flows.flows`), and a row is the same whatever months are asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from lagesbild.domain.care import CareArea, Region
from lagesbild.domain.periods import Month
from lagesbild.domain.registers import register_of
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Query, Source
from lagesbild.domain.viewer import Viewer
from lagesbild.views.area_twin import AreaTwin, area_twin, cubes, made_twin, reporting_now
from lagesbild.views.flows import WINDOW_MONTHS
from lagesbild.views.published_tables.model import Origin, origin
from lagesbild.views.published_tables.monthly_waits import monthly_waits
from lagesbild.views.published_tables.span import Span
from lagesbild.views.wait_reporting import excluded_months
from lagesbild.views.waits import Waits

_YEAR: Final = 12
_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "production": ("added", "performed", "removed_other", "planned", "wait_days_median"),
    "capacity": ("capacity",),
}
_STOCK: Final = ("waiting", "within_limit")


@dataclass(frozen=True)
class FlowCube:
    """All arrays are (areas, regions, months). `real` and `twin` by column, NaN where not reported or excluded (from
    the first month asked for, and for the stock one month before, the twin differs); `withheld`: hidden by the source;
    `excluded` by dataset; `provisional` by dataset. `there` bool (areas, months): whether any region reports flows or
    stock. `twins` by care area, from the month before the first that is asked for; empty for exact access. `first`:
    index of the first month asked for."""

    areas: tuple[CareArea, ...]
    regions: tuple[Region, ...]
    months: tuple[Month, ...]
    first: int
    waits: Waits
    real: Mapping[str, np.ndarray]
    twin: Mapping[str, np.ndarray]
    withheld: Mapping[str, np.ndarray]
    excluded: Mapping[str, np.ndarray]
    provisional: Mapping[str, np.ndarray]
    there: np.ndarray
    twins: Mapping[str, AreaTwin]
    source: Origin

    def steady(self, columns: tuple[str, ...], months: int, begun: np.ndarray) -> np.ndarray:
        """Regions with every one of `columns` in each of the last `months` months, or of all since the care area's
        first when that is fewer (`begun`, see `month_count`); bool (areas, regions, months)."""
        known = np.all([np.isfinite(self.real[c]) for c in columns], axis=0)
        return np.asarray(run_lengths(known) >= np.minimum(months, np.maximum(begun, 1))[:, None, :])

    def panel(self, need: tuple[str, ...] = ("waiting", "added", "performed")) -> np.ndarray:
        """The regions that the country adds up in each month: those with all of two years, so that no month differs
        because someone did not report; when nobody reaches that far, with all of a year, else of the month."""
        begun = month_count(self.there)
        out = np.zeros(self.real["waiting"].shape, bool)
        for months in (1, _YEAR, WINDOW_MONTHS):
            found = self.steady(need, months, begun)
            np.copyto(out, found, where=np.asarray(found.any(axis=1))[:, None, :])
        return out


def run_lengths(known: np.ndarray) -> np.ndarray:
    """How many months in a row are known, up to and with each; along the last axis.

    >>> run_lengths(np.array([True, True, False, True])).tolist()
    [1, 2, 0, 1]
    """
    at = np.arange(1, known.shape[-1] + 1)
    last = np.maximum.accumulate(np.where(known, 0, at), axis=-1)
    return np.asarray(at - last)


def month_count(there: np.ndarray) -> np.ndarray:
    """Months since the first with anything, itself counted; 0 before. Along the last axis.

    >>> month_count(np.array([False, True, False, True])).tolist()
    [0, 1, 2, 3]
    """
    return np.asarray(np.cumsum(np.maximum.accumulate(there, axis=-1), axis=-1))


def read_flows(about: Span, viewer: Viewer) -> FlowCube | None:
    """None when no region reports who waits in any of the care areas."""
    source, begin = about.source, about.first - WINDOW_MONTHS
    found = monthly_waits(source, about.codes, begin, about.last, viewer)
    if found is None:
        return None
    waits, _ = found
    months, regions = waits.months, waits.regions
    codes, areas = tuple(r.code for r in regions), tuple(a.code for a in waits.areas)
    query = Query(codes, areas, "", months[0], about.last)
    frames = {name: source.facts(name, query) for name in _COLUMNS}
    real = {c: waits.values[c].copy() for c in _STOCK}
    withheld = {c: waits.withheld[c] for c in _STOCK}
    early = {"waits": waits.provisional}
    for name, columns in _COLUMNS.items():
        values, hidden, early[name] = _cube(frames[name], columns, waits)
        real, withheld = real | values, withheld | hidden
    # before anything is left out: an excluded month has been reported all the same
    there = np.any([np.isfinite(real[c]).any(axis=1) for c in ("waiting", "added", "performed")], axis=0)
    there |= np.any([withheld[c].any(axis=1) for c in ("waiting", "added", "performed")], axis=0)
    excluded = _excluded(source, waits)
    for name, columns in (("waits", _STOCK), *_COLUMNS.items()):
        for c in columns:
            real[c][:, excluded[name]] = np.nan
    start = max(0, about.first - months[0])
    twins = {} if viewer.role == "exact" else _twins(source, waits, frames["production"], about.first, viewer)
    return FlowCube(
        areas=waits.areas,
        regions=regions,
        months=months,
        first=start,
        waits=waits,
        real=real,
        twin=real | _others(real, waits, twins, about.first),
        withheld=withheld,
        excluded={n: np.broadcast_to(x[None], real["waiting"].shape) for n, x in excluded.items()},
        provisional=early,
        there=there,
        twins=twins,
        source=_origin(waits, frames, about),
    )


def _cube(
    rows: pd.DataFrame, columns: tuple[str, ...], waits: Waits
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray], np.ndarray]:
    """Columns, which of them the source hid, and provisional rows; (areas, regions, months)."""
    places = {r.code: k for k, r in enumerate(waits.regions)}
    flags = rows.assign(early=(rows["value_status"] == "provisional").astype(float))
    shape = (len(waits.areas), len(waits.regions), len(waits.months))
    values = {c: np.full(shape, np.nan) for c in columns}
    hidden = {c: np.zeros(shape, bool) for c in columns}
    early = np.zeros(shape, bool)
    for k, area in enumerate(waits.areas):
        mine = flags[flags["care_area"] == area.code]
        found, gone = cubes(mine, (*columns, "early"), places, waits.months, "region")
        early[k] = found["early"] == 1
        for c in columns:
            values[c][k], hidden[c][k] = np.where(gone[c], np.nan, found[c]), gone[c]
    return values, hidden, early


def _excluded(source: Source, waits: Waits) -> dict[str, np.ndarray]:
    """By dataset the months that reports exclude from its register, as `flows` leaves them out; bool (regions,
    months)."""
    codes = tuple(r.code for r in waits.regions)
    told = source.facts("reporting", Query(regions=codes, first=waits.months[0], last=waits.end))
    filled = told["register"].map(register_of) if len(told) else told["register"]
    return {n: excluded_months(told[filled == n], waits.regions, waits.months) for n in ("waits", *_COLUMNS)}


def _twins(source: Source, waits: Waits, production: pd.DataFrame, first: Month, viewer: Viewer) -> dict[str, AreaTwin]:
    begin, last = first - 1, waits.end
    rows = production[production["period"] >= pd.Timestamp(begin.first_day)]
    codes = [a.code for a in waits.areas]
    steady = reporting_now(source, waits.regions, codes, Selection())
    current = getattr(source, "current", None)  # what is hidden now was hidden then, see `area_twin`
    out = {}
    for k, area in enumerate(codes):
        now = None if current is None else area_twin(current, Selection(care_area=area, month=last), begin, viewer)
        mine = rows[rows["care_area"] == area]
        out[area] = made_twin(waits.regions, waits, k, mine, begin, last, viewer, steady[area], now)
    return out


def _others(
    real: Mapping[str, np.ndarray], waits: Waits, twins: Mapping[str, AreaTwin], first: Month
) -> dict[str, np.ndarray]:
    """The numbers in the twin. Where the source hid one there is none, as there is none in the real country."""
    if not twins:
        return {}
    begin = max(first - 1, waits.months[0])
    here, there = slice(begin - waits.months[0], None), slice(begin - (first - 1), None)
    out = {}
    for c in (*_STOCK, "added", "performed", "removed_other"):
        out[c] = real[c].copy()
        for k, area in enumerate(waits.areas):
            out[c][k, :, here] += twins[area.code].differences[c][:, there]
    return out


def _origin(waits: Waits, frames: Mapping[str, pd.DataFrame], about: Span) -> Origin:
    since = pd.Timestamp(about.first.first_day)
    used = origin(*(f[f["period"] >= since] for f in frames.values()))
    moments = [m for m in (used.recorded_at, waits.recorded_at) if m is not None]
    return Origin(
        tuple(sorted({*used.sources, *waits.sources})), max(moments, default=None), used.synthetic or waits.synthetic
    )
