"""What was flagged before a run: a flag that readers have seen is not dropped at once (see `domain.gap_status`)."""

from __future__ import annotations

from typing import Any, Final

from lagesbild.domain.periods import Month
from lagesbild.domain.source import Run, Source
from lagesbild.jobs.evidence import Evidence
from lagesbild.jobs.middle import told_run_of

NEWEST: Final = -1  # the newest earlier run, whichever it is


def run_before(source: Source, until: Month, wanted: int | None) -> Run | None:
    """The run asked for; by default the newest on data that ended earlier, whose flags readers have seen."""
    runs = source.runs()
    if wanted != NEWEST:
        return next((r for r in runs if r.run_id == wanted), None)
    return max((r for r in runs if r.until < until), key=lambda r: (r.until, r.run_id), default=None)


def statuses(source: Source, before: Run | None, evidence: Evidence) -> dict[tuple[str, str], dict[float, str]]:
    """(region, care area) -> target -> status before this run; without an earlier run, what would have been flagged."""
    if before is not None:
        return _by_target(_flags_of(source, before))
    return _by_target(_at_last(evidence.record, evidence))


def told_statuses(
    source: Source, before: Run | None, evidence: Evidence, record: list[dict[str, Any]]
) -> dict[tuple[str, str], dict[float, str]]:
    """The same as it was told: of a pair whose counts were the same in the twin then, as it was judged."""
    if before is None:
        return _by_target(_at_last(record, evidence))
    told = told_run_of(source, before)
    return {} if told is None else _by_target(_flags_of(source, before)) | _by_target(_flags_of(source, told))


def _flags_of(source: Source, run: Run) -> list[Any]:
    return list(source.gaps(run.run_id)[["region", "care_area", "target_share", "status"]].to_dict("records"))


def _at_last(record: list[dict[str, Any]], evidence: Evidence) -> list[dict[str, Any]]:
    last = (evidence.until - 1).first_day
    return [r for r in record if r["origin"] == last]


def _by_target(rows: list[Any]) -> dict[tuple[str, str], dict[float, str]]:
    out: dict[tuple[str, str], dict[float, str]] = {}
    for row in rows:
        target = round(float(row["target_share"]), 4)
        out.setdefault((str(row["region"]), str(row["care_area"])), {})[target] = str(row["status"])
    return out
