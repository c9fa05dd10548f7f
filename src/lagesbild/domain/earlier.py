"""The data as they were at an earlier moment (`as_of`): whatever is asked of it, it hears nothing said later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from lagesbild.domain.care import CareArea, Provider, Region
from lagesbild.domain.periods import Month
from lagesbild.domain.source import Batch, Break, DataVersion, GuaranteeLimit, Query, Run, Source
from lagesbild.domain.told_flags import ToldFlags

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

RUN_KINDS: Final = ("forecast", "record")


class EarlierState:
    """A Source that knows facts, imports and forecast runs only as of `moment`.

    Reference data (regions, care areas, providers, limits, breaks) are the current ones: `Source` tells no older.
    """

    def __init__(self, source: Source, moment: datetime) -> None:
        self._source = source
        self._moment = moment
        self._facts_since = _facts_since(source, moment)

    @property
    def current(self) -> Source | None:
        """The source as it is now: what is hidden now is hidden in an earlier state too. None where no facts have come
        since: then the same are hidden anyway."""
        return self._source if self._facts_since else None

    def version(self) -> DataVersion:
        return self._source.version()

    def regions(self) -> list[Region]:
        return self._source.regions()

    def care_areas(self) -> list[CareArea]:
        return self._source.care_areas()

    def providers(self) -> list[Provider]:
        return self._source.providers()

    def guarantee_limits(self) -> list[GuaranteeLimit]:
        return self._source.guarantee_limits()

    def breaks(self) -> list[Break]:
        return self._source.breaks()

    def batches(self) -> list[Batch]:
        return [b for b in self._source.batches() if b.recorded_at <= self._moment]

    def latest_month(self, as_of: datetime | None = None) -> Month | None:
        return self._source.latest_month(as_of or self._moment)

    def distinct(self, dataset: str, column: str, query: Query, told: str = "") -> frozenset[str]:
        return self._source.distinct(dataset, column, self._then(query), told)

    def facts(self, dataset: str, query: Query) -> pd.DataFrame:
        return self._source.facts(dataset, self._then(query))

    def _then(self, query: Query) -> Query:
        return query if query.as_of else replace(query, as_of=self._moment)

    def history(self, dataset: str, query: Query, columns: tuple[str, ...] = ()) -> pd.DataFrame:
        return self._source.history(dataset, query if query.as_of else replace(query, as_of=self._moment), columns)

    def reference(self, dataset: str) -> pd.DataFrame:
        return self._source.reference(dataset)

    def runs(self, kind: str = "forecast") -> list[Run]:
        return [r for r in self._source.runs(kind) if r.created_at <= self._moment]

    def forecasts(
        self,
        run_ids: tuple[int, ...],
        *,
        regions: tuple[str, ...] = (),
        care_areas: tuple[str, ...] = (),
        measures: tuple[str, ...] = (),
        baselines: bool = False,
    ) -> pd.DataFrame:
        return self._source.forecasts(
            run_ids, regions=regions, care_areas=care_areas, measures=measures, baselines=baselines
        )

    def gaps(self, run_id: int, *, care_areas: tuple[str, ...] = ()) -> pd.DataFrame:
        return self._source.gaps(run_id, care_areas=care_areas)

    def flag_counts(self, asked: ToldFlags) -> pd.DataFrame:
        return self._source.flag_counts(asked)

    def flagged_areas(self, asked: ToldFlags) -> pd.DataFrame:
        return self._source.flagged_areas(asked)

    def first_flags(
        self, asked: ToldFlags, most: int, besides: tuple[str, ...], by_share: tuple[str, ...]
    ) -> pd.DataFrame:
        return self._source.first_flags(asked, most, besides, by_share)

    def changed_flags(self, now: ToldFlags, before: ToldFlags, most: int) -> pd.DataFrame:
        return self._source.changed_flags(now, before, most)

    def paths(self, run_id: int, region: str, care_area: str, measure: str) -> np.ndarray | None:
        return self._source.paths(run_id, region, care_area, measure)

    def pair_facts(self, run_id: int, region: str, care_area: str) -> Mapping[str, Any] | None:
        return self._source.pair_facts(run_id, region, care_area)

    def gap_record(self, run_id: int) -> pd.DataFrame:
        return self._source.gap_record(run_id)

    def backtest(self, table: str = "backtest") -> pd.DataFrame:
        return self._source.backtest(table)


def now(source: Source) -> Source:
    """The source as it is now, whatever state of it is shown."""
    return source._source if isinstance(source, EarlierState) else source


def source_at(source: Source, moment: datetime | None) -> Source:
    """The source itself, or what it knew at `moment`.

    Where nothing has been said since, that is the source itself: another view of the same numbers hides others of them
    (each has the twin that costs it least), and who sees both would know more than either shows.
    """
    if moment is None or not _said_since(source, moment):
        return source
    return EarlierState(source, moment)


def _said_since(source: Source, moment: datetime) -> bool:
    return _facts_since(source, moment) or any(r.created_at > moment for kind in RUN_KINDS for r in source.runs(kind))


def _facts_since(source: Source, moment: datetime) -> bool:
    return any(b.recorded_at > moment for b in source.batches())
