"""Fields of the filter bar about when: month, months back, forecast run, earlier state of the data."""

from __future__ import annotations

from typing import Final

from lagesbild.components.model import Filter, Option
from lagesbild.domain.earlier import now
from lagesbild.domain.periods import Month, months_between
from lagesbild.domain.selection import WINDOWS, end_of_day, moment_text
from lagesbild.domain.source import Run, Source
from lagesbild.domain.swedish import date_time, swedish_time
from lagesbild.pages.context import PageContext
from lagesbild.pages.data_status import fact_batches, moment_label
from lagesbild.views.forecast_fan import chosen_run
from lagesbild.views.region_lines import WINDOW_MONTHS
from lagesbild.views.reporting_matrix import DEFAULT_WINDOW

MONTHS_BACK: Final = 36  # months offered in the filter; an older one can still be named in the address
MAX_FIRST_BACK: Final = 5  # a series of fewer months says little
RUNS_BACK: Final = 24
STATES_BACK: Final = 24


def month(context: PageContext) -> Filter | None:
    latest = context.source.latest_month()
    if latest is None:
        return None
    chosen = context.selection.month
    months = [m for m in reversed(known_months(context.source)) if m <= latest][:MONTHS_BACK]
    if chosen is not None and chosen not in months:
        months.append(chosen)
    options = [Option("" if m == latest else str(m), m.sv) for m in months]
    value = "" if chosen is None or chosen == latest else str(chosen)
    return Filter("month", "Månad", tuple(options), value, value != "")


def first(context: PageContext) -> Filter | None:
    """Where a briefing's series begin."""
    last = context.selection.month or context.source.latest_month()
    if last is None:
        return None
    months = [last - k for k in range(MONTHS_BACK, MAX_FIRST_BACK, -1)]
    chosen = context.selection.first
    if chosen is not None and chosen not in months:
        months = sorted([*months, chosen])
    options = (Option("", "som sidorna visar"), *(Option(str(m), m.sv) for m in reversed(months)))
    return Filter("first", "Serier från", options, str(chosen or ""), chosen is not None)


def known_months(source: Source) -> list[Month]:
    """From the first month of any region's own waits to the latest; empty without facts."""
    latest = source.latest_month()
    if latest is None:
        return []
    return months_between(latest - 119, latest)


def window(context: PageContext, usual: int = WINDOW_MONTHS) -> Filter:
    """How many months back; `usual` is what the page shows when nothing is chosen."""
    selection = context.selection
    options = (Option("", f"{usual} månader"), *(Option(str(n), f"{n} månader") for n in WINDOWS if n != usual))
    value = "" if selection.window == usual else str(selection.window or "")
    return Filter("window", "Period", options, value, value != "")


def reported_window(context: PageContext) -> Filter:
    """The same where reports are shown, of fewer months."""
    return window(context, DEFAULT_WINDOW)


def run(context: PageContext) -> Filter | None:
    runs = context.source.runs()[:RUNS_BACK]
    usual = chosen_run(context.source, context.selection.with_(run=None))
    if usual is None:
        return None
    if usual not in runs:  # an old month's own
        runs.append(usual)
    options = [Option("" if r == usual else str(r.run_id), _run_label(r, runs)) for r in runs]
    value = "" if context.selection.run in (None, usual.run_id) else str(context.selection.run)
    return Filter("run", "Prognos gjord", tuple(options), value, value != "")


def _run_label(run: Run, runs: list[Run]) -> str:
    """When it was made; with the last month it knew and the time of day when two were made on the same day."""
    moment = date_time(run.created_at)
    day = moment.partition(" ")[0]
    if sum(date_time(r.created_at).startswith(day) for r in runs) == 1:
        return day
    return f"{moment}, data t.o.m. {run.until.sv_short}"


def as_of(context: PageContext) -> Filter | None:
    """The days on which facts were imported, newest first, as what was known when each had ended; any other moment can
    be named in the address."""
    moment = context.selection.as_of
    days = sorted({swedish_time(b.recorded_at).date() for b in fact_batches(now(context.source))}, reverse=True)
    offered = {end_of_day(d): "" for d in days[1 : STATES_BACK + 1]}
    if moment is not None:
        offered.setdefault(moment, "")
    elif not offered:
        return None
    options = [Option("", "senaste")]
    options += [Option(moment_text(m), moment_label(m)) for m in sorted(offered, reverse=True)]
    return Filter("as_of", "Uttag", tuple(options), moment_text(moment) if moment else "", moment is not None)
