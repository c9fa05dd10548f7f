"""Figure 2 of the quality page: how much of the country is in each national figure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from lagesbild.components.html import el
from lagesbild.components.model import Column, FigureCard, Row, Special, Table
from lagesbild.components.spark import bar
from lagesbild.domain.care import CareArea
from lagesbild.domain.source import Source
from lagesbild.domain.swedish import capital, count, decimal, join_and
from lagesbild.pages.context import PageContext
from lagesbild.pages.filter_places import country_name
from lagesbild.pages.phrases import noun, small, source_text
from lagesbild.pages.waits_text import named
from lagesbild.views.coverage import Coverage, Covered, Figure
from lagesbild.views.reporting_matrix import Matrix

_NAMES: Final[Mapping[Figure, str]] = {
    "share": "Andel inom gränsen",
    "waiting": "Väntande, antal",
    "performed": "Genomförda",
    "capacity": "Kapacitetens användning",
    "gaps": "Prognos och kapacitetsgap",
    "out_of_region": "Utomlänsvård",
    "published": "Publicerade tal",
}
NOT_SAID: Final = "anges inte i källan"


def coverage_card(found: Coverage, matrix: Matrix | None, context: PageContext) -> FigureCard:
    rows = [_row(r, found, context) for r in found.rows]
    head = el(
        "Tr",
        [
            el("Th", "Tal", scope="col"),
            el("Td", None),
            el("Th", "Procent", scope="col", className="num"),
            el("Th", "Regioner", scope="col", className="num"),
        ],
    )
    table = el(
        "Table",
        [el("Caption", "Täckning per nationellt tal", className="vh"), el("Thead", head), el("Tbody", rows)],
        className="cov",
    )
    return FigureCard(
        id="tackning",
        title=_title(found),
        summary=f"Andel av befolkningen som de nationella talen för {found.month.sv} täcker.",
        table=_as_table(found, context),
        source=_source(found, matrix, context.source),
        graphic=table,
        span=6,
        footnotes=_missing(found),
    )


def _title(found: Coverage) -> str:
    counts = Counter(len(r.counted) for r in found.rows if r.counted is not None)
    total = count(len(found.regions))
    if not counts:
        return "Täckningen kan inte räknas ut"
    most, times = counts.most_common(1)[0]
    if len(counts) == 1:
        whole = "alla regioner" if most == len(found.regions) else f"{count(most)} av {total} regioner"
        return f"Alla nationella tal täcker {whole}"
    if times * 2 > counts.total():
        return f"De flesta tal täcker {count(most)} av {total} regioner"
    return f"De nationella talen täcker {count(min(counts))} till {count(max(counts))} av {total} regioner"


def name_of(row: Covered, found: Coverage, country: str) -> str:
    """`Andel inom gränsen, alla tre vårdområden`, `Väntande, antal, knäprotes`."""
    name = _NAMES[row.figure]
    if row.figure == "published":
        return f"{country}: {join_and([small(a.short) for a in row.care_areas])}"
    if row.figure == "performed":
        name = f"{name} {noun(row.care_areas)}"
    return f"{name}, {_areas(row.care_areas)}" if len(row.care_areas) != len(found.areas) else name


def _areas(areas: tuple[CareArea, ...]) -> str:
    return join_and([small(a.short) for a in areas])


def _row(row: Covered, found: Coverage, context: PageContext) -> dict[str, Any]:
    name = el("Th", name_of(row, found, country_name(context.source)), scope="row")
    if row.counted is None:
        return el("Tr", [name, el("Td", el("Span", className="hole", aria_hidden="true")), _not_said()])
    parts = [] if row.share is None else [(row.share, "series")]
    return el(
        "Tr",
        [
            name,
            el("Td", bar(parts) if parts else None, className="b"),
            el("Td", "saknas" if row.share is None else decimal(row.share * 100), className="num"),
            el("Td", f"{count(len(row.counted))} av {count(len(found.regions))}", className="num"),
        ],
    )


def _not_said() -> dict[str, Any]:
    return el("Td", NOT_SAID, colSpan=2, className="num st st-missing")


def _missing(found: Coverage) -> tuple[str, ...]:
    """Who is not in each figure, figures with the same regions together; only when they can be named."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for row in found.rows:
        gone = tuple(r.short_name for r in row.missing(found.regions)) if row.counted is not None else ()
        if gone and len(gone) < len(found.regions):
            groups.setdefault(gone, []).append(small(_NAMES[row.figure].partition(",")[0]))
    return tuple(
        f"Ingår inte i {join_and(list(dict.fromkeys(figures)))}: {named(list(gone))}."
        for gone, figures in groups.items()
    )


def _source(found: Coverage, matrix: Matrix | None, source: Source) -> str:
    parts = []
    if found.year is None:
        parts.append("Befolkningen är inte känd för alla regioner, så andelen kan inte räknas ut.")
    else:
        owner = next((b.source.partition(",")[0] for b in source.batches() if b.dataset == "population"), "")
        parts.append(f"Befolkning 31 december {found.year}{f' ({owner})' if owner else ''}.")
    parts.append("Saknade regioner räknas aldrig upp eller fylls i.")
    if found.all_areas > len(found.areas):
        parts.append(f"Ett av {count(found.all_areas)} vårdområden visas; välj vårdområde för ett annat.")
    if matrix is not None and matrix.recorded_at is not None:
        parts.append(source_text(matrix.sources, matrix.recorded_at, synthetic=matrix.synthetic))
    return " ".join(parts)


def _as_table(found: Coverage, context: PageContext) -> Table:
    columns = (
        Column("figure", "Tal"),
        Column("care_areas", "Vårdområden"),
        Column("population_share", "Andel av befolkningen", "share"),
        Column("regions", "Regioner", "count"),
        Column("not_counted", "Ingår inte"),
    )
    country = country_name(context.source)
    rows = []
    for row in found.rows:
        areas = capital(join_and([small(a.short) for a in row.care_areas]))
        name = f"{_NAMES[row.figure]}, {country}" if row.figure == "published" else _NAMES[row.figure]
        if row.counted is None:
            unsaid = Special("missing", NOT_SAID)
            rows.append(Row((name, areas, unsaid, unsaid, "–")))
            continue
        share: Any = Special("missing") if row.share is None else row.share
        gone = join_and([r.short_name for r in row.missing(found.regions)]) or "ingen"
        rows.append(Row((name, areas, share, float(len(row.counted)), gone)))
    return Table(f"Täckning per nationellt tal, {found.month.sv}", columns, tuple(rows))


def about_coverage(found: Coverage | None, country: str) -> str:
    """`Riket täcker 97,1 % av befolkningen.`: of the share within the limit, the lowest of the care areas."""
    shares = [r.share for r in found.rows if r.figure == "share" and r.share is not None] if found else []
    if not found or not shares:
        return ""
    where = "riket" if country == "Riket" else country
    low, high = min(shares), max(shares)
    if low == high:
        return f"Andelen inom gränsen för {where} täcker {decimal(low * 100)}\u00a0% av befolkningen."
    span = f"{decimal(low * 100)} till {decimal(high * 100)}"
    return f"Andelen inom gränsen för {where} täcker {span}\u00a0% av befolkningen, olika mellan vårdområdena."
