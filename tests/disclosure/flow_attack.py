"""The attacker of `/utomlansvard`: every month that can be chosen, every region, both tables of brokering cases.

What is unknown are the counts of single months; the sums over twelve months that pages tell follow from them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lagesbild.components.model import FigureCard, Special, Table
from lagesbild.domain.periods import Month, months_between
from lagesbild.domain.selection import Selection
from lagesbild.domain.viewer import Viewer
from lagesbild.domain.window_twin import WINDOW
from lagesbild.pages import region as region_page
from lagesbild.pages import utomlansvard
from lagesbild.pages.context import PageContext
from lagesbild.pages.utomlansvard_brokering import brokering_card
from lagesbild.views.brokering import brokering
from lagesbild.views.brokering_twin import GROUP_COLUMNS
from tests.disclosure.attack import healthcare_regions, widths
from tests.disclosure.codebook import Knowledge, Terms, Var
from tests.fakes import FakeSource

WAYS = ("completed", "not_completed", "declined", "none_found")
CASES = {"started": WAYS, "accepted": WAYS[:2], **{w: (w,) for w in WAYS}}
TABLES = {"matris", "regionen", "sjukvardsregionen", "sjukvardsregioner", "formedling", "andel", "vantan", "vantetider"}


def pinned_flows(source: FakeSource, area: str, viewer: Viewer) -> tuple[list[str], Knowledge, int]:
    """Small sums of twelve months that the attacker knows to less than one, and how many sums are small."""
    facts, zero, sums = _truth(source, area)
    know = Knowledge()
    regions = [r.code for r in source.regions() if r.parent]
    last = max(m for _, m, _ in facts)
    ends = sorted({m for _, m, c in sums if c == "moved"})
    for month in ends or [last]:
        # a region's card is made of the same sums: each region once is enough
        one_each = [Selection(region=r) for r in regions]
        one_each += [Selection(healthcare_region=g) for g in healthcare_regions(source)]
        for chosen in (Selection(), *one_each) if month == last else (Selection(),):
            code = chosen.region
            context = PageContext(source, chosen.with_(care_area=area, month=month), viewer)
            for section in utomlansvard.PAGE.build(context).sections:
                if isinstance(section, FigureCard):
                    _read(know, source, section, month, code)
                    if section.id == "sjukvardsregionen":
                        _crossing(know, section.table, month, chosen.healthcare_region)
            for section in region_page.PAGE.build(context).sections if code == regions[0] else ():
                if isinstance(section, FigureCard) and section.id == "resor":
                    _travels(know, section.table, month, code)
        for group in healthcare_regions(source):  # its sums are told in every month that can be chosen
            context = PageContext(source, Selection(care_area=area, month=month, healthcare_region=group), viewer)
            cases = brokering(source, source.care_areas()[0], context.selection, viewer)
            if cases is not None:
                _read(know, source, brokering_card(cases, None, context, "Riket", group), month, "")
    small = [v for v, x in sums.items() if 0 < x < viewer.threshold]
    tried: dict[str, Terms] = {f"{v[0]} {v[1]} {v[2]} = {sums[v]:.0f}": {v: 1.0} for v in small}
    found = widths(facts | sums, know, zero, tried)
    return [name for name, (a, b) in found.items() if b - a < 1 - 1e-4], know, len(small)


def _truth(source: FakeSource, area: str) -> tuple[dict[Var, float], list[Terms], dict[Var, float]]:
    """Counts of months, what is known to be zero, and the sums of twelve months that are told."""
    regions = [r.code for r in source.regions() if r.parent]
    flows, cases = source.frames["out-of-region"], source.frames["brokering"]
    told = [Month.parse(str(p)[:7]) for f in (flows, cases) for p in f["period"]]
    months = months_between(min(told), max(told))
    facts: dict[Var, float] = {}
    for m in months:
        facts |= {(f"{a}>{b}", m, "m"): 0.0 for a in regions for b in regions if a != b}
        facts |= {(f"{side} {r}", m, w): 0.0 for side in ("home", "asked") for r in regions for w in WAYS}
    for row in flows[flows["care_area"] == area].to_dict("records"):
        facts[f"{row['home_region']}>{row['treating_region']}", Month.parse(str(row["period"])[:7]), "m"] += row[
            "performed"
        ]
    for row in cases[cases["care_area"] == area].to_dict("records"):
        m = Month.parse(str(row["period"])[:7])
        ways = {w: row[w] for w in WAYS[:3]} if row["treating_region"] else {"none_found": row["started"]}
        for way, n in ways.items():
            facts[f"home {row['home_region']}", m, way] += n
            if row["treating_region"]:
                facts[f"asked {row['treating_region']}", m, way] += n
    zero: list[Terms] = [
        {(f"home {r}", m, w): 1.0 for r in regions} | {(f"asked {r}", m, w): -1.0 for r in regions}
        for m in months
        for w in WAYS[:3]
    ]
    zero += [{(f"asked {r}", m, "none_found"): 1.0} for r in regions for m in months]
    sums: dict[Var, float] = {}

    def add(name: str, column: str, cells: list[tuple[str, str]]) -> None:
        for end in months[WINDOW - 1 :]:
            terms = {(c, end - k, w): 1.0 for c, w in cells for k in range(WINDOW)}
            sums[name, end, column] = sum(facts[v] for v in terms)
            zero.append(terms | {(name, end, column): -1.0})

    for name, pairs in _flow_sums(source, regions):
        add(name, "moved", [(p, "m") for p in pairs])
    for side in ("home", "asked"):
        for column, ways in CASES.items():
            for r in regions:
                add(f"{side} {r}", f"{column} 12", [(f"{side} {r}", w) for w in ways])
            add(side, f"{column} 12", [(f"{side} {r}", w) for r in regions for w in ways])
    for name, mine in healthcare_regions(source).items():
        for column in GROUP_COLUMNS:
            cells = [(f"home {r}", w) for r in mine for w in CASES[column]]
            add(f"home Sjukvårdsregion {name}", f"{column} 12", cells)
    return facts, zero, sums


def _flow_sums(source: FakeSource, regions: list[str]) -> Iterator[tuple[str, list[str]]]:
    pairs = [(a, b) for a in regions for b in regions if a != b]
    groups = healthcare_regions(source)
    group = {r: g for g, mine in groups.items() for r in mine}

    def named(use: list[tuple[str, str]]) -> list[str]:
        return [f"{a}>{b}" for a, b in use]

    for a, b in pairs:
        yield f"{a} to {b}", named([(a, b)])
    for r in regions:
        yield f"{r} sent", named([p for p in pairs if p[0] == r])
        yield f"{r} received", named([p for p in pairs if p[1] == r])
    for g in groups:
        out, into = [p for p in pairs if group[p[0]] == g], [p for p in pairs if group[p[1]] == g]
        yield f"{g} sent", named(out)
        yield f"{g} sent_inside", named([p for p in out if p in into])
        yield f"{g} sent_outside", named([p for p in out if p not in into])
        yield f"{g} received", named(into)
        yield f"{g} received_from_outside", named([p for p in into if p not in out])
    inside = [p for p in pairs if group[p[0]] == group[p[1]]]
    yield "Riket sent", named(pairs)
    yield "Riket received", named(pairs)
    yield "Riket sent_inside", named(inside)
    yield "Riket sent_outside", named([p for p in pairs if p not in inside])
    yield "Riket received_from_outside", named([p for p in pairs if p not in inside])


def _told(know: Knowledge, at: Var, value: Any) -> None:
    value = getattr(value, "value", value)
    if isinstance(value, Special):
        low, high = {"suppressed": (1, 4), "secondary": (0, 1e7)}.get(value.state, (None, None))
        if low is not None:
            know.says({at: 1.0}, low, high)
    elif isinstance(value, (int, float)) and value == value:
        know.says({at: 1.0}, value, value)


def _name(cell: Any) -> str:
    return str(getattr(cell, "value", cell))


def _read(know: Knowledge, source: FakeSource, card: FigureCard, month: Month, code: str) -> None:
    if card.id not in TABLES:
        know.unknown.add(card.id)
    codes = {f"to_{r.code.lower()}": r.code for r in source.regions()}
    for row in card.table.rows:
        name = _name(row.cells[0])
        for column, cell in zip(card.table.columns, row.cells, strict=True):
            if card.id == "matris" and column.name in codes and name != codes[column.name]:
                to = codes[column.name]
                # the last row has what every region received
                _told(know, (f"{to} received" if name == "Riket" else f"{name} to {to}", month, "moved"), cell)
            elif card.id in ("matris", "sjukvardsregioner") and column.name in _SUMS:
                _told(know, (f"{name} {column.name}", month, "moved"), cell)
            elif card.id == "regionen" and column.name in ("sent_to", "received_from"):
                _told(know, (_between(code, name, column.name == "sent_to"), month, "moved"), cell)
            elif card.id == "formedling":
                side, what = (
                    ("asked", column.name.removeprefix("asked_"))
                    if column.name[:5] == "asked"
                    else ("home", column.name)
                )
                what = "started" if what == "asked" else what
                if what in CASES and not (name == "Riket" and (side, what) == ("asked", "started")):
                    _told(know, (side if name == "Riket" else f"{side} {name}", month, f"{what} 12"), cell)


def _crossing(know: Knowledge, table: Table, month: Month, group: str) -> None:
    """The card of a healthcare region: all that went to others and came from them, and the flows between."""
    for row in table.rows:
        way, home, treating = (_name(c) for c in row.cells[:3])
        kind = "sent_outside" if way.startswith("Till") else "received_from_outside"
        name = f"{group} {kind}" if home == "Alla" else f"{home} to {treating}"
        _told(know, (name, month, "moved"), row.cells[3])


_SUMS = {"sent", "received", "sent_inside", "sent_outside", "received_from_outside"}


def _between(code: str, other: str, sent: bool) -> str:
    if other == "Alla":
        return f"{code} {'sent' if sent else 'received'}"
    return f"{code} to {other}" if sent else f"{other} to {code}"


def _travels(know: Knowledge, table: Table, month: Month, code: str) -> None:
    """The card of `/region/<code>`: direction, region, persons."""
    for row in table.rows:
        sent = _name(row.cells[0]) == "Reser ut"
        _told(know, (_between(code, _name(row.cells[1]), sent), month, "moved"), row.cells[2])
