"""The Source of production: PostgreSQL, one query file per question."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from lagesbild.data.engine import Database
from lagesbild.data.queries.backtest import backtest
from lagesbild.data.queries.batches import batches
from lagesbild.data.queries.distinct import distinct
from lagesbild.data.queries.facts import facts
from lagesbild.data.queries.forecasts import forecasts
from lagesbild.data.queries.gap_record import gap_record
from lagesbild.data.queries.gaps import gaps
from lagesbild.data.queries.history import history
from lagesbild.data.queries.latest_month import latest_month
from lagesbild.data.queries.pair_facts import pair_facts
from lagesbild.data.queries.paths import paths
from lagesbild.data.queries.reference import reference
from lagesbild.data.queries.runs import runs
from lagesbild.data.queries.told_flags import changed_flags, first_flags, flag_counts, flagged_areas
from lagesbild.data.replica import ReplicatedDatabase
from lagesbild.data.version import read_version
from lagesbild.domain.care import CareArea, Provider, Region, leaf_regions
from lagesbild.domain.datasets import DATASETS
from lagesbild.domain.errors import UnknownCodeError
from lagesbild.domain.periods import Month
from lagesbild.domain.replica import ReplicaState
from lagesbild.domain.source import Batch, Break, DataVersion, GuaranteeLimit, Query, Run
from lagesbild.domain.told_flags import ToldFlags

T = TypeVar("T")


class PgSource:
    """`lagesbild.domain.source.Source` over a Database (role `read` in the web). Safe to share between threads.

    `as_of`: regions, care areas, limits, breaks and other rows without months are those known at that moment; facts
    have an `as_of` of their own in the query.
    """

    def __init__(self, database: Database, as_of: datetime | None = None) -> None:
        self.database = database
        self.as_of = as_of

    def _ask(self, question: Callable[..., T], *asked: Any) -> T:
        """The answer of a query file; on one connection and in one transaction, of whichever server may be read."""
        return self.database.reading(lambda connection: question(connection, *asked))

    def version(self) -> DataVersion:
        return read_version(self.database)

    def replica(self) -> ReplicaState | None:
        """How the read replica is, for those who watch over us; None when there is none. Asks no server."""
        return self.database.state() if isinstance(self.database, ReplicatedDatabase) else None

    def _rows(self, dataset: str) -> list[dict[str, Any]]:
        return [{str(k): v for k, v in row.items()} for row in self.reference(dataset).to_dict("records")]

    def regions(self) -> list[Region]:
        found = [
            Region(**{**row, "lat": _number(row["lat"]), "lon": _number(row["lon"]), "sort_order": _order(row)})
            for row in self._rows("regions")
        ]
        return sorted(found, key=lambda r: (r.sort_order, r.code))

    def care_areas(self) -> list[CareArea]:
        found = []
        for row in self._rows("care-areas"):
            age = _number(row["min_age"])
            row["min_age"] = None if age is None else round(age)
            row["guarantee_days"] = round(row["guarantee_days"])
            found.append(CareArea(**{**row, "sort_order": _order(row)}))
        return sorted(found, key=lambda a: (a.sort_order, a.code))

    def providers(self) -> list[Provider]:
        found = []
        for row in self._rows("providers"):
            for name in ("lat", "lon"):
                row[name] = _number(row[name])
            for name in ("agreement_from", "agreement_until"):
                row[name] = None if pd.isna(row[name]) else row[name].date()
            found.append(Provider(**row))
        return found

    def guarantee_limits(self) -> list[GuaranteeLimit]:
        return [
            GuaranteeLimit(row["care_area"], row["region"], row["valid_from"].date(), round(row["days"]))
            for row in self._rows("guarantee-limits")
        ]

    def breaks(self) -> list[Break]:
        return [
            Break(
                row["region"],
                row["care_area"],
                Month.of(row["from"]),
                None if pd.isna(row["to"]) else Month.of(row["to"]),
                row["kind"],
                row["reason"],
            )
            for row in self._rows("breaks")
        ]

    def batches(self) -> list[Batch]:
        """All imports, newest first."""
        return self._ask(batches)

    def latest_month(self, as_of: datetime | None = None) -> Month | None:
        leaves = [r.code for r in leaf_regions(self.regions())]
        found = self._ask(latest_month, leaves, as_of)
        return None if found is None else Month.of(found)

    def distinct(self, dataset: str, column: str, query: Query, told: str = "") -> frozenset[str]:
        """Raises UnknownCodeError for a name that is no fact dataset."""
        _known(dataset, facts=True)
        return self._ask(distinct, dataset, column, query, told)

    def facts(self, dataset: str, query: Query) -> pd.DataFrame:
        """Raises UnknownCodeError for a name that is no fact dataset."""
        _known(dataset, facts=True)
        return self._ask(facts, dataset, query)

    def history(self, dataset: str, query: Query, columns: tuple[str, ...] = ()) -> pd.DataFrame:
        """Raises UnknownCodeError for a name that is no fact dataset."""
        _known(dataset, facts=True)
        return self._ask(history, dataset, query, columns)

    def reference(self, dataset: str) -> pd.DataFrame:
        """Raises UnknownCodeError for a name that is no reference dataset."""
        _known(dataset, facts=False)
        return self._ask(reference, dataset, self.as_of)

    def runs(self, kind: str = "forecast") -> list[Run]:
        return self._ask(runs, kind)

    def forecasts(
        self,
        run_ids: tuple[int, ...],
        *,
        regions: tuple[str, ...] = (),
        care_areas: tuple[str, ...] = (),
        measures: tuple[str, ...] = (),
        baselines: bool = False,
    ) -> pd.DataFrame:
        return self._ask(forecasts, run_ids, regions, care_areas, measures, baselines)

    def gaps(self, run_id: int, *, care_areas: tuple[str, ...] = ()) -> pd.DataFrame:
        return self._ask(gaps, run_id, care_areas)

    def flag_counts(self, asked: ToldFlags) -> pd.DataFrame:
        return self._ask(flag_counts, asked)

    def flagged_areas(self, asked: ToldFlags) -> pd.DataFrame:
        return self._ask(flagged_areas, asked)

    def first_flags(
        self, asked: ToldFlags, most: int, besides: tuple[str, ...], by_share: tuple[str, ...]
    ) -> pd.DataFrame:
        return self._ask(first_flags, asked, most, besides, by_share)

    def changed_flags(self, now: ToldFlags, before: ToldFlags, most: int) -> pd.DataFrame:
        return self._ask(changed_flags, now, before, most)

    def paths(self, run_id: int, region: str, care_area: str, measure: str) -> np.ndarray | None:
        return self._ask(paths, run_id, region, care_area, measure)

    def pair_facts(self, run_id: int, region: str, care_area: str) -> Mapping[str, Any] | None:
        return self._ask(pair_facts, run_id, region, care_area)

    def gap_record(self, run_id: int) -> pd.DataFrame:
        return self._ask(gap_record, run_id)

    def backtest(self, table: str = "backtest") -> pd.DataFrame:
        return self._ask(backtest, table)


def _known(dataset: str, *, facts: bool) -> None:
    if dataset not in DATASETS or DATASETS[dataset].facts != facts:
        names = ", ".join(d.name for d in DATASETS.values() if d.facts == facts)
        raise UnknownCodeError(f"Det finns ingen datamängd ”{dataset}” här.", f"Välj en av: {names}.")


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value


def _order(row: dict[str, Any]) -> int:
    """A missing sorting number counts as 0."""
    return 0 if math.isnan(row["sort_order"]) else round(row["sort_order"])
