"""What was known at a moment: the state of the data, the forecast run, and whether any of it is invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lagesbild.domain.datasets import DATASETS
from lagesbild.domain.earlier import now, source_at
from lagesbild.domain.errors import InputError
from lagesbild.domain.periods import Month
from lagesbild.domain.provenance import data_version
from lagesbild.domain.source import Batch, Run, Source
from lagesbild.domain.swedish import swedish_clock
from lagesbild.pages.data_status import ALL_SYNTHETIC, MIXED
from lagesbild.pages.kept_source import KeptSource


@dataclass(frozen=True)
class Known:
    """`batches`: imports with rows, oldest first. `run`: newest forecast made by then. `until`: last month reported."""

    as_of: datetime
    batches: tuple[Batch, ...]
    run: Run | None
    until: Month | None

    @property
    def version(self) -> str:
        """As briefings and pages say it."""
        return data_version(self.batches)

    @property
    def synthetic(self) -> str:
        """The words of the mark; "" when nothing known is invented."""
        facts = [b.synthetic for b in self.batches if b.dataset in DATASETS and DATASETS[b.dataset].facts]
        marks = facts or [b.synthetic for b in self.batches]
        return "" if not any(marks) else ALL_SYNTHETIC if all(marks) else MIXED


def moment_now(source: Source, clock: datetime) -> datetime:
    """Now, to be frozen: no earlier than the last change of the data, whose clock may be ahead of this machine's or may
    have been set back since. A snapshot of now holds what the pages show now. Raises DatabaseUnavailableError."""
    return max(clock, source.version().changed_at)


def asked_once(source: Source, as_of: datetime) -> Source:
    """`source`, which shows the moment, asked once for what tables and pages ask for many times.

    Views look for today's state at the source that they are given: it is today's that is kept.
    """
    today = now(source)
    return source_at(KeptSource(today, today.version()), as_of)


def known_at(source: Source, as_of: datetime) -> Known:
    """What `source` knew at `as_of`. Raises InputError when that is nothing."""
    batches = sorted(
        (b for b in source.batches() if b.rows and b.recorded_at <= as_of), key=lambda b: (b.recorded_at, b.batch_id)
    )
    if not batches:
        raise InputError(
            f"Ingenting var känt {swedish_clock(as_of)}.",
            "Läs in data med `lagesbild import`, eller välj en senare tidpunkt.",
        )
    run = next((r for r in source.runs() if r.created_at <= as_of), None)
    return Known(as_of, tuple(batches), run, source.latest_month(as_of))
