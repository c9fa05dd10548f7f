"""The list of gaps: a table with graphics in its cells on wide screens, one block per gap on phones."""

from __future__ import annotations

from typing import Any, Final

from lagesbild.components.html import el, hidden
from lagesbild.components.model import Column, FigureCard, Row, Special, Table
from lagesbild.components.spark import bar, range_mark, spark
from lagesbild.components.status_cell import level_cell
from lagesbild.domain.periods import Month
from lagesbild.domain.selection import Selection, to_query
from lagesbild.domain.swedish import capital, count, decimal, number_word, percent
from lagesbild.domain.xmr import recent
from lagesbild.pages.context import PageContext
from lagesbild.pages.phrases import noun, small, source_text
from lagesbild.views.gap_list import GapList, Series

GROUPS: Final = (
    ("open", "Öppna", "under gränsen två månader i rad"),
    ("expected", "Väntas", "sannolikhet minst 50\u00a0%"),
    ("watch", "Bevakas", "sannolikhet 30–49\u00a0%"),
)
_HORIZON: Final = 12
_LOAD_NEAR: Final = 0.1  # the load axis reaches at least this far from 1,00
_LINE_SPAN: Final = 0.15  # lines in the column span 15 points, or all as much as the widest needs up to 30
_LINE_SPAN_MOST: Final = 0.30
NEAR_TEXT: Final = "50 mil"


def forecast_address(s: Series) -> str:
    """The series' own forecast page."""
    return f"/prognos?{to_query(Selection(care_area=s.care_area.code, region=s.region.code))}"


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
    first, last = found.run.until + 1, found.run.until + _HORIZON
    letters = [el("Span", (found.run.until + k).name[0]) for k in range(1, _HORIZON + 1)]
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
    span = _line_span(found)
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
    share: Any = level_cell(s.share) if s.share is not None else el("Span", _absent(s), className="st")
    prel = [el("Span", " prel.", className="prel")] if s.provisional else []
    return el(
        "Tr",
        [
            name,
            el("Td", s.care_area.short),
            el("Td", [share, *prel]),
            el("Td", _line(s, span)),
            el("Td", _timeline(s, found), className="tlc"),
            el("Td", _probability(s)),
            el("Td", _load(s, found)),
            el("Td", _need(s, found.unit, most)),
            el("Td", _near(s), className="free"),
        ],
    )


def _absent(s: Series) -> str:
    return "skyddat" if s.hidden else "saknas"


def _line(s: Series, span: float) -> Any:
    values = [float("nan") if v is None else v for v in s.line]
    chart = recent(values)
    band = (chart.limits.lower, chart.limits.upper) if chart.limits else None
    words = {"better": "säkerställd förbättring", "worse": "säkerställd försämring"}.get(chart.judgement, "")
    drawn = spark(s.line, band=band, judgement=chart.judgement, span=span, width=92, height=28)
    return [drawn, hidden(words)] if words else drawn


def _timeline(s: Series, found: GapList) -> Any:
    gap, until = s.gap, found.run.until
    ticks = el("Span", className="tl-grid", aria_hidden="true")
    if gap.status == "open":
        since = f"öppet sedan {gap.opens.sv}" if gap.opens else "öppet"
        return el("Span", [ticks, el("Span", since, className="tl-open")], className="tl")
    if gap.opens is None:
        return el("Span", ticks, className="tl")
    lo, hi = gap.opens_lo or gap.opens, gap.opens_hi or gap.opens
    kind = "worse" if gap.status == "expected" else "noise"
    drawn = range_mark(
        _place(lo, until, 0.15),
        _place(gap.opens, until, 0.5),
        _place(hi, until, 0.85),
        kind=kind,
        filled=kind == "worse",
    )
    spread = f", 80\u00a0% av utfallen {lo.sv}–{hi.sv}" if hi > lo else ""
    return el("Span", [ticks, drawn, hidden(f"{gap.opens.sv}{spread}")], className="tl")


def _place(month: Month, until: Month, within: float) -> float:
    """A month as a fraction of the twelve ahead; `within` the month from its start to its end."""
    return (month - until - 1 + within) / _HORIZON


def _probability(s: Series) -> Any:
    if s.gap.status == "open":
        return el("Span", "öppet", className="muted")
    p = s.gap.probability_12m
    if p is None:
        return el("Span", "saknas", className="st")
    kind = "worse" if s.gap.status == "expected" else "noise"
    return el("Span", [el("Span", percent(p, 0), className="pn"), bar([(p, kind)], tick=0.5, width=78)], className="gp")


def _line_span(found: GapList) -> float:
    """One span for all lines, so that they can be compared."""
    ranges = [max(known) - min(known) for s in found.flagged if (known := [v for v in s.line if v is not None])]
    return min(_LINE_SPAN_MOST, max(_LINE_SPAN, *ranges, 0.0))


def _load(s: Series, found: GapList) -> Any:
    """The load from 1,00; the axis is one for the view and reaches as far as the load furthest from 1,00."""
    if s.gap.load is None:
        return _missing()
    loads = [t.gap.load for t in found.flagged if t.gap.load is not None]
    low, high = min(1 - _LOAD_NEAR, *loads), max(1 + _LOAD_NEAR / 2, *loads)

    def x(v: float) -> float:
        return 0.05 + 0.9 * (v - low) / (high - low)

    one, now = x(1.0), x(s.gap.load)
    drawn = el(
        "Span",
        [
            el("Span", className="ld-axis"),
            el("Span", className="ld-one", style={"left": f"{one:.1%}"}),
            el("Span", className="ld-bar", style={"left": f"{min(one, now):.1%}", "width": f"{abs(now - one):.1%}"}),
            el("Span", className="ld-dot", style={"left": f"{now:.1%}"}),
        ],
        className="ld",
        aria_hidden="true",
    )
    return el("Span", [drawn, el("Span", decimal(s.gap.load, 2))], className="gp")


def _need(s: Series, unit: str, most: int) -> Any:
    n, part = s.amount(unit), s.brokerable(unit)
    if n is None:
        return el("Span", "når inte gränsen", className="st") if s.gap.extra_per_week is not None else _missing()
    can = n if part is None else part
    pieces = [(can / most if most else 0.0, "series"), ((n - can) / most if most else 0.0, "hatch")]
    told = hidden("" if part is None else f", varav {count(part)} kan förmedlas")
    return el(
        "Span", [el("B", count(n), className="nn"), told, bar([p for p in pieces if p[0]], width=96)], className="gp"
    )


def _missing() -> Any:
    return el("Span", "saknas", className="st")


def _near(s: Series) -> str:
    if not s.near:
        return f"ingen inom {NEAR_TEXT}" if s.region.lat is not None else "ingen känd"
    return ", ".join(f"{n.region.short_name} {count(n.per_month)}".replace(" ", "\u00a0") for n in s.near)


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
    share = level_cell(s.share) if s.share is not None else el("Span", _absent(s), className="st")
    letters = [el("Span", (found.run.until + k).name[0]) for k in range(1, _HORIZON + 1)]
    head = el(
        "P", [el("A", f"{s.care_area.short}, {s.region.short_name}", href=forecast_address(s)), share], className="gh"
    )
    months = el("Div", letters, className="mon", aria_hidden="true")
    return el("Li", [head, _timeline(s, found), months, el("P", _told(s, found), className="gt3")])


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
    parts.append(f"Ledigt: {_near(s)}.")
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


def gap_data(found: GapList) -> Table:
    """All numbers, per week as in the export, with every row's reason."""
    columns = (
        Column("region", "Region"),
        Column("care_area", "Vårdområde"),
        Column("status", "Läge"),
        Column("within_limit_share", "Andel nu", "share"),
        Column("structural_share", "Utan säsong", "share"),
        Column("opens_period", "Öppnar", "month"),
        Column("opens_lo", "80 % från", "month"),
        Column("opens_hi", "80 % till", "month"),
        Column("probability_3m", "Inom 3 mån", "probability"),
        Column("probability_6m", "Inom 6 mån", "probability"),
        Column("probability_12m", "Inom 12 mån", "probability"),
        Column("load", "Belastning", "number", 2),
        Column("extra_per_week_to_stabilise", "Fler i veckan, stoppa växande", "number", 1),
        Column("extra_per_week_to_target", "Fler i veckan, nå gränsen", "number", 1),
        Column("brokerable_share", "Kan förmedlas", "share", 0),
        Column("reason", "Skäl"),
    )
    names = {k: v for k, v, _ in GROUPS} | {"none": "flaggas inte"}
    rows = [_data_row(s, names[s.gap.status], s.gap.status) for s in found.flagged]
    rows += [_data_row(s, "säsong", "none") for s in found.seasonal]
    rows += [_data_row(s, "kan inte bedömas", "short") for s in found.unjudged]
    notes = ("Fler i veckan: för 80\u00a0% chans. Månader utan värde: gapet väntas inte öppna.",)
    return Table("Flaggor för kapacitetsgap, alla tal", columns, tuple(rows), footnotes=notes)


def _data_row(s: Series, name: str, status: str) -> Row:
    gap = s.gap
    opens = "" if gap.opens is None else gap.opens
    values = (
        *(Special("secondary") if s.hidden else _or(v, status) for v in (s.share, s.structural)),
        opens,
        "" if gap.opens_lo is None else gap.opens_lo,
        "" if gap.opens_hi is None else gap.opens_hi,
        *(_or(v, status) for v in (gap.probability_3m, gap.probability_6m, gap.probability_12m)),
        *(_or(v, "") for v in (gap.load, gap.extra_per_week_to_stabilise, gap.extra_per_week, gap.brokerable_share)),
    )
    return Row(
        (s.region.short_name, s.care_area.short, small(name), *values, gap.reason),
        note="prel." if s.provisional else "",
        href=forecast_address(s),
    )


def _or(value: float | None, status: str) -> Any:
    if value is None or value != value or value == float("inf"):
        return Special(
            "short" if status == "short" else "missing", text="kan inte bedömas" if status == "short" else ""
        )
    return value
