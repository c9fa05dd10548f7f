"""On a region's page: which months it has reported to each register, and what else disturbs a comparison."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from lagesbild.components.html import el, hidden
from lagesbild.components.model import Aside, Column, FigureCard, Row, Special, Table
from lagesbild.domain.care import Region
from lagesbild.domain.periods import Month
from lagesbild.domain.source import Break
from lagesbild.domain.swedish import capital, count, number_word
from lagesbild.pages.context import PageContext
from lagesbild.pages.links import to_page
from lagesbild.pages.options import REGISTERS
from lagesbild.pages.phrases import empty, month_range, small, source_text
from lagesbild.views.reporting_matrix import Field, Matrix, Status

WORDS: Final[dict[Status, str]] = {
    "reported": "rapporterad",
    "late": "rapporterad efter sista dag",
    "provisional": "preliminär eller ofullständig",
    "missing": "saknas",
    "excluded": "utesluten",
    "not_yet": "rapporterar inte ännu",
}
_TOLD: Final[tuple[Status, ...]] = ("missing", "excluded", "provisional", "late", "not_yet")
_BREAKS: Final = {
    "mask": "Räknas inte i gränserna",
    "system_change": "Byte av system, nya gränser",
    "definition_change": "Ändrad definition, nya gränser",
}


def reporting_card(
    found: Matrix | None, region: Region, breaks: Sequence[Break], context: PageContext
) -> FigureCard | Aside:
    """A row of fields per register, and in words every stretch that is not simply reported."""
    if found is None:
        return empty(
            "rapportering", "Ingen rapportering är känd", f"{region.name} har inte rapporterat något register."
        )
    period = month_range(found.months[0], found.end)
    stretches = [
        (register, status, months, field)
        for register in found.registers
        for status, months, field in _stretches(found, region, register)
    ]
    mine = [b for b in breaks if b.region == region.code and _touches(b, found.months)]
    lines = [_line(status, _told(register, status, months, field)) for register, status, months, field in stretches]
    lines += [_line("", _broken(b)) for b in mine]
    if not mine:
        lines.append(_line("", f"Inga systembyten eller ändrade definitioner {period}."))
    everyone = to_page("/datakvalitet", context.selection.with_(region="", compare=""))
    recorded = "" if found.recorded_at is None else source_text(
        found.sources, found.recorded_at, synthetic=found.synthetic
    )  # fmt: skip
    return FigureCard(
        id="rapportering",
        title=_title(stretches),
        summary=f"Rapportering {period} och det som påverkar jämförelser.",
        table=_table(found, region),
        source=recorded or "Källa: regionens egna uppgifter om rapportering.",
        graphic=el("Div", [_fields(found, region), el("Ul", lines, className="warn rep")]),
        span=6,
        footnotes=([el("A", "Alla regioner i Datakvalitet", href=everyone)],),
    )


Stretch = tuple[Status, tuple[Month, ...], Field]


def _stretches(found: Matrix, region: Region, register: str) -> list[Stretch]:
    """Months in a row with one status and one reason, apart from those simply reported; the gravest first."""
    out: list[Stretch] = []
    for month in found.months:
        field = found.fields[register, region.code, month]
        if field.status == "reported":
            continue
        before = out[-1] if out else None
        same = before and before[1][-1] == month - 1 and (before[0], before[2].reason) == (field.status, field.reason)
        if before and same:
            out[-1] = (before[0], (*before[1], month), field)
        else:
            out.append((field.status, (month,), field))
    return sorted(out, key=lambda s: _TOLD.index(s[0]))


def _told(register: str, status: Status, months: tuple[Month, ...], field: Field) -> str:
    name, when = REGISTERS[register], month_range(months[0], months[-1])
    why = f": {small(field.reason.rstrip('.'))}" if field.reason else ""
    match status:
        case "late":
            days = field.late_days or 0
            how = (
                f", {count(days)} {'dag' if days == 1 else 'dagar'} efter sista dag"
                if len(months) == 1 and days
                else ""
            )
            return f"{name} för {when} kom in sent{how}."
        case "provisional":
            if field.reason:
                return f"{name} för {when}. {field.reason.rstrip('.')}."
            return f"{name} för {when} är preliminär eller ofullständig."
        case "not_yet":
            return f"{name} rapporteras inte ännu{why}."
        case "excluded":
            return f"{name} för {when} är utesluten{why}."
        case _:
            return f"{name} för {when} saknas{why}."


def _touches(b: Break, months: Sequence[Month]) -> bool:
    return b.first <= months[-1] and (b.last is None or b.last >= months[0])


def _broken(b: Break) -> str:
    when = month_range(b.first, b.last) if b.last else f"från {b.first.sv}"
    return f"{_BREAKS.get(b.kind, 'Ändring')} {when}: {small(b.reason.rstrip('.'))}."


def _line(status: str, text: str) -> dict[str, Any]:
    mark = el("I", className=f"ff ff-{status}", aria_hidden="true") if status else el("Span")
    return el("Li", [mark, el("Div", el("P", text))])


def _title(stretches: Iterable[tuple[str, Status, tuple[Month, ...], Field]]) -> str:
    """`Alla månader är rapporterade, en kom in sent`; what is missing comes first."""
    months: dict[Status, int] = {}
    for _, status, span, _ in stretches:
        months[status] = months.get(status, 0) + len(span)
    gone = months.get("missing", 0) + months.get("excluded", 0)
    parts = []
    if gone:
        left_out = months.get("excluded", 0)
        end = "saknas" if not left_out else "saknas eller är uteslutna" if gone > left_out else "är uteslutna"
        what = f"rapport {'är utesluten' if left_out else 'saknas'}" if gone == 1 else f"rapporter {end}"
        parts.append(f"{number_word(gone) if gone > 1 else 'en'} {what}")
    else:
        parts.append("alla månader är rapporterade" if "not_yet" not in months else "registren är inte kompletta")
    late, early = months.get("late", 0), months.get("provisional", 0)
    if late:
        parts.append(f"{number_word(late) if late > 1 else 'en'} kom in sent")
    if early:
        parts.append(f"{number_word(early) if early > 1 else 'en'} är preliminär{'a' if early > 1 else ''}")
    return capital(", ".join(parts))


def _fields(found: Matrix, region: Region) -> dict[str, Any]:
    months = [
        el("Th", [el("Span", m.name[0], aria_hidden="true"), hidden(m.sv)], scope="col", className="m")
        for m in found.months
    ]
    rows = []
    for register in found.registers:
        cells = []
        for month in found.months:
            status = found.fields[register, region.code, month].status
            cells.append(el("Td", [el("I", className=f"ff ff-{status}", aria_hidden="true"), hidden(WORDS[status])]))
        rows.append(el("Tr", [el("Th", REGISTERS[register], scope="row"), *cells]))
    head = el("Tr", [el("Th", hidden("Register"), scope="col"), *months])
    table = el(
        "Table",
        [el("Caption", f"Rapporterade månader, {region.name}", className="vh"), el("Thead", head), el("Tbody", rows)],
        className="fields12",
    )
    return el("Div", table, className="scroll", role="region", aria_label="Rapporterade månader", tabIndex=0)


def _table(found: Matrix, region: Region) -> Table:
    """Months down, so that a file has one row a month."""
    columns = (
        Column("period", "Månad", "month"),
        *(Column(r.replace("-", "_"), REGISTERS[r]) for r in found.registers),
    )
    rows = [
        Row((m, *(_cell(found.fields[r, region.code, m]) for r in found.registers))) for m in reversed(found.months)
    ]
    return Table(f"Vad {region.name} har rapporterat", columns, tuple(rows))


def _cell(field: Field) -> Any:
    if field.status in ("missing", "excluded"):
        return Special(field.status, reason=field.reason)
    return WORDS[field.status]
