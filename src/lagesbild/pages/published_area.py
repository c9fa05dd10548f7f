"""A care area that no region reports: what is published for the whole, and nothing of another area in its place."""

from __future__ import annotations

from typing import Final

from lagesbild.components.model import Aside, FigureCard, PageContent
from lagesbild.domain.care import CareArea
from lagesbild.domain.selection import Selection
from lagesbild.pages.context import PageContext
from lagesbild.pages.links import everything, to_area
from lagesbild.pages.phrases import empty
from lagesbild.pages.produktion_balance import balance_card
from lagesbild.pages.published_figure import published_card, published_of
from lagesbild.views.balance import balance
from lagesbild.views.flows import Flows, flows

WHOLE: Final = "Talen nedan är publicerade för helheten."


def published_flows(area: CareArea, context: PageContext) -> Flows | None:
    """The whole's own inflow, performed and waiting, when they are published."""
    selection = context.selection
    found = flows(context.source, Selection(care_area=area.code, month=selection.month, as_of=selection.as_of))
    return found if found is not None and found.published else None


def published_sections(area: CareArea, found: Flows | None, context: PageContext) -> list[FigureCard | Aside]:
    """The whole's balance (`found`) and shares of the care area; none when neither is published."""
    sections: list[FigureCard | Aside] = []
    if found is not None:
        sections.append(balance_card(found, balance(found, context.viewer), context))
    published = published_of(context)
    if published is not None and area.code in {a.code for a in published.areas}:
        sections.append(published_card(published, context))
    return sections


def nothing_reported(context: PageContext, kicker: str, first: str, *, title: str = "", href: str = "/") -> PageContent:
    """For a page of what regions report, when nobody has for the choices: `first` says so. Of a care area with
    published figures they are shown, apart from it why there is nothing and a way on to `href`."""
    selection = context.selection
    area = next((a for a in context.care_areas if a.code == selection.care_area), None)
    sections = [] if area is None else published_sections(area, published_flows(area, context), context)
    if area is not None and sections:
        why = "Väntande redovisas inte per region för vårdområdet."
        way = to_area(area.code, selection.with_(region="", healthcare_region="", provider=""))
        lead = empty("inga-uppgifter", "Bara för helheten", why, way, f"Allt om {area.short.lower()}")
        told = (f"{area.name} rapporteras inte per region.",)
        return PageContent(kicker, told, more=WHOLE, sections=(lead, *sections), title=title)
    why = "Ingen region har rapporterat väntande för urvalet."
    way = "Visa hela lägesbilden" if href == "/" else "Visa hela landet"
    return PageContent(
        kicker,
        (first,),
        sections=(empty("inga-uppgifter", "Inga uppgifter för urvalet", why, everything(href, selection), way),),
        title=title,
    )
