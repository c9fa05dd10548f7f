"""A planner's pages cell by cell, and which cells are about the own region, by what stands in the table and not by code
of ours."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from lagesbild.components.model import Column, Drawn, FigureCard, PageContent, Row
from lagesbild.domain.selection import Selection
from lagesbild.domain.viewer import Viewer
from lagesbild.pages.context import PageContext
from lagesbild.pages.registry import all_pages
from tests.disclosure.pages import plain
from tests.disclosure.small_world import LAST
from tests.fakes import FakeSource

Cell = tuple[str, tuple[str, ...], str]  # figure, what the row is about, column
_KEYS = {
    "region", "home_region", "healthcare_region", "care_area", "provider", "direction", "period", "kind", "wait_band",
    "flow", "figure",
}  # fmt: skip
# figures about the region that is chosen, though no row or column is called after it
_ABOUT_CHOSEN = {("/region/<code>", "laget-i-tal"), ("/region/<code>", "resor"), ("/region/<code>", "vardgivare"),
                 ("/utomlansvard", "regionen"), ("/datakvalitet", "revideringar")}  # fmt: skip
_WHOLE = ("/produktion", "/prognos")
# what is told of others beside the own region: places, limits that others set, the nearest region with capacity
NOT_OWN = {("rangordning", "place"), ("gap", "reason"), ("tratt", "position")}
NOT_OWN |= {("tratt", f"limit_{end}_95") for end in ("low", "high")}


def selections(source: FakeSource, path: str, own: str) -> list[Selection]:
    """What a page is tried with: the country, the own region, another, a provider, a healthcare region, other units."""
    area = source.care_areas()[0].code
    other = next(r.code for r in source.regions() if r.parent and r.code != own)
    now = Selection(month=LAST, care_area=area)
    mine, group = now.with_(region=own), now.with_(healthcare_region="Norra")
    named = [now.with_(region=p.region, provider=p.code) for p in source.providers() if p.region == own][:1]
    match path:
        case "/region/<code>":
            return [mine, now.with_(region=other, compare=own)]
        case "/vantetider":
            return [now, mine, group, *named]
        case "/produktion":
            return [now, mine, group, *named]
        case "/vardomrade/<code>":
            return [now, group.with_(per="per_100000")]
        case "/prognos":
            return [mine]
        case "/utomlansvard":
            return [now.with_(per="andel"), mine]
        case _:
            return [now, mine]


def build(source: FakeSource, path: str, selection: Selection, viewer: Viewer) -> PageContent:
    page = next(p for p in all_pages() if p.path == path)
    content: PageContent = page.build(PageContext(source, selection, viewer))
    return content


def cells(content: PageContent) -> dict[Cell, Any]:
    """Every cell of every table but the row's headings, by what it is about."""
    out = {}
    for card in (s for s in content.sections if isinstance(s, FigureCard)):
        seen: Counter[tuple[str, ...]] = Counter()
        for row in card.table.rows:
            key = _key(row, card.table.columns)
            seen[key] += 1
            at = (*key, str(seen[key])) if seen[key] > 1 else key
            for value, column in zip(row.cells, card.table.columns, strict=True):
                if column.name not in _KEYS:
                    out[card.id, at, _named(column)] = plain(value.value if isinstance(value, Drawn) else value)
    return out


def _named(column: Column) -> str:
    return "|".join((column.name, column.title, column.group))


def _key(row: Row, columns: tuple[Column, ...]) -> tuple[str, ...]:
    told = [v for v, c in zip(row.cells, columns, strict=True) if c.name in _KEYS]
    return tuple(str(v.value if isinstance(v, Drawn) else v) for v in told)


def about(own: str, path: str, selection: Selection, cell: Cell) -> bool:
    """Whether a cell is of the own region."""
    figure, row, column = cell
    chosen = selection.region == own
    if chosen and path in _WHOLE:
        return True
    name, title, group = column.split("|")
    called = re.compile(rf"\b{own}\b")
    if figure == "vantan" and name in ("home_wait_days_median", "treating_wait_days_median"):
        return called.search(row[0].split(" till ")[name.startswith("treating")]) is not None
    if any(called.search(text) for text in row) or name == f"to_{own.lower()}" or called.search(f"{title}|{group}"):
        return True
    others = [r for r in row if re.fullmatch(r"R\d", r)]
    mine = figure == "resor" or figure == "regionen" or not others
    return chosen and (path, figure) in _ABOUT_CHOSEN and mine


def hidden(value: Any) -> bool:
    """Whether the cell says that a number is not told: protected or missing."""
    return value == "–" or (isinstance(value, dict) and value.get("state") in ("suppressed", "secondary", "missing"))


def same(a: Any, b: Any) -> bool:
    return a == b or (a != a and b != b)


def near(a: Any, b: Any) -> bool:
    """Equal in hundredths of a per cent, which is as far as a share of another region's treated may be told."""
    return isinstance(a, float) and isinstance(b, float) and abs(a - b) <= 5e-5 + 1e-12


def protected(value: Any) -> bool:
    return isinstance(value, dict) and value.get("state") in ("suppressed", "secondary")
