"""Figure 4 of the quality page: what the rules have found, each opening on its rows, effect and trail."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from lagesbild.components.figure_card import state_box
from lagesbild.components.html import el
from lagesbild.components.model import Column, FigureCard, Row, Table
from lagesbild.components.table import table_node
from lagesbild.domain.anomalies import LIMIT
from lagesbild.domain.periods import Month
from lagesbild.domain.selection import to_query
from lagesbild.domain.source import Source
from lagesbild.domain.swedish import capital, count, date_time, decimal, join_and, number_word
from lagesbild.pages.context import PageContext
from lagesbild.pages.links import to_region
from lagesbild.pages.phrases import hidden_cell, month_range, small, source_text
from lagesbild.views.finding import GRADES, Cell, Finding, Grade
from lagesbild.views.finding_words import COLUMNS
from lagesbild.views.findings import OPEN, Findings
from lagesbild.views.reporting_matrix import Matrix

GRADE_WORDS: Final[dict[Grade, str]] = {"stop": "stopp", "review": "granska", "info": "upplysning"}
GRADE_MEANS: Final[dict[Grade, str]] = {
    "stop": "talet ska inte användas utan märkning",
    "review": "talet visas, en person ska titta",
    "info": "ingen åtgärd krävs",
}
MOST_SHOWN: Final = 60  # the rest stand in the table
_NOT_SAID: Final = "Öppen: rapporteringen säger inget om månaden."
_HEADINGS: Final = ("Grad", "Fynd", "Region", "Tal", "Månad", "Mått", "Läge")
_RULES: Final = (
    "summor (intervall mot väntande, inom gränsen mot intervallen, del mot helhet, vårdgivare mot region, balansen "
    "mellan månader)",
    f"avvikande värden (mer än {decimal(LIMIT, 0)} robusta standardavvikelser från nivån)",
    "hopp i nivån",
    "upprepade månader",
    "okända vårdgivare",
    "sena, motsägande och ofullständiga rapporter",
)


def findings_card(found: Findings, matrix: Matrix | None, context: PageContext) -> FigureCard:
    shown = found.found[:MOST_SHOWN]
    graphic: Any = [_list(shown, context), _legend()] if shown else [_nothing(found, context)]
    return FigureCard(
        id="fynd",
        title=_title(found, context.selection.finding),
        summary="Hittade av regler i det som är inläst. Öppna ett fynd för rader, följd och spår."
        if shown
        else f"Reglerna är prövade på {count(found.checked)} rader i perioden.",
        table=_as_table(found.found),
        source=_source(found, matrix, context.source),
        graphic=graphic,
        footnotes=_notes(found, len(shown)),
    )


def _title(found: Findings, grade: str) -> str:
    """`Sex fynd, två stoppande`"""
    if not found.total:
        return "Reglerna har inte hittat något att granska"
    if grade:
        kind = next(w for g, w in GRADE_WORDS.items() if g == grade)
        return f"{capital(number_word(len(found.found)))} fynd av graden {kind}, av {number_word(found.total)}"
    stops = found.counts["stop"]
    tail = "inget stoppande" if not stops else f"{'ett' if stops == 1 else number_word(stops)} stoppande"
    return f"{'Ett' if found.total == 1 else capital(number_word(found.total))} fynd, {tail}"


def about_findings(found: Findings) -> str:
    """One sentence for the page's head."""
    if not found.total:
        return "Reglerna har inte hittat något att granska."
    stops, total = found.counts["stop"], number_word(found.total)
    if not stops:
        return f"{'Ett' if found.total == 1 else capital(total)} fynd, inget stoppande."
    tail = "stoppande: de talen ska inte användas utan märkning"
    if stops == found.total:
        return f"{'Det enda fyndet' if stops == 1 else f'Alla {number_word(stops)} fynd'} är {tail}."
    return f"{'Ett' if stops == 1 else capital(number_word(stops))} av {total} fynd är {tail}."


def _nothing(found: Findings, context: PageContext) -> dict[str, Any]:
    if found.total:
        return state_box("Inga fynd av den graden", "Det finns fynd av en annan grad.", _all(context))
    return state_box("Inga fynd", "Inget i det som är inläst avviker mer än reglerna godtar.")


def _all(context: PageContext) -> dict[str, Any]:
    query = to_query(context.selection.with_(finding=""))
    return el("A", "Visa alla fynd", href=f"/datakvalitet{'?' + query if query else ''}")


def _list(shown: Sequence[Finding], context: PageContext) -> dict[str, Any]:
    head = el("Div", [el("Span", h) for h in _HEADINGS], className="fn-head", aria_hidden="true")
    return el("Div", [head, *(_item(f, context) for f in shown)], className="fn")


def _item(f: Finding, context: PageContext) -> dict[str, Any]:
    grade = el("Span", [el("I", className=f"gr gr-{f.grade}", aria_hidden="true"), GRADE_WORDS[f.grade]], className="g")
    cells = [
        grade,
        el("B", [f.title]),
        el("Span", f.region.short_name),
        el("Span", measure(f)),
        el("Span", period(f.months)),
        el("Span", f.evidence),
        el("Span", f.known),
    ]
    spaced = [x for c in cells for x in (c, " ")][:-1]
    return el("Details", [el("Summary", spaced), _drill(f, context)])


def measure(f: Finding) -> str:
    """`Väntande, ljumskbråck`"""
    areas = join_and([small(a.short) for a in f.care_areas])
    return f"{f.measure}, {areas}" if areas else f.measure


def period(months: Sequence[Month]) -> str:
    """`december 2023`, `september–oktober 2023`, or how many when there are holes between."""
    whole = months[-1] - months[0] == len(months) - 1
    return month_range(months[0], months[-1]) if whole else f"{count(len(months))} månader"


def _drill(f: Finding, context: PageContext) -> dict[str, Any]:
    rows = el("Div", [el("H3", "Raderna"), table_node(_cells(f, context))]) if f.cells else None
    trail = [f"Regel: {small(f.title)}."]
    if f.batch is not None:
        trail.insert(0, f"Fil {f.batch.file_name or 'utan namn'}. Källa: {f.batch.source}.")
        trail.append(f"Inläst {date_time(f.batch.recorded_at)}.")
    link = el("A", f"Allt om {f.region.short_name}", href=to_region(f.region.code, context.selection))
    return el(
        "Div",
        [
            rows,
            el(
                "Div",
                [
                    el("H3", "Vad regeln såg"),
                    el("P", f.said),
                    el("H3", "Vad det påverkar"),
                    el("P", f.affects),
                    el("H3", "Läge"),
                    el(
                        "P",
                        f"{capital(f.known)}." if f.known != OPEN else _NOT_SAID,
                    ),
                ],
            ),
            el("Div", [el("H3", "Spår"), *(el("P", t) for t in trail), el("P", link)]),
        ],
        className="drill" if rows else "drill two",
    )


def _cells(f: Finding, context: PageContext) -> Table:
    providers = {p.code: p.name for p in context.source.providers()} if any(c.provider for c in f.cells) else {}
    areas = {a.code: a.short for a in context.care_areas}
    several = len({c.care_area for c in f.cells}) > 1
    columns = [Column("number", "Tal")]
    columns += [Column("care_area", "Vårdområde")] * several
    columns += [Column("provider", "Vårdgivare")] * bool(providers)
    columns += [Column("period", "Månad", "month"), Column("value", "Värde", "count")]
    rows = []
    for c in f.cells:
        cells: list[Any] = [COLUMNS.get(c.column, c.column)]
        cells += [areas.get(c.care_area, c.care_area)] * several
        cells += [providers.get(c.provider, c.provider) or "hela regionen"] * bool(providers)
        cells += [c.month, _value(c, context.viewer.threshold)]
        rows.append(Row(tuple(cells)))
    what = f"{f.title}, {f.region.short_name}, {measure(f)}, {period(f.months)}"
    return Table(f"Rader bakom fyndet: {what}", tuple(columns), tuple(rows))


def _value(c: Cell, threshold: int) -> Any:
    return c.value if c.state == "" and c.value is not None else hidden_cell(c.state or "missing", threshold)


def _legend() -> dict[str, Any]:
    marks = [
        el("Span", [el("I", className=f"gr gr-{g}", aria_hidden="true"), f"{GRADE_WORDS[g]}: {GRADE_MEANS[g]}"])
        for g in GRADES
    ]
    return el("Div", marks, className="leg")


def _notes(found: Findings, shown: int) -> tuple[str, ...]:
    out = []
    if len(found.found) > shown:
        out.append(f"De {count(shown)} första av {count(len(found.found))} fynd visas här, alla i tabellen.")
    if found.withheld:
        out.append(f"{count(found.withheld)} fynd visas inte, för att små tal är skyddade.")
    if any(f.hidden for f in found.found):
        out.append("Fynd utan tal: talen bakom är skyddade.")
    return tuple(out)


def _source(found: Findings, matrix: Matrix | None, source: Source) -> str:
    parts = [
        f"Prövade regler: {join_and(list(_RULES))}.",
        "En region som saknas helt är inget fynd; det står i rapporteringen ovan.",
    ]
    if matrix is not None and matrix.recorded_at is not None:
        parts.append(source_text(matrix.sources, matrix.recorded_at, synthetic=matrix.synthetic))
    return " ".join(parts)


def _as_table(found: Sequence[Finding]) -> Table:
    columns = (
        Column("finding", "Fynd"),
        Column("grade", "Grad"),
        Column("region", "Region"),
        Column("measure", "Tal"),
        Column("period", "Månad"),
        Column("evidence", "Mått"),
        Column("rule", "Vad regeln såg"),
        Column("affects", "Påverkar"),
        Column("status", "Läge"),
        Column("file", "Fil"),
        Column("recorded_at", "Inläst"),
    )
    rows = []
    for f in found:
        file, when = ("", "") if f.batch is None else (f.batch.file_name, date_time(f.batch.recorded_at))
        cells = (f.title, GRADE_WORDS[f.grade], f.region.short_name, measure(f), period(f.months), f.evidence, f.said)
        rows.append(Row((*cells, f.affects, f.known, file or "–", when or "–")))
    return Table("Fynd i inlästa data", columns, tuple(rows))
