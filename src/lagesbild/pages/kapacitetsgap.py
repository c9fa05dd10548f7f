"""`/kapacitetsgap`: every flagged series, when its gap opens, what closes it, and where capacity is free."""

from __future__ import annotations

from typing import Any, Final

from lagesbild.components.html import el
from lagesbild.components.model import Aside, FigureCard, Page, PageContent
from lagesbild.domain.selection import Selection
from lagesbild.domain.swedish import capital, count, date_long, join_and, number_word, percent
from lagesbild.pages.context import PageContext
from lagesbild.pages.gap_cells import forecast_address
from lagesbild.pages.gap_free import free_card
from lagesbild.pages.gap_record import record_section
from lagesbild.pages.gap_table import gap_card
from lagesbild.pages.gap_why import UNIT_WORDS
from lagesbild.pages.links import everything
from lagesbild.pages.options import with_known_order
from lagesbild.pages.phrases import empty, noun, small
from lagesbild.pages.run_month import run_note
from lagesbild.views.gap_list import LISTED, GapList, gap_list
from lagesbild.views.gap_order import ALL_ORDERS
from lagesbild.views.gap_series import Series
from lagesbild.views.told_run import UNTOLD
from lagesbild.views.warning_record import warning_record

FILTERS: Final = ("care_area", "healthcare_region", "region", "target", "status", "order", "run")


def build(context: PageContext) -> PageContent:
    """The list, need against free capacity, how earlier warnings held, and apart from them what is not flagged."""
    context, notes = with_known_order(context, ALL_ORDERS)
    found = gap_list(context.source, context.selection, context.viewer)
    if found is None and context.selection.as_of is not None:
        nothing = empty("inga-gap", "Ingen prognos", "Vid den tidpunkten fanns ingen prognos att räkna gap ur.")
        return PageContent("Kapacitetsgap", ("Ingen prognos var gjord då.",), sections=(nothing,))
    if found is None:
        why = "Gap räknas fram med kommandot lagesbild forecast, sedan visas de här."
        nothing = empty("inga-gap", "Ingen prognos", why)
        return PageContent("Kapacitetsgap", ("Ingen prognos är gjord ännu.",), sections=(nothing,))
    sections: list[FigureCard | Aside] = (
        [gap_card(found, context)] if found.flagged else [_none(found, context.selection)]
    )
    free = any(n.gaps for n in found.needs)
    if free:
        sections.append(free_card(found, context))
    record = warning_record(context.source, context.selection, context.viewer)
    sections.append(record_section(record, context, span=5 if free else 12))
    sections += _apart(found, context.selection)
    made = date_long(found.run.created_at)
    return PageContent(
        kicker=f"Kapacitetsgap de kommande tolv månaderna, prognos gjord {made}",
        sentences=tuple(s for s in (_how_many(found), _what_closes(found)) if s),
        more=_more(found),
        sections=tuple(sections),
        notes=(*notes, *run_note(found.run, context)),
    )


def _how_many(found: GapList) -> str:
    parts = [_counted(len(found.of("open")), "öppet", "öppna"), _counted(len(found.of("expected")), "väntas", "väntas")]
    told = [p for p in parts if p]
    watched = len(found.of("watch"))
    if not told and not watched and not found.judged_shown:
        return "Inget gap kan bedömas i urvalet."
    if not told:
        # that there is none is not known of what may not be told
        none = f"Inget gap{' som kan visas' if any(s.gap.reason == UNTOLD for s in found.unjudged) else ''} är öppet"
        return (
            f"{none} eller väntas; {'ett' if watched == 1 else number_word(watched)} bevakas."
            if watched
            else f"{none} eller väntas."
        )
    return f"{capital(join_and(told))}."


def _counted(n: int, one: str, many: str) -> str:
    """`två gap är öppna`, `ett gap väntas`; empty for none."""
    if not n:
        return ""
    number = "ett" if n == 1 else number_word(n)
    word = one if n == 1 else many
    return f"{number} gap {word}" if word == "väntas" else f"{number} gap är {word}"


def _what_closes(found: GapList) -> str:
    urgent = [s for s in found.flagged if s.gap.status != "watch"]
    amounts = [n for s in urgent if (n := s.amount(found.unit)) is not None]
    if not amounts or not sum(amounts):
        return ""
    total = sum(amounts)
    if total == 1 and any(s.under_one(found.unit) for s in urgent):
        return f"Färre än en till i {UNIT_WORDS[found.unit]} stänger {'det' if len(urgent) == 1 else 'dem'}."
    what = noun([s.care_area for s in urgent], total)
    unit = UNIT_WORDS[found.unit]
    them = "det" if len(urgent) == 1 else "dem"
    text = f"{capital(number_word(total))} fler {what} i {unit} stänger {them}"
    parts = [s.brokerable(found.unit) for s in urgent if s.amount(found.unit) is not None]
    if any(p is None for p in parts):
        return f"{text}."
    sent = sum(p or 0 for p in parts)
    return f"{text}; {number_word(sent) if sent else 'ingen'} av dem kan förmedlas till andra regioner."


def _more(found: GapList) -> str:
    told = []
    enough = [n.care_area for n in found.needs if n.suffices(found.unit)]
    short = [n.care_area for n in found.needs if n.suffices(found.unit) is False]
    if enough:
        told.append(f"För {join_and([small(a.short) for a in enough])} räcker den lediga kapaciteten i andra regioner.")
    if short:
        what = "den" if enough else "den lediga kapaciteten i andra regioner"
        told.append(f"För {join_and([small(a.short) for a in short])} räcker {what} inte.")
    alone = [s.region.short_name for s in found.of("open") if not s.near]
    names = list(dict.fromkeys(alone))
    if names and len(names) <= 3:
        told.append(f"{join_and(names)} har ingen ledig kapacitet inom 50 mil.")
    return " ".join(told)


def _none(found: GapList, selection: Selection) -> Aside:
    why = f"Ingen serie i urvalet är flaggad vid gränsen {percent(found.target, 0)}."
    return empty("inga-gap", "Inga gap i urvalet", why, everything("/kapacitetsgap", selection), "Visa alla gap")


def _apart(found: GapList, selection: Selection) -> list[Aside]:
    """Season and what cannot be judged, once for each reason: shown, but never flagged."""
    if not found.seasonal and not found.unjudged:
        return []
    parts: list[Any] = []
    if found.seasonal:
        text = "Under gränsen på sommaren men inte med säsongen borträknad."
        parts.append(_list(found.seasonal, "bara av säsong", selection, text))
    if found.unjudged:
        parts.append(_list(found.unjudged, "kan inte bedömas", selection))
    return [Aside("flaggas-inte", "Flaggas inte", "", el("Div", parts, className="apart"), 12)]


def _title(n: int, what: str) -> str:
    return f"{capital(number_word(n)) if n != 1 else 'En'} {'serie' if n == 1 else 'serier'} {what}"


def _list(series: tuple[Series, ...], what: str, selection: Selection, text: str = "") -> Any:
    reasons: dict[str, list[Any]] = {}
    for s in series[:LISTED]:
        name = f"{s.region.short_name}, {small(s.care_area.short)}"
        link = el("A", name.replace(" ", "\u00a0"), href=forecast_address(s, selection))
        reasons.setdefault(s.gap.reason, []).append(el("Li", link))
    body: list[Any] = [el("H3", _title(len(series), what), className="sub")]
    if text:
        body.append(el("P", text, className="src"))
    for why, links in reasons.items():
        body += [el("P", why) if why else None, el("Ul", links)]
    if len(series) > LISTED:
        body.append(el("P", f"{count(len(series) - LISTED)} till. CSV och XLSX har alla.", className="src"))
    return el("Div", body)


PAGE: Final = Page(
    path="/kapacitetsgap",
    name="Kapacitetsgap",
    filters=FILTERS,
    build=build,
    order=60,
    also=("month",),
    own="rows",
)
