"""Whether reads may go to the replica: judged by the last look at it and at the primary. No clock and no I/O here."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field
from typing import Final, Literal

Condition = Literal["well", "behind", "down", "not_a_copy"]

IN_SWEDISH: Final[dict[Condition, str]] = {
    "well": "följer den skrivbara servern",
    "behind": "släpar efter",
    "down": "svarar inte",
    "not_a_copy": "är inte längre en kopia av den skrivbara servern",
}


@dataclass(frozen=True)
class Look:
    """One look at a server. `at` is seconds of a monotonic clock; `version` the data version, None = no answer.

    `copying`: it takes in another server's log. `server` tells one server from another.
    """

    at: float
    version: int | None = None
    copying: bool = False
    server: str = ""


@dataclass(frozen=True)
class Limits:
    """`lag_seconds`: how long the replica may lack what the primary has. `check_seconds`: between two looks."""

    lag_seconds: float = 10.0
    check_seconds: float = 2.0

    @property
    def patience_seconds(self) -> float:
        """How old the last look may be before its server counts as silent: a look that hangs never ends."""
        return 3 * self.check_seconds + 1


@dataclass(frozen=True)
class ReplicaState:
    """For `/metrics`. `behind_seconds` is infinite when it has been so since before this process began; `switches`
    counts how often reads have changed server; `primary_up`: whether the primary answers, which readers of a replica
    that is well do not notice."""

    condition: Condition
    in_use: bool
    behind_versions: int
    behind_seconds: float
    switches: int
    primary_up: bool


@dataclass
class Lag:
    """Since when something that the primary has is missing in the replica.

    Measured by the versions themselves, not by the age of the replica's last transaction, which grows all night while
    nothing is written.

    >>> lag = Lag()
    >>> lag.saw_primary(100.0, 7); lag.saw_replica(7); lag.saw_primary(101.0, 8); lag.saw_primary(103.0, 9)
    >>> lag.since
    101.0
    >>> lag.saw_replica(8); lag.since
    103.0
    """

    _missing: deque[tuple[float, int]] = field(default_factory=deque)  # when first seen in the primary, which version
    _newest: int | None = None
    _copied: int = -1

    @property
    def since(self) -> float | None:
        """None when nothing is missing; minus infinity when it was so already at the first look."""
        return self._missing[0][0] if self._missing else None

    def saw_primary(self, at: float, version: int) -> None:
        if self._newest is None or version > self._newest:
            if version > self._copied:
                self._missing.append((-math.inf if self._newest is None else at, version))
            self._newest = version

    def saw_replica(self, version: int) -> None:
        if version < self._copied and self._newest is not None:  # another replica, made from an older backup
            self._missing = deque([(-math.inf, self._newest)])
        self._copied = version
        while self._missing and self._missing[0][1] <= version:
            self._missing.popleft()


def silent(look: Look, now: float, limits: Limits) -> bool:
    """Whether the server gave no answer at the latest look, or has held that look up for too long."""
    return look.version is None or now - look.at > limits.patience_seconds


def judge(primary: Look, replica: Look, lag_seconds: float, now: float, limits: Limits) -> Condition:
    """What the replica is good for now.

    Where the primary is silent nothing can be compared, and the replica is what is left to read from.
    """
    if silent(replica, now, limits):
        return "down"
    if silent(primary, now, limits):
        return "well"
    if not replica.copying and replica.server != primary.server:
        return "not_a_copy"  # promoted while the primary lives: from here on each has rows that the other lacks
    return "behind" if lag_seconds > limits.lag_seconds else "well"
