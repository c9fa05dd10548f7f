"""What the status strip says about the data: invented or real, how far it reaches, when recorded, which regions."""

from __future__ import annotations

from datetime import datetime, time

from lagesbild.components.shell import Status
from lagesbild.domain.datasets import DATASETS
from lagesbild.domain.periods import Month
from lagesbild.domain.provenance import data_version
from lagesbild.domain.source import Batch, Query, Source
from lagesbild.domain.swedish import count, date_long, date_time, swedish_time
from lagesbild.pages.context import PageContext

MIXED = "Påhittade tal, utom där det står Verkliga tal."
ALL_SYNTHETIC = "Alla tal är påhittade."


def fact_batches(source: Source) -> list[Batch]:
    """Imports of facts; none means that there is nothing to show yet."""
    return [b for b in source.batches() if b.dataset in DATASETS and DATASETS[b.dataset].facts and b.rows]


def moment_label(moment: datetime) -> str:
    """`2024-01-31` for the end of a day, which is what an address with a date alone means; else with time of day.

    >>> moment_label(datetime.fromisoformat("2024-01-31T22:59:59.999999+00:00"))
    '2024-01-31'
    """
    return f"{swedish_time(moment):%Y-%m-%d}" if _whole_day(moment) else date_time(moment)


def moment_long(moment: datetime) -> str:
    """The same in a sentence: `31 januari 2024`, with `kl. 08.00` when it is not the end of the day."""
    if _whole_day(moment):
        return date_long(moment)
    return f"{date_long(moment)} {date_time(moment).partition(' ')[2]}"


def _whole_day(moment: datetime) -> bool:
    return swedish_time(moment).time() == time.max


def data_status(context: PageContext, coverage_href: str = "") -> Status:
    """Status of the data behind the chosen month and state."""
    source, selection = context.source, context.selection
    batches = fact_batches(source)
    version = data_version(source.batches())
    if not batches:
        as_of = moment_label(selection.as_of) if selection.as_of else ""
        return Status(version=version, as_of=as_of, historic=bool(as_of))
    month = selection.month or source.latest_month()
    recorded = moment_label(selection.as_of) if selection.as_of else date_time(max(b.recorded_at for b in batches))
    synthetic = [b.synthetic for b in batches]
    return Status(
        synthetic="" if not any(synthetic) else ALL_SYNTHETIC if all(synthetic) else MIXED,
        until=month.sv if month else "",
        as_of=recorded,
        coverage=_coverage(context, month) if month else "",
        coverage_href=coverage_href,
        historic=selection.as_of is not None,
        version=version,
    )


def _coverage(context: PageContext, month: Month) -> str:
    """Leaf regions with a number waiting (shown or protected) in the month, of all."""
    codes = tuple(r.code for r in context.regions)
    if not codes:
        return ""
    query = Query(regions=codes, first=month, last=month, as_of=context.selection.as_of)
    here = len(context.source.distinct("waits", "region", query, "waiting"))
    return f"{count(here)} av {count(len(codes))} {'region' if len(codes) == 1 else 'regioner'}"
