"""What a briefing opens with: the words and key figures of the page that sums its choices up.

No page shows every care area of a healthcare region. What is said of that is each care area's page for it, with the
country's figure beside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from lagesbild.components.judgement import changes
from lagesbild.components.model import FigureCard, KeyFigure, PageContent
from lagesbild.domain.care import CareArea
from lagesbild.domain.swedish import capital, small
from lagesbild.reports.about import sentences
from lagesbild.reports.looking import Reader, Seen

SHARE: Final = "_within_limit_share"  # ends the name of a care area's column
_NOT_HERE: Final = "Lägesbild visas inte per sjukvårdsregion"
_CHOSEN: Final = ("som har flest flaggor visas.", "till finns i urvalet.")  # which care areas stand beside each other
_Told = list[tuple[CareArea, Seen]]


def summed_up(reader: Reader) -> PageContent:
    """Of the place that is chosen, whichever it is."""
    content = reader.base.content
    group = reader.selection.healthcare_region
    if not all_of_group(reader):
        return content
    told = [(a, reader.page("/vardomrade/<code>", care_area=a.code)) for a in _side_by_side(reader)]
    told = [(area, page) for area, page in told if page.key_figures]
    if not told:
        return replace(content, sentences=(f"Inga väntande är rapporterade i {group}.",), more="", key_figures=())
    gaps = () if reader.run is None or reader.run_apart else reader.page("/kapacitetsgap").content.sentences[:1]
    notes = (n for _, page in told for n in (page.content.coverage, *page.content.notes))
    return replace(
        content,
        sentences=(_first(told, group), *gaps),
        more=_more(told, content.more),
        coverage="",
        key_figures=tuple(_beside(area, page.key_figures[0], content.key_figures) for area, page in told),
        notes=tuple(dict.fromkeys(n for n in (*notes, *content.notes) if n and not n.startswith(_NOT_HERE))),
    )


def all_of_group(reader: Reader) -> bool:
    """Whether it is about every care area of a healthcare region."""
    return bool(reader.selection.healthcare_region) and not reader.selection.region and reader.care_area is None


def codes_of(card: FigureCard) -> list[str]:
    """Of the care areas that stand beside each other in the table of regions."""
    names = (c.name for c in card.table.columns)
    return [n.removesuffix(SHARE) for n in names if n.endswith(SHARE)]


def _side_by_side(reader: Reader) -> list[CareArea]:
    card = reader.card("/", "statusmatris")
    known = {a.code: a for a in reader.source.care_areas()}
    return [known[c] for c in codes_of(card) if c in known] if card is not None else []


def _first(told: _Told, group: str) -> str:
    by: dict[str, list[str]] = {}
    for area, page in told:
        by.setdefault(page.key_figures[0].judgement, []).append(area.short)
    found = changes(by.get("worse", []), by.get("better", []), group)
    if found:
        return found
    if len(told) == 1:
        return told[0][1].content.sentences[0]
    if by.get("noise"):
        return f"Inget vårdområde har någon säkerställd förändring i {group}."
    return f"Ingen förändring i {group} kan bedömas."


def _more(told: _Told, whole: str) -> str:
    """What each care area's page says of the regions, and which care areas they are when they are not all."""
    own = [f"{area.short}: {small(page.content.more)}" for area, page in told if page.content.more]
    return " ".join((*own, *(s for s in sentences(whole) if s.endswith(_CHOSEN))))


def _beside(area: CareArea, own: KeyFigure, whole: Sequence[KeyFigure]) -> KeyFigure:
    """The care area's figure under its name, with the country's after it."""
    country = next((k for k in whole if k.name == area.name), None)
    if country is None or not any(c.isdigit() for c in country.value):
        return replace(own, name=area.name)
    where, value = country.what.rpartition(", ")[2], f"{country.value} {country.unit}".strip()
    beside = f"{capital(where)}: {value}."
    return replace(own, name=area.name, change=f"{own.change.removesuffix('.')}. {beside}" if own.change else beside)
