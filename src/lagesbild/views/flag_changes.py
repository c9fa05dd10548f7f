"""What is different among the flags since the previous forecast? New, raised, lowered and withdrawn ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Run, Source
from lagesbild.domain.viewer import Viewer
from lagesbild.views.flags import STATUSES, Flags, flags_of, known_runs

Kind = Literal["new", "raised", "lowered", "withdrawn"]
KINDS: Final[tuple[Kind, ...]] = ("raised", "new", "lowered", "withdrawn")  # the most urgent first
NONE: Final = "none"
UNJUDGED: Final = "unjudged"


@dataclass(frozen=True)
class FlagChange:
    """A series whose flag is another than in the previous run. `before` and `now` are a status of STATUSES, NONE
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
        if self.before not in STATUSES:
            return "new"
        if self.now not in STATUSES:
            return "withdrawn"
        return "raised" if STATUSES.index(self.now) < STATUSES.index(self.before) else "lowered"


@dataclass(frozen=True)
class FlagChanges:
    """The runs compared and what differs, most urgent first: by kind, then in the order of STATUSES and regions."""

    run: Run
    previous: Run
    changes: tuple[FlagChange, ...]

    def in_region(self, region: str) -> FlagChanges:
        return FlagChanges(self.run, self.previous, tuple(c for c in self.changes if c.region == region))


def flag_changes(
    source: Source, selection: Selection, now: Flags, codes: Mapping[str, int], viewer: Viewer
) -> FlagChanges | None:
    """`now` against the run of the latest month before it, the newest one of that month; None when there is none.

    Only runs that existed at the selection's `as_of` count. `codes`: region -> order, as for `flags`.
    """
    earlier = [r for r in known_runs(source, selection) if r.until < now.run.until]
    if not earlier:
        return None
    previous = max(earlier, key=lambda r: (r.until, r.run_id))
    before = flags_of(source, previous, selection, codes, viewer)
    then, today = _statuses(before), _statuses(now)
    pairs = {(f.region, f.care_area) for f in (*before.flags, *now.flags)}
    found = [FlagChange(*pair, then.get(pair, UNJUDGED), today.get(pair, UNJUDGED)) for pair in pairs]
    changed = [c for c in found if c.before != c.now]
    return FlagChanges(now.run, previous, tuple(sorted(changed, key=lambda c: _order(c, codes))))


def _statuses(found: Flags) -> dict[tuple[str, str], str]:
    return dict.fromkeys(found.judged_series, NONE) | {(f.region, f.care_area): f.status for f in found.flags}


def _order(change: FlagChange, codes: Mapping[str, int]) -> tuple[int, int, int, str]:
    status = change.now if change.now in STATUSES else change.before
    return KINDS.index(change.kind), STATUSES.index(status), codes[change.region], change.care_area
