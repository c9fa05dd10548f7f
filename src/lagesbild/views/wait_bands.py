"""How long have those who wait waited? Seven bands, a region or provider beside the country."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from lagesbild.domain.care import Provider, Region
from lagesbild.domain.dataset_spec import WAIT_BANDS
from lagesbild.domain.disclosure import State as CountState
from lagesbild.domain.disclosure import states_of
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import COUNTRY, Query, Source
from lagesbild.domain.viewer import Viewer
from lagesbild.views.healthcare_regions import Group
from lagesbild.views.provider_twin import provider_wait_twin
from lagesbild.views.wait_counts import Counts, assumed, group_code
from lagesbild.views.waits import Waits

EDGES: Final = (0.0, 30.5, 60.5, 90.5, 120.5, 180.5, 365.5)  # days; the last band is open
HALF_YEAR: Final = 5  # index of the first band over 180 days


@dataclass(frozen=True)
class Bands:
    """`counts` per band (None when hidden or missing) with their states; `shares` are fractions of those in the bands,
    None when a count behind is hidden; `total` is all who wait, None when hidden. Of a healthcare region (`group`), a
    region, a provider, or without any of them the country. `without`: codes of the regions in the total of a sum that
    have no bands: they are in no share and no days."""

    name: str
    region: Region | None
    provider: Provider | None
    counts: tuple[float | None, ...]
    states: tuple[CountState, ...]
    shares: tuple[float | None, ...]
    total: float | None
    group: Group | None = None
    without: tuple[str, ...] = ()

    @property
    def country(self) -> bool:
        return self.region is None and self.provider is None and self.group is None

    @property
    def whole(self) -> bool:
        """Whether every band and the total are shown."""
        return self.total is not None and all(c is not None for c in self.counts)

    def wait_days(self, fraction: float) -> float | None:
        """Days within which `fraction` of those in the bands have waited, by interpolation; None when bands are hidden
        or it falls in the open last band.

        >>> Bands("", None, None, (50, 30, 10, 10, 0, 0, 0), ("",) * 7, (None,) * 7, 100).wait_days(.5)
        30.5
        """
        if not self.whole or not self.total:
            return None
        wanted, before = fraction * sum(n or 0.0 for n in self.counts), 0.0
        for k, n in enumerate(self.counts[:-1]):
            assert n is not None  # whole
            if n and before + n >= wanted:
                return EDGES[k] + (wanted - before) / n * (EDGES[k + 1] - EDGES[k])
            before += n
        return None

    @property
    def over_half_year(self) -> float | None:
        """Persons who have waited 181 days or more."""
        long = self.counts[HALF_YEAR:]
        return None if any(n is None for n in long) else float(sum(n or 0 for n in long))


def wait_bands(
    source: Source,
    waits: Waits,
    counts: Counts,
    selection: Selection,
    viewer: Viewer,
    country: str,
    group: Group | None = None,
) -> tuple[Bands, ...]:
    """The chosen provider, region or healthcare region (`group`) first, when there is one, then the country. Empty when
    no bands are reported."""
    if not any(counts.reported(b) for b in WAIT_BANDS):
        return ()
    out = []
    provider = next((p for p in source.providers() if p.code == selection.provider), None)
    region = next((r for r in waits.regions if r.code == selection.region), None)
    if provider is not None:
        found = _provider_bands(source, waits, counts, provider, selection, viewer)
        out += [found] if found else []
    elif region is not None and counts.values[region.code, "waiting"] is not None:
        out.append(_bands(counts, region.code, region.short_name, region))
    elif region is None and group is not None:
        out.append(_bands(counts, group_code(group.name), group.name, None, group))
    if not (out and provider is None and len(waits.regions) == 1):  # one region is its own country
        out.append(_bands(counts, COUNTRY, country, None))
    return tuple(b for b in out if any(s != "missing" for s in b.states))


def _bands(counts: Counts, code: str, name: str, region: Region | None, group: Group | None = None) -> Bands:
    summed = () if region is not None else counts.cuts if group is None else [r.code for r in group.counted]
    return _made(
        name,
        region,
        None,
        [counts.values[code, b] for b in WAIT_BANDS],
        [counts.states[code, b] for b in WAIT_BANDS],
        counts.values[code, "waiting"],
        counts.states[code, "waiting"],
        group,
        tuple(c for c in summed if _without(counts, c)),
    )


def _without(counts: Counts, region: str) -> bool:
    """Whether a region tells who waits but not how long."""
    waiting = counts.values[region, "waiting"]
    return bool(waiting) and any(counts.values[region, b] is None for b in WAIT_BANDS)


def _made(
    name: str,
    region: Region | None,
    provider: Provider | None,
    values: Sequence[float | None],
    states: Sequence[CountState],
    total: float | None,
    total_state: CountState,
    group: Group | None = None,
    without: tuple[str, ...] = (),
) -> Bands:
    concealed = any(s in ("suppressed", "secondary") for s in states)
    shown = tuple(v if s == "" else None for v, s in zip(values, states, strict=True))
    told = [v for v in shown if v is not None]
    # all who wait are in the bands, but for those of regions without any: without them the shares add up to one
    base = sum(told) if len(told) == len(shown) else None if without else total
    shares: list[float | None] = []
    for v, s in zip(values, states, strict=True):
        if v is None or not base or s in ("suppressed", "secondary") or total_state != "":
            shares.append(None)
        else:
            # a share of a shown count and shown ones' sum, or a shown total, tells nothing new
            shares.append(v / base)
    if concealed and total_state != "":
        shares = [None] * len(shares)
    whole = total if total_state == "" else None
    return Bands(name, region, provider, shown, tuple(states), tuple(shares), whole, group, without)


def _provider_bands(
    source: Source, waits: Waits, counts: Counts, provider: Provider, selection: Selection, viewer: Viewer
) -> Bands | None:
    """A provider's bands; None when it has reported none for the month, or nothing of its region's is told."""
    query = Query(
        regions=(provider.region,),
        care_areas=(counts.area.code,),
        provider=None,
        first=waits.end,
        last=waits.end,
        as_of=selection.as_of,
    )
    cells, states = provider_states(source.facts("waits", query), counts, provider.region, viewer)
    own = provider.code
    if (own, "waiting") not in cells:
        return None
    return _made(
        provider.name,
        None,
        provider,
        [cells[own, b] for b in WAIT_BANDS],
        [states[own, b] for b in WAIT_BANDS],
        cells[own, "waiting"],
        states[own, "waiting"],
    )


def provider_states(
    waits: pd.DataFrame, counts: Counts, region: str, viewer: Viewer
) -> tuple[dict[tuple[str, str], float | None], dict[tuple[str, str], CountState]]:
    """Waiting and bands of all of a region's providers by (provider code, column), with states. `waits`: rows of the
    care area in the month of `counts`.

    Their twin adds up to the region's, so that the pattern does not depend on who is looked at."""
    rows = waits[(waits["region"] == region) & (waits["provider"] != "")]
    if rows.empty or region in counts.untold:
        return {}, {}
    columns = ("waiting", *WAIT_BANDS)
    codes = [str(p) for p in rows["provider"]]
    hidden = {
        c: np.array([isinstance(d, dict) and c in d for d in rows["suppressed"]], bool)
        for c in (*columns, "within_limit")
    }
    counted = {c: assumed(rows[c].to_numpy(float), h) for c, h in hidden.items()}
    moved = provider_wait_twin(codes, counted, counts, region)
    cells: dict[tuple[str, str], float | None] = {}
    states: dict[tuple[str, str], CountState] = {}
    for c in columns:
        values = rows[c].to_numpy(float)
        told = states_of(values, values + moved[c], viewer.of(region), hidden=hidden[c])
        for code, value, state in zip(codes, values, told, strict=True):
            cells[code, c], states[code, c] = (None if np.isnan(value) else float(value)), state
    return cells, states
