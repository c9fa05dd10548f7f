"""The seam: everything that is in a snapshot comes out of `contents`, and everything in it passes through views.

A file more is a line in the mapping, a table more a line in the facts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from importlib.metadata import version
from typing import Final

from lagesbild.domain.source import Source
from lagesbild.domain.swedish import swedish_clock
from lagesbild.domain.viewer import Viewer
from lagesbild.freezing.definition_tables import definition_tables
from lagesbild.freezing.frozen_page import INDEX, frozen_page
from lagesbild.freezing.moment import Known, asked_once, known_at
from lagesbild.freezing.national_coverage import coverage_facts, coverage_table
from lagesbild.freezing.published import as_machine_table, published
from lagesbild.freezing.seen import Pages, Speaker, said_here
from lagesbild.freezing.workbook import workbook
from lagesbild.reports.about import stamp_lines
from lagesbild.reports.typeset import pdf
from lagesbild.snapshots.manifest import Coverage, Facts, ForecastRun

Contents = Callable[[Source, datetime, Viewer, Callable[[str], None]], tuple[Mapping[str, bytes], Facts]]
SHEET: Final = "beredskapsblad.pdf"
WORKBOOK: Final = "tabeller.xlsx"


def contents(
    source: Source,
    as_of: datetime,
    viewer: Viewer,
    progress: Callable[[str], None] = lambda _: None,
    speaker: Speaker = said_here,
) -> tuple[Mapping[str, bytes], Facts]:
    """Files by name, and what the manifest says of them; the reason is the caller's to add. `speaker`: who asks every
    page what it says, which takes as long as all tables.

    The same moment, viewer and code give the same bytes, whoever the speaker is. Raises InputError when nothing was
    known at the moment, and DatabaseUnavailableError.
    """
    source = asked_once(source, as_of)
    known = known_at(source, as_of)
    pages = Pages(source, viewer, known)
    with speaker(pages) as said:
        counted = coverage_facts(source, as_of, viewer)
        numbers = published(source, viewer, progress)
        tables = {t.dataset: t for t in (as_machine_table(n) for n in numbers.values())}
        # the lists of codes and limits as numbers have them already; what they lack is added
        for table in (*coverage_table(counted), *definition_tables(source, known)):
            tables.setdefault(table.dataset, table)
        progress("sätter beredskapsbladet")
        sheet = pages.sheet()
        facts = _facts(known, viewer, counted.told).model_copy(
            update={"tables": {n: t.told for n, t in tables.items()}}
        )
        files = {t.file: t.content for t in tables.values()}
        files[SHEET] = pdf(sheet)
        progress("skriver tabellerna")
        about = [facts.title, *(f"{what}: {words}" for what, words in stamp_lines(sheet.stamp))]
        files[WORKBOOK] = workbook(numbers, about)
        progress("ritar sidan")
        files[INDEX] = frozen_page(numbers, said(), sheet.stamp, known.run)
    return files, facts


def _facts(known: Known, viewer: Viewer, coverage: Coverage) -> Facts:
    run = known.run
    return Facts(
        title=f"Lägesbild {swedish_clock(known.as_of)}",
        as_of=known.as_of,
        until=str(known.until) if known.until else "",
        data_version=known.version,
        forecast_run=ForecastRun(run_id=run.run_id, until=str(run.until), made=run.created_at) if run else None,
        code_version=version("lagesbild"),
        role=viewer.role,
        threshold=viewer.threshold,
        synthetic=known.synthetic,
        coverage=coverage,
    )
