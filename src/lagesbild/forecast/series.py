"""One measure of one region and care area, made ready for a model: masked, rebased, trimmed, and its story in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from lagesbild.domain.periods import Month
from lagesbild.domain.seasonal import MIN_OBSERVED
from lagesbild.domain.source import Break
from lagesbild.domain.swedish import number_word
from lagesbild.forecast.transforms import Kind

MASKED_MEASURES: Final = ("added", "performed")  # a pandemic empties production; the list it leaves behind is real
SHARES: Final = ("within_limit_share",)
WINDOW: Final = 72  # months a model sees: six years of the present system
MAX_TAIL: Final = 12  # months without report at the end, beyond which a forecast says nothing about today
_CHANGES: Final = ("system_change", "definition_change")


@dataclass(frozen=True)
class Series:
    """Values one a month from `first`, float array (n,), NaN where missing; the last observed month is the last value.

    `tail` is the number of months between that and the run's last month. `note` is Swedish, for the reader.
    `refusal`, when not empty, says in Swedish why there can be no forecast.
    """

    region: str
    care_area: str
    measure: str
    first: Month
    values: np.ndarray
    tail: int = 0
    note: str = ""
    refusal: str = ""
    bands: np.ndarray | None = None  # (n, 4): waiting 0-30, 31-60, 61-90 and over 90 days, where that is the limit

    def last(self, months: int) -> Series:
        """The series with at most its last `months` values; itself when it is no longer."""
        cut = len(self.values) - months
        if cut <= 0:
            return self
        values = self.values[cut:]
        start = int(np.flatnonzero(~np.isnan(values))[0])
        bands = None if self.bands is None else self.bands[cut + start :]
        return replace(self, first=self.first + cut + start, values=values[start:], bands=bands)

    @property
    def kind(self) -> Kind:
        return "share" if self.measure in SHARES else "count"

    @property
    def observed(self) -> int:
        return int((~np.isnan(self.values)).sum())

    @property
    def gappy(self) -> bool:
        return bool(np.isnan(self.values).any())

    @property
    def constant(self) -> bool:
        seen = self.values[~np.isnan(self.values)]
        return len(seen) > 0 and bool(np.ptp(seen) == 0)


def applies(b: Break, region: str, care_area: str) -> bool:
    """Whether a break is about this region and care area."""
    return b.region in ("", region) and b.care_area in ("", care_area)


def prepare(
    values: np.ndarray,
    first: Month,
    breaks: Sequence[Break],
    *,
    region: str,
    care_area: str,
    measure: str,
    notes: Sequence[str] = (),
    bands: np.ndarray | None = None,
) -> Series:
    """The series of `values` (one a month from `first` to the run's last month, NaN where missing).

    - months under a "mask" are left out of production measures;
    - after a system or definition change only what came later is used, when that is two years or more; otherwise the
      whole series is used and the note says so;
    - `bands` (n, 4), if any, follow the values they belong to;
    - empty months at both ends are cut; those at the end become `tail`, a longer way to look ahead.
    """
    y = np.array(values, float)
    said = list(notes)
    mine = [b for b in breaks if applies(b, region, care_area)]
    if measure in MASKED_MEASURES:
        y = masked(y, first, breaks, region, care_area)
        said += _mask_notes(values, first, mine)
    start, note = _rebase(y, first, [b for b in mine if b.kind in _CHANGES])
    if note:
        said.append(note)
    y[:start] = np.nan
    seen = np.flatnonzero(~np.isnan(y))
    if not len(seen):
        return Series(region, care_area, measure, first, np.empty(0), refusal="Serien har inga värden.")
    tail = len(y) - 1 - int(seen[-1])
    begin = int(seen[0])
    end = len(y) - tail
    series = Series(region, care_area, measure, first + begin, y[begin:end], tail)
    cohorts = None if bands is None else np.where(np.isnan(y)[:, None], np.nan, bands)[begin:end]
    if cohorts is not None and np.isnan(cohorts[-1]).any():
        cohorts = None
    refusal = ""
    recent = series.last(WINDOW).observed
    if recent < MIN_OBSERVED:
        when = "" if recent == series.observed else " de senaste sex åren"
        refusal = f"För kort serie för prognos: {recent} av minst {MIN_OBSERVED} månader{when}."
    elif tail > MAX_TAIL:
        refusal = f"Ingen prognos: det senaste värdet är från {(first + int(seen[-1])).sv}."
    elif tail:
        missing = "Den senaste månaden saknas" if tail == 1 else f"De senaste {number_word(tail)} månaderna saknas"
        said.append(f"{missing}; prognosen ser längre fram och banden är bredare.")
    return Series(region, care_area, measure, series.first, series.values, tail, " ".join(said), refusal, cohorts)


def masked(values: np.ndarray, first: Month, breaks: Sequence[Break], region: str, care_area: str) -> np.ndarray:
    """A copy of `values` (one a month from `first`), NaN in the months of every mask that is about the pair."""
    y = np.array(values, float)
    for b in breaks:
        if b.kind == "mask" and applies(b, region, care_area):
            start, stop = max(0, b.first - first), len(y) if b.last is None else b.last - first + 1
            y[start : max(0, stop)] = np.nan
    return y


def _mask_notes(values: np.ndarray, first: Month, mine: Sequence[Break]) -> list[str]:
    """What each mask has left out, with its reason."""
    notes = []
    for b in (b for b in mine if b.kind == "mask"):
        start, stop = max(0, b.first - first), len(values) if b.last is None else max(0, b.last - first + 1)
        n = int((~np.isnan(values[start:stop])).sum())
        if n:
            months = "1 månad räknas som saknad" if n == 1 else f"{n} månader räknas som saknade"
            notes.append(f"{months}: {b.reason.rstrip('.')}.")
    return notes


def _rebase(y: np.ndarray, first: Month, changes: Sequence[Break]) -> tuple[int, str]:
    """Index from which the series may be used, and a note about changes that are too recent to start at."""
    note = ""
    for b in sorted(changes, key=lambda b: b.first, reverse=True):
        start = (b.first if b.last is None else b.last + 1) - first
        if start <= 0 or start >= len(y):
            continue
        after = int((~np.isnan(y[start:])).sum())
        before = int((~np.isnan(y[:start])).sum())
        if after >= MIN_OBSERVED:
            return start, note
        if before and after and not note:
            what = "Systembyte" if b.kind == "system_change" else "Ändrad definition"
            why = f" ({b.reason.rstrip('.')})" if b.reason else ""
            note = f"{what} i {b.first.sv}{why}: nivån kan ha flyttats, och prognosen bygger även på tiden före."
    return 0, note
