"""What may be shown of brokering cases: two tables with twins (`domain.window_twin`), home regions and regions asked.

Two cases of one month that change home regions with each other change nothing for the regions asked, and the other way
round; so the twins of one table leave the other alone, as long as no twin changes what the country adds up to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from lagesbild.domain.disclosure import State
from lagesbild.domain.viewer import Viewer
from lagesbild.domain.window_twin import Sliding, members
from lagesbild.views.flow_windows import OVERLAP, window_sums
from lagesbild.views.sliding_twin import ASSUMED, ROW_COST, WHOLE_COST, Protected, protected, told

HOME: Final = "home"
TREATING: Final = "treating"
COUNTRY: Final = "all"
OUTCOMES: Final = ("accepted", "declined", "not_completed", "completed")
Key = tuple[str, str, str]  # side, region code (or that of a healthcare region), column
# what is told of a healthcare region, as the home of cases: more columns, or its side as asked, would hide up to a
# third more of the regions' own sums (docs/disclosure.md)
GROUP_COLUMNS: Final = ("started", "completed")
Groups = Mapping[str, Sequence[str]]  # the regions of each healthcare region, by its code
# the ways that a case can go, in the order of the tables' columns; "" = one that is not published
WAYS: Final = ("completed", "not_completed", "", "declined", "", "none_found")
_ACCEPTED: Final = 3  # so many of them are accepted


def brokering_states(
    monthly: Mapping[Key, np.ndarray], codes: Sequence[str], at: int, viewer: Viewer, groups: Groups
) -> dict[Key, State]:
    """How each sum of the twelve months to the one at `at` is shown. `monthly`: counts by month of every key, NaN = not
    reported or hidden by the source; `groups`: healthcare regions, which have keys of their own."""
    windows = window_sums(np.column_stack(list(monthly.values())))
    sums = dict(zip(monthly, windows[at - OVERLAP].tolist(), strict=True))
    out: dict[Key, State] = {key: "missing" if np.isnan(x) else "" for key, x in sums.items()}
    if viewer.role == "exact":
        return out
    for side in (HOME, TREATING):
        table = protected_cases(monthly, side, codes, viewer, groups)
        keys = _keys(side, codes, groups)
        values = np.array([sums.get(key, np.nan) if key else np.nan for key in keys])
        sums_of = members(table.sliding).astype(float)
        more = table.differences(at).reshape(-1, len(codes) * len(WAYS))
        states = told(values, more @ sums_of.T, viewer)
        out |= {key: state for key, state in zip(keys, states.tolist(), strict=True) if key}
    window = at - OVERLAP
    if _few(windows[:, [key[0] == COUNTRY for key in monthly]], viewer)[
        max(0, window - OVERLAP) : window + OVERLAP + 1
    ].any():
        # so few in the whole country that a case less anywhere must leave no trace: nothing at all is told of them,
        # not even which are small: one of five here and of four in the twin would be
        out |= {key: "secondary" for key, s in out.items() if s != "missing"}
    return out


def protected_cases(
    monthly: Mapping[Key, np.ndarray], side: str, codes: Sequence[str], viewer: Viewer, groups: Groups
) -> Protected:
    """The table of one side over all months, with its twins."""
    return protected(_table(monthly, side, codes, viewer.threshold, groups), viewer)


def _few(country: np.ndarray, viewer: Viewer) -> np.ndarray:
    """Windows in which some of the country's sums (windows, sums) is small, bool (windows,)."""
    return np.asarray(((country > 0) & (country < viewer.threshold)).any(axis=1))


def _table(
    monthly: Mapping[Key, np.ndarray], side: str, codes: Sequence[str], threshold: int, groups: Groups
) -> Sliding:
    """Regions down, ways across. Ways that are not told make up what is lacking to the cases accepted and started."""
    length = len(monthly[COUNTRY, "", "started"])
    out = np.zeros((length, len(codes), len(WAYS)))
    reported = np.isfinite(np.array(list(monthly.values()))).any(axis=0)
    known = {c: np.isfinite(monthly[COUNTRY, "", c]).any() for c in ("started", *OUTCOMES)}
    for k, code in enumerate(codes):

        def of(column: str, code: str = code) -> np.ndarray:
            values = monthly.get((side, code, column))
            if values is None or not known.get(column, known["started"]):
                return np.zeros(length)
            # a small number where the source hid one
            return np.where(np.isnan(values), np.where(reported, ASSUMED, 0.0), values)

        own = [of("completed"), of("not_completed")]
        accepted = np.maximum(of("accepted") - sum(own), 0.0) if known["accepted"] else np.zeros(length)
        rest = of("started") - of("accepted") - of("declined") - of("none_found")
        out[:, k] = np.column_stack([*own, accepted, of("declined"), np.maximum(rest, 0.0), of("none_found")])
    wholes = np.zeros((len(codes), len(codes), len(WAYS)), bool)
    wholes[range(len(codes)), range(len(codes)), :_ACCEPTED] = True
    published = np.array([bool(way) and known.get(way, known["started"]) for way in WAYS])
    if side == TREATING:
        published[-1] = False
    cost = np.full(len(codes), ROW_COST)
    ways_of = {"started": np.ones(len(WAYS), bool), "completed": np.array(WAYS) == "completed"}
    told = [WHOLE_COST * known[c] for c in GROUP_COLUMNS]
    if side == TREATING:
        groups = {}
    sums = [np.isin(codes, members)[:, None] & ways_of[c] for members in groups.values() for c in GROUP_COLUMNS]
    return Sliding(
        out,
        np.concatenate([wholes, np.array(sums, bool).reshape(-1, *wholes.shape[1:])]),
        cost * known["started"],
        np.zeros(len(WAYS)),
        np.concatenate([cost * known["accepted"], np.tile(told, len(groups))]),
        np.repeat(published[None], len(codes), axis=0),
        threshold,
        columns_stay=True,
    )


def _keys(side: str, codes: Sequence[str], groups: Groups) -> list[Key | None]:
    """The key of every sum of a table, in the order of `members`; None for the country's and what is not published."""
    ways = [way if side == HOME or way != "none_found" else "" for way in WAYS]
    cells = [(side, code, way) if way else None for code in codes for way in ways]
    return [
        *cells,
        *((side, c, "started") for c in codes),
        *[None] * len(ways),
        *((side, c, "accepted") for c in codes),
        *((side, g, c) for g in groups if side == HOME for c in GROUP_COLUMNS),
    ]
