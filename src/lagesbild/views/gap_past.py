"""What the list of gaps knows of its series' waits: as much as orders and hides them for all, the whole past for a few.

A country of 3 000 care areas has 63 000 series of six years. What may be told of one follows from its last 14 months,
where it stands in the list from the last; only a line that is drawn needs the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Run, Source
from lagesbild.domain.viewer import Viewer
from lagesbild.domain.xmr import WINDOW
from lagesbild.views.gap_series import Series
from lagesbild.views.guards import OPEN, RECENT, Guard, pair_guards
from lagesbild.views.signals import region_signal
from lagesbild.views.wait_reading import HISTORY_MONTHS, read_waits
from lagesbild.views.waits import Waits


@dataclass(frozen=True)
class Now:
    """A series in the run's last month, as the other pages show it."""

    share: float | None = None
    hidden: bool = False
    coarse: bool = False
    provisional: bool = False


@dataclass(frozen=True)
class Reader:
    """Reads waits up to the month that `run` knows."""

    source: Source
    run: Run
    selection: Selection
    viewer: Viewer

    def waits(self, areas: tuple[str, ...], months: int = HISTORY_MONTHS) -> Waits | None:
        then = self.selection.with_(month=self.run.until, provider="")
        return read_waits(self.source, then, self.viewer, areas, history=months)

    def guards(self, waits: Waits) -> Mapping[tuple[str, str], Guard]:
        return pair_guards(self.source, waits, self.viewer.everybody)


class Past:
    """Waits of `areas`: whole of at most `at_once`, else of the months that decide what may be told. A care area that
    has not reported in them is read whole: what may be told of it follows from when it did."""

    def __init__(self, reader: Reader, areas: tuple[str, ...], at_once: int) -> None:
        self._reader = reader
        self._whole = len(areas) <= at_once
        first = reader.waits(areas, HISTORY_MONTHS if self._whole else RECENT + 1)
        read = {a.code for a in first.areas} if first else set()
        rest = () if self._whole else tuple(a for a in areas if a not in read)
        found = [w for w in (first, reader.waits(rest) if rest else None) if w is not None]
        self._places = {a.code: (w, k) for w in found for k, a in enumerate(w.areas)}
        self.guards: dict[tuple[str, str], Guard] = {}
        for waits in found:
            self.guards |= reader.guards(waits)

    def guard(self, region: str, care_area: str) -> Guard:
        """What this viewer may be told of a series."""
        exact = self._reader.viewer.of(region).role == "exact"
        return OPEN if exact else self.guards.get((region, care_area), Guard())

    def now(self, region: str, care_area: str) -> Now:
        waits, a = self._places.get(care_area, (None, 0))
        r = waits.region_index(region) if waits else None
        if waits is None or r is None:
            return Now()
        state = waits.state(a, r)
        return Now(
            share=float(waits.shares[a, r, -1]) if state == "" else None,
            hidden=state == "suppressed",
            coarse=bool(waits.coarse[a, r, -1]),
            provisional=bool(waits.provisional[a, r, -1]),
        )

    def with_lines(self, series: Sequence[Series]) -> Iterable[Series]:
        """The series with two years' line and its judgement: the same reading and judgement as the matrix, so that one
        cannot be noise there and worse here."""
        places = self._places
        if not self._whole and series:
            waits = self._reader.waits(tuple(dict.fromkeys(s.care_area.code for s in series)))
            places = {a.code: (waits, k) for k, a in enumerate(waits.areas)} if waits else {}
        return [_drawn(s, *places[s.care_area.code]) if s.care_area.code in places else s for s in series]


def _drawn(series: Series, waits: Waits, area: int) -> Series:
    k = waits.region_index(series.region.code)
    if k is None:
        return series
    found = region_signal(waits, area, k)
    judged = found.judgement if waits.state(area, k) == "" else "short"
    line = (*(None,) * (WINDOW - len(found.spark)), *found.spark)
    return replace(series, line=line, band=found.band, judgement=judged)
