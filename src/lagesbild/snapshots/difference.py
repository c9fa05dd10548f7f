"""What sets two snapshots apart, as values. Never a judgement: a difference between snapshots is no proven change."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from lagesbild.snapshots.manifest import Manifest, Measure
from lagesbild.snapshots.tables import Key

Kind = Literal[
    "revision",  # the same key has another number
    "withdrawn",  # a number that was there is missing or excluded in the later
    "new",  # the key is only in the later
    "late",  # the key was there without a number, and has one in the later
    "gone",  # the key is only in the earlier
    "slid",  # so is this one, of a month before the first that the later's table goes back to: nothing is lost
    "shown",  # protected in the earlier, shown in the later: told without numbers
    "hidden",  # shown in the earlier, protected in the later: told without numbers
    "absent",  # no number in either, for another reason than before
    "status",  # a mark or text beside the numbers (preliminary)
    "forecast",  # another run says another number
    "definition",  # limits, codes, breaks, population and other reference rows
]
KINDS: Final[Mapping[Kind, str]] = {
    "revision": "reviderat",
    "withdrawn": "borttaget",
    "new": "nytt",
    "late": "kom in senare",
    "gone": "finns inte längre",
    "slid": "före den senare bildens första månad",
    "shown": "visas nu",
    "hidden": "skyddas nu",
    "absent": "saknas av annat skäl",
    "status": "annan märkning",
    "forecast": "ny prognos",
    "definition": "ändrad uppgift",
}


class Change(NamedTuple):
    """One difference. `before`, `after`: numbers, None where there is none or it must not be told; `before_text`,
    `after_text`: for text, flags, states and reference rows. `measure` is "" for a whole row."""

    kind: Kind
    dataset: str
    key: Key
    measure: str
    before: float | None = None
    after: float | None = None
    before_text: str = ""
    after_text: str = ""

    @property
    def difference(self) -> float | None:
        """`after - before` in the measure's own unit."""
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def size(self) -> float:
        """How much a difference weighs among others of its measure: the geometric mean of its absolute and its relative
        size, |d| / sqrt(larger). 100 of 10 000 weighs as 10 of 100; 0 for what has no two numbers.

        >>> Change("revision", "waits", ("",), "waiting", 10_000, 9_900).size
        1.0
        >>> Change("revision", "waits", ("",), "waiting", 100, 90).size
        1.0
        """
        if self.before is None or self.after is None or self.before == self.after:
            return 0.0
        return abs(self.after - self.before) / math.sqrt(max(abs(self.before), abs(self.after)))


@dataclass(frozen=True)
class Movement:
    """A series from its last month in the earlier snapshot to its last in the later: how much of the way is revision of
    that month, and how much is new months. `key` is without the month. None where a number is missing or protected."""

    dataset: str
    measure: str
    key: Key
    then_period: str
    then: float | None
    now: float | None  # the same month as the later snapshot has it
    last_period: str
    last: float | None

    @property
    def revision(self) -> float | None:
        return None if self.then is None or self.now is None else self.now - self.then

    @property
    def new_months(self) -> float | None:
        return None if self.now is None or self.last is None else self.last - self.now

    @property
    def whole(self) -> float | None:
        return None if self.then is None or self.last is None else self.last - self.then


@dataclass(frozen=True)
class Aspect:
    """A line of "Vad mer skiljer bilderna åt": what, in the earlier, in the later, what happened. All in Swedish."""

    title: str
    before: str
    after: str
    happened: str

    @property
    def changed(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True)
class Difference:
    """`earlier` and `later` by the moment they show. `notes`: what the reader must know first. `changes`: table by
    table and measure by measure, kinds in the order of KINDS, largest first. `names`: (column, code) -> name."""

    earlier: Manifest
    later: Manifest
    notes: tuple[str, ...]
    aspects: tuple[Aspect, ...]
    changes: tuple[Change, ...]
    movements: tuple[Movement, ...]
    names: Mapping[tuple[str, str], str]

    @property
    def same(self) -> bool:
        """Nothing sets the content apart."""
        return not self.changes and not any(a.changed for a in self.aspects)

    def of(self, *kinds: Kind) -> list[Change]:
        return [c for c in self.changes if c.kind in kinds]

    def measure(self, dataset: str, name: str) -> Measure | None:
        """How a measure is told: the later snapshot's words, else the earlier's."""
        for manifest in (self.later, self.earlier):
            table = manifest.tables.get(dataset)
            found = next((m for m in table.measures if m.name == name), None) if table else None
            if found:
                return found
        return None

    def keys(self, dataset: str) -> tuple[str, ...]:
        for manifest in (self.later, self.earlier):
            if dataset in manifest.tables:
                return manifest.tables[dataset].keys
        return ()
