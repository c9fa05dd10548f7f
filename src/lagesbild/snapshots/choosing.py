"""Which of many changes are shown, when not all can be: what weighs most, of different series before more of one."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

from lagesbild.domain.source import COUNTRY
from lagesbild.domain.targets import DEFAULT_TARGET
from lagesbild.snapshots.difference import Change, Difference
from lagesbild.snapshots.movements import PERIOD
from lagesbild.snapshots.tables import Key

TARGET: Final = "target_share"  # a key of the table of gaps: every pair is judged at each
GAPS: Final = "gaps"
_STATUS: Final = "status"
_LEVELS: Final = {"": 0, "none": 0, "watch": 1, "expected": 2, "open": 3}


def chosen(d: Difference, changes: Iterable[Change], most: int = 0) -> list[Change]:
    """The `most` to show (all for 0). A flag that has turned stands first; of new numbers the last month and the whole
    country do; of others those that weigh most. More of one care area, and then of one series, waits until every
    other has had one. Measure by measure, the largest difference first."""
    given = list(changes)
    last = _last_months(d, given)
    found = sorted(given, key=lambda c: (-flag_turn(d, c), *_newest(d, c, last), -c.size))
    kept = _spread(d, found, most) if 0 < most < len(found) else found
    place = {m: k for k, m in enumerate(dict.fromkeys((c.dataset, c.measure) for c in kept))}
    return sorted(kept, key=lambda c: (place[c.dataset, c.measure], -abs(c.difference or 0.0)))


def flag_turn(d: Difference, c: Change) -> int:
    """How far a gap's status has moved, from none over watched and expected to open; 0 for anything else, and at other
    shares than the one that flags are counted at."""
    if c.dataset != GAPS or c.measure != _STATUS or not _at_target(d, c.key):
        return 0
    return abs(_LEVELS.get(c.after_text, 0) - _LEVELS.get(c.before_text, 0))


def _at_target(d: Difference, key: Key) -> bool:
    """Whether a row of the table of gaps is of the share that flags are counted at; so is one that names no share."""
    columns = d.keys(GAPS)
    return TARGET not in columns or is_target(key[columns.index(TARGET)])


def is_target(text: str) -> bool:
    try:
        return math.isclose(float(text), DEFAULT_TARGET / 100)
    except ValueError:
        return False


def _last_months(d: Difference, changes: Iterable[Change]) -> dict[str, str]:
    """Of each table the last month that is new."""
    last: dict[str, str] = {}
    for c in changes:
        if c.kind == "new":
            last[c.dataset] = max(last.get(c.dataset, ""), _told(d, c).get(PERIOD, ""))
    return last


def _newest(d: Difference, c: Change, last: dict[str, str]) -> tuple[bool, bool]:
    """Of a number that only the later has: whether it is of a month before its last, and of a part of the country."""
    if c.kind != "new":
        return False, False
    told = _told(d, c)
    return told.get(PERIOD, "") != last[c.dataset], not _is_whole(told)


def _told(d: Difference, c: Change) -> dict[str, str]:
    return dict(zip(d.keys(c.dataset), c.key, strict=True))


def _is_whole(told: dict[str, str]) -> bool:
    """Whether a row is of the whole country, or of no place."""
    return told.get("level", "country") == "country" and told.get("region", COUNTRY) == COUNTRY


def _spread(d: Difference, changes: list[Change], most: int) -> list[Change]:
    """The first of each care area; then of each series; then the others. Each in the order they are given."""
    kept: list[Change] = []
    left = changes
    for one_of_each in (True, False):
        left = _others(d, left, kept, most, one_of_each=one_of_each)
    return [*kept, *left][:most]


def _others(d: Difference, changes: list[Change], kept: list[Change], most: int, *, one_of_each: bool) -> list[Change]:
    """Moves to `kept`, up to `most`, what is of no series there; returns what is left."""
    series = {_series(d, c) for c in kept}
    subjects = {_subject(d, c) for c in kept}
    left = []
    for c in changes:
        mine, about = _series(d, c), _subject(d, c)
        if len(kept) >= most or mine in series or (one_of_each and about in subjects):
            left.append(c)
            continue
        kept.append(c)
        series.add(mine)
        subjects.add(about)
    return left


def _series(d: Difference, c: Change) -> tuple[str, Key]:
    """Its table and key without the month."""
    parts = zip(c.key, d.keys(c.dataset), strict=True)
    return c.dataset, tuple(part for part, column in parts if column != PERIOD)


def _subject(d: Difference, c: Change) -> tuple[str, str]:
    """Its table and care area. A flag that has turned is a subject of its own."""
    return c.dataset, str(c.key) if flag_turn(d, c) else _told(d, c).get("care_area", "")
