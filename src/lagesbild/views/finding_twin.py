"""The records of findings as they are in the twin (`domain.twin`): a finding is told to who does not see all when it is
there in both, and its numbers when they are the same in both.

So whether something is listed, how grave it is and what is expected of a month tell no more than the counts shown do.
A finding from the mean of the two would tell no more either, but could say what is not so: a part larger than its whole
by half a person.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pandas as pd

from lagesbild.domain.dataset_spec import WAIT_BANDS
from lagesbild.domain.periods import Month
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Source
from lagesbild.domain.viewer import Viewer
from lagesbild.views.area_twin import EXCLUDED, FLOWS, AreaTwin, area_twin
from lagesbild.views.finding import GRADES, Draft, Records
from lagesbild.views.provider_twin import provider_twins, provider_wait_twin
from lagesbild.views.wait_counts import Counts, wait_counts
from lagesbild.views.wait_reading import read_waits
from lagesbild.views.waits import Waits

_WAITS = ("waiting", "within_limit", *WAIT_BANDS, *EXCLUDED)
_STOCK = _WAITS[:2]
OF_SERIES = ("outlier", "break")  # rules that read the series of years
_OF_PARTS = ("bands", "providers", "repeated")  # rules that read providers' rows
Key = tuple[str, str, str, pd.Timestamp]  # region, care area, provider, month
More = dict[Key, dict[str, float]]  # by how much the twin differs, where it does


class Twins:
    """The twins of the care areas that `records` are of, each read once, whoever asks."""

    def __init__(self, source: Source, selection: Selection, records: Records, viewer: Viewer) -> None:
        self.source, self.selection, self.records, self.viewer = source, selection, records, viewer
        self._waits: dict[str, Waits | None] = {}
        self._counts: dict[tuple[str, Month], Counts | None] = {}
        self._areas: dict[str, AreaTwin] = {}

    def told(self, area: str) -> Selection:
        return Selection(care_area=area, month=self.records.end, as_of=self.selection.as_of)

    def counts(self, area: str, month: Month) -> Counts | None:
        """The waits of a month; None where none are read."""
        if (area, month) not in self._counts:
            if area not in self._waits:
                self._waits[area] = read_waits(self.source, self.told(area), self.viewer)
            waits = self._waits[area]
            there = waits is not None and month in waits.months
            self._counts[area, month] = wait_counts(until(waits, month), 0, self.viewer) if waits and there else None
        return self._counts[area, month]

    def area(self, area: str) -> AreaTwin:
        """Stock and flows of every region, from before the first month of the series."""
        if area not in self._areas:
            first = min(
                (Month.of(f["period"].min()) for f in self.records.series.values() if len(f)),
                default=self.records.end,
            )
            self._areas[area] = area_twin(
                self.source, self.told(area), min(first, self.records.months[0]) - 2, self.viewer
            )
        return self._areas[area]


def twin_records(twins: Twins, drafts: Sequence[Draft]) -> Records:
    """The records behind `drafts` in the twin: the rows of their regions and care areas, and all series where a draft
    is of one. What is not found in the real records need not be looked for in the twin's."""
    records = twins.records
    waits: More = {}
    flows: More = {}
    pairs = {(d.region, a) for d in drafts for a in d.care_areas if a in records.areas}
    for area in sorted({a for _, a in pairs}):
        mine = [d for d in drafts if area in d.care_areas]
        # a balance and a repetition are of the month before too
        months = sorted({m - k for d in mine if d.rule not in OF_SERIES for m in d.months for k in (0, 1)})
        _own(twins, area, sorted({d.region for d in mine}), months, waits, flows)
        _parts(twins, area, sorted({d.region for d in mine if d.rule in _OF_PARTS}), months, waits, flows)
    more = {"waits": waits, "production": flows}
    rows = {name: _moved(_of(frame, pairs), more.get(name, {})) for name, frame in records.rows.items()}
    some = any(d.rule in OF_SERIES for d in drafts)
    series = {n: _moved(f if some else f.iloc[:0], more.get(n, {})) for n, f in records.series.items()}
    return replace(records, rows=rows, series=series)


def _of(frame: pd.DataFrame, pairs: set[tuple[str, str]]) -> pd.DataFrame:
    # as an array: an empty list would choose columns, none of them
    mine = [pair in pairs for pair in zip(frame["region"], frame["care_area"], strict=True)]
    return frame[np.array(mine, bool)]


def _own(twins: Twins, area: str, regions: Sequence[str], months: Sequence[Month], waits: More, flows: More) -> None:
    """The own rows of `regions`: stock and flows of every month, bands and excluded of `months`."""
    whole = twins.area(area)
    times = [pd.Timestamp(m.first_day) for m in whole.months]
    for k, region in enumerate(r.code for r in whole.regions):
        for columns, more in ((_STOCK, waits), (FLOWS, flows)) if region in regions else ():
            for column in columns:
                _note(more, (region, area, ""), times, column, whole.differences[column][k])
    for month in months:
        counts = twins.counts(area, month)
        for code in regions if counts is not None else ():
            for column in (*WAIT_BANDS, *EXCLUDED):
                _note(waits, (code, area, ""), [pd.Timestamp(month.first_day)], column, _less(counts, code, column))


def _parts(twins: Twins, area: str, regions: Sequence[str], months: Sequence[Month], waits: More, flows: More) -> None:
    """The rows of the providers of `regions`."""
    if not months or not regions:
        return
    whole = since(twins.area(area), months[0] - 1)
    rows = twins.records.rows["waits"]
    rows = rows[(rows["care_area"] == area) & (rows["provider"] != "")]
    for region in regions:
        found = provider_twins(
            twins.source, twins.told(area), twins.records.areas[area], region, whole, twins.viewer.threshold
        )
        times = [pd.Timestamp(m.first_day) for m in found.months]
        for k, provider in enumerate(found.codes):
            for columns, more in ((_STOCK, waits), (FLOWS, flows)):
                for column in columns:
                    _note(more, (region, area, provider), times, column, found.differences[column][k])
        for month in months:
            at = pd.Timestamp(month.first_day)
            part = rows[(rows["region"] == region) & (rows["period"] == at)]
            counts = twins.counts(area, month)
            if counts is None or part.empty:
                continue
            providers = [str(p) for p in part["provider"]]
            moved = provider_wait_twin(providers, {c: part[c].to_numpy(float) for c in _WAITS}, counts, region)
            for column in (*WAIT_BANDS, *EXCLUDED):
                for provider, differs in zip(providers, moved[column], strict=True):
                    _note(waits, (region, area, provider), [at], column, np.array([differs]))


def _less(counts: Counts | None, region: str, column: str) -> np.ndarray:
    """By how much the twin's count is larger; nothing where it is not known."""
    value, other = (None, None) if counts is None else (c.get((region, column)) for c in (counts.values, counts.others))
    return np.array([0.0 if value is None or other is None else other - value])


def _note(
    more: More, place: tuple[str, str, str], times: Sequence[pd.Timestamp], column: str, differs: np.ndarray
) -> None:
    for t in np.flatnonzero(np.nan_to_num(differs)).tolist():
        more.setdefault((*place, times[t]), {})[column] = float(differs[t])


def _moved(frame: pd.DataFrame, more: More) -> pd.DataFrame:
    keys = zip(*(frame[c].astype(str) for c in ("region", "care_area", "provider")), frame["period"], strict=True)
    hits = [(k, more[key]) for k, key in enumerate(keys) if key in more]
    if not hits:
        return frame
    out = frame.copy()
    for column in dict.fromkeys(c for _, changed in hits for c in changed):
        values = frame[column].to_numpy(float).copy()
        for k, changed in hits:
            values[k] += changed.get(column, 0.0)
        out[column] = values
    return out


def in_both(real: Sequence[Draft], other: Sequence[Draft], own: str) -> Iterator[Draft]:
    """The drafts of the real records that are in the twin's too, as grave as in the milder of the two, and marked as
    `differing` where their numbers are not the same; of the region `own` all, as they are."""
    theirs: dict[tuple[Any, ...], list[Draft]] = {}
    for draft in other:
        theirs.setdefault(_claim(draft), []).append(draft)
    for draft in real:
        found = theirs.get(_claim(draft))
        if draft.region == own:
            yield draft
        elif found:
            match = found.pop(0)
            milder = max(draft, match, key=lambda d: GRADES.index(d.grade))
            words = [(d.evidence, d.detail, d.grade, d.threshold) for d in (draft, match)]
            yield replace(draft, grade=milder.grade, threshold=milder.threshold, differing=words[0] != words[1])


def _claim(draft: Draft) -> tuple[Any, ...]:
    """What a finding says without its numbers."""
    d = draft
    return d.rule, d.dataset, d.region, d.care_areas, d.measure, d.months, d.title, d.covered, d.known


def since(twin: AreaTwin, first: Month) -> AreaTwin:
    """The same from a later month on."""
    k = max(0, first - twin.months[0])
    counts, differences, withheld, lost = (
        {c: x[:, k:] for c, x in by_column.items()}
        for by_column in (twin.counts, twin.differences, twin.withheld, twin.lost)
    )
    return AreaTwin(twin.regions, twin.months[k:], counts, differences, withheld, lost)


def until(waits: Waits, month: Month) -> Waits:
    """The same reading as it ends with an earlier month."""
    n = waits.months.index(month) + 1
    cut: dict[str, Any] = {"months": waits.months[:n]}
    for f in fields(waits):
        value = getattr(waits, f.name)
        if f.name in ("values", "others", "withheld"):
            cut[f.name] = {c: v[:, :, :n] for c, v in value.items()}
        if isinstance(value, np.ndarray) and value.shape[-1] == len(waits.months) and f.name != "days":
            cut[f.name] = value[..., :n]
    return replace(waits, **cut)
