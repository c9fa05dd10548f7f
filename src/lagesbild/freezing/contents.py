"""The seam: everything that is in a snapshot comes out of `contents`, and everything in it passes through views.

Today it holds the definitions and the coverage. Tables, page and sheet are added here and nowhere else: a file more in
the mapping, a table more in the facts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from importlib.metadata import version

from lagesbild.domain.source import Source
from lagesbild.domain.swedish import date_time
from lagesbild.domain.viewer import Viewer
from lagesbild.freezing.definition_tables import definition_tables
from lagesbild.freezing.moment import Known, known_at
from lagesbild.freezing.national_coverage import coverage_facts, coverage_table
from lagesbild.snapshots.manifest import Coverage, Facts, ForecastRun

Contents = Callable[[Source, datetime, Viewer], tuple[Mapping[str, bytes], Facts]]


def contents(source: Source, as_of: datetime, viewer: Viewer) -> tuple[Mapping[str, bytes], Facts]:
    """Files by name, and what the manifest says of them; the reason is the caller's to add.

    The same moment, viewer and code give the same bytes. Raises InputError when nothing was known at the moment, and
    DatabaseUnavailableError.
    """
    known = known_at(source, as_of)
    counted = coverage_facts(source, as_of, viewer)
    tables = [*coverage_table(counted), *definition_tables(source, known)]
    files = {t.file: t.content for t in tables}
    return files, _facts(known, viewer, counted.told).model_copy(update={"tables": {t.dataset: t.told for t in tables}})


def _facts(known: Known, viewer: Viewer, coverage: Coverage) -> Facts:
    run = known.run
    return Facts(
        title=f"Lägesbild {date_time(known.as_of)}",
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
