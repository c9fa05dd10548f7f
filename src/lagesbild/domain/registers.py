"""The registers that regions report to, which dataset each fills, and when a month is due."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from lagesbild.domain.periods import Month
from lagesbild.domain.swedish import swedish_time

DUE_DAY: Final = 20  # of the month after
HISTORY_LOAD: Final = 3  # months: one delivery that is the first word of more than so many is a load of history
# dataset -> how the register is named in `reporting` (any name that begins so, whatever the case)
NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "waits": ("vänt", "wait"),
    "production": ("prod",),
    "capacity": ("kapac", "ledig", "capac"),
    "out-of-region": ("patient", "utoml", "out"),
}
MAIN_COLUMN: Final[Mapping[str, str]] = {  # without it a row says nothing
    "waits": "waiting",
    "production": "performed",
    "capacity": "capacity",
    "out-of-region": "performed",
}


def register_of(name: str) -> str:
    """The dataset that a register named so fills; "" for one that none here comes from.

    >>> register_of("Väntetider"), register_of("Patientregistret"), register_of("Vantetider.se")
    ('waits', 'out-of-region', '')
    """
    word = name.strip().lower()
    return next((d for d, starts in NAMES.items() if word.startswith(starts)), "")


def due(month: Month) -> date:
    """The last day to report a month.

    >>> due(Month(2023, 12))
    datetime.date(2024, 1, 20)
    """
    after = month + 1
    return date(after.year, after.month, DUE_DAY)


def days_late(month: Month, first_recorded: datetime) -> int:
    """Days after the last day, by Swedish clocks; 0 when in time.

    >>> from datetime import UTC
    >>> days_late(Month(2024, 1), datetime(2024, 2, 20, 22, 59, tzinfo=UTC))
    0
    >>> days_late(Month(2024, 1), datetime(2024, 2, 20, 23, 0, tzinfo=UTC))
    1
    """
    return max(0, (swedish_time(first_recorded).date() - due(month)).days)
