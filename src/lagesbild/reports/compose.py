"""A briefing: kind, choices and comments made into a document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib.metadata import version
from typing import Final

from lagesbild.components.protection import own_region, protected_words
from lagesbild.domain.briefing import KINDS, SECTIONS, contents, contents_in
from lagesbild.domain.care import leaf_regions
from lagesbild.domain.datasets import DATASETS
from lagesbild.domain.errors import InputError
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Query, Source
from lagesbild.domain.swedish import small
from lagesbild.domain.viewer import Viewer
from lagesbild.reports.document import Document, Facts, Figure, Section, Stamp
from lagesbild.reports.looking import Look, Reader
from lagesbild.reports.period import window
from lagesbild.reports.sections import MAKERS
from lagesbild.reports.sections.summary import headline, points, warnings
from lagesbild.reports.shaping import pages_of, shaped

NO_COMMENTS: Mapping[str, str] = {}
_HELD: Final = ("radet", "region", "bedomning")  # kinds whose presentation somebody stands beside
_FORECAST: Final = "prognos"  # the section
_INVENTED: Final = "syntetiska data"
_REAL: Final = "verkliga tal"


def briefing(
    selection: Selection, look: Look, source: Source, viewer: Viewer, comments: Mapping[str, str] = NO_COMMENTS
) -> Document:
    """The document for what is chosen: kind, care area, region or healthcare region, period, state of the data,
    sections in order. `comments`: by section id. Raises InputError for a month that nothing is known of, and what the
    source raises."""
    kind = KINDS[selection.kind]
    reader = Reader(look, source, _for_pages(selection))
    _check_month(reader)
    asked = section_ids(selection)
    made = (_section(reader, id_, comments.get(id_, "")) for id_ in asked)
    kept = [_as_asked(s, kind.questions.get(s.id, "")) for s in made if s is not None]
    told = points(reader)
    sections = shaped(kind.id, kept, told, one_area=reader.care_area is not None, run_apart=reader.run_apart)
    return Document(
        kind=kind.id,
        purpose=kind.purpose,
        kicker=reader.about,
        title=headline(reader),
        points=told,
        warnings=warnings(reader, forecast=any(s.id == _FORECAST for s in kept), saved=bool(selection.saved)),
        sections=sections,
        stamp=_stamp(reader, viewer, sections),
        pages=pages_of(kind.id, sections, one_area=reader.care_area is not None),
        few_slides=kind.id in _HELD,
        left_out=tuple(SECTIONS[id_].name for id_ in asked if id_ not in {s.id for s in kept}),
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


def _check_month(reader: Reader) -> None:
    """Raises InputError: pages without a figure would else be handed over as a briefing."""
    month, area = reader.selection.month, reader.selection.care_area
    if month is None:
        return
    # of all care areas what regions report: a published figure of one of them is no month of the others'
    leaves = tuple(r.code for r in leaf_regions(reader.source.regions()))
    asked = Query(regions=() if area else leaves, care_areas=(area,) if area else (), first=month, last=month)
    datasets = ("waits", "production", *(("published-shares",) if area else ()))
    if not any(reader.then.distinct(dataset, "region", asked) for dataset in datasets):
        what = f" om {small(reader.care_area.name)}" if reader.care_area else ""
        raise InputError(f"Det finns inga uppgifter{what} för {month}.", "Välj en månad som är rapporterad.")


def _section(reader: Reader, id_: str, comment: str) -> Section | None:
    """A section that a person has commented is kept, also when the data have nothing for it."""
    made = MAKERS[id_](reader)
    if made is None:
        return Section(id_, SECTIONS[id_].name, (), comment) if comment else None
    return replace(made, comment=comment)


def _as_asked(section: Section, question: str) -> Section:
    """With the template's question before what answers it."""
    return replace(section, title=f"{question}: {small(section.title)}") if question else section


def _stamp(reader: Reader, viewer: Viewer, sections: tuple[Section, ...]) -> Stamp:
    seen = reader.base
    status = seen.status
    run = reader.run if any(s.id == _FORECAST for s in sections) else None
    return Stamp(
        synthetic=status.synthetic,
        selection=_chosen(reader, seen.chosen),
        sources=_sources(reader, sections),
        until=reader.month.sv if reader.month else "",
        as_of=status.as_of,
        version=status.version,
        coverage=reader.coverage,
        protected=protected_words(viewer, own_region(viewer, reader.source.regions())),
        code_version=code_version(),
        forecast_run=f"Prognos {run.run_id}, data till och med {run.until.sv}." if run else "",
        exact=viewer.role != "public",
    )


def _chosen(reader: Reader, words: str) -> str:
    first = reader.selection.first
    return words + (f" Serier från: {first.sv}." if first else "")


def _sources(reader: Reader, sections: tuple[Section, ...]) -> str:
    """The sources of what stands in the document, invented ones named as such; of all facts where nothing in it says
    its own."""
    facts = [b for b in reader.then.batches() if b.rows and b.dataset in DATASETS and DATASETS[b.dataset].facts]
    real = {b.source for b in facts if not b.synthetic}
    said = " ".join(_source_lines(sections))
    if said:
        alone = {b.source for b in facts if not b.synthetic and b.dataset == "waits"} if _REAL in said else set()
        real = {name for name in real if name in said} | alone
    invented = any(b.synthetic for b in facts) and (not said or _INVENTED in said.lower())
    return "Källor: " + "; ".join([*(["syntetiska data"] if invented else []), *sorted(real)]) + "."


def _source_lines(sections: tuple[Section, ...]) -> Iterator[str]:
    """Where figures say that they come from, and key figures that they are real: those have no line of their own."""
    for section in sections:
        for block in section.blocks:
            if isinstance(block, Figure):
                yield from (block.source, *block.footnotes)
            elif isinstance(block, Facts):
                yield from (k.what for k in block.items if _REAL in k.what)


@cache
def code_version() -> str:
    """Of the installed package."""
    return version("lagesbild")
