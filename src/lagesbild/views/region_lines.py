"""How has a region's share moved, beside the country, the other regions and one chosen comparison?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from lagesbild.domain.care import CareArea, Region
from lagesbild.domain.periods import Month
from lagesbild.domain.selection import OWN_HEALTHCARE_REGION
from lagesbild.domain.viewer import Viewer
from lagesbild.views.healthcare_regions import group_shares
from lagesbild.views.signals import Signal, region_signals
from lagesbild.views.waits import State, Waits

WINDOW_MONTHS: Final = 36


@dataclass(frozen=True)
class Compared:
    """What the region is compared with beside the country: a region, or a healthcare region by name."""

    name: str
    region: Region | None


@dataclass(frozen=True)
class RegionLines:
    """Shares as the viewer may see them, fractions, NaN = missing or protected; each (months,). `others` are the other
    leaf regions' lines, without those that have none. `compared` is None without a comparison. `coarse` (own share in
    whole per cent, or protected; `country_coarse` and `compared_coarse` likewise), `excluded` and `provisional` are
    bool (months,)."""

    area: CareArea
    months: tuple[Month, ...]
    own: np.ndarray
    country: np.ndarray
    country_coarse: np.ndarray
    others: tuple[np.ndarray, ...]
    compared: np.ndarray | None
    compared_coarse: np.ndarray
    signal: Signal
    state: State
    coarse: np.ndarray
    excluded: np.ndarray
    provisional: np.ndarray


def comparison(waits: Waits, region: str, compare: str) -> Compared | None:
    """What `compare` ("" | OWN_HEALTHCARE_REGION | a region code) means for a region; None for the country alone."""
    at = waits.region_index(region)
    if not compare or at is None or compare == region:
        return None
    if compare == OWN_HEALTHCARE_REGION:
        name = waits.regions[at].healthcare_region
        return Compared(name, None) if name else None
    other = waits.region_index(compare)
    return None if other is None else Compared(waits.regions[other].short_name, waits.regions[other])


def region_lines(
    waits: Waits, indices: Sequence[int], region: str, compared: Compared | None, viewer: Viewer, months: int
) -> tuple[RegionLines, ...]:
    """One per care area at `indices`, over the last `months` months; empty for a region that is no leaf."""
    at = waits.region_index(region)
    if at is None:
        return ()
    n = min(months, len(waits.months))
    out = []
    for a in indices:
        shown = np.where(waits.excluded, np.nan, waits.shares[a])[:, -n:]
        whole_per_cent = (waits.coarse[a] | waits.hidden[a])[:, -n:]
        rest = [line for k, line in enumerate(shown) if k != at and np.isfinite(line).any()]
        beside, beside_coarse = None, np.zeros(n, bool)
        if compared is not None:
            other = waits.region_index(compared.region.code) if compared.region else None
            line, beside_coarse = (
                (x[-n:] for x in group_shares(waits, a, compared.name)[:2])
                if other is None
                else (shown[other], whole_per_cent[other])
            )
            beside = line if np.isfinite(line).any() else None
        out.append(
            RegionLines(
                area=waits.areas[a],
                months=waits.months[-n:],
                own=shown[at],
                country=waits.country_shares[a, -n:] if len(waits.regions) > 1 else np.full(n, np.nan),
                country_coarse=waits.country_coarse[a, -n:],
                others=tuple(rest),
                compared=beside,
                compared_coarse=beside_coarse,
                signal=region_signals(waits, a)[at],
                state=waits.state(a, at),
                coarse=whole_per_cent[at],
                excluded=waits.excluded[at, -n:],
                provisional=waits.provisional[a, at, -n:],
            )
        )
    return tuple(out)


def axis(lines: Sequence[RegionLines], target: float) -> tuple[float, float]:
    """One axis for all care areas, in steps of two per cent, that holds the own lines, the country and the target.

    Other regions' lowest months may lie outside and are drawn at the edge."""
    told = [x for one in lines for x in (one.own, one.country, *([one.compared] if one.compared is not None else []))]
    values = np.concatenate([*told, *(o for one in lines for o in one.others)]) if told else np.array([])
    values = values[np.isfinite(values)]
    if not len(values):
        return 0.0, 1.0
    own = np.concatenate(told)
    own = own[np.isfinite(own)]
    least = min(float(np.quantile(values, 0.01)), float(own.min()) if len(own) else 1.0, target)
    low = np.floor(max(0.0, least - 0.01) * 50) / 50
    high = np.ceil(min(1.0, float(values.max())) * 50) / 50
    return float(low), float(max(high, low + 0.04))
