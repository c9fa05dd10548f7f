"""How much has a month's share moved since it was first published?

Every version is kept, so each state a share has been in can be worked out again from what was known then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import numpy as np
import pandas as pd

from lagesbild.domain.care import CareArea, Region, leaf_regions
from lagesbild.domain.dataset_spec import WAIT_BANDS
from lagesbild.domain.disclosure import COARSE_DECIMALS, agreed_share
from lagesbild.domain.guarantee import limit_days
from lagesbild.domain.periods import Month, months_between
from lagesbild.domain.registers import due
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Query, Source
from lagesbild.domain.swedish import swedish_time
from lagesbild.domain.viewer import Viewer
from lagesbild.views.twins import stock_twin
from lagesbild.views.wait_reporting import about_waits, excluded_months
from lagesbild.views.waits import BAND_ENDS

LEAST_MONTHS: Final = 24  # shown at least, so that a year's months have had a year to move in
EARLY: Final = 3  # months after the first publication: what the heading says of the later ones
_NEEDED: Final = ("waiting", "within_limit", *WAIT_BANDS)


@dataclass(frozen=True)
class Path:
    """One month's share: `moments` when something was recorded, `after` whole months since the first, `shares`
    (fractions, NaN = may not be shown). `regions` counted at each moment. `coarse`: in whole per cent."""

    month: Month
    moments: tuple[datetime, ...]
    after: tuple[int, ...]
    shares: tuple[float, ...]
    regions: tuple[int, ...]
    coarse: bool

    @property
    def moved(self) -> tuple[float, ...]:
        """Percentage points since the first publication."""
        return tuple((s - self.shares[0]) * 100 for s in self.shares)

    @property
    def last(self) -> float:
        return self.moved[-1]

    @property
    def since(self) -> float:
        """What it has moved after the first `EARLY` months, in points; NaN when it has not been known so long."""
        early = [m for a, m in zip(self.after, self.moved, strict=True) if a <= EARLY]
        return self.moved[-1] - early[-1] if self.after[-1] > EARLY else float("nan")


@dataclass(frozen=True)
class Revisions:
    """`region` None is the country. `paths`: one a month, oldest first; `hidden` months are not for this viewer."""

    care_area: CareArea
    region: Region | None
    paths: tuple[Path, ...]
    hidden: tuple[Month, ...]
    sources: tuple[str, ...]
    recorded_at: datetime
    synthetic: bool

    @property
    def followed(self) -> tuple[Path, ...]:
        """Months that something has been recorded for again."""
        return tuple(p for p in self.paths if len(p.moments) > 1)

    def age(self, path: Path) -> int:
        """Whole months that a month's share has been known at the latest recording, whether or not it was said again:
        what nothing more has been said of has stayed where it was."""
        now = Month.of(swedish_time(self.recorded_at))
        return max(path.after[-1], now - Month.of(swedish_time(path.moments[0])))

    def since(self, path: Path) -> float:
        """`Path.since`, and no movement where the share has been known for longer than `EARLY` months and has not been
        said again after them; NaN only when it has not been known so long."""
        return 0.0 if path.after[-1] <= EARLY < self.age(path) else path.since

    @property
    def largest(self) -> Path | None:
        """The month that has moved most; None when none has moved."""
        moved = [p for p in self.followed if np.isfinite(p.last) and round(abs(p.last), 1)]
        return max(moved, key=lambda p: (abs(p.last), p.month), default=None)


def revisions(source: Source, selection: Selection, care_area: CareArea, viewer: Viewer) -> Revisions | None:
    """Of one care area, in the chosen region or the country. None when nothing is reported."""
    end = selection.month or source.latest_month()
    if end is None:
        return None
    leaves = leaf_regions(source.regions())
    region = next((r for r in leaves if r.code == selection.region), None)
    viewer = viewer.everybody if region is None else viewer.of(region.code)
    first = end - (max(LEAST_MONTHS, selection.window or 0) - 1)
    codes = tuple(r.code for r in leaves)
    rows = source.history("waits", Query(codes, (care_area.code,), "", first, end, selection.as_of), _NEEDED)
    if rows.empty or (region is not None and region.code not in set(rows["region"])):
        return None
    limits = source.guarantee_limits()
    days = np.array([limit_days(care_area, r.code, end, limits) for r in leaves])
    states = _states(rows, [r.code for r in leaves], days)
    at = None if region is None else leaves.index(region)
    told = about_waits(source.facts("reporting", Query(first=first, last=end, as_of=selection.as_of)))
    gone = excluded_months(told, leaves, months_between(first, end))
    paths, hidden = [], []
    for k, month in enumerate(months_between(first, end)):
        path = _path(month, states.get(month, []), at, gone[:, k], viewer, leaves)
        if path is None:
            continue
        if np.isfinite(path.shares).all():
            paths.append(path)
        else:
            hidden.append(month)
    return Revisions(
        care_area=care_area,
        region=region,
        paths=tuple(paths),
        hidden=tuple(hidden),
        sources=tuple(sorted(set(rows["source"]))),
        recorded_at=rows["recorded_at"].max(),
        synthetic=bool(rows["synthetic"].astype(bool).any()),
    )


Regions = Sequence[Region]
State = tuple[datetime, np.ndarray]  # when, and (regions, 9): within, waiting and bands, NaN = not known


def _states(rows: pd.DataFrame, codes: Sequence[str], days: np.ndarray) -> Mapping[Month, list[State]]:
    """What was known after each moment at which something was recorded, month by month."""
    place = {c: k for k, c in enumerate(codes)}
    within = _within(rows, np.array([days[place[r]] for r in rows["region"]]))
    out: dict[Month, list[State]] = {}
    now: dict[Month, np.ndarray] = {}
    months = {p: Month.of(p) for p in rows["period"].unique()}
    order = np.lexsort((rows["batch_id"].to_numpy(), rows["recorded_at"].astype("int64").to_numpy()))
    columns = [rows[c].to_numpy() for c in ("region", "period", "waiting")] + [within]
    bands = rows[list(WAIT_BANDS)].to_numpy(float)
    moments = [m.to_pydatetime() for m in rows["recorded_at"]]
    for i in order:
        region, waiting, inside = columns[0][i], columns[2][i], columns[3][i]
        month = months[pd.Timestamp(columns[1][i])]
        known = now.setdefault(month, np.full((len(codes), 2 + len(WAIT_BANDS)), np.nan))
        known[place[region]] = inside, waiting, *bands[i]
        states = out.setdefault(month, [])
        if states and states[-1][0] == moments[i]:
            states[-1] = (moments[i], known.copy())
        else:
            states.append((moments[i], known.copy()))
    return out


def _within(rows: pd.DataFrame, days: np.ndarray) -> np.ndarray:
    """Within the limit as reported, else from the bands where the limit is the end of one."""
    out = rows["within_limit"].to_numpy(float).copy()
    bands = np.cumsum(rows[list(WAIT_BANDS)].to_numpy(float), axis=1)
    for k, end in enumerate(BAND_ENDS):
        use = np.isnan(out) & (days == end)
        out[use] = bands[use, k]
    return out


def _path(
    month: Month, states: list[State], at: int | None, gone: np.ndarray, viewer: Viewer, regions: Regions
) -> Path | None:
    """None when the month has never had a share. `gone`: regions whose month is excluded now: they are in no state of
    it, so that the last one is what the other pages show; bool (regions,)."""
    moments: list[datetime] = []
    shares: list[float] = []
    counted: list[int] = []
    coarse = False
    for moment, known in _publications(month, states) if at is None else states:
        known, bands = known[:, :2], known[:, 2:]
        told = np.isfinite(known.sum(axis=1))
        mine = told & ~gone if at is None else told & ~gone & (np.arange(len(told)) == at)
        twin = known
        if viewer.role != "exact":
            # the same twin as on every other page, of what was known then
            use = np.isfinite(known).all(axis=1) & ~gone
            found = stock_twin(known[:, 0], known[:, 1], regions, use, viewer.threshold, bands=bands)
            twin = known + found[:, [0, 2]]
        n = int(mine.sum())
        if not n or not max(known[mine, 1].sum(), twin[mine, 1].sum()) > 0:
            continue
        pairs = [(x[mine, 0].sum(keepdims=True), x[mine, 1].sum(keepdims=True)) for x in (known, twin)]
        seen, rough = agreed_share(pairs[0], pairs[1], viewer)
        coarse = coarse or bool(rough[0])
        share = float(seen[0])
        if shares and share == shares[-1] and n == counted[-1]:
            continue  # another column was corrected
        moments.append(moment)
        shares.append(share)
        counted.append(n)
    if not moments:
        return None
    if coarse:  # one step of a line in tenths would tell what the others hide
        shares = [round(s, COARSE_DECIMALS) for s in shares]
    first = Month.of(moments[0])
    after = tuple(Month.of(m) - first for m in moments)
    return Path(month, tuple(moments), after, tuple(shares), tuple(counted), coarse)


def _publications(month: Month, states: list[State]) -> list[State]:
    """The states that a country's figure was published in: the one at the last day to report, then one a day.

    Regions report on different days; before the last of them the sum is no figure of the country's.
    """
    out: dict[date, State] = {}
    for moment, known in states:
        out[max(due(month), swedish_time(moment).date())] = (moment, known)
    return list(out.values())


@dataclass(frozen=True)
class PublishedRevisions:
    """What came of a published real series: `changed` of `months` were changed later, `largest` points at most."""

    months: int
    changed: int
    largest: float
    first: Month
    last: Month
    source: str


def published_revisions(source: Source, as_of: Any = None) -> PublishedRevisions | None:
    """Of published shares, real ones only, each care area's month once. None when there are none."""
    rows = source.history("published-shares", Query(as_of=as_of))
    rows = rows[~rows["synthetic"].astype(bool)] if len(rows) else rows
    if rows.empty:
        return None
    spread = rows.groupby(["region", "care_area", "period"])["within_limit_pct"].agg(["first", "min", "max"])
    moved = np.maximum(spread["max"] - spread["first"], spread["first"] - spread["min"])
    return PublishedRevisions(
        months=len(spread),
        changed=int((moved > 0).sum()),
        largest=float(moved.max()),
        first=Month.of(rows["period"].min()),
        last=Month.of(rows["period"].max()),
        source=str(rows["source"].iloc[-1]),
    )
