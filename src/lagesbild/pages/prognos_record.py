"""Earlier forecasts over what then came: the same page shows how far forecasts like this one can be trusted."""

from __future__ import annotations

from typing import Any

from lagesbild.components.html import el
from lagesbild.components.model import Column, FigureCard, Row, Table
from lagesbild.domain.periods import MONTHS_SV_SHORT, Month
from lagesbild.domain.swedish import capital, count, number_word, percent
from lagesbild.figures.record import as_image, record_svg, x_share
from lagesbild.pages.context import PageContext
from lagesbild.pages.phrases import flows_source
from lagesbild.views.forecast_fan import Forecast
from lagesbild.views.forecast_record import Earlier, Record

_NARROW, _WIDE = 0.7, 0.9  # share of outcomes inside an 80 % band at which the bands are called narrow or wide
_ENOUGH = 12  # with fewer outcomes nothing is said about the bands


def record_card(found: Forecast, record: Record, context: PageContext) -> FigureCard:
    span = _span(record, found.target)
    items = [_item(e, span, found.target, context) for e in record.earlier]
    n = len(record.earlier)
    earlier = "En tidigare prognos" if n == 1 else f"{capital(number_word(n))} tidigare prognoser"
    return FigureCard(
        id="tidigare-prognoser",
        title=_title(record),
        summary=f"{earlier} och vad som sedan hände, andel inom {found.limit_days} dagar. "
        f"Väntat är {count(record.expected)}{_verdict(record)}.",
        graphic=[_legend(found.target), el("Ul", items, className="rec")],
        table=_table(record),
        source="Prognoserna är gjorda i efterhand på dagens data, avskuren vid varje månad, och "
        f"utfallet är som det är känt i dag. {flows_source(found.flows) if found.flows else ''}",
    )


def _title(record: Record) -> str:
    return f"{count(record.hits)} av {count(record.outcomes)} utfall hamnade inom tidigare prognosers 80-procentsband"


def _verdict(record: Record) -> str:
    if record.outcomes < _ENOUGH:
        return "; så få utfall räcker inte för att bedöma banden"
    share = record.hits / record.outcomes
    if share < _NARROW:
        return ": banden har varit för smala"
    return ": banden har varit väl breda" if share > _WIDE else ": banden har hållit ungefär vad de lovar"


def _span(record: Record, target: float) -> tuple[float, float]:
    """One axis for all, with some air, so that they can be compared."""
    values = [target]
    for e in record.earlier:
        values += [v for v in e.known["share"] if v == v]
        values += [*e.outcome["lo80"], *e.outcome["hi80"], *e.outcome["share"]]
    return min(values) - 0.01, max(values) + 0.01


def _item(e: Earlier, span: tuple[float, float], target: float, context: PageContext) -> Any:
    svg = record_svg(e.known, e.outcome, span=span, target=target, theme=context.theme)
    last = Month.of(e.outcome["period"].iloc[-1])
    places = ((0, e.until), (last - e.until, last))
    ends = [el("Span", MONTHS_SV_SHORT[m.month - 1], style={"left": f"{x_share(step):.1%}"}) for step, m in places]
    inside = f"{count(e.hits)} av {count(len(e.outcome))} utfall inom bandet"
    return el(
        "Li",
        [
            el("H3", e.until.sv),
            el("P", inside, className="src"),
            el("Img", src=as_image(svg), alt="", width=196, height=112),
            el("Div", ends, className="ends", aria_hidden="true"),
        ],
    )


def _legend(target: float) -> Any:
    return el(
        "Div",
        [
            el("Span", [el("Span", className="sw context"), "känt vid prognosen"]),
            el("Span", [el("Span", className="sw fan-80"), "prognosens 80-procentsband"]),
            el("Span", [el("Span", className="sw dot"), "utfall inom"]),
            el("Span", [el("Span", className="sw ring"), "utfall utanför"]),
            el("Span", [el("Span", className="sw limit"), percent(target, 0)]),
        ],
        className="leg",
    )


def _table(record: Record) -> Table:
    columns = (
        Column("made_until", "Data till och med"),
        Column("period", "Månad"),
        Column("p50", "Prognos", "share"),
        Column("lo80", "80 % från", "share"),
        Column("hi80", "80 % till", "share"),
        Column("outcome", "Utfall", "share"),
        Column("inside", "Inom bandet"),
    )
    rows = [
        Row(
            (
                e.until.sv,
                Month.of(r["period"]).sv,
                *(float(r[n]) for n in ("p50", "lo80", "hi80", "share")),
                "ja" if r["inside"] else "nej",
            )
        )
        for e in record.earlier
        for r in e.outcome.to_dict("records")
    ]
    return Table("Tidigare prognoser och utfall", columns, tuple(rows))
