"""A briefing: kind, choices and comments made into a document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib.metadata import version

from lagesbild.domain.briefing import KINDS, SECTIONS, contents, contents_in
from lagesbild.domain.datasets import DATASETS
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Run, Source
from lagesbild.domain.viewer import Viewer
from lagesbild.reports.document import Document, Section, Stamp
from lagesbild.reports.looking import Look, Reader
from lagesbild.reports.period import window
from lagesbild.reports.sections import MAKERS
from lagesbild.reports.sections.summary import headline, points, warnings
from lagesbild.reports.shaping import pages_of, shaped

NO_COMMENTS: Mapping[str, str] = {}


def briefing(
    selection: Selection, look: Look, source: Source, viewer: Viewer, comments: Mapping[str, str] = NO_COMMENTS
) -> Document:
    """The document for what is chosen: kind, care area, region or healthcare region, period, state of the data,
    sections in order. `comments`: by section id. Raises what the source raises."""
    kind = KINDS[selection.kind]
    reader = Reader(look, source, _for_pages(selection))
    made = (_section(reader, id_, comments.get(id_, "")) for id_ in section_ids(selection))
    told = points(reader)
    kept = [s for s in made if s is not None]
    sections = shaped(kind.id, kept, told, one_area=reader.care_area is not None)
    return Document(
        kind=kind.id,
        purpose=kind.purpose,
        kicker=reader.about,
        title=headline(reader),
        points=told,
        warnings=warnings(reader),
        sections=sections,
        stamp=_stamp(reader, viewer, sections),
        pages=pages_of(kind.id, sections, one_area=reader.care_area is not None),
    )


def section_ids(selection: Selection) -> tuple[str, ...]:
    """The sections that a briefing for the choices has, in order."""
    return contents(selection.kind, contents_in(selection.contents) if selection.contents else ())


def _for_pages(selection: Selection) -> Selection:
    """The choices as pages know them: one address for one page, whatever the briefing is made of beside."""
    return Selection(
        care_area=selection.care_area,
        region=selection.region,
        healthcare_region="" if selection.region else selection.healthcare_region,
        month=selection.month,
        target=selection.target,
        window=window(selection.first, selection.month),
        first=selection.first,
        as_of=selection.as_of,
    )


def _section(reader: Reader, id_: str, comment: str) -> Section | None:
    """A section that a person has commented is kept, also when the data have nothing for it."""
    made = MAKERS[id_](reader)
    if made is None:
        return Section(id_, SECTIONS[id_].name, (), comment) if comment else None
    return replace(made, comment=comment)


def _stamp(reader: Reader, viewer: Viewer, sections: tuple[Section, ...]) -> Stamp:
    seen = reader.base
    status = seen.status
    run = _run(reader) if any(s.id == "prognos" for s in sections) else None
    return Stamp(
        synthetic=status.synthetic,
        selection=_chosen(reader, seen.chosen),
        sources=_sources(reader),
        until=status.until,
        as_of=status.as_of,
        version=status.version,
        coverage=status.coverage,
        protected=f"Tal under {viewer.threshold} är skyddade." if viewer.role == "public" else "Inga tal är skyddade.",
        code_version=code_version(),
        forecast_run=f"Prognos {run.run_id}, data till och med {run.until.sv}." if run else "",
        exact=viewer.role != "public",
    )


def _run(reader: Reader) -> Run | None:
    """The latest forecast run of the state that is shown."""
    moment = reader.selection.as_of
    known = (r for r in reader.source.runs("forecast") if moment is None or r.created_at <= moment)
    return next(known, None)


def _chosen(reader: Reader, words: str) -> str:
    first = reader.selection.first
    return words + (f" Serier från: {first.sv}." if first else "")


def _sources(reader: Reader) -> str:
    """Every source of facts, invented ones named as such."""
    facts = (b for b in reader.source.batches() if b.rows and b.dataset in DATASETS and DATASETS[b.dataset].facts)
    used = {(b.synthetic, b.source) for b in facts}
    real = sorted(name for synthetic, name in used if not synthetic)
    invented = ["syntetiska data"] if any(synthetic for synthetic, _ in used) else []
    return "Källor: " + "; ".join([*invented, *real]) + "."


@cache
def code_version() -> str:
    """Of the installed package."""
    return version("lagesbild")
