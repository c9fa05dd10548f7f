"""The twins of what is read: the sheets of one care area's month, and how they hang together.

Every sheet is of one month and of all regions, so what is hidden in a month follows from that month alone (and the
stock of the month before): it is the same whatever is chosen on a page, and it does not change when later months come.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from threading import Lock
from typing import Any, Final

import numpy as np

from lagesbild.domain.care import Region
from lagesbild.domain.disclosure import COARSE_DECIMALS
from lagesbild.domain.twin import MOST, SMALL, Sheet, difference

COUNTRY_COST: Final = 1500.0  # a national sum is hidden last
GROUP_COST: Final = 300.0
_STOCK_COST: Final = np.array([0.0, 0.0, 150.0])  # a number waiting takes the flows of two months with it
_FLOW_COST: Final = np.array([0.0, 15.0, 5.0])  # nobody's plan hangs on the exact inflow
_SHARE_COST: Final = 25.0
_DECIMAL_COST: Final = 5.0
_FEW_BANDS: Final = 4
_NO_BANDS_COST: Final = 20_000.0
_ANYTHING: Final = 1e6
_KEPT: Final = 12_000  # differences of months, some hundred bytes each
_kept: OrderedDict[bytes, np.ndarray] = OrderedDict()
_lock = Lock()


def kept_difference(sheet: Sheet) -> np.ndarray:
    """`difference`, remembered: it depends on the sheet alone."""
    counts = sheet.counts
    if not (((counts > 0) & (counts < sheet.threshold)).any() or _any(sheet.must, sheet.need, sheet.targets)):
        sums = sheet.groups @ np.nan_to_num(counts)
        if not ((sums > 0) & (sums < sheet.threshold)).any():
            return np.zeros(counts.shape, int)
    return _remembered(vars(sheet).values(), lambda: difference(sheet))


def _remembered(asked: Iterable[Any], make: Callable[[], np.ndarray]) -> np.ndarray:
    """What `make` gives, made once for what is asked; nobody can change it."""
    digest = hashlib.blake2b(digest_size=16)
    for x in asked:
        digest.update(f"{x.shape}".encode() + x.tobytes() if isinstance(x, np.ndarray) else f"{x};".encode())
    key = digest.digest()
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    found = make()
    found.setflags(write=False)
    with _lock:
        _kept[key] = found
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)
    return found


def _any(*arrays: np.ndarray | None) -> bool:
    return any(a is not None and bool(np.any(a)) for a in arrays)


def published_sums(regions: Sequence[Region], counted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Whose sums are published, bool (groups, regions), and what it costs to hide one: healthcare regions (a region
    shared by two is summed in its first) and the country, each of the regions that are counted."""
    names = [r.healthcare_region for r in regions]
    distinct = [n for n in dict.fromkeys(names) if n]
    if not 1 < len(distinct) < len(regions):
        distinct = []
    rows = [np.array([n == name for n in names]) & counted for name in distinct] + [counted.copy()]
    return np.array(rows), np.array([GROUP_COST] * len(distinct) + [COUNTRY_COST])


def stock_twin(
    within: np.ndarray,
    waiting: np.ndarray,
    regions: Sequence[Region],
    counted: np.ndarray,
    threshold: int,
    must: np.ndarray | None = None,
    bands: np.ndarray | None = None,
) -> np.ndarray:
    """Differences of within the limit, over it and waiting in one month; int (places, 3). `must`: (places, 3). `bands`
    (places, bands): the wait bands that must be able to follow."""
    asked = ("stock", within, waiting, [r.healthcare_region for r in regions], counted, threshold, must, bands)
    return _remembered(asked, lambda: _stock_twin(within, waiting, regions, counted, threshold, must, bands))


def _stock_twin(
    within: np.ndarray,
    waiting: np.ndarray,
    regions: Sequence[Region],
    counted: np.ndarray,
    threshold: int,
    must: np.ndarray | None,
    bands: np.ndarray | None,
) -> np.ndarray:
    groups, weights = published_sums(regions, counted)
    counts = np.column_stack([within, waiting - within, waiting])
    sheet = Sheet(
        counts,
        one_part(counts),
        np.array([1, 1, -1]),
        groups,
        weights,
        threshold,
        must=must,
        column_cost=_STOCK_COST,
        change_cost=_share_cost(within, waiting) + _band_cost(within, bands, threshold),
    )
    return kept_difference(sheet)


def one_part(counts: np.ndarray) -> np.ndarray:
    """One equation over all columns, in the places where all are known."""
    return np.repeat(np.where(np.isfinite(counts).all(axis=1), 0, -1)[:, None], counts.shape[1], axis=1)


def _share_cost(within: np.ndarray, waiting: np.ndarray) -> np.ndarray:
    """What it costs that so many more are within the limit: the share's last decimal, or all of it."""
    more = np.arange(-MOST, MOST + 1)
    out = np.zeros((len(within), 3, len(more)))
    with np.errstate(divide="ignore", invalid="ignore"):
        now, then = (within / waiting)[:, None], (within[:, None] + more) / waiting[:, None]
    for decimals, cost in ((COARSE_DECIMALS, _SHARE_COST), (COARSE_DECIMALS + 1, _DECIMAL_COST)):
        out[:, 0] += cost * (np.abs(np.round(now, decimals) - np.round(then, decimals)) > SMALL)
    return out


def _band_cost(within: np.ndarray, bands: np.ndarray | None, threshold: int) -> np.ndarray:
    """What it costs that so many more are within the limit, or over it, when the wait bands there cannot follow: two
    ones can become a zero and a three, but not a one in two. Only where every band of the side is small."""
    out = np.zeros((len(within), 3, 2 * MOST + 1))
    if bands is None:
        return out
    for k in np.flatnonzero(np.isfinite(bands).all(axis=1) & np.isfinite(within)):
        cut = int(np.argmax(np.cumsum(bands[k]) == within[k])) + 1
        for column, side in ((0, bands[k, :cut]), (1, bands[k, cut:])):
            if 0 < len(side) <= _FEW_BANDS and ((side > 0) & (side < threshold)).all():
                out[k, column] = _reach(tuple(int(b) for b in side))
    return out


@cache
def _reach(side: tuple[int, ...]) -> tuple[float, ...]:
    """What each change of a side's sum costs when each of its few small bands must become another number."""
    sums = {0}
    for b in side:
        sums = {s + x - b for s in sums for x in range(b + MOST + 1) if x != b}
    return tuple(0.0 if d in sums else _NO_BANDS_COST for d in range(-MOST, MOST + 1))


def band_twin(
    bands: np.ndarray,
    stock: np.ndarray,
    cuts: np.ndarray,
    regions: Sequence[Region],
    counted: np.ndarray,
    threshold: int,
    must: np.ndarray | None = None,
) -> np.ndarray:
    """Differences of the wait bands in one month, int (places, bands). `stock`: those of within, over and waiting;
    `cuts`: how many bands are within the limit, 0 where the limit is inside a band."""
    groups, weights = published_sums(regions, counted)
    part, need = band_parts(bands, stock, cuts)
    sheet = Sheet(bands, part, np.ones(bands.shape[1], int), groups, weights, threshold, must=must, need=need)
    return kept_difference(sheet)


def band_parts(bands: np.ndarray, stock: np.ndarray, cuts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which equation each band is in, (places, bands), and what the equations must give, (places, 2)."""
    n, m = bands.shape
    cut = np.asarray((cuts > 0) & (cuts < m))
    part = np.where(cut[:, None], (np.arange(m)[None] >= cuts[:, None]).astype(int), 0)
    part[~np.isfinite(bands).all(axis=1)] = -1
    need = np.where(cut[:, None], stock[:, :2], np.column_stack([stock[:, 2], np.zeros(n, int)]))
    need = np.where(np.any(part >= 0, axis=1, keepdims=True), need, 0)
    return part, need.astype(float)


def excluded_twin(
    choice: np.ndarray,
    medical: np.ndarray,
    regions: Sequence[Region],
    counted: np.ndarray,
    threshold: int,
    must: np.ndarray | None = None,
) -> np.ndarray:
    """Differences of patient-chosen waits, medical ones and their sum, in one month; int (places, 3)."""
    groups, weights = published_sums(regions, counted)
    counts = np.column_stack([choice, medical, choice + medical])
    return kept_difference(Sheet(counts, one_part(counts), np.array([1, 1, -1]), groups, weights, threshold, must=must))


def flow_twin(
    flows: np.ndarray,
    change: np.ndarray,
    joined: np.ndarray,
    steady: np.ndarray,
    regions: Sequence[Region],
    threshold: int,
    must: np.ndarray | None = None,
) -> np.ndarray:
    """Differences of added, performed and removed in one month, int (places, 3). `change`: by how much the twin's stock
    grows more than the real one; `joined`: places where stock and flows are known, so that the balance holds; `steady`:
    those that report now, whose sums are the country's and its healthcare regions' when some have stopped."""
    groups, weights = published_sums(regions, np.ones(len(regions), bool))
    if not steady.all():
        now, costs = published_sums(regions, steady)
        groups, weights = np.vstack([groups, now]), np.append(weights, costs)
    part = np.where(joined[:, None] & np.isfinite(flows), 0, -1)
    need = np.where(joined, change, 0)[:, None].astype(float)
    signs = np.array([1, -1, -1])
    sheet = Sheet(flows, part, signs, groups, weights, threshold, must=must, need=need, column_cost=_FLOW_COST)
    return kept_difference(sheet)


def parts_twin(
    counts: np.ndarray,
    whole: np.ndarray,
    whole_difference: np.ndarray,
    part: np.ndarray,
    signs: np.ndarray,
    need: np.ndarray,
    threshold: int,
) -> np.ndarray:
    """Differences of a region's providers in one month, int (providers, columns), that add up to the region's own.

    What no provider reports is the remainder: it takes what is left where there is one, and nothing where the providers
    are the whole region.
    """
    remainder = whole - counts.sum(axis=0)
    # a column that some provider has not reported has no sum to keep: the remainder takes anything
    rest = np.where(remainder >= 0, remainder, _ANYTHING)
    table = np.vstack([counts, rest])
    locked = np.zeros(table.shape, bool)
    locked[-1] = rest == 0
    sheet = Sheet(
        table,
        np.vstack([part, np.full(counts.shape[1], -1)]),
        signs,
        np.ones((1, len(table)), bool),
        np.zeros(1),
        threshold,
        need=np.vstack([need, np.zeros(need.shape[1])]),
        hard=np.ones(1, bool),
        targets=whole_difference[None].astype(float),
        locked=locked,
    )
    found = kept_difference(sheet)
    small = (table > 0) & (table < threshold)
    if (found.sum(axis=0) == whole_difference).all() and not (small & (found == 0))[:-1].any():
        return found[:-1]
    # no twin of the parts fits the region's: in so small a place nothing of the parts is told at all
    return np.where(np.isfinite(counts) & (found[:-1] == 0), 1, found[:-1])
