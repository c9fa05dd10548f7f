"""Calendar months, the only time step of the facts, with their Swedish names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, overload

MONTHS_SV: Final = (
    "januari", "februari", "mars", "april", "maj", "juni",
    "juli", "augusti", "september", "oktober", "november", "december",
)  # fmt: skip
MONTHS_SV_SHORT: Final = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
WEEKS_PER_MONTH: Final = 4.34821  # 365.25 / 12 / 7, as in FORECAST.md section 4
_FORM: Final = re.compile(r"(\d{4})(?:-|M)(\d{1,2})")


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month. Differences are whole months: `Month(2024, 3) - Month(2023, 12) == 3`.

    >>> str(Month(2023, 12) + 2)
    '2024-02'
    >>> Month.parse("2024M01").sv
    'januari 2024'
    """

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (1 <= self.month <= 12 and 1 <= self.year <= 9999):
            raise ValueError(f"no such month: {self.year}-{self.month}")

    @classmethod
    def parse(cls, text: str) -> Month:
        """`YYYY-MM` or `YYYYMmm`. Raises ValueError for anything else."""
        found = _FORM.fullmatch(text.strip())
        if not found:
            raise ValueError(f"not a month: {text!r}")
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, day: date | datetime) -> Month:
        """The month a day (date, datetime, pandas Timestamp) lies in."""
        return cls(day.year, day.month)

    @classmethod
    def from_ordinal(cls, ordinal: int) -> Month:
        return cls(ordinal // 12, ordinal % 12 + 1)

    @property
    def ordinal(self) -> int:
        return self.year * 12 + self.month - 1

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def sv(self) -> str:
        """`januari 2024`"""
        return f"{MONTHS_SV[self.month - 1]} {self.year}"

    @property
    def name(self) -> str:
        """`januari`"""
        return MONTHS_SV[self.month - 1]

    @property
    def sv_short(self) -> str:
        """`jan 2024`"""
        return f"{MONTHS_SV_SHORT[self.month - 1]} {self.year}"

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    def __add__(self, months: int) -> Month:
        return Month.from_ordinal(self.ordinal + months)

    @overload
    def __sub__(self, other: Month) -> int: ...
    @overload
    def __sub__(self, other: int) -> Month: ...
    def __sub__(self, other: Month | int) -> Month | int:
        return self.ordinal - other.ordinal if isinstance(other, Month) else Month.from_ordinal(self.ordinal - other)


def months_between(first: Month, last: Month) -> list[Month]:
    """All months from `first` to `last`, both included; empty when `last` is earlier."""
    return [Month.from_ordinal(k) for k in range(first.ordinal, last.ordinal + 1)]
