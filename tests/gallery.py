"""A page of its own for tests: every component and every state, as in the design's komponenter.png."""

from __future__ import annotations

from typing import Any

from lagesbild.components.figure_card import state_box
from lagesbild.components.flag import flag
from lagesbild.components.html import el
from lagesbild.components.judgement import arrow
from lagesbild.components.model import (
    Aside,
    Column,
    FigureCard,
    Filter,
    KeyFigure,
    Option,
    Page,
    PageContent,
    Row,
    Special,
    Table,
)
from lagesbild.components.segments import segments
from lagesbild.components.spark import bar, range_mark, spark
from lagesbild.components.status_cell import level_cell, level_legend, special_cell
from lagesbild.domain.care import CareArea, Region
from lagesbild.domain.periods import Month
from lagesbild.domain.selection import Known
from lagesbild.domain.source import Batch, Source
from lagesbild.pages.context import PageContext
from lagesbild.pages.drawing import drawn
from tests.fakes import RECORDED, FakeSource

LINE = (*(0.86 + 0.01 * (k * 7 % 5) for k in range(23)), 0.93)
REASON = "Örebro rapporterar inte sedan november 2023: byte av journalsystem."


def table() -> Table:
    columns = (
        Column("region", "Region"),
        Column("waiting", "Väntande", "count", group="Antal"),
        Column("over", "Över 90 dagar", "count", group="Antal"),
        Column("share", "Andel inom 90 dagar", "share"),
        Column("change", "Förändring", "points"),
        Column("month", "Månad", "month"),
    )
    month = Month(2024, 1)
    rows = (
        Row(("Riket", 5445, 753, 0.862, -2.2, month), emphasis="country"),
        Row(("Jönköping", 175, 12, 0.931, 0.4, month), href="/andra"),
        Row(("Gotland", 120, Special("suppressed"), Special("secondary"), 0.0, month)),
        Row(("Norrbotten", 134, 20, 0.853, None, month), note="prel."),
        Row(("Örebro", *[Special("missing", reason=REASON)] * 4, month)),
        Row(("Uppsala", 214, 28, Special("excluded", reason="Ny definition."), Special("short"), month)),
        Row(("Gävleborg", 182, 48, 0.739, -5.1, month), emphasis="chosen"),
        Row(("=cmd|x", 0, 0, 0.5, 0.0, month)),
    )
    return Table(
        "Väntande per region, januari 2024", columns, rows, sorted_by="share", footnotes=("prel.: preliminärt.",)
    )


def figure(theme: str) -> dict[str, Any]:
    ink = "#B7C4CC" if theme == "dark" else "#3F4F5A"
    months = [f"2023-{m:02d}-01" for m in range(1, 13)]
    clear = "rgba(0,0,0,0)"
    return {
        "data": [
            {
                "type": "scatter",
                "mode": "lines",
                "x": months,
                "y": [1000 + 37 * k for k in range(12)],
                "customdata": [["/andra"]] * 12,
                "line": {"color": ink},
            }
        ],
        "layout": {
            "paper_bgcolor": clear,
            "plot_bgcolor": clear,
            "font": {"color": ink},
            "margin": {"l": 48, "r": 8, "t": 8, "b": 40},
            "xaxis": {"tickformat": "%B\n%Y"},
            "hovermode": "x",
        },
    }


def _cells() -> list[dict[str, Any]]:
    rows = []
    for share, judgement, status, text in (
        (0.973, "better", "", ""),
        (0.897, "noise", "", ""),
        (0.828, "worse", "expected", "maj"),
        (0.739, "worse", "open", "öppet"),
        (0.818, "noise", "watch", "jun"),
    ):
        line = el("Span", [spark(LINE, band=(0.86, 0.9), judgement=judgement, span=0.15), *arrow(judgement)])
        rows.append(
            el(
                "Tr",
                [
                    el("Th", f"Rad {share}", scope="row"),
                    el("Td", level_cell(share), className="sh", data_segment="a"),
                    el("Td", line, className="tr", data_segment="b"),
                    el("Td", flag(status, text) if status else None),
                ],
            )
        )
    for state in ("missing", "suppressed", "excluded", "short"):
        cell = el("Td", special_cell(Special(state), "1", wide=True), colSpan=3, className=f"st st-{state}")  # type: ignore[arg-type]
        rows.append(el("Tr", [el("Th", state_name(state), scope="row"), cell]))
    return [
        segments((("a", "Katarakt"), ("b", "Knäprotes")), "a", "Vårdområde"),
        el("Table", [el("Caption", "Statusceller", className="vh"), el("Tbody", rows)], className="mx"),
        el("Div", level_legend(), className="leg"),
    ]


def _broken(theme: str) -> dict[str, Any]:
    raise ZeroDivisionError(f"a chart that cannot be drawn in {theme}")


def state_name(state: str) -> str:
    return {"missing": "Saknas", "suppressed": "Skyddad", "excluded": "Utesluten", "short": "Kort"}[state]


def build(context: PageContext) -> PageContent:
    if context.selection.region == "99":
        raise RuntimeError("a page that fails")
    chart = drawn(_broken if context.selection.region == "98" else figure, context.theme)
    source = "Källa: syntetiska data, uttag 2024-02-26. 20 av 21 regioner."
    chosen = context.selection.region or "riket"
    bars = [
        el("P", [bar([(0.5, "series"), (0.2, "hatch")], tick=0.5), "43 i månaden, varav 34 kan förmedlas"]),
        el("P", [range_mark(0.1, 0.4, 0.9), "maj"]),
        el("P", [range_mark(0.1, 0.4, 0.9, kind="noise", filled=False), "juni"]),
    ]
    return PageContent(
        kicker=f"Komponenter och tillstånd, {chosen}",
        sentences=("Samma delar på alla sidor.", "Två kapacitetsgap är öppna."),
        more="I de övriga 43 ryms skillnaderna i den normala variationen.",
        key_figures=(
            KeyFigure(
                "Kataraktoperation",
                "har väntat högst 90 dagar, riket",
                "93,2",
                "%",
                "better",
                change="+2,2 procentenheter på ett år",
                spark=LINE,
                band=(0.86, 0.9),
                first_label="feb 2022",
                last_label="jan 2024",
                href="/andra",
            ),
            KeyFigure("Ljumskbråck", "har väntat högst 90 dagar", "89,6", "%", "noise", spark=(0.9, None, 0.88, 0.9)),
            KeyFigure("Alla operationer", "verkliga tal", "200\u00a0231", "", "short"),
            KeyFigure("Kapacitetsgap", "öppna eller väntade", "6", "av 59 serier", body=flag("open", "två öppna")),
        ),
        sections=(
            FigureCard("vantande", "Fler väntar än i fjol", "Väntande i riket.", table(), source, chart, span=8),
            Aside("gap", "Sex gap kräver beslut", "Under 80\u00a0%.", [flag("watch"), *bars], span=4, phone_first=True),
            FigureCard("bara-tabell", "Tabellen är figuren", "Allt syns.", table(), source, span=7, mark="synthetic"),
            FigureCard(
                "celler",
                "Statusceller",
                "Tal på nivåton, linje mot normal variation.",
                table(),
                source,
                el("Div", _cells(), data_segments=""),
                span=5,
                mark="real",
                mark_text="Verkliga tal, SKR",
                footnotes=(REASON,),
            ),
            Aside(
                "tomt",
                "Knäprotes i Gotland",
                "Tomt urval.",
                state_box("Inga uppgifter för urvalet", "Gotland har inga.", el("A", "Visa hela perioden", href="/")),
            ),
        ),
        title="Komponenter",
    )


def other(context: PageContext) -> PageContent:
    return PageContent(
        "En annan sida", ("Den har bara text.",), prose=[el("H2", "Tillgänglighet", id="tillganglighet")]
    )


PAGES = (
    Page("/", "Lägesbild", ("region", "month"), build, 1),
    Page("/andra", "Andra", (), other, 2, needs_data=False),
)


def source(**changes: Any) -> FakeSource:
    import pandas as pd

    regions = [
        Region("01", "Region Stockholm", "Stockholm", "Stockholm", sort_order=1),
        Region("09", "Region Gotland", "Gotland", "Stockholm", sort_order=2),
        Region("21", "Region Gävleborg", "Gävleborg", "Mellansverige", sort_order=3),
    ]
    waits = pd.DataFrame(
        [
            {"period": p, "region": r, "care_area": "kna", "waiting": w}
            for p in ("2023-12", "2024-01")
            for r, w in (("01", 50), ("09", 12), ("21", float("nan")))
        ]
    )
    batch = Batch(1, "waits", "provdata", RECORDED, 6, True, False, "waits.csv")
    given = {"region_rows": regions, "area_rows": [CareArea("kna", "Knäprotesoperation", "operation", 90)]}
    return FakeSource(**{**given, "frames": {"waits": waits}, "batch_rows": (batch,), **changes})


def known(source: Source) -> Known:
    months = (Month(2023, 12), Month(2024, 1))
    return Known(
        {a.code for a in source.care_areas()}, {*(r.code for r in source.regions()), "98", "99"}, set(), months
    )


def filters(context: PageContext, names: tuple[str, ...]) -> tuple[Filter, ...]:
    chosen = context.selection
    regions = (Option("", "Hela riket"), *(Option(r.code, r.short_name, r.healthcare_region) for r in context.regions))
    months = (Option("", "januari 2024"), Option("2023-12", "december 2023", hint="prel."))
    offered = {
        "region": Filter("region", "Region", regions, chosen.region, chosen.differs("region")),
        "month": Filter("month", "Månad", months, str(chosen.month or ""), chosen.differs("month")),
    }
    return tuple(offered[n] for n in names)
