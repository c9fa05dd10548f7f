"""A small Source made from frames, so that views, figures and pages are tested without a database."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd

from lagesbild.domain.briefing import SavedBriefing
from lagesbild.domain.care import CareArea, Provider, Region, leaf_regions
from lagesbild.domain.datasets import DATASETS
from lagesbild.domain.gap_columns import GAP_COLUMNS
from lagesbild.domain.periods import Month
from lagesbild.domain.source import TOLD, Batch, Break, DataVersion, GuaranteeLimit, Query, Run
from lagesbild.domain.told_flags import ToldFlags
from tests import fake_flags

RECORDED = datetime(2026, 11, 15, 6, 10, tzinfo=UTC)


@dataclass
class KeptBriefings:
    """Briefings saved in memory."""

    kept: dict[str, SavedBriefing] = field(default_factory=dict)

    def save(self, saved: SavedBriefing) -> str:
        self.kept[saved.id] = saved
        return saved.id

    def get(self, id_: str) -> SavedBriefing | None:
        return self.kept.get(id_)

    def recent(self, most: int = 10) -> list[SavedBriefing]:
        return list(self.kept.values())[-most:]


class Revised:
    """Two sources: what was said at RECORDED, and what is said since an import a day later."""

    def __init__(self, before: FakeSource, now: FakeSource) -> None:
        self.before, self.now = before, now

    def __getattr__(self, name: str) -> Any:
        return getattr(self.now, name)

    def facts(self, dataset: str, query: Query) -> pd.DataFrame:
        return (self.before if query.as_of else self.now).facts(dataset, query)

    def batches(self) -> list[Batch]:
        later = Batch(99, "waits", "provdata", RECORDED + timedelta(days=1), 1, True, False, "rattat.csv")
        return [later, *self.now.batches()]


class _Remembers:
    """What has been read, out of sight of `vars` and `fields`: tests make other sources of those."""

    __slots__ = ("_read",)
    _read: dict[tuple[str, str], _Read]


@dataclass
class FakeSource(_Remembers):
    """`frames` maps a dataset to rows with at least its key columns; `period` may be text, Month or datetime."""

    region_rows: Sequence[Region]
    area_rows: Sequence[CareArea]
    frames: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    provider_rows: Sequence[Provider] = ()
    limit_rows: Sequence[GuaranteeLimit] = ()
    break_rows: Sequence[Break] = ()
    batch_rows: Sequence[Batch] = ()
    run_rows: Sequence[Run] = ()
    forecast_rows: pd.DataFrame | None = None
    gap_rows: pd.DataFrame | None = None
    path_arrays: Mapping[tuple[int, str, str, str], np.ndarray] = field(default_factory=dict)
    version_number: int = 1
    fact_rows: Mapping[tuple[int, str, str], Mapping[str, Any]] = field(default_factory=dict)
    record_rows: pd.DataFrame | None = None
    backtest_rows: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    earlier_frames: Mapping[str, pd.DataFrame] = field(default_factory=dict)  # superseded versions, with recorded_at

    def version(self) -> DataVersion:
        return DataVersion(self.version_number, RECORDED)

    def regions(self) -> list[Region]:
        return list(self.region_rows)

    def care_areas(self) -> list[CareArea]:
        return list(self.area_rows)

    def providers(self) -> list[Provider]:
        return list(self.provider_rows)

    def guarantee_limits(self) -> list[GuaranteeLimit]:
        return list(self.limit_rows)

    def breaks(self) -> list[Break]:
        return list(self.break_rows)

    def batches(self) -> list[Batch]:
        return list(self.batch_rows)

    def latest_month(self, as_of: datetime | None = None) -> Month | None:
        leaves = {r.code for r in leaf_regions(self.regions())}
        waits = self.facts("waits", Query(regions=tuple(leaves), as_of=as_of))
        return None if waits.empty else Month.of(waits["period"].max())

    def distinct(self, dataset: str, column: str, query: Query, told: str = "") -> frozenset[str]:
        rows = self.facts(dataset, query)
        if told:
            rows = rows[rows[told].notna() | (rows["value_status"] == "suppressed")]
        return frozenset(rows[column])

    def facts(self, dataset: str, query: Query) -> pd.DataFrame:
        def whole(given: pd.DataFrame | None) -> pd.DataFrame:
            return _whole(dataset, given).sort_values([c.name for c in DATASETS[dataset].keys])

        return self._once("facts", dataset, (self.frames.get(dataset),), whole).asked(query)

    def history(self, dataset: str, query: Query, columns: tuple[str, ...] = ()) -> pd.DataFrame:
        """The superseded versions and the current one; like the real one with what was recorded after `as_of` left
        out."""
        spec = DATASETS[dataset]

        def whole(*given: pd.DataFrame | None) -> pd.DataFrame:
            versions = [_whole(dataset, f) for f in given]
            frame = pd.concat([f for f in versions if len(f)] or versions[:1], ignore_index=True)
            if "batch_id" not in frame:
                frame["batch_id"] = 1
            frame["batch_id"] = frame["batch_id"].fillna(1).astype(int)
            return frame.sort_values([*(c.name for c in spec.keys), "recorded_at", "batch_id"])

        given = (self.earlier_frames.get(dataset), self.frames.get(dataset))
        frame = self._once("history", dataset, given, whole).asked(query)
        if query.as_of is not None and len(frame):
            frame = frame[frame["recorded_at"] <= query.as_of].reset_index(drop=True)
        return frame.drop(columns=[c.name for c in spec.values if columns and c.name not in columns])

    def _once(
        self,
        what: str,
        dataset: str,
        given: tuple[pd.DataFrame | None, ...],
        make: Callable[..., pd.DataFrame],
    ) -> _Read:
        """`make(*given)`, made once for as long as the given frames say the same: a page asks some fifty times."""
        if not hasattr(self, "_read"):
            self._read = {}
        read = self._read.get((what, dataset))
        if read is None or not read.of(given):
            read = self._read[what, dataset] = _Read(given, make(*given))
        return read

    def reference(self, dataset: str) -> pd.DataFrame:
        return self.frames.get(dataset, pd.DataFrame(columns=[c.name for c in DATASETS[dataset].columns])).copy()

    def runs(self, kind: str = "forecast") -> list[Run]:
        return sorted((r for r in self.run_rows if r.kind == kind), key=lambda r: -r.run_id)

    def forecasts(self, run_ids, *, regions=(), care_areas=(), measures=(), baselines=False) -> pd.DataFrame:
        frame = self.forecast_rows
        if frame is None:
            return pd.DataFrame(columns=["run_id", "region", "care_area", "measure", "role", "model", "period"])
        keep = frame["run_id"].isin(run_ids)
        if regions:
            keep &= frame["region"].isin(regions)
        if care_areas:
            keep &= frame["care_area"].isin(care_areas)
        if measures:
            keep &= frame["measure"].isin(measures)
        if not baselines:
            keep &= frame["role"] == "forecast"
        return frame[keep].reset_index(drop=True)

    def gaps(self, run_id: int, *, care_areas: tuple[str, ...] = ()) -> pd.DataFrame:
        if self.gap_rows is None:
            return pd.DataFrame(columns=list(GAP_COLUMNS))
        keep = self.gap_rows["run_id"] == run_id
        if care_areas:
            keep &= self.gap_rows["care_area"].isin(care_areas)
        return self.gap_rows[keep].reset_index(drop=True)

    def flag_counts(self, asked: ToldFlags) -> pd.DataFrame:
        return fake_flags.flag_counts(self.gaps, asked)

    def flagged_areas(self, asked: ToldFlags) -> pd.DataFrame:
        return fake_flags.flagged_areas(self.gaps, asked)

    def first_flags(
        self, asked: ToldFlags, most: int, besides: tuple[str, ...], by_share: tuple[str, ...]
    ) -> pd.DataFrame:
        return fake_flags.first_flags(self.gaps, asked, most, besides, by_share)

    def changed_flags(self, now: ToldFlags, before: ToldFlags, most: int) -> pd.DataFrame:
        return fake_flags.changed_flags(self.gaps, now, before, most)

    def paths(self, run_id: int, region: str, care_area: str, measure: str) -> np.ndarray | None:
        return self.path_arrays.get((run_id, region, care_area, measure))

    def pair_facts(self, run_id: int, region: str, care_area: str) -> Mapping[str, Any] | None:
        return self.fact_rows.get((run_id, region, care_area))

    def gap_record(self, run_id: int) -> pd.DataFrame:
        if self.record_rows is None:
            columns = ["region", "care_area", "target_share", "origin", "probability_12m", "status", "opened"]
            return pd.DataFrame(columns=[*columns, "months_known"])
        rows = self.record_rows
        if "run_id" in rows:
            return rows[rows["run_id"] == run_id].reset_index(drop=True)
        # without a number they are of every forecast run, and none of what goes with one
        mine = run_id not in {r.run_id for r in self.run_rows if r.kind == TOLD}
        return (rows if mine else rows.iloc[:0]).reset_index(drop=True)

    def backtest(self, table: str = "backtest") -> pd.DataFrame:
        return self.backtest_rows.get(table, pd.DataFrame())


def _whole(dataset: str, given: pd.DataFrame | None) -> pd.DataFrame:
    """Rows with every column of the dataset and of where they come from."""
    spec = DATASETS[dataset]
    frame = pd.DataFrame() if given is None else given.copy()
    for c in spec.columns:
        if c.name not in frame:
            frame[c.name] = pd.Series(["" if c.kind in ("text", "choice") else np.nan] * len(frame), dtype=object)
        if c.name == "period":
            frame["period"] = pd.to_datetime(frame["period"].map(str) if len(frame) else frame["period"])
        elif c.kind in ("text", "choice"):
            frame[c.name] = frame[c.name].fillna("").astype(str)
        else:
            frame[c.name] = frame[c.name].astype(float)
    defaults = {"value_status": "reported", "suppressed": None, "source": "provdata", "synthetic": True}
    for name, value in defaults.items():
        if name not in frame:
            frame[name] = pd.Series([value] * len(frame), dtype=object)
    if "recorded_at" not in frame:
        frame["recorded_at"] = RECORDED
    return frame


class _Read:
    """A dataset's rows made ready, and the answers to what has been asked of them."""

    def __init__(self, given: tuple[pd.DataFrame | None, ...], whole: pd.DataFrame) -> None:
        # shallow copies: pandas writes to a copy of its own when a test changes the frame it gave us
        self._given = tuple(None if f is None else f.copy(deep=False) for f in given)
        self._whole = whole
        self._answers: dict[Query, pd.DataFrame] = {}

    def of(self, given: tuple[pd.DataFrame | None, ...]) -> bool:
        """Whether these frames say what was read."""
        return all(a is b or (a is not None and a.equals(b)) for a, b in zip(given, self._given, strict=True))

    def asked(self, query: Query) -> pd.DataFrame:
        """The rows that the query is about, whatever they were known at. Nobody can change the next one's."""
        if query not in self._answers:
            self._answers[query] = _asked(self._whole, query).reset_index(drop=True)
        return self._answers[query].copy(deep=False)


def _asked(frame: pd.DataFrame, query: Query) -> pd.DataFrame:
    """The rows that the query is about, whatever they were known at."""
    keep = np.ones(len(frame), bool)
    home = "region" if "region" in frame else "home_region"
    if query.regions:
        keep &= frame[home].isin(query.regions).to_numpy()
    if query.care_areas and "care_area" in frame:
        keep &= frame["care_area"].isin(query.care_areas).to_numpy()
    if query.provider is not None and "provider" in frame:
        keep &= (frame["provider"] == query.provider).to_numpy()
    if query.first:
        keep &= (frame["period"] >= pd.Timestamp(query.first.first_day)).to_numpy()
    if query.last:
        keep &= (frame["period"] <= pd.Timestamp(query.last.first_day)).to_numpy()
    return frame[keep]
