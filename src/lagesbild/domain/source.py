"""What pages and views may ask of the data, whoever answers: PostgreSQL in production, a small fake in tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol

from lagesbild.domain.care import CareArea, Provider, Region
from lagesbild.domain.periods import Month
from lagesbild.domain.told_flags import ToldFlags

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

MEASURES = ("waiting", "within_limit_share", "added", "performed")
TOLD = "told"  # a run of what a forecast run says to those who may not see all: see `domain.run_contents.Told`
COUNTRY = ""  # the region code of sums over all leaf regions, in forecasts and views


@dataclass(frozen=True)
class DataVersion:
    """The one row that every import and forecast run bumps; caches are keyed on `version`."""

    version: int
    changed_at: datetime


@dataclass(frozen=True)
class Query:
    """Which facts. Empty tuples mean all. `provider`: "" = the regions' own totals, a code = that one, None = all."""

    regions: tuple[str, ...] = ()
    care_areas: tuple[str, ...] = ()
    provider: str | None = ""
    first: Month | None = None
    last: Month | None = None
    as_of: datetime | None = None


@dataclass(frozen=True)
class GuaranteeLimit:
    """From `valid_from` the guarantee is `days` for the care area, in one region or (region "") all."""

    care_area: str
    region: str
    valid_from: date
    days: int


@dataclass(frozen=True)
class Break:
    """Months to leave out (mask) or to rebase at (system_change, definition_change). "" = all, `last` None = open."""

    region: str
    care_area: str
    first: Month
    last: Month | None
    kind: str
    reason: str


@dataclass(frozen=True)
class Batch:
    """One import: where its rows came from and when they became known."""

    batch_id: int
    dataset: str
    source: str
    recorded_at: datetime
    rows: int
    synthetic: bool
    provisional: bool
    file_name: str


@dataclass(frozen=True)
class Run:
    """One stored forecast run. `until` is the last month of data it saw, `data_as_of` the state of the data."""

    run_id: int
    kind: str  # "forecast" = a full run, "record" = an earlier origin replayed for the hit record, "told" = see TOLD
    created_at: datetime
    data_version: int
    data_as_of: datetime
    until: Month
    horizon: int
    seed: int
    code_version: str
    series: int
    seconds: float
    paths: int = 1_000
    previous_run: int | None = None  # the run whose flags the hysteresis started from; of "told" the run it goes with
    calibration: Mapping[str, Any] = field(default_factory=dict)  # see forecast.calibration and gap_probability


class Source(Protocol):
    """Read access to everything. All frames have plain columns and a RangeIndex; months are datetime64, first of month.

    Raises DatabaseUnavailableError when the database does not answer.
    """

    def version(self) -> DataVersion: ...

    def regions(self) -> list[Region]: ...

    def care_areas(self) -> list[CareArea]: ...

    def providers(self) -> list[Provider]: ...

    def guarantee_limits(self) -> list[GuaranteeLimit]: ...

    def breaks(self) -> list[Break]: ...

    def batches(self) -> list[Batch]: ...

    def latest_month(self, as_of: datetime | None = None) -> Month | None:
        """The last month that any leaf region has a `waits` row for, or had at `as_of`."""
        ...

    def distinct(self, dataset: str, column: str, query: Query, told: str = "") -> frozenset[str]:
        """The codes in a key column (`region`, `care_area`, `provider`, ...) of the facts that `query` means; with
        `told` of those in which that value column holds a number, shown or suppressed at the source."""
        ...

    def facts(self, dataset: str, query: Query) -> pd.DataFrame:
        """Current (or `as_of`) rows of a fact dataset, sorted by its key.

        Columns: the dataset's keys (`period` as datetime64, the others str, "" for none), its value columns as float64
        (NaN = not reported or suppressed; choice/text columns as str), then `value_status` (reported, provisional,
        suppressed), `suppressed` (dict of column -> n for cells given as `<n`, else None), `source` (str),
        `synthetic` (bool) and `recorded_at`.
        """
        ...

    def history(self, dataset: str, query: Query, columns: tuple[str, ...] = ()) -> pd.DataFrame:
        """Every recorded version of the rows asked for: nothing is overwritten, so what was said first is still there.

        Columns as in `facts`, of the value columns only those named (all when none is), and `batch_id`. Sorted so that
        the versions of a key follow each other, oldest first; the last is the current one. `query.as_of` leaves out
        what was recorded later. The query bounds how much is read: ask for the months and care areas that are shown.
        """
        ...

    def reference(self, dataset: str) -> pd.DataFrame:
        """Current rows of a dataset without months (`population`, ...), columns as in the contract."""
        ...

    def runs(self, kind: str = "forecast") -> list[Run]:
        """Finished runs of a kind, newest first."""
        ...

    def forecasts(
        self,
        run_ids: tuple[int, ...],
        *,
        regions: tuple[str, ...] = (),
        care_areas: tuple[str, ...] = (),
        measures: tuple[str, ...] = (),
        baselines: bool = False,
    ) -> pd.DataFrame:
        """Rows of `forecasts`: run_id, region (COUNTRY = sum), care_area, measure, role ("forecast"/"baseline"), model,
        period, horizon, mean, p50, lo50, hi50, lo80, hi80, lo95, hi95, note. Shares are 0-1."""
        ...

    def gaps(self, run_id: int, *, care_areas: tuple[str, ...] = ()) -> pd.DataFrame:
        """Rows of `gaps` for a run, columns as `lagesbild.domain.gap_columns.GAP_COLUMNS`; of all care areas unless
        some are named."""
        ...

    def flag_counts(self, asked: ToldFlags) -> pd.DataFrame:
        """How many pairs are told of, for each region: region, state (a status of FLAGGED, NONE = judged without a
        flag, UNTOLD), n, and last_opens, the last month that an expected one opens (NaT = none)."""
        ...

    def flagged_areas(self, asked: ToldFlags) -> pd.DataFrame:
        """Care areas with flags, and how many of any status: care_area, n."""
        ...

    def first_flags(
        self, asked: ToldFlags, most: int, besides: tuple[str, ...], by_share: tuple[str, ...]
    ) -> pd.DataFrame:
        """The `most` most urgent flags of each region and status, of the care areas that are not in `besides`: columns
        as FLAG_COLUMNS, sorted by region and care area. Open ones by `structural_share_now` in the regions `by_share`
        and by care area in the others, where an order would tell of a hidden share; others by month and probability."""
        ...

    def changed_flags(self, now: ToldFlags, before: ToldFlags, most: int) -> pd.DataFrame:
        """Pairs flagged in one of two runs whose state is another in the other: region, care_area, before, now
        (FLAGGED, NONE, UNJUDGED); the first `most` of each region, before and now, `n` of which there are."""
        ...

    def paths(self, run_id: int, region: str, care_area: str, measure: str) -> np.ndarray | None:
        """Stored sample paths, float array (paths, horizon); None when the run stored none for it."""
        ...

    def pair_facts(self, run_id: int, region: str, care_area: str) -> Mapping[str, Any] | None:
        """What a scenario of the pair needs beside its paths: see `domain.pair_facts`. None for older runs."""
        ...

    def gap_record(self, run_id: int) -> pd.DataFrame:
        """What the run's method would have warned of at earlier months, and what came: region, care_area, target_share,
        origin (datetime64, last month known), probability_12m, status, opened (NaT = not), months_known (of twelve)."""
        ...

    def backtest(self, table: str = "backtest") -> pd.DataFrame:
        """Rows of the latest backtest: `backtest`, `backtest_flags` or `backtest_reliability`, as in data.tables."""
        ...
