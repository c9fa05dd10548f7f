"""What a finding about the data consists of, and the records that the rules read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import pandas as pd

from lagesbild.domain.care import CareArea, Provider, Region
from lagesbild.domain.datasets import DATASETS
from lagesbild.domain.disclosure import State
from lagesbild.domain.periods import Month, months_between
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Batch, Break, GuaranteeLimit, Query, Source
from lagesbild.views.region_choice import chosen_regions
from lagesbild.views.reporting_matrix import DEFAULT_WINDOW, EVER_MONTHS

Grade = Literal["stop", "review", "info"]
GRADES: Final[tuple[Grade, ...]] = ("stop", "review", "info")
CHECKED: Final = ("waits", "production", "capacity")


@dataclass(frozen=True)
class Cell:
    """One number of one row. `state` says what the viewer may see of it; `value` is exact until it has been set."""

    dataset: str
    region: str
    care_area: str
    provider: str
    month: Month
    column: str
    value: float | None
    state: State = ""

    @property
    def series(self) -> tuple[str, str, str, Month]:
        return self.region, self.care_area, self.provider, self.month


@dataclass(frozen=True)
class Draft:
    """What a rule found, before it is known what the viewer may see. `evidence` (a phrase) and `detail` (a sentence, or
    nothing) hold numbers from the data; `covered` says the same without, and `threshold` is the rule itself.

    `cells` are all the numbers that the evidence could be worked out from; the first is the one it is about.
    `differing`: the evidence is another in the twin (`finding_twin`), though every one of the cells may be the same.
    `same`: how many numbers a repeated month has.
    """

    rule: str
    grade: Grade
    title: str
    dataset: str
    region: str
    care_areas: tuple[str, ...]
    measure: str
    months: tuple[Month, ...]
    evidence: str
    covered: str
    threshold: str
    affects: str
    detail: str = ""
    cells: tuple[Cell, ...] = ()
    batch: int | None = None
    known: str = ""
    differing: bool = False
    same: int = 0


@dataclass(frozen=True)
class Finding:
    """A finding as this viewer may see it. `batch` is the import that its newest row came with; `known` what is already
    said about it (`öppen` when nothing is)."""

    rule: str
    grade: Grade
    title: str
    dataset: str
    region: Region
    care_areas: tuple[CareArea, ...]
    measure: str
    months: tuple[Month, ...]
    evidence: str
    said: str
    affects: str
    known: str
    cells: tuple[Cell, ...]
    batch: Batch | None
    hidden: bool  # the evidence has no numbers, because the viewer may not see them


@dataclass(frozen=True)
class Records:
    """`rows[dataset]`: current rows of the months shown and the one before, providers' too, with `batch_id`.
    `series[dataset]`: the regions' own rows over six years."""

    regions: Mapping[str, Region]
    areas: Mapping[str, CareArea]
    providers: Mapping[str, Provider]
    months: tuple[Month, ...]
    rows: Mapping[str, pd.DataFrame]
    series: Mapping[str, pd.DataFrame]
    breaks: tuple[Break, ...]
    limits: Sequence[GuaranteeLimit]
    batches: Mapping[int, Batch]

    @property
    def end(self) -> Month:
        return self.months[-1]

    def own(self, dataset: str) -> pd.DataFrame:
        """The regions' own current rows of the months shown."""
        rows = self.rows[dataset]
        return rows[(rows["provider"] == "") & (rows["period"] >= pd.Timestamp(self.months[0].first_day))]


def read_records(source: Source, selection: Selection) -> Records | None:
    """Rows of the chosen regions, care area and months; None when nothing has been reported at all, or no leaf region
    is chosen (no codes in a query would mean every region)."""
    end = selection.month or source.latest_month()
    regions = chosen_regions(source, selection)
    if end is None or not regions:
        return None
    first = end - ((selection.window or DEFAULT_WINDOW) - 1)
    areas = (selection.care_area,) if selection.care_area else ()
    codes = tuple(regions)
    rows, series = {}, {}
    for dataset in CHECKED:
        near = Query(codes, areas, None, first - 1, end, selection.as_of)
        keys = [c.name for c in DATASETS[dataset].keys]
        rows[dataset] = source.history(dataset, near).drop_duplicates(keys, keep="last").reset_index(drop=True)
        far = Query(codes, areas, "", end - (EVER_MONTHS - 1), end, selection.as_of)
        series[dataset] = source.facts(dataset, far)
    return Records(
        regions=regions,
        areas={a.code: a for a in source.care_areas()},
        providers={p.code: p for p in source.providers()},
        months=tuple(months_between(first, end)),
        rows=rows,
        series=series,
        breaks=tuple(source.breaks()),
        limits=source.guarantee_limits(),
        batches={b.batch_id: b for b in source.batches()},
    )


def cells_of(dataset: str, row: Mapping[Any, Any], columns: Sequence[str]) -> tuple[Cell, ...]:
    """The cells of a row (a dict of one) in the order of `columns`; NaN becomes None."""
    month, hidden = Month.of(row["period"]), row.get("suppressed")
    return tuple(
        Cell(
            dataset,
            str(row["region"]),
            str(row["care_area"]),
            str(row["provider"]),
            month,
            c,
            None if pd.isna(row[c]) else float(row[c]),
            "suppressed" if isinstance(hidden, dict) and c in hidden else "",
        )
        for c in columns
    )
