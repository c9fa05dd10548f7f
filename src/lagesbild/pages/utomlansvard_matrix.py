"""Figure 1 of `/utomlansvard`: home by treating region, with sums, share and net, as a table that is the graphic."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise
from typing import Any, Final

from lagesbild.components.html import el, hidden
from lagesbild.components.model import FigureCard
from lagesbild.domain.care import Region
from lagesbild.domain.swedish import count, decimal, percent, sort_key
from lagesbild.pages.context import PageContext
from lagesbild.pages.links import to_region
from lagesbild.pages.phrases import persons
from lagesbild.pages.travel_text import (
    Unit,
    chosen_group,
    covered,
    has_share,
    plain_state,
    travel_source,
    whole_of,
    window,
)
from lagesbild.pages.utomlansvard_levels import level_cuts, level_of, matrix_legend
from lagesbild.pages.utomlansvard_table import matrix_table
from lagesbild.pages.waits_text import group_words, split_regions
from lagesbild.views.out_of_region import ALL, Flow, FlowMatrix

_LISTED: Final = 8  # flows in the list that phones show first
_HALF: Final = 50.0  # per cent of the net column on either side of zero


def matrix_card(matrix: FlowMatrix, unit: Unit, context: PageContext, country: str) -> FigureCard:
    group = chosen_group(matrix, context)
    regions = in_order(matrix, unit, context.selection.order, group)
    cuts = level_cuts(matrix, unit)
    box = el(
        "Div",
        _table(matrix, unit, regions, cuts, context),
        className="scroll",
        role="region",
        aria_label="Hemregion i rader, utförande region i kolumner",
        tabIndex=0,
    )
    notes = [text for _, text in split_regions(matrix.regions)]
    return FigureCard(
        id="matris",
        title=_title(matrix, context.selection.per, group),
        summary=_summary(matrix, unit, group),
        table=matrix_table(matrix, unit, regions, context, country),
        source=travel_source(matrix.travel, note=" ".join(t for t in (unit.note, _share_note(matrix)) if t)),
        graphic=[_largest(matrix, unit, group), box, matrix_legend(matrix, unit, cuts)],
        footnotes=(" ".join(notes),) if notes else (),
    )


def in_order(matrix: FlowMatrix, unit: Unit, order: str, group: str = "") -> list[Region]:
    """By healthcare region as in the data, by net (hidden last), or by name; those of the chosen `group` first."""
    found = _ordered(matrix, unit, order)
    return sorted(found, key=lambda r: r.healthcare_region != group) if group else found


def _ordered(matrix: FlowMatrix, unit: Unit, order: str) -> list[Region]:
    if order == "namn":
        return sorted(matrix.regions, key=lambda r: sort_key(r.short_name))
    if order == "netto":
        nets = {r.code: unit.of(matrix.net(r.code), r.code) for r in matrix.regions}
        return sorted(matrix.regions, key=lambda r: (nets[r.code] is None, -(nets[r.code] or 0.0)))
    groups = list(dict.fromkeys(r.healthcare_region for r in matrix.regions))
    return [r for g in groups for r in matrix.regions if r.healthcare_region == g]


def _flows(matrix: FlowMatrix, group: str) -> list[Flow]:
    """All flows, largest first, or those from or to the regions of a healthcare region."""
    return [f for f in matrix.flows() if group in ("", f.home.healthcare_region, f.treating.healthcare_region)]


def _title(matrix: FlowMatrix, per: str, group: str) -> str:
    """The flow of most persons, also where the table tells rates: then it says which largest it means."""
    first = next(iter(_flows(matrix, group)), None)
    place = f" till eller från {group_words(group)}" if group else ""
    if first is None or first.persons is None:
        return f"Inget flöde{place or ' mellan regioner'} kan visas"
    which = "största flödet som visas" if covered(matrix) else "största flödet"
    which += " i antal" if per else ""
    way = f"från {first.home.short_name} till {first.treating.short_name}"
    return f"Det {which}{place} går {way}: {persons(first.persons)}"


def _share_note(matrix: FlowMatrix) -> str:
    """Which regions the country's share counts, when not all."""
    n, every = len(matrix.with_share), len(matrix.regions)
    return f"Andelen för alla räknas på {count(n)} av {count(every)} regioner." if 0 < n < every else ""


def _summary(matrix: FlowMatrix, unit: Unit, group: str) -> str:
    inside, whole = matrix.shown("inside"), matrix.shown(*ALL)
    text = f"{unit.words}, {window(matrix)}."
    if inside is None or not whole or len(matrix.travel.groups) < 2:
        return text
    part = percent(inside / whole)
    # the group's own part is told above; this is everybody's
    told = f"I hela landet stannar {part}" if group else f"{part} stannar"
    return f"{text} {told} i den egna sjukvårdsregionen."


def _table(
    matrix: FlowMatrix, unit: Unit, regions: Sequence[Region], cuts: Sequence[float], context: PageContext
) -> dict[str, Any]:
    grouped = context.selection.order not in ("namn", "netto") and len(matrix.travel.groups) > 1
    starts = _starts(regions) if grouped else set()
    nets = {r.code: unit.of(matrix.net(r.code), r.code) for r in regions}
    most = max((abs(v) for v in nets.values() if v is not None), default=0.0)
    body = []
    for name, members in groupby(regions, key=lambda r: r.healthcare_region if grouped else ""):
        mine = list(members)
        for k, home in enumerate(mine):
            head = None
            if grouped and k == 0:
                head = el("Th", name, className="g", scope="rowgroup", rowSpan=len(mine))
            row = _row(matrix, unit, home, regions, starts, cuts, context)
            row += [*_sums(matrix, unit, home), _net_cell(unit, nets[home.code], most)]
            classes = [c for c, on in (("ge", grouped and k == len(mine) - 1), ("me", _is(home, context))) if on]
            body.append(el("Tr", [head, *row], className=" ".join(classes)))
    widths = ([104] if grouped else []) + [150, *([36] * len(regions)), 56, *([58] if has_share(matrix, unit) else [])]
    return el(
        "Table",
        [
            el("Caption", "Hemregion i rader, utförande region i kolumner", className="vh"),
            el("Colgroup", [*(el("Col", style={"width": f"{w}px"}) for w in widths), el("Col")]),
            _head(matrix, unit, regions, starts, grouped, context),
            el("Tbody", [*body, _foot(matrix, unit, regions, starts, grouped, context)]),
        ],
        className="od",
        style={"minWidth": f"{sum(widths) + 200}px"},
    )


def _starts(regions: Sequence[Region]) -> set[str]:
    """Codes of the first region of each group but the first: air stands before them."""
    return {b.code for a, b in pairwise(regions) if a.healthcare_region != b.healthcare_region}


def _is(region: Region, context: PageContext) -> bool:
    """Whether the region is what has been chosen, itself or with its healthcare region."""
    selection = context.selection
    return region.code == selection.region or region.healthcare_region == (selection.healthcare_region or None)


def _classes(*pairs: tuple[str, bool]) -> str:
    return " ".join(name for name, on in pairs if on)


def _head(
    matrix: FlowMatrix,
    unit: Unit,
    regions: Sequence[Region],
    starts: set[str],
    grouped: bool,
    context: PageContext,
) -> dict[str, Any]:
    share = has_share(matrix, unit)
    top = [
        el("Td", None, colSpan=2 if grouped else 1),
        el("Th", "Utförande region", colSpan=len(regions), scope="colgroup", className="ax"),
        el("Td", None, colSpan=3 if share else 2),
    ]
    names = [
        el(
            "Th",
            el("Span", r.short_name),
            scope="col",
            className=_classes(("v", True), ("gs", r.code in starts), ("me", _is(r, context))),
        )
        for r in regions
    ]
    second = [
        el("Th", "Sjukvårdsregion", scope="col", className="g") if grouped else None,
        el("Th", "Hemregion", scope="col", className="h"),
        *names,
        el("Th", ["Reser", el("Br"), "ut"], scope="col", className="num"),
        el("Th", ["Andel,", el("Br"), "%"], scope="col", className="num") if share else None,
        el("Th", "Netto: tas emot minus reser ut", scope="col", className="nt"),
    ]
    return el("Thead", [el("Tr", top), el("Tr", second)])


def _row(
    matrix: FlowMatrix,
    unit: Unit,
    home: Region,
    regions: Sequence[Region],
    starts: set[str],
    cuts: Sequence[float],
    context: PageContext,
) -> list[dict[str, Any]]:
    name: list[Any] = [el("A", home.short_name, href=to_region(home.code, context.selection))]
    if home.code == context.selection.region:
        name.append(hidden(" (valt)"))
    out = [el("Th", name, scope="row", className="h")]
    for b in regions:
        at = (("gs", b.code in starts), ("mc", _is(b, context)))
        if b is home:
            out.append(el("Td", hidden("egen region"), className=_classes(("own", True), *at)))
            continue
        state = matrix.state("cell", home.code, b.code)
        value = unit.of(matrix.shown("cell", home.code, b.code), home.code)
        if state or value is None:
            out.append(el("Td", _absent(state or "missing", context), className=_classes(("z", True), *at)))
        elif value == 0:
            out.append(el("Td", "0", className=_classes(("z", True), *at)))
        else:
            tint = f"lv{level_of(value, cuts)}"
            out.append(el("Td", unit.text(value), className=_classes(("f", True), (tint, True), *at)))
    return out


def _absent(state: Any, context: PageContext) -> Any:
    if state == "missing":
        return [el("Span", className="hole hole-missing", aria_hidden="true"), hidden("saknas")]
    threshold = context.viewer.threshold
    spoken = f"skyddat, färre än {threshold}" if state == "suppressed" else "skyddat"
    return [el("Span", plain_state(state, threshold), aria_hidden="true"), hidden(spoken)]


def _sums(matrix: FlowMatrix, unit: Unit, home: Region) -> list[dict[str, Any]]:
    state = matrix.state("out", home.code)
    out = unit.of(matrix.shown("out", home.code), home.code)
    cells = [_sum(unit, out, state, matrix.viewer.threshold)]
    if has_share(matrix, unit):
        share = matrix.share(home.code)
        why = plain_state(matrix.share_state(home.code), matrix.viewer.threshold)
        words = decimal(share * 100) if share is not None else why
        cells.append(el("Td", words, className="tot sh2" if share is not None else "tot sh2 z"))
    return cells


def _sum(unit: Unit, value: float | None, state: Any, threshold: int, extra: str = "") -> dict[str, Any]:
    if value is None:
        words = plain_state(state, threshold) or "saknas"
        spoken = [el("Span", words, aria_hidden="true"), hidden("skyddat")] if state != "missing" and state else words
        return el("Td", spoken, className=f"tot z {extra}".strip())
    return el("Td", unit.text(value), className=f"tot {extra}".strip())


def _net_cell(unit: Unit, value: float | None, most: float) -> dict[str, Any]:
    if value is None:
        return el("Td", "..", className="net z")
    wide = _HALF * 0.62 * abs(value) / most if most else 0.0  # the rest is for the number
    inside = [el("I", None, style={"left": f"{_HALF if value >= 0 else _HALF - wide:.2f}%", "width": f"{wide:.2f}%"})]
    if value >= 0:
        inside.append(el("B", unit.signed(value), style={"left": f"{_HALF + wide:.2f}%"}))
    else:
        inside.append(el("B", unit.signed(value), style={"right": f"{_HALF + wide:.2f}%"}))
    return el("Td", el("Span", inside, className="netbar in" if value >= 0 else "netbar"), className="net")


def _foot(
    matrix: FlowMatrix,
    unit: Unit,
    regions: Sequence[Region],
    starts: set[str],
    grouped: bool,
    context: PageContext,
) -> dict[str, Any]:
    threshold = matrix.viewer.threshold
    cells: list[Any] = [el("Td", None, className="g") if grouped else None, el("Th", "Tas emot", scope="row")]
    for b in regions:
        value = unit.of(matrix.shown("in", "", b.code), b.code)
        state = matrix.state("in", "", b.code)
        cells.append(_sum(unit, value, state, threshold, _classes(("gs", b.code in starts), ("mc", _is(b, context)))))
    cells.append(_sum(unit, whole_of(matrix, unit), matrix.states[ALL], threshold))
    if has_share(matrix, unit):
        share = matrix.country_share
        why = plain_state(matrix.state_of(matrix.with_share), threshold)
        cells.append(el("Td", decimal(share * 100) if share is not None else why, className="tot sh2"))
    return el("Tr", [*cells, el("Td", None)], className="sumr")


def _largest(matrix: FlowMatrix, unit: Unit, group: str) -> dict[str, Any] | None:
    """The largest flows as a list, first on phones, where the matrix is wider than the screen."""
    largest = [f for f in _flows(matrix, group) if f.persons is not None][:_LISTED]
    if not largest:
        return None
    items = []
    for f in largest:
        value = unit.of(f.persons, f.home.code)
        told = "saknas" if value is None else unit.text(value)
        items.append(el("Li", [el("Span", f"{f.home.short_name} till {f.treating.short_name}"), el("B", told)]))
    return el(
        "Div",
        [el("H3", "De största flödena" + (" som visas" if covered(matrix) else ""), className="sub"), el("Ol", items)],
        className="flow-list",
    )
