"""Everything that is added up of who was treated where: flows, regions, healthcare regions, the country."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from lagesbild.domain.periods import Month
from lagesbild.domain.viewer import Viewer
from lagesbild.domain.window_twin import Sliding
from lagesbild.views.sliding_twin import COUNTRY_COST, ROW_COST, WHOLE_COST, Protected, protected
from lagesbild.views.travel import Travel

Key = tuple[str, str, str]  # kind, home region or healthcare region, treating region
Groups = tuple[tuple[str, tuple[int, ...]], ...]  # healthcare regions and the places of their regions
Country = tuple[tuple[str, ...], Groups]  # codes of its regions, and how they belong together


def all_keys(travel: Travel) -> list[Key]:
    """Every sum's key; see `out_of_region.FlowMatrix` for the kinds."""
    return [key for key, _, _ in _kept_sums(travel)]


@dataclass(frozen=True, eq=False)
class Adder:
    """Adds flows up to every sum. `single`: which keys are one flow, bool (keys,), 420 of 495; `places`: where those
    flows are, int; `members`: the flows of the others, float (other keys, home * treating)."""

    single: np.ndarray
    places: np.ndarray
    members: np.ndarray

    @property
    def cells(self) -> int:
        return int(self.members.shape[1])

    @cached_property
    def empty(self) -> np.ndarray:
        """Sums of no flow at all, bool (keys,)."""
        out = np.zeros(len(self.single), bool)
        out[~self.single] = ~self.members.any(axis=1)
        return out

    def of(self, flat: np.ndarray) -> np.ndarray:
        """Float (rows, keys) of (rows, home * treating)."""
        out = np.empty((len(flat), len(self.single)))
        out[:, self.single] = flat[:, self.places]
        out[:, ~self.single] = flat.astype(float) @ self.members.T
        return out


def adder(travel: Travel) -> Adder:
    """Sums in the order of `all_keys`."""
    return _adder(*_country(travel))


def protected_flows(travel: Travel, viewer: Viewer) -> Protected:
    """The flows of all months with their twins."""
    n = len(travel.regions)
    wholes = [(mask, cost) for key, mask, cost in _kept_sums(travel) if key[0] not in ("cell", "out", "in")]
    sliding = Sliding(
        travel.register,
        np.array([mask for mask, _ in wholes]),
        np.full(n, ROW_COST),
        np.full(n, ROW_COST),
        np.array([cost for _, cost in wholes]),
        ~np.eye(n, dtype=bool),
        viewer.threshold,
        rows_told=True,  # `/datakvalitet` tells in which months a region has reported: nobody sent is no row
    )
    return protected(sliding, viewer)


def first_of(travel: Travel) -> Month:
    """The first month of `register`."""
    return travel.months[0] - travel.before


def _kept_sums(travel: Travel) -> tuple[tuple[Key, np.ndarray, float], ...]:
    return _sums(*_country(travel))


def _country(travel: Travel) -> Country:
    return tuple(r.code for r in travel.regions), tuple(travel.groups.items())


@lru_cache(maxsize=8)
def _adder(codes: tuple[str, ...], groups: Groups) -> Adder:
    masks = np.array([mask.ravel() for _, mask, _ in _sums(codes, groups)])
    single = masks.sum(axis=1) == 1
    return Adder(single, masks[single].argmax(axis=1), masks[~single].astype(float))


@lru_cache(maxsize=8)
def _sums(codes: tuple[str, ...], groups: Groups) -> tuple[tuple[Key, np.ndarray, float], ...]:
    """Key, flows (home, treating) and what it costs to hide the sum; the same for every care area."""
    return tuple(_each(codes, groups))


def _each(codes: tuple[str, ...], groups: Groups) -> Iterator[tuple[Key, np.ndarray, float]]:
    n = len(codes)
    off = ~np.eye(n, dtype=bool)
    for i, a in enumerate(codes):
        for j, b in enumerate(codes):
            if i != j:
                one = np.zeros((n, n), bool)
                one[i, j] = True
                yield ("cell", a, b), one, 0.0
    for i, a in enumerate(codes):
        yield ("out", a, ""), off & (np.arange(n) == i)[:, None], ROW_COST
    for j, b in enumerate(codes):
        yield ("in", "", b), off & (np.arange(n) == j)[None], ROW_COST
    same = np.zeros((n, n), bool)
    for name, places in groups:
        home = np.repeat(np.isin(np.arange(n), places)[:, None], n, axis=1)
        same |= home & home.T
        for kind, mask in (
            ("sent", home),
            ("own", home & home.T),
            ("away", home & ~home.T),
            ("received", home.T),
            ("from", home.T & ~home),
        ):
            yield (kind, name, ""), mask & off, WHOLE_COST
    yield ("all", "", ""), off, COUNTRY_COST
    yield ("inside", "", ""), same & off, COUNTRY_COST
    yield ("outside", "", ""), ~same & off, COUNTRY_COST
