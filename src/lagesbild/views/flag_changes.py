"""What is different among the flags since the previous forecast? New, raised, lowered and withdrawn ones."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Run, Source
from lagesbild.domain.told_flags import FLAGGED
from lagesbild.domain.viewer import Viewer
from lagesbild.views.flags import known_runs
from lagesbild.views.told_run import ToldRun

Kind = Literal["new", "raised", "lowered", "withdrawn"]
KINDS: Final[tuple[Kind, ...]] = ("raised", "new", "lowered", "withdrawn")  # the most urgent first
LISTED: Final = 4  # the others are counted
_COLUMNS: Final = ("region", "care_area", "before", "now")


@dataclass(frozen=True)
class FlagChange:
    """A series whose flag is another than in the previous run. `before` and `now` are a status of FLAGGED, NONE
    (judged, without a flag) or UNJUDGED (the run could not say)."""

    region: str
    care_area: str
    before: str
    now: str

    @property
    def kind(self) -> Kind:
        """
        >>> [FlagChange("", "", b, n).kind for b, n in (("watch", "open"), ("none", "watch"), ("open", "unjudged"))]
        ['raised', 'new', 'withdrawn']
        """
        if self.before not in FLAGGED:
            return "new"
        if self.now not in FLAGGED:
            return "withdrawn"
        return "raised" if FLAGGED.index(self.now) < FLAGGED.index(self.before) else "lowered"


@dataclass(frozen=True)
class FlagChanges:
    """The runs compared and what differs, most urgent first: by kind, then in the order of FLAGGED and regions. `count`
    differ in all; `changes` are at least the first LISTED."""

    run: Run
    previous: Run
    changes: tuple[FlagChange, ...]
    count: int


def flag_changes(
    source: Source,
    selection: Selection,
    run: Run,
    codes: Mapping[str, int],
    viewer: Viewer,
    within: Collection[str] | None = None,
) -> FlagChanges | None:
    """`run` against that of the latest month before it, the newest one of that month; None when there is none.

    Only runs that existed at the selection's `as_of` count. `codes`: region -> order, as for `flags`; `within` names
    those of them that are meant, all when it is None.
    """
    earlier = [r for r in known_runs(source, selection) if r.until < run.until]
    if not earlier:
        return None
    previous = max(earlier, key=lambda r: (r.until, r.run_id))
    told, before = ToldRun(source, run, viewer), ToldRun(source, previous, viewer)
    asked = (selection.target / 100, tuple(codes), selection.care_area)
    rows = told.changed_flags(told.flags(*asked), before.flags(*asked), LISTED)
    if within is not None:
        rows = rows[rows["region"].isin(within)]
    changed = [FlagChange(*row) for row in zip(*(rows[c] for c in _COLUMNS), strict=True)]
    count = int(rows.drop_duplicates(["region", "before", "now"])["n"].sum())
    return FlagChanges(run, previous, tuple(sorted(changed, key=lambda c: _order(c, codes))), count)


def _order(change: FlagChange, codes: Mapping[str, int]) -> tuple[int, int, int, str]:
    status = change.now if change.now in FLAGGED else change.before
    return KINDS.index(change.kind), FLAGGED.index(status), codes[change.region], change.care_area
