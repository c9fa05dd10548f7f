"""Is there enough free capacity for what is missing? Two bars per care area, on one scale each."""

from __future__ import annotations

from typing import Any, Final

from lagesbild.components.html import el
from lagesbild.components.model import Column, FigureCard, Row, Special, Table
from lagesbild.components.spark import bar
from lagesbild.domain.swedish import capital, count, join_and, number_word
from lagesbild.pages.context import PageContext
from lagesbild.pages.gap_why import UNIT_WORDS
from lagesbild.pages.phrases import noun, run_source, small
from lagesbild.views.free_capacity import Need
from lagesbild.views.gap_list import GapList

_BAR_SHARE: Final = 0.6


def free_card(found: GapList, context: PageContext) -> FigureCard:
    shown = [n for n in found.needs if n.gaps or n.free_per_week is not None]
    reporting = [f"{small(n.care_area.short)} {count(n.reporting)}" for n in shown]
    unit = UNIT_WORDS[found.unit]
    return FigureCard(
        id="ledig-kapacitet",
        title=_title(found.needs, found.unit),
        summary=f"{capital(noun([n.care_area for n in shown]))} i {unit}: vad öppna och väntade gap "
        f"saknar mot ledig kapacitet i hela landet.{' Varje vårdområde har sin egen skala.' if len(shown) > 1 else ''}",
        graphic=el("Ul", [_item(n, found) for n in shown], className="fc"),
        table=_table(shown, found.unit),
        source=f"Saknas: varje gaps behov i {unit}, avrundat uppåt till hela, och sedan summerat. "
        "Ledigt: rapporterad kapacitet, eller vad regionen har visat att den klarar, minus bokat och eget behov. "
        f"Regioner med uppgift: {join_and(reporting)}. " + run_source(context.source.batches(), "capacity", found.run),
        span=7,
    )


def _title(needs: tuple[Need, ...], unit: str) -> str:
    lacking = [n for n in needs if n.gaps]
    known = [n for n in lacking if n.suffices(unit) is not None]
    enough = [n for n in known if n.suffices(unit)]
    if not known:
        return "Ledig kapacitet är inte känd"
    if len(enough) == len(lacking):
        if len(lacking) == 1:
            return f"Ledig kapacitet räcker för {small(lacking[0].care_area.short)}"
        whole = " med gap" if len(lacking) < len(needs) else ""
        all_of_them = "båda vårdområdena" if len(lacking) == 2 else f"alla {number_word(len(lacking))} vårdområden"
        return f"Ledig kapacitet överstiger bristen i {all_of_them}{whole}"
    if not enough:
        names = join_and([small(n.care_area.short) for n in known])
        return f"Ledig kapacitet räcker inte för {names}"
    return f"Ledig kapacitet räcker för {join_and([small(n.care_area.short) for n in enough])}, men inte överallt"


def _item(n: Need, found: GapList) -> Any:
    """Care areas differ by a factor of ten, so each has its own scale; within one the two bars are compared."""
    lacking, can = n.amount(found.unit), n.brokerable(found.unit)
    free = n.free(found.unit)
    scale = max(lacking, free or 0) or 1
    told = count(lacking) + (f", varav {count(can)} kan förmedlas" if can is not None and n.gaps else "")
    sent = lacking if can is None else can
    return el(
        "Li",
        [
            el("H3", n.care_area.name),
            _line("saknas", [(sent, "series"), (lacking - sent, "hatch")], scale, told),
            _line("ledigt", [(free or 0, "context")], scale, "inte rapporterat" if free is None else count(free)),
        ],
    )


def _line(name: str, pieces: list[tuple[float, str]], scale: float, text: str) -> Any:
    """The bar takes its part of 60 % of the width, so that the words fit beside the longest."""
    total = sum(n for n, _ in pieces)
    drawn = bar([(n / total, kind) for n, kind in pieces if n]) if total else None
    long = el("Span", drawn, className="fc-b", style={"width": f"{total / scale * _BAR_SHARE:.1%}"})
    return el("P", [el("Span", name, className="fc-n"), el("Span", [long, el("Span", text)], className="fc-l")])


def _table(shown: list[Need], unit: str) -> Table:
    """The numbers beside the bars, in their unit: sums of what the list says gap by gap, rounded up there."""
    word = UNIT_WORDS[unit]
    columns = (
        Column("care_area", "Vårdområde"),
        Column("gaps", "Öppna och väntade gap", "count"),
        Column(f"need_per_{unit}", f"Saknas i {word}", "count"),
        Column(f"brokerable_per_{unit}", "Varav kan förmedlas", "count"),
        Column(f"free_per_{unit}", f"Ledigt i {word}", "count"),
        Column("reporting_regions", "Regioner med uppgift", "count"),
    )
    rows = [
        Row(
            (
                n.care_area.name,
                n.gaps,
                n.amount(unit),
                Special("missing") if (sent := n.brokerable(unit)) is None else sent,
                Special("missing") if (free := n.free(unit)) is None else free,
                n.reporting,
            )
        )
        for n in shown
    ]
    return Table("Behov och ledig kapacitet per vårdområde", columns, tuple(rows))
