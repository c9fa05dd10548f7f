"""Figure 1 of the quality page: a field per region, register and month, as a table that can be walked with arrows."""

from __future__ import annotations

import json
from itertools import groupby
from typing import Any, Final

from lagesbild.components.html import el, hidden
from lagesbild.components.model import Column, FigureCard, Row, Special, Table
from lagesbild.domain.care import CareArea, Region
from lagesbild.domain.periods import Month
from lagesbild.domain.registers import DUE_DAY
from lagesbild.domain.swedish import capital, count, date_time, join_and, number_word
from lagesbild.pages.context import PageContext
from lagesbild.pages.links import to_region
from lagesbild.pages.options import REGISTERS
from lagesbild.pages.phrases import month_range, small, source_text
from lagesbild.pages.waits_text import named
from lagesbild.views.reporting_matrix import Field, Matrix, Status

ID: Final = "rapportering"
MOST_REASONS: Final = 5
GAPS: Final[tuple[Status, ...]] = ("missing", "excluded")
WORDS: Final[dict[Status, str]] = {
    "reported": "rapporterad",
    "late": "rapporterad efter sista dag",
    "provisional": "preliminär eller ofullständig",
    "missing": "saknas",
    "excluded": "utesluten",
    "not_yet": "rapporterar inte ännu",
}
_SHORT: Final[dict[Status, str]] = {
    "reported": "rapporterad",
    "late": "sen",
    "provisional": "prel.",
    "not_yet": "inte ännu",
}


def matrix_card(matrix: Matrix, context: PageContext) -> FigureCard:
    period = month_range(matrix.months[0], matrix.end)
    return FigureCard(
        id=ID,
        title=_title(matrix),
        summary=f"Ett fält per månad, {period}. Välj ett fält för fil, datum och skäl.",
        table=_as_table(matrix),
        source=_source(matrix),
        graphic=[_legend(), _fields(matrix, context), _say()],
        footnotes=_reasons(matrix),
    )


def _title(matrix: Matrix) -> str:
    """`Örebro har lucka i tre register, sju regioner rapporterar ännu inte kapacitet`"""
    holes: dict[str, tuple[Region, list[str]]] = {}
    for register in matrix.registers:
        for region in matrix.regions:
            if any(matrix.fields[register, region.code, m].status in ("missing", "excluded") for m in matrix.months):
                holes.setdefault(region.code, (region, []))[1].append(register)
    parts = []
    if len(holes) == 1:
        region, registers = next(iter(holes.values()))
        where = small(REGISTERS[registers[0]]) if len(registers) == 1 else f"{number_word(len(registers))} register"
        parts.append(f"{region.short_name} har {'lucka' if len(registers) == 1 else 'luckor'} i {where}")
    elif holes:
        parts.append(f"{number_word(len(holes))} regioner har luckor")
    for register in matrix.registers:
        n = len(matrix.of(register, matrix.end, "not_yet"))
        if n:
            verb = "region rapporterar" if n == 1 else "regioner rapporterar"
            parts.append(f"{number_word(n)} {verb} ännu inte {_what(register)}")
    if not parts:
        n = len(matrix.regions)
        who = matrix.regions[0].short_name if n == 1 else f"alla {number_word(n)} regioner"
        return capital(f"{who} har rapporterat alla månader")
    return capital(", ".join(parts))


def _what(register: str) -> str:
    return "till patientregistret" if register == "out-of-region" else small(REGISTERS[register])


def _legend() -> dict[str, Any]:
    marks = [el("Span", [el("I", className=f"ff ff-{s}", aria_hidden="true"), w]) for s, w in WORDS.items()]
    return el("Div", marks, className="leg ff-leg")


def _say() -> dict[str, Any]:
    return el(
        "P",
        "Inget fält är valt. Piltangenterna går mellan fälten.",
        className="ff-say",
        id="falt-text",
        role="status",
        aria_live="polite",
    )


def _fields(matrix: Matrix, context: PageContext) -> dict[str, Any]:
    """A table; the script shows what is said of the field that has the focus, from the lists in its attributes."""
    details: dict[str, int] = {}
    body: list[dict[str, Any]] = []
    groups = [(g, list(rs)) for g, rs in groupby(matrix.regions, key=lambda r: r.healthcare_region)]
    for name, regions in groups:
        for k, region in enumerate(regions):
            head = [el("Th", name, scope="rowgroup", rowSpan=len(regions), className="g")] if k == 0 else []
            link = el("A", region.short_name, href=to_region(region.code, context.selection))
            cells = [*head, el("Th", link, scope="row", className="r")]
            for register in matrix.registers:
                for i, month in enumerate(matrix.months):
                    field = matrix.fields[register, region.code, month]
                    detail = details.setdefault(_detail(field, matrix, context.care_areas), len(details))
                    first = not body and len(cells) == 2
                    cells.append(_field(field, detail, starts=i == 0, first=first))
            body.append(el("Tr", cells, className="ge" if k == len(regions) - 1 else ""))
    table = el(
        "Table",
        [
            el("Caption", "Rapporterade månader per region och register", className="vh"),
            el("Thead", _heads(matrix)),
            el("Tbody", body),
        ],
        className="ffs",
        style={"--r": len(matrix.registers), "--n": len(matrix.months)},
        id="falt",
        data_details=json.dumps(list(details), ensure_ascii=False),
        data_months=json.dumps([m.sv for m in matrix.months], ensure_ascii=False),
        data_registers=json.dumps([REGISTERS[r] for r in matrix.registers], ensure_ascii=False),
    )
    return el("Div", table, className="scroll", role="region", aria_label="Rapporterade månader", tabIndex=0)


def _heads(matrix: Matrix) -> list[dict[str, Any]]:
    n, total = len(matrix.months), len(matrix.regions)
    top: list[Any] = [el("Td", None, className="g"), el("Td", None)]
    letters: list[Any] = [
        el("Th", hidden("Sjukvårdsregion"), scope="col"),
        el("Th", hidden("Region"), scope="col"),
    ]
    for register in matrix.registers:
        here = f"{count(matrix.reported(register, matrix.end))} av {count(total)} i {matrix.end.name}"
        title = el("Div", [el("B", REGISTERS[register]), el("Span", here)])
        top.append(el("Th", title, scope="colgroup", colSpan=n, className="reg"))
        for i, month in enumerate(matrix.months):
            shown = [el("Span", month.name[0], aria_hidden="true"), hidden(month.sv)]
            letters.append(el("Th", shown, scope="col", className="m first" if i == 0 else "m"))
    return [el("Tr", top), el("Tr", letters)]


def _field(field: Field, detail: int, *, starts: bool, first: bool) -> dict[str, Any]:
    return el(
        "Td",
        hidden(WORDS[field.status]),
        className=f"ff ff-{field.status}{' first' if starts else ''}",
        data_d=detail,
        tabIndex=0 if first else -1,  # one stop in the tab order; arrows go on from there
    )


def _detail(field: Field, matrix: Matrix, areas: list[CareArea]) -> str:
    """`saknas. Byte av journalsystem.` or `rapporterad. Fil waits.csv, inläst 2026-11-16 kl. 06.10.`"""
    parts = [WORDS[field.status]]
    if field.late_days:
        parts[0] += f", {count(field.late_days)} {'dag' if field.late_days == 1 else 'dagar'} sent"
    if field.lacking:
        short = {a.code: small(a.short) for a in areas}
        parts.append(f"{capital(join_and([short.get(a, a) for a in field.lacking]))} saknas")
    if field.reason:
        parts.append(field.reason.rstrip("."))
    batch = matrix.batches.get(field.batch) if field.batch is not None else None
    if batch is not None:
        parts.append(f"Fil {batch.file_name or batch.source}, inläst {date_time(batch.recorded_at)}")
    elif field.status == "reported":
        parts.append("Sagd fullständig; ingen rad betyder ingen vård i annan region")
    return ". ".join(parts) + "."


def _reasons(matrix: Matrix) -> tuple[str, ...]:
    """Every stretch that is missing or excluded, with the reason given."""
    out: list[str] = []
    for region in matrix.regions:
        stretches: dict[tuple[str, tuple[Month, ...], str], list[str]] = {}
        for register in matrix.registers:
            for status in GAPS:
                months = tuple(m for m in matrix.months if matrix.fields[register, region.code, m].status == status)
                if months:
                    reason = matrix.fields[register, region.code, months[-1]].reason
                    stretches.setdefault((WORDS[status], months, reason), []).append(_what(register))
        for (word, months, reason), registers in stretches.items():
            why = f", {small(reason.rstrip('.'))}" if reason else ", inget skäl angivet"
            out.append(f"{region.short_name}: {join_and(registers)} {word} {_span(months)}{why}.")
    if len(out) <= MOST_REASONS:
        return tuple(out)
    return (*out[:MOST_REASONS], f"{count(len(out) - MOST_REASONS)} luckor till står i tabellen.")


def _span(months: tuple[Month, ...]) -> str:
    whole = months[-1] - months[0] == len(months) - 1
    return month_range(months[0], months[-1]) if whole else f"{count(len(months))} månader"


def _source(matrix: Matrix) -> str:
    parts = [f"Sista dag att rapportera är den {DUE_DAY}:e månaden efter."]
    undated = matrix.undated
    if undated:
        parts.append(
            f"För {count(undated)} fält är det inte känt när månaden först kom in: de lästes in samlade, som historik."
        )
    if matrix.recorded_at is not None:
        parts.append(source_text(matrix.sources, matrix.recorded_at, synthetic=matrix.synthetic))
    return " ".join(parts)


def _as_table(matrix: Matrix) -> Table:
    columns = (
        Column("region", "Region"),
        Column("register", "Register"),
        *(Column(str(m), m.sv_short) for m in matrix.months),
    )
    rows = []
    for region in matrix.regions:
        for register in matrix.registers:
            cells = [_word(matrix.fields[register, region.code, m]) for m in matrix.months]
            rows.append(Row((region.short_name, REGISTERS[register], *cells)))
    return Table(f"Vad varje region har rapporterat, {month_range(matrix.months[0], matrix.end)}", columns, tuple(rows))


def _word(field: Field) -> Any:
    if field.status == "missing":
        return Special("missing", reason=field.reason)
    if field.status == "excluded":
        return Special("excluded", reason=field.reason)
    return _SHORT[field.status]


def about_matrix(matrix: Matrix) -> tuple[str, ...]:
    """The page's sentences: who has reported the last month, and who has not and since when."""
    register, month = matrix.registers[0], matrix.end
    n, total = matrix.reported(register, month), len(matrix.regions)
    if total == 1:
        only = matrix.regions[0].short_name
        first = f"{only} har {'' if n else 'inte '}rapporterat {_what(register)} för {month.name}."
    else:
        first = f"{count(n)} av {count(total)} regioner har rapporterat {_what(register)} för {month.name}."
    gone = matrix.of(register, month, "missing", "excluded")
    if not gone:
        return (first,)
    if len(gone) > 1:
        verb = "saknas eller är uteslutna" if matrix.of(register, month, "excluded") else "saknas"
        return first, f"{named([r.short_name for r in gone])} {verb}."
    field, since = matrix.fields[register, gone[0].code, month], matrix.since(register, gone[0].code)
    begun = since == matrix.months[0]
    when = "" if since in (None, month) else " hela perioden" if begun else f" sedan {since.sv}" if since else ""
    verb = "är utesluten" if field.status == "excluded" else "saknas"
    why = f": {small(field.reason.rstrip('.'))}" if field.reason else ""
    return first, f"{gone[0].short_name} {verb}{when}{why}."
