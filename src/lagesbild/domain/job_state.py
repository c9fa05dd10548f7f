"""How work that changes the data has gone: imports, forecast runs, backtests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

JobKind = Literal["import", "forecast", "backtest"]
Outcome = Literal["done", "rejected", "failed"]
BEGUN: Final = "begun"
OUTCOMES: Final[tuple[Outcome, ...]] = ("done", "rejected", "failed")


@dataclass(frozen=True)
class JobState:
    """Of one kind of work. `failed` counts what has failed since it last was done, `unfinished` is when the oldest that
    has neither ended nor been followed by one that was done began: it goes on, or was killed."""

    kind: str
    done_at: datetime | None
    failed_at: datetime | None
    failed: int
    unfinished: datetime | None
