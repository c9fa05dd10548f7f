"""Which saved snapshots may go: those made by schedule, older than the rule says. Never one saved for a reason."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from lagesbild.domain.errors import ConfigError
from lagesbild.snapshots.manifest import Manifest

DEFAULT_RULE: Final = "10y"
_FORM: Final = re.compile(r"([1-9]\d{0,5})(y?)|all")


@dataclass(frozen=True)
class Keep:
    """`years`: as long as that since they were saved; `number`: that many, the newest; `all`: every one."""

    kind: Literal["years", "number", "all"]
    n: int = 0

    @property
    def sv(self) -> str:
        """For a foot line: `Sparas i 10 år.`"""
        if self.kind == "years":
            return f"Sparas i {self.n} år."
        return f"De {self.n} senaste sparas." if self.kind == "number" else "Alla sparas."


@dataclass(frozen=True)
class Kept:
    """A whole snapshot in the store, and when it was saved there (UTC)."""

    name: str
    manifest: Manifest
    saved_at: datetime


def parse_keep(text: str) -> Keep:
    """`10y` ten years, `24` the newest 24, `all` everything. Raises ConfigError.

    >>> parse_keep("10y"), parse_keep("24").sv
    (Keep(kind='years', n=10), 'De 24 senaste sparas.')
    """
    found = _FORM.fullmatch(text.strip().lower())
    if not found:
        raise ConfigError(
            f"Inställningen LAGESBILD_SNAPSHOTS_KEEP har värdet ”{text}”, som inte kan användas.",
            "Skriv 10y för tio år, 24 för de 24 senaste eller all för alla.",
        )
    if found[1] is None:
        return Keep("all")
    return Keep("years" if found[2] else "number", int(found[1]))


def expired(kept: Sequence[Kept], rule: Keep, now: datetime, *, also_reasoned: bool = False) -> list[Kept]:
    """Those that the rule lets go, oldest first.

    Age is counted from when a snapshot was saved, not from the moment it shows: one made today of a day eleven years
    ago is new. Those with a reason are neither removed nor counted, unless `also_reasoned`.
    """
    mine = sorted(
        (k for k in kept if also_reasoned or not k.manifest.by_hand), key=lambda k: (k.manifest.as_of, k.name)
    )
    if rule.kind == "all":
        return []
    if rule.kind == "number":
        return mine[: max(0, len(mine) - rule.n)]
    return [k for k in mine if k.saved_at < _years_before(now, rule.n)]


def _years_before(moment: datetime, years: int) -> datetime:
    """The same day of the calendar that many years earlier; 28 February for a leap day, never before year 1."""
    year = max(1, moment.year - years)
    try:
        return moment.replace(year=year)
    except ValueError:
        return moment.replace(year=year, day=28)
