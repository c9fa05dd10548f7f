"""Who waits, month by month as each month's own page counts them: by the limits that held then.

`read_waits` reads all months by the limits of the last; where a limit has changed since, the months before are read
once more, by theirs. The rest of a month is the same whatever month is read to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from lagesbild.domain.periods import Month, months_between
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Source
from lagesbild.domain.viewer import Viewer
from lagesbild.views.wait_reading import HISTORY_MONTHS, read_waits
from lagesbild.views.waits import Waits

_BY_COLUMN: Final = ("values", "others", "withheld")


def monthly_waits(
    source: Source, areas: Sequence[str], first: Month, last: Month, viewer: Viewer
) -> tuple[Waits, np.ndarray] | None:
    """All leaf regions from `first` (or the first month reported) to `last`, and the limits in days of each month; int
    (areas, regions, months). `areas`: codes, none = all. None when nothing is reported."""
    parts: list[tuple[Waits, Month]] = []
    start = first
    for end in _ends(source, areas, first, last):
        # as far back as a page reads: which reports are about waits depends on what has been reported
        history = max(HISTORY_MONTHS, end - start + 1)
        chosen = Selection(care_area=areas[0] if len(areas) == 1 else "", month=end)
        found = read_waits(source, chosen, viewer, tuple(areas), history=history)
        if found is not None:
            parts.append((found, start))
        start = end + 1
    if not parts:
        return None
    return _stitched(parts, first, last)


def _ends(source: Source, areas: Sequence[str], first: Month, last: Month) -> list[Month]:
    """The last month of each stretch with the same limits."""
    begins = set()
    for x in source.guarantee_limits():
        if not areas or x.care_area in areas:
            month = Month.of(x.valid_from)
            begins.add(month if x.valid_from <= month.first_day else month + 1)
    return [*sorted(b - 1 for b in begins if first < b <= last), last]


def _stitched(parts: list[tuple[Waits, Month]], first: Month, last: Month) -> tuple[Waits, np.ndarray]:
    newest = parts[-1][0]
    known = {a.code: a for waits, _ in parts for a in waits.areas}
    areas = tuple(sorted(known.values(), key=lambda a: (a.sort_order, a.code)))
    begin = max(first, min(w.months[0] for w, _ in parts))
    months = tuple(months_between(begin, last))
    shape = (len(areas), len(newest.regions), len(months))
    cubes = {n: {c: _blank(x, shape) for c, x in getattr(newest, n).items()} for n in _BY_COLUMN}
    flat = {n: np.zeros(shape, bool) for n in ("provisional", "hidden")}
    excluded, days = np.zeros(shape[1:], bool), np.zeros(shape, int)
    for waits, start in parts:
        start = max(start, begin, waits.months[0])
        if start > waits.end:
            continue
        here, there = slice(start - waits.months[0], None), slice(start - begin, waits.end - begin + 1)
        excluded[:, there] = waits.excluded[:, here]
        for k, area in enumerate(waits.areas):
            at = areas.index(area)
            for n in _BY_COLUMN:
                for c, cube in getattr(waits, n).items():
                    cubes[n][c][at, :, there] = cube[k][:, here]
            for n, cube in flat.items():
                cube[at, :, there] = getattr(waits, n)[k][:, here]
            days[at, :, there] = waits.days[k][:, None]
    origins = [w for w, _ in parts]
    return (
        replace(
            newest,
            areas=areas,
            months=months,
            values=cubes["values"],
            others=cubes["others"],
            withheld=cubes["withheld"],
            provisional=flat["provisional"],
            hidden=flat["hidden"],
            excluded=excluded,
            days=days[:, :, -1],
            sources=tuple(sorted({s for w in origins for s in w.sources})),
            recorded_at=max((w.recorded_at for w in origins if w.recorded_at is not None), default=None),
            synthetic=any(w.synthetic for w in origins),
        ),
        days,
    )


def _blank(like: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    return np.zeros(shape, bool) if like.dtype == bool else np.full(shape, np.nan)
