"""Home by treating region over twelve months, with sums, net and shares, and what this viewer may see of each.

Twelve-month windows slide with the chosen month, and two that overlap can be subtracted. So a count that is small
in one window is hidden in every window that shares a month with it: what is shown then tells nothing of those months.
Which counts are hidden is a function of the data alone, never of order, month, unit or region chosen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from lagesbild.domain.care import Region
from lagesbild.domain.disclosure import State, Sum, agreed_share, is_small, protect
from lagesbild.domain.periods import Month
from lagesbild.domain.viewer import Viewer
from lagesbild.views.flow_windows import OVERLAP, near_small, window_any, window_sums
from lagesbild.views.travel import Travel

Key = tuple[str, str, str]  # kind, home region or healthcare region, treating region
ALL: Final[Key] = ("all", "", "")
TOP: Final = 5
_SHOWN: Final[State] = ""


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
    `performed` is float (regions,), NaN where some month is missing; `performed_other` the same in the twin.
    """

    travel: Travel
    end: Month
    values: Mapping[Key, float]
    states: Mapping[Key, State]
    performed: np.ndarray
    performed_other: np.ndarray
    viewer: Viewer

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

    def share(self, code: str) -> float | None:
        """Treated elsewhere of the region's own treated; None when hidden, when production is missing, or `partial`."""
        if code in self.partial:
            return None
        at = self.travel.place[code]
        whole = float(self.performed[at]), float(self.performed_other[at])
        return elsewhere(self.shown("out", code), *whole, self.viewer)

    @cached_property
    def partial(self) -> frozenset[str]:
        """Home regions whose sum lacks what was done in a region that they use to send to, but that has not reported:
        the sum is told as it is, but a share of it would look like a fall."""
        gone = {k for k, s in self.states.items() if k[0] == "cell" and s == "missing"}
        return frozenset(a for _, a, b in gone if (a, b) in self.travel.pairs)

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
        codes = {r.code for r in self.with_share}
        places = [k for k, r in enumerate(self.regions) if r.code in codes]
        whole, other = (float(x[places].sum()) for x in (self.performed, self.performed_other))
        return elsewhere(sum(self.values["out", c, ""] for c in codes) if codes else None, whole, other, self.viewer)

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
    def hidden(self) -> int:
        """How many flows between two regions are protected."""
        return sum(k[0] == "cell" and s in ("suppressed", "secondary") for k, s in self.states.items())


@dataclass(frozen=True)
class RegionFlows:
    """One region's flows: how many left and came, the largest shown ones, and how many more are protected."""

    region: Region
    first: Month
    end: Month
    out: float | None
    out_state: State
    into: float | None
    into_state: State
    net: float | None
    share: float | None
    to: tuple[Flow, ...]
    origins: tuple[Flow, ...]
    hidden_to: int
    hidden_origins: int


def region_flows(matrix: FlowMatrix, code: str, *, top: int = TOP) -> RegionFlows | None:
    """Where a region's inhabitants were treated and whom it received; None for a code that is no leaf region."""
    region = next((r for r in matrix.regions if r.code == code), None)
    if region is None:
        return None
    to, origins = matrix.flows(home=code), matrix.flows(treating=code)
    return RegionFlows(
        region=region,
        first=matrix.first,
        end=matrix.end,
        out=matrix.shown("out", code),
        out_state=matrix.state("out", code),
        into=matrix.shown("in", "", code),
        into_state=matrix.state("in", "", code),
        net=matrix.net(code),
        share=matrix.share(code),
        to=tuple(f for f in to if f.persons is not None)[:top],
        origins=tuple(f for f in origins if f.persons is not None)[:top],
        hidden_to=sum(f.persons is None for f in to),
        hidden_origins=sum(f.persons is None for f in origins),
    )


def flow_matrix(travel: Travel, viewer: Viewer) -> FlowMatrix | None:
    """The twelve months to the last one shown. None with fewer months."""
    found = flow_matrices(travel, viewer, 1)
    return found[-1] if found else None


def flow_matrices(travel: Travel, viewer: Viewer, last: int) -> list[FlowMatrix]:
    """The same for each of the last `last` windows, oldest first; fewer when there are not so many months."""
    if not travel.whole:
        return []
    keys, sums, empty = _structure(travel)
    cells = window_sums(travel.moved)
    at_source = window_any(travel.hidden)
    values, hidden = _margins(travel, cells, at_source)
    near = near_small(values, viewer.threshold)
    performed, theirs = window_sums(travel.performed), window_sums(travel.performed_other)
    end = travel.at - OVERLAP
    out = []
    for k in range(max(0, end - last + 1), end + 1):
        row, gone = values[k], hidden[k]
        told = dict(zip(keys, row.tolist(), strict=True))
        parts = [_known(s, told) for s in sums]
        states = dict.fromkeys(empty, _SHOWN) | protect(
            {key: v for key, v in told.items() if key not in empty},
            [s for s in parts if s is not None],
            viewer,
            conceal=[key for key, n in zip(keys, near[k], strict=True) if n],
            # zeros are poor cover, and sums matter most: both are hidden only when nothing else would do
            keep=[key for key, v in told.items() if v == 0 or key[0] != "cell"],
        )
        # a month that the source hides makes the year's sum unknown to us too, though not necessarily small
        states |= {key: "secondary" for key, h in zip(keys, gone, strict=True) if h}
        out.append(FlowMatrix(travel, travel.months[0] + OVERLAP + k, told, states, performed[k], theirs[k], viewer))
    return out


def _structure(travel: Travel) -> tuple[list[Key], list[Sum], set[Key]]:
    """Every key in the order of `_margins`, what adds up to what, and the keys that no flow can be in: zero to anyone
    who knows the map, such as flows inside a healthcare region of one region."""
    codes = [r.code for r in travel.regions]
    groups = {name: [codes[k] for k in places] for name, places in travel.groups.items()}
    cells: list[Key] = [("cell", a, b) for a in codes for b in codes if a != b]
    keys = [*cells, *(("out", c, "") for c in codes), *(("in", "", c) for c in codes)]
    sums = [Sum(("out", c, ""), tuple(k for k in cells if k[1] == c)) for c in codes]
    sums += [Sum(("in", "", c), tuple(k for k in cells if k[2] == c)) for c in codes]
    inside: list[Key] = []
    for g, members in groups.items():
        mine = set(members)
        keys += [(kind, g, "") for kind in ("sent", "own", "away", "received", "from")]
        within = tuple(k for k in cells if k[1] in mine and k[2] in mine)
        own: tuple[Key, ...] = (("own", g, ""),) if within else ()
        inside += own
        sums += [
            Sum(("sent", g, ""), tuple(("out", c, "") for c in members)),
            Sum(("received", g, ""), tuple(("in", "", c) for c in members)),
            *(Sum(key, within) for key in own),
            Sum(("sent", g, ""), (*own, ("away", g, ""))),
            Sum(("received", g, ""), (*own, ("from", g, ""))),
        ]
    whole: list[Key] = [ALL, ("inside", "", ""), ("outside", "", "")]
    sums += [Sum(ALL, tuple(("out", c, "") for c in codes)), Sum(ALL, tuple(("in", "", c) for c in codes))]
    if inside:
        sums.append(Sum(whole[1], tuple(inside)))
    sums.append(Sum(ALL, tuple(whole[1:] if inside else whole[2:])))
    empty = {("own", g, "") for g in groups} - set(inside) | (set() if inside else {whole[1]})
    return [*keys, *whole], sums, empty


def _margins(travel: Travel, cells: np.ndarray, at_source: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Counts and whether the source hides them, (windows, keys): cells, sums of regions, of healthcare regions, all.

    A sum counts the cells that are reported in all twelve months; one over a hidden cell is not known.
    """
    n = len(travel.regions)
    off = ~np.eye(n, dtype=bool)
    same = np.zeros((n, n), bool)
    inside = [np.isin(np.arange(n), places) for places in travel.groups.values()]
    for member in inside:
        same |= np.outer(member, member)
    masks = [np.outer(np.arange(n) == k, np.ones(n, bool)) for k in range(n)]
    masks += [m.T for m in masks]
    for member in inside:
        home = np.outer(member, np.ones(n, bool))
        masks += [home, home & home.T, home & ~home.T, home.T, home.T & ~home]
    masks += [np.ones((n, n), bool), same, ~same]
    chosen = np.array([m & off for m in masks]).reshape(len(masks), -1).astype(float)
    flat, gone = cells.reshape(len(cells), -1), at_source.reshape(len(cells), -1)
    seen = np.isfinite(flat)
    total = np.where(seen, flat, 0.0) @ chosen.T
    # a healthcare region of one region has no flow inside itself: zero, not unknown
    known = ((seen.astype(float) @ chosen.T) > 0) | ~chosen.any(axis=1)
    veiled = (gone.astype(float) @ chosen.T) > 0
    total = np.where(known & ~veiled, np.round(total, 6), np.nan)
    keep = off.reshape(-1)
    return np.hstack([flat[:, keep], total]), np.hstack([gone[:, keep], veiled])


def _known(s: Sum, values: Mapping[Key, float]) -> Sum | None:
    """The sum over what is known: what is missing is not counted in the total either."""
    parts = tuple(p for p in s.parts if not np.isnan(values[p]))  # type: ignore[index]
    return Sum(s.total, parts) if parts else None


def elsewhere(part: float | None, whole: float, other: float, viewer: Viewer) -> float | None:
    """`part / whole`; None when the part is hidden or the whole missing, when the share would tell of a small number
    that stayed, or when it is another in the twin, whose whole is `other`."""
    if part is None or np.isnan(part) or np.isnan(whole) or whole <= 0 or part > whole:
        return None
    if is_small(whole, viewer) or is_small(whole - part, viewer):
        return None
    n = np.array(part)
    share, coarse = agreed_share((n, np.array(whole)), (n, np.array(other)), viewer)
    return None if coarse else float(share)
