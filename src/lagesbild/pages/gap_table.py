"""The list of gaps: a table with graphics in its cells on wide screens, one block per gap on phones."""

from __future__ import annotations

from typing import Any

from lagesbild.components.html import el
from lagesbild.components.model import FigureCard
from lagesbild.components.spark import range_mark
from lagesbild.components.status_cell import level_cell
from lagesbild.domain.swedish import capital, count, decimal, number_word, percent
from lagesbild.pages.context import PageContext
from lagesbild.pages.gap_cells import (
    HORIZON,
    NEAR_TEXT,
    absent_word,
    forecast_address,
    line_cell,
    line_span,
    load_cell,
    near_text,
    need_cell,
    probability_cell,
    timeline,
)
from lagesbild.pages.gap_numbers import GROUPS, gap_data
from lagesbild.pages.phrases import noun, source_text
from lagesbild.views.gap_list import GapList, Series


def gap_card(found: GapList, context: PageContext) -> FigureCard:
    area = noun([s.care_area for s in found.flagged])
    return FigureCard(
        id="gap",
        title=_title(found),
        summary="Ordnade efter läge och månad. Välj en rad för dess prognos."
        if not context.selection.order
        else "Välj en rad för dess prognos.",
        graphic=[_wide(found, context), _phone(found, context), _legend()],
        table=gap_data(found),
        source=_source(found, context, area),
    )


def _title(found: GapList) -> str:
    """Who is furthest under and who needs most; one name when it is the same."""
    under = [s for s in found.of("open") if s.structural is not None]
    needing = [s for s in found.flagged if s.amount("week")]
    lowest = min(under, key=lambda s: s.structural or 0.0, default=None)
    most = max(needing, key=lambda s: s.gap.extra_per_week or 0.0, default=None)
    what = noun([s.care_area for s in found.flagged])
    if lowest and most and lowest.region != most.region:
        return f"{lowest.region.short_name} ligger längst under gränsen, {most.region.short_name} behöver flest {what}"
    if lowest and most:
        return f"{lowest.region.short_name} ligger längst under gränsen och behöver flest {what}"
    if most:
        return f"{most.region.short_name} behöver flest {what}"
    return "Flaggor för kapacitetsgap"


def _unit(found: GapList) -> str:
    return "månaden" if found.unit == "month" else "veckan"


def _wide(found: GapList, context: PageContext) -> Any:
    first, last = found.run.until + 1, found.run.until + HORIZON
    letters = [el("Span", (found.run.until + k).name[0]) for k in range(1, HORIZON + 1)]
    area = noun([s.care_area for s in found.flagged])
    limit = percent(found.target, 0)
    heads = [
        "Region",
        "Vårdområde",
        "Andel inom gränsen, %",
        "24 månader",
        [f"Gapet öppnar, {first.sv}–{last.sv}", el("Div", letters, className="mon", aria_hidden="true")],
        "Sannolikhet inom 12 månader",
        "Belastning: inflöde delat med kapacitet",
        f"Fler {area} i {_unit(found)} för {limit}",
        "Ledigt i närheten, i månaden",
    ]
    body = []
    span = line_span(found)
    most = max((s.amount(found.unit) or 0 for s in found.flagged), default=0)
    for status, title, what in GROUPS:
        members = found.of(status)
        if not members:
            continue
        name = [
            el("Span", className=f"flag flag-{status}", aria_hidden="true"),
            title,
            el("Span", what, className="why"),
        ]
        body.append(el("Tr", el("Th", name, colSpan=9, scope="rowgroup"), className="grp"))
        body += [_row(s, found, most, span) for s in members]
    table = el(
        "Table",
        [
            el("Caption", "Flaggor för kapacitetsgap", className="vh"),
            el("Thead", el("Tr", [el("Th", h, scope="col") for h in heads])),
            el("Tbody", body),
        ],
        className="gt",
    )
    box = el("Div", table, className="scroll", role="region", aria_label="Flaggor för kapacitetsgap", tabIndex=0)
    return el("Div", box, className="gap-wide")


def _row(s: Series, found: GapList, most: int, span: float) -> Any:
    name = el("Th", el("A", s.region.short_name, href=forecast_address(s)), scope="row")
    share: Any = _share(s)
    prel = [el("Span", " prel.", className="prel")] if s.provisional else []
    return el(
        "Tr",
        [
            name,
            el("Td", s.care_area.short),
            el("Td", [share, *prel]),
            el("Td", line_cell(s, span)),
            el("Td", timeline(s, found), className="tlc"),
            el("Td", probability_cell(s)),
            el("Td", load_cell(s, found)),
            el("Td", need_cell(s, found.unit, most)),
            el("Td", near_text(s), className="free"),
        ],
    )


def _share(s: Series) -> Any:
    if s.share is None:
        return el("Span", absent_word(s), className="st")
    return level_cell(s.share, coarse=s.coarse)


def _phone(found: GapList, context: PageContext) -> Any:
    parts: list[Any] = []
    for status, title, what in GROUPS:
        members = found.of(status)
        if not members:
            continue
        name = [
            el("Span", className=f"flag flag-{status}", aria_hidden="true"),
            title,
            el("Span", what, className="why"),
        ]
        parts.append(el("H3", name, className="grp"))
        parts.append(el("Ul", [_item(s, found) for s in members], className="gl"))
    return el("Div", parts, className="gap-phone")


def _item(s: Series, found: GapList) -> Any:
    share = _share(s)
    letters = [el("Span", (found.run.until + k).name[0]) for k in range(1, HORIZON + 1)]
    head = el(
        "P", [el("A", f"{s.care_area.short}, {s.region.short_name}", href=forecast_address(s)), share], className="gh"
    )
    months = el("Div", letters, className="mon", aria_hidden="true")
    return el("Li", [head, timeline(s, found), months, el("P", _told(s, found), className="gt3")])


def _told(s: Series, found: GapList) -> list[Any]:
    gap = s.gap
    parts: list[Any] = []
    if gap.status != "open" and gap.opens and gap.probability_12m is not None:
        parts.append(f"{capital(gap.opens.sv)}, sannolikhet {percent(gap.probability_12m, 0)}. ")
    n, part = s.amount(found.unit), s.brokerable(found.unit)
    if n is not None:
        parts.append(el("B", f"{capital(number_word(n))} fler i {_unit(found)}"))
        parts.append(f", varav {number_word(part)} kan förmedlas. " if part is not None else ". ")
    if gap.load is not None:
        parts.append(f"Belastning {decimal(gap.load, 2)}. ")
    parts.append(f"Ledigt: {near_text(s)}.")
    return parts


def _legend() -> Any:
    diamond = el("Span", range_mark(0.05, 0.5, 0.95), className="sw wide")
    return el(
        "Div",
        [
            el("Span", [diamond, "troligaste månad och 80\u00a0% av utfallen"]),
            el("Span", [el("Span", className="sw one"), "belastning 1,00: kön växer till höger om linjen"]),
            el("Span", [el("Span", className="sw bar-series"), "kan förmedlas"]),
            el("Span", [el("Span", className="sw bar-hatch"), "kan inte förmedlas"]),
        ],
        className="leg",
    )


def _source(found: GapList, context: PageContext, area: str) -> str:
    limit = percent(found.target, 0)
    months = {s.gap.target_month for s in found.flagged if s.gap.target_month}
    by = f" i {months.pop().sv}" if len(months) == 1 else ""
    flagged = [b for b in context.source.batches() if b.dataset == "waits" and b.rows]
    synthetic = any(b.synthetic for b in flagged)
    used = [b.source for b in flagged if b.synthetic == synthetic]
    text = (
        f"Gap: andelen under {limit} två månader i rad, säsongen borträknad. Fler {area}: det antal som ger 80\u00a0% "
        f"chans att nå eller hålla gränsen{by}, avrundat uppåt. Ledigt: kapacitet utöver det egna behovet, inom "
        f"{NEAR_TEXT}. {count(found.judged)} av {count(found.regions)} regioner kunde bedömas. "
    )
    return text + source_text(sorted(set(used)), found.run.data_as_of, synthetic=synthetic)
