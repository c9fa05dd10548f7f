"""A Source that asks once for what stays the same as long as the data do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, TypeVar

import pandas as pd

from lagesbild.domain.care import CareArea, Provider, Region
from lagesbild.domain.periods import Month
from lagesbild.domain.source import Batch, Break, DataVersion, GuaranteeLimit, Query, Run, Source
from lagesbild.domain.told_flags import ToldFlags
from lagesbild.pages.cache import KeepNewest, VersionWatch

if TYPE_CHECKING:
    import numpy as np

_ROWS_KEPT: Final = (
    40_000  # of all frames together, about 250 bytes of 25 columns each: what half a dozen care areas need
)
# Rows are few for a care area in these: a region has one a month
_EVERY_MONTH: Final = ("waits", "production", "capacity")
_WHOLE_YEARS: Final = ("reporting",)
_COLUMNS: Final = 25  # of such a row
_LIGHT: Final = 50  # what anything weighs beside its rows
T = TypeVar("T")


class KeptSource:
    """The same answers as `source` gives at data version `version`, each asked for once: a new version needs a new one.

    Long frames are not kept (see `KeepNewest`). Lists and frames are handed out as copies that share their contents:
    nobody can change what the next one gets.
    """

    def __init__(self, source: Source, version: DataVersion) -> None:
        self._source = source
        self._version = version
        self._kept: KeepNewest[Any] = KeepNewest(_ROWS_KEPT, _weight)

    def _keep(self, key: tuple[Any, ...], make: Callable[[], T]) -> T:
        made: T = self._kept.get(key, lambda: (make(), True))
        return made

    def _frame(self, key: tuple[Any, ...], make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        return self._keep(key, make).copy(deep=False)

    def version(self) -> DataVersion:
        return self._version

    def regions(self) -> list[Region]:
        return list(self._keep(("regions",), self._source.regions))

    def care_areas(self) -> list[CareArea]:
        return list(self._keep(("care_areas",), self._source.care_areas))

    def providers(self) -> list[Provider]:
        return list(self._keep(("providers",), self._source.providers))

    def guarantee_limits(self) -> list[GuaranteeLimit]:
        return list(self._keep(("guarantee_limits",), self._source.guarantee_limits))

    def breaks(self) -> list[Break]:
        return list(self._keep(("breaks",), self._source.breaks))

    def batches(self) -> list[Batch]:
        return list(self._keep(("batches",), self._source.batches))

    def latest_month(self, as_of: datetime | None = None) -> Month | None:
        return self._keep(("latest_month", as_of), lambda: self._source.latest_month(as_of))

    def distinct(self, dataset: str, column: str, query: Query, told: str = "") -> frozenset[str]:
        asked = (dataset, column, query, told)
        return self._keep(("distinct", *asked), lambda: self._source.distinct(*asked))

    def facts(self, dataset: str, query: Query) -> pd.DataFrame:
        wider = _wider(dataset, query)
        if wider != query:
            return _cut(self.facts(dataset, wider), query)
        return self._frame(("facts", dataset, query), lambda: self._source.facts(dataset, query))

    def history(self, dataset: str, query: Query, columns: tuple[str, ...] = ()) -> pd.DataFrame:
        return self._frame(("history", dataset, query, columns), lambda: self._source.history(dataset, query, columns))

    def reference(self, dataset: str) -> pd.DataFrame:
        return self._frame(("reference", dataset), lambda: self._source.reference(dataset))

    def runs(self, kind: str = "forecast") -> list[Run]:
        return list(self._keep(("runs", kind), lambda: self._source.runs(kind)))

    def forecasts(
        self,
        run_ids: tuple[int, ...],
        *,
        regions: tuple[str, ...] = (),
        care_areas: tuple[str, ...] = (),
        measures: tuple[str, ...] = (),
        baselines: bool = False,
    ) -> pd.DataFrame:
        def ask() -> pd.DataFrame:
            return self._source.forecasts(
                run_ids, regions=regions, care_areas=care_areas, measures=measures, baselines=baselines
            )

        return self._frame(("forecasts", run_ids, regions, care_areas, measures, baselines), ask)

    def gaps(self, run_id: int, *, care_areas: tuple[str, ...] = ()) -> pd.DataFrame:
        return self._frame(("gaps", run_id, care_areas), lambda: self._source.gaps(run_id, care_areas=care_areas))

    def flag_counts(self, asked: ToldFlags) -> pd.DataFrame:
        return self._frame(("flag_counts", asked), lambda: self._source.flag_counts(asked))

    def flagged_areas(self, asked: ToldFlags) -> pd.DataFrame:
        return self._frame(("flagged_areas", asked), lambda: self._source.flagged_areas(asked))

    def first_flags(
        self, asked: ToldFlags, most: int, besides: tuple[str, ...], by_share: tuple[str, ...]
    ) -> pd.DataFrame:
        how = (asked, most, besides, by_share)
        return self._frame(("first_flags", *how), lambda: self._source.first_flags(*how))

    def changed_flags(self, now: ToldFlags, before: ToldFlags, most: int) -> pd.DataFrame:
        which = (now, before, most)
        return self._frame(("changed_flags", *which), lambda: self._source.changed_flags(*which))

    def paths(self, run_id: int, region: str, care_area: str, measure: str) -> np.ndarray | None:
        return self._source.paths(run_id, region, care_area, measure)

    def pair_facts(self, run_id: int, region: str, care_area: str) -> Mapping[str, Any] | None:
        return self._source.pair_facts(run_id, region, care_area)

    def gap_record(self, run_id: int) -> pd.DataFrame:
        return self._frame(("gap_record", run_id), lambda: self._source.gap_record(run_id))

    def backtest(self, table: str = "backtest") -> pd.DataFrame:
        return self._frame(("backtest", table), lambda: self._source.backtest(table))


class Newest:
    """What `source` gives now, kept until `watch` tells of another version. For all who read through it."""

    def __init__(self, source: Source, watch: VersionWatch) -> None:
        self._source = source
        self._watch = watch
        self._kept: KeptSource | None = None

    def source(self) -> KeptSource:
        """Raises DatabaseUnavailableError."""
        version = self._watch.current()
        kept = self._kept
        if kept is None or kept.version() != version:
            kept = self._kept = KeptSource(self._source, version)
        return kept


def _wider(dataset: str, query: Query) -> Query:
    """What is asked for in place of `query`, so that the question about the next month or region is the same."""
    if dataset in _EVERY_MONTH and len(query.care_areas) == 1 and query.provider == "":
        return replace(query, regions=(), first=None, last=None)
    if dataset in _WHOLE_YEARS and query.first is not None and query.last is not None:
        return replace(query, regions=(), first=Month(query.first.year, 1), last=Month(query.last.year, 12))
    return query


def _cut(rows: pd.DataFrame, query: Query) -> pd.DataFrame:
    """The rows of the months and regions asked for, of rows that are sorted by month first, as all facts are."""
    period = rows["period"]
    first = 0 if query.first is None else period.searchsorted(pd.Timestamp(query.first.first_day))
    last = len(rows) if query.last is None else period.searchsorted(pd.Timestamp(query.last.first_day), side="right")
    found = rows.iloc[int(first) : int(last)]
    if query.regions:
        found = found[found["region"].isin(query.regions)]
    return found.reset_index(drop=True)


def _weight(value: Any) -> int:
    if isinstance(value, pd.DataFrame):
        return int(_LIGHT + value.size // _COLUMNS)
    return _LIGHT + (len(value) if isinstance(value, (list, frozenset)) else 0)
