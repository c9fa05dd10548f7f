"""What a dataset of the contract consists of: its columns, how each is read, and which are its key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["text", "count", "days", "amount", "number", "month", "date", "year", "choice", "percent", "codes"]

WAIT_BANDS: Final = (
    "waiting_0_30",
    "waiting_31_60",
    "waiting_61_90",
    "waiting_91_120",
    "waiting_121_180",
    "waiting_181_365",
    "waiting_366_",
)


@dataclass(frozen=True)
class Column:
    """One column. `kind` decides parsing and range:

    text (up to `max_length` characters), codes (space-separated text), count (whole number >= 0, may be `<n`),
    days (number >= 0), amount (number >= 0), number (any number), percent (0-100), month (YYYY-MM or YYYYMmm, not in
    the future), date (ISO or Excel date), year, choice (one of `choices`).
    `required` columns must be in the header; a required key value must not be empty unless `empty_means` says what
    empty stands for. `references` names the dataset whose code it must be.
    """

    name: str
    sv: str
    kind: Kind
    key: bool = False
    required: bool = False
    choices: tuple[tuple[str, str], ...] = ()  # (stored English value, Swedish value accepted and shown)
    references: str = ""
    empty_means: str = ""
    max_length: int = 200


@dataclass(frozen=True)
class Dataset:
    """One dataset. `facts` have a month, are partitioned by year and may hold `<n`; the others are reference rows.

    `note`: what the column names do not say, for the documentation.
    """

    name: str
    sv: str
    columns: tuple[Column, ...]
    facts: bool
    note: str = ""

    @property
    def table(self) -> str:
        return self.name.replace("-", "_")

    @property
    def keys(self) -> tuple[Column, ...]:
        return tuple(c for c in self.columns if c.key)

    @property
    def values(self) -> tuple[Column, ...]:
        return tuple(c for c in self.columns if not c.key)

    def column(self, name: str) -> Column:
        return next(c for c in self.columns if c.name == name)
