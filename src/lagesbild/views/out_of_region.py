"""Home by treating region over twelve months, with sums, net and shares, and what this viewer may see of each.

Twelve-month windows slide with the chosen month, and two that overlap can be subtracted. So each small sum has twins,
other histories that could be the real one, and what is shown is the same in all of them (`domain.window_twin`). What is
hidden is a function of the data alone, never of order, month, unit or region chosen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Final

import numpy as np

from lagesbild.domain.care import Region
from lagesbild.domain.disclosure import State, is_small
from lagesbild.domain.periods import Month
from lagesbild.domain.viewer import Viewer
from lagesbild.domain.window_twin import Cell
from lagesbild.views.elsewhere_share import elsewhere, shares_elsewhere, why_no_share
from lagesbild.views.flow_windows import OVERLAP, window_any, window_sums
from lagesbild.views.sliding_twin import Protected, told
from lagesbild.views.travel import Travel
from lagesbild.views.travel_sums import Adder, Key, adder, all_keys, first_of, protected_flows

ALL: Final[Key] = ("all", "", "")


@dataclass(frozen=True)
class Flow:
    """Persons from `home` treated in `treating`; None when hidden or missing (then `state` says which)."""

    home: Region
    treating: Region
    persons: float | None
    state: State


@dataclass(frozen=True)
class FlowMatrix:
    """Twelve months to `end`. `values` exact (never to be shown), `states` what may be; kinds of keys:

    "cell" home and treating region; "out" all from a home region, "in" all to a treating one; of a healthcare region:
    "sent" all from it, "own" treated inside it, "away" outside it, "received" all to it, "from" those from outside;
    ALL, and ("inside", "", "") those treated in their own healthcare region, ("outside", "", "") the others.
    `performed` is float (regions,), NaN where some month is missing; `performed_other` the same in production's twin.
    `differences` int (twins, home, treating): by how much the flows differ in each of the window's twins; `moves` are
    those of all months, their places counted from `travel.months[0]`. `own_only`: the sums of the viewer's own region
    that are hidden from everybody else.
    """

    travel: Travel
    end: Month
    values: Mapping[Key, float]
    states: Mapping[Key, State]
    performed: np.ndarray
    performed_other: np.ndarray
    differences: np.ndarray
    moves: tuple[tuple[Cell, ...], ...]
    viewer: Viewer
    own_only: frozenset[Key] = frozenset()

    @property
    def regions(self) -> tuple[Region, ...]:
        return self.travel.regions

    @property
    def first(self) -> Month:
        return self.end - OVERLAP

    def shown(self, kind: str, home: str = "", treating: str = "") -> float | None:
        """The count when it may be shown, else None."""
        key = (kind, home, treating)
        return self.values[key] if self.states[key] == "" else None

    def state(self, kind: str, home: str = "", treating: str = "") -> State:
        return self.states[kind, home, treating]

    def net(self, code: str) -> float | None:
        """Received minus sent; None unless both may be shown."""
        out, into = self.shown("out", code), self.shown("in", "", code)
        return None if out is None or into is None else into - out

    def share(self, code: str, *, to_all: bool = False) -> float | None:
        """Treated elsewhere of the region's own treated; None when hidden, when production is missing, or `partial`.
        `to_all`: as everybody sees it, the viewer's own region's too."""
        viewer = self.viewer.everybody if to_all else self.viewer.of(code)
        if to_all and ("out", code, "") in self.own_only:
            return None
        if code in (self.partial if viewer.role == self.viewer.role else self._lacking(())):
            return None
        share = float(self._shares(viewer)[self.travel.place[code]])
        return None if np.isnan(share) else share

    def _shares(self, viewer: Viewer) -> np.ndarray:
        """`elsewhere` of every region as this viewer may see it, float (regions,); asked once, 21 at a time."""
        if viewer not in self._kept_shares:
            parts = np.array([np.nan if (n := self.shown("out", r.code)) is None else n for r in self.regions])
            found = shares_elsewhere(parts, self.performed, self.performed_other, viewer)
            self._kept_shares[viewer] = found
        return self._kept_shares[viewer]

    @cached_property
    def _kept_shares(self) -> dict[Viewer, np.ndarray]:
        return {}

    def share_state(self, code: str) -> State:
        """Why `share` has no number: "missing" when it cannot be counted, "secondary" when it must not be told; "" when
        it is shown."""
        if self.share(code) is not None:
            return ""
        if self.state("out", code) == "missing" or code in self.partial:
            return "missing"
        at = self.travel.place[code]
        whole = float(self.performed[at]), float(self.performed_other[at])
        return why_no_share(self.shown("out", code), *whole, self.viewer.of(code))

    @cached_property
    def partial(self) -> frozenset[str]:
        """Home regions whose sum lacks what was done in a region that they use to send to, but that has not reported:
        the sum is told as it is, but a share of it would look like a fall."""
        return self._lacking(self.moves)

    def _lacking(self, moves: tuple[tuple[Cell, ...], ...]) -> frozenset[str]:
        gone = {k for k, s in self.states.items() if k[0] == "cell" and s == "missing"}
        some = self.travel.ever.copy()
        for _, i, j, _ in chain.from_iterable(moves):  # few may be nobody in a twin
            some[i, j] = True
        place = self.travel.place
        return frozenset(a for _, a, b in gone if some[place[a], place[b]])

    @cached_property
    def with_share(self) -> tuple[Region, ...]:
        """The regions that the country's share counts: flows and production whole in all twelve months."""
        return tuple(
            r
            for k, r in enumerate(self.regions)
            if np.isfinite(self.performed[k])
            and np.isfinite(self.values["out", r.code, ""])
            and r.code not in self.partial
        )

    @cached_property
    def country_share(self) -> float | None:
        return self.share_of(self.with_share)

    def with_share_in(self, group: str) -> tuple[Region, ...]:
        """Those of them whose healthcare region (the first of two) it is."""
        return tuple(r for r in self.with_share if r.healthcare_region == group)

    def group_share(self, group: str) -> float | None:
        """Of the home regions of a healthcare region, those that have a share; inside the group is elsewhere too."""
        return self.share_of(self.with_share_in(group))

    def share_of(self, regions: Sequence[Region]) -> float | None:
        """Treated elsewhere of all treated, of some regions together; None when the sum differs in some twin."""
        places = [self.travel.place[r.code] for r in regions]
        if not places or self.differences[:, places].sum(axis=(1, 2)).any():
            return None
        part = sum(self.values["out", r.code, ""] for r in regions)
        whole, other = (float(x[places].sum()) for x in (self.performed, self.performed_other))
        return None if is_small(part, self.viewer) else elsewhere(part, whole, other, self.viewer)

    def state_of(self, regions: Sequence[Region]) -> State:
        """`share_state` of some regions together."""
        if self.share_of(regions) is not None:
            return ""
        places = [self.travel.place[r.code] for r in regions]
        if not places:
            return "missing"
        part = sum(self.values["out", r.code, ""] for r in regions)
        hidden = is_small(part, self.viewer) or bool(self.differences[:, places].sum(axis=(1, 2)).any())
        whole, other = (float(x[places].sum()) for x in (self.performed, self.performed_other))
        return why_no_share(None if hidden else part, whole, other, self.viewer)

    def unsteady(self, use: np.ndarray) -> frozenset[tuple[int, int]]:
        """Months and home regions whose sum over the treating regions `use` (bool) is another in some twin."""
        out = set()
        for twin in self.moves:
            sums: dict[tuple[int, int], int] = {}
            for month, i, j, step in twin:
                if use[j] and month < len(self.travel.months):
                    sums[month, i] = sums.get((month, i), 0) + step
            out |= {at for at, by in sums.items() if by}
        return frozenset(out)

    def flows(self, *, home: str = "", treating: str = "") -> list[Flow]:
        """Flows of a home region, to a treating region, or all; largest first, then hidden ones, in regions' order.

        Zero is no flow, and missing is none that can be told of.
        """
        out = []
        for a in self.regions:
            for b in self.regions:
                if a is b or home not in ("", a.code) or treating not in ("", b.code):
                    continue
                key = ("cell", a.code, b.code)
                if self.states[key] != "missing" and (self.states[key] or self.values[key] > 0):
                    out.append(Flow(a, b, self.shown(*key), self.states[key]))
        return sorted(out, key=lambda f: (f.persons is None, -(f.persons or 0.0)))

    @property
    def told_to_all(self) -> list[Flow]:
        """The flows without those that only the viewer's own region sees."""
        return [f for f in self.flows() if ("cell", f.home.code, f.treating.code) not in self.own_only]

    @property
    def hidden(self) -> int:
        """How many flows between two regions are protected."""
        return sum(k[0] == "cell" and s in ("suppressed", "secondary") for k, s in self.states.items())


def flow_matrix(travel: Travel, viewer: Viewer) -> FlowMatrix | None:
    """The twelve months to the last one shown. None with fewer months."""
    found = flow_matrices(travel, viewer, 1)
    return found[-1] if found else None


def flow_matrices(travel: Travel, viewer: Viewer, last: int) -> list[FlowMatrix]:
    """The same for each of the last `last` windows, oldest first; fewer when there are not so many months."""
    if not travel.whole:
        return []
    keys = all_keys(travel)
    mine = np.array([_about(key, viewer.own) for key in keys], bool)
    sums = adder(travel)
    end = travel.at - OVERLAP
    shown = range(max(0, end - last + 1), end + 1)
    cells, at_source = (x[shown.start : shown.stop] for x in (window_sums(travel.moved), window_any(travel.hidden)))
    values, veiled = _added_up(cells, at_source, sums)
    table = protected_flows(travel, viewer)
    now = None if travel.current is None else protected_flows(travel.current, viewer)
    moves = tuple(_moves(table, travel.before))
    if now is not None and travel.current is not None:
        moves += tuple(_moves(now, travel.months[0] - first_of(travel.current)))
    performed, theirs = window_sums(travel.performed), window_sums(travel.performed_other)
    out = []
    for at, k in enumerate(shown):
        month = travel.months[0] + OVERLAP + k
        more = table.differences(travel.before + OVERLAP + k)
        if now is not None and travel.current is not None:  # what is hidden now was hidden then
            more = np.concatenate([more, now.differences(month - first_of(travel.current))])
        by = sums.of(more.reshape(len(more), sums.cells))
        everybody = told(values[at], by, viewer)
        states = (
            np.where(mine, told(values[at], by, viewer.of(viewer.own)), everybody) if viewer.own else everybody.copy()
        )
        # a month that the source hides makes the year's sum unknown to us too, though not necessarily small
        states[veiled[at]] = "secondary"
        out.append(
            FlowMatrix(
                travel,
                month,
                dict(zip(keys, values[at].tolist(), strict=True)),
                dict(zip(keys, states.tolist(), strict=True)),
                performed[k],
                theirs[k],
                more,
                moves,
                viewer,
                frozenset(key for key, was, now in zip(keys, everybody, states, strict=True) if was and not now),
            )
        )
    return out


def _about(key: Key, region: str) -> bool:
    """Whether a sum is of one region's inhabitants or of those whom it has treated."""
    return region != "" and key[0] in ("cell", "out", "in") and region in key[1:]


def _moves(table: Protected, before: int) -> Iterator[tuple[Cell, ...]]:
    """What each twin moves, counted from month `before` of theirs."""
    for twin in table.twins:
        yield tuple((month - before, i, j, step) for month, i, j, step in twin.cells if month >= before)


def _added_up(cells: np.ndarray, at_source: np.ndarray, sums: Adder) -> tuple[np.ndarray, np.ndarray]:
    """Sums of every key and whether the source hides one of its cells, (windows, keys). `cells` and `at_source`
    (windows, home, treating).

    A sum counts the cells that are reported in all twelve months; one over a hidden cell is not known.
    """
    flat, gone = cells.reshape(len(cells), -1), at_source.reshape(len(cells), -1)
    seen = np.isfinite(flat)
    total = sums.of(np.where(seen, flat, 0.0))
    # a healthcare region of one region has no flow inside itself: zero, not unknown
    known = (sums.of(seen) > 0) | sums.empty
    veiled = sums.of(gone) > 0
    return np.where(known & ~veiled, np.round(total, 6), np.nan), veiled
