"""Made-up documents, one of each kind, with everything a document can hold: the numbers of the design's A4 page and
others of the same size. For every outlet of `lagesbild.reports`."""

from __future__ import annotations

from dataclasses import replace
from math import sin

from lagesbild.components.flag import flag
from lagesbild.components.judgement import arrow
from lagesbild.components.model import Column, Drawn, KeyFigure, Row, Special, Table
from lagesbild.domain.periods import Month, months_between
from lagesbild.domain.swedish import percent
from lagesbild.reports.charts import (
    BarRow,
    Breach,
    Columns,
    Fan,
    Judgement,
    Limit,
    Line,
    RankedBars,
    StackedBars,
    StackRow,
    TimeLines,
)
from lagesbild.reports.document import Document, Facts, Figure, Point, Prose, Section, Space, Stamp

SOURCE = "Källa: syntetiska data. Uttag 2024-02-26 kl. 06.10. 20 av 21 regioner ingår."
REGIONS: tuple[tuple[str, float, Judgement], ...] = (
    ("Jönköping", 0.931, "better"), ("Jämtland Härjedalen", 0.915, ""), ("Kronoberg", 0.907, "better"),
    ("Halland", 0.906, ""), ("Blekinge", 0.900, ""), ("Östergötland", 0.897, ""), ("Stockholm", 0.895, ""),
    ("Västerbotten", 0.881, ""), ("Gotland", 0.878, ""), ("Kalmar", 0.877, ""), ("Sörmland", 0.870, ""),
    ("Uppsala", 0.868, ""), ("Dalarna", 0.863, ""), ("Norrbotten", 0.853, "worse"), ("Skåne", 0.849, "worse"),
    ("Västra Götaland", 0.831, ""), ("Västernorrland", 0.828, "worse"), ("Västmanland", 0.818, ""),
    ("Värmland", 0.790, "worse"), ("Gävleborg", 0.739, "worse"),
)  # fmt: skip
GAPS = (
    ("Gävleborg", "open", "sedan apr 2023", "öppet", 16),
    ("Värmland", "open", "sedan nov 2023", "öppet", 11),
    ("Västernorrland", "expected", "maj 2024", 0.64, 5),
    ("Skåne", "expected", "juli 2024", 0.53, 24),
)
BALANCE = (
    (Month(2023, 7), 54816, 44393, 204570, 10423),
    (Month(2023, 8), 78930, 76574, 206926, 2356),
    (Month(2023, 9), 91550, 96826, 201650, -5276),
    (Month(2023, 10), 102893, 105148, 199395, -2255),
    (Month(2023, 11), 99430, 103900, 194925, -4470),
    (Month(2023, 12), 83368, 79102, 199191, 4266),
    (Month(2024, 1), 99089, 98049, 200231, 1040),
)
OBSERVED = (
    88.7, 88.6, 88.1, 87.4, 86.9, 84.1, 82.5, 85.6, 88.2, 89.7, 89.0, 88.4,
    88.6, 88.8, 87.8, 87.4, 86.1, 83.9, 81.8, 85.2, 87.7, 88.4, 87.6, 86.2,
)  # fmt: skip
MEDIAN = (87.0, 87.1, 86.6, 85.9, 84.6, 82.3, 79.7, 82.6, 85.1, 86.4, 85.8, 84.7)
STAMP = Stamp(
    synthetic="Syntetiska data",
    selection="Knäprotesoperation, alla regioner och vårdgivare, januari 2024, patientvald och medicinskt orsakad "
    "väntan borträknad",
    sources="syntetiska data (regioner och vårdområden); Sveriges Kommuner och Regioner, Väntetider i vården (riket)",
    until="januari 2024",
    as_of="2024-02-26 kl. 06.10",
    version="2024-02-26.1",
    coverage="20 av 21 regioner; Örebro saknas sedan november 2023 (byte av journalsystem)",
    protected="Antal under 5 visas som <5, och inget dolt tal kan räknas fram ur andra.",
    code_version="0.1.0",
    forecast_run="2024-02-26.1",
)


def ranked() -> Figure:
    """Twenty regions with a value, one that has not reported."""
    rows = tuple(BarRow(n, v, f"{v * 100:.1f}".replace(".", ","), v < 0.8, j) for n, v, j in REGIONS)
    chart = RankedBars(
        "Staplar över andelen inom 90 dagar i 20 regioner, från Jönköping 93,1 procent till Gävleborg 73,9. Värmland "
        "och Gävleborg ligger under gränsen för gap, 80 procent. Rapport från Örebro saknas.",
        (*rows, BarRow("Örebro", None, absent="rapport saknas")),
        "share",
        1.0,
        Limit(0.8, "gräns för gap, 80\u00a0%"),
    )
    columns = (Column("region", "Region"), Column("within_limit_share", "Inom 90 dagar", "share"))
    table = Table(
        "Andel inom 90 dagar, januari 2024",
        columns,
        (
            *(Row((n, Drawn(v, [f"{v:.3f}", *arrow(j)]) if j else v)) for n, v, j in REGIONS),
            Row(("Örebro", Special("missing", reason="Byter journalsystem sedan november 2023."))),
        ),
        "within_limit_share",
    )
    return Figure(
        "andel-regioner",
        "Gävleborg och Värmland ligger under 80\u00a0%",
        "Andel av de väntande som väntat högst 90 dagar, procent. Pil: säkerställd förändring.",
        table,
        SOURCE,
        chart,
        half=True,
    )


def fan() -> Figure:
    """Two years observed and one forecast, with three bands, on an axis from 75 %."""
    months = tuple(months_between(Month(2022, 2), Month(2025, 1)))
    ahead: tuple[None, ...] = (None,) * 24
    back: tuple[None, ...] = (None,) * 12
    fans = []
    for level, z in ((95, 1.96), (80, 1.28), (50, 0.67)):
        spread = [z * 0.75 * h**0.5 / 100 for h in range(1, 13)]
        low = tuple(m / 100 - s for m, s in zip(MEDIAN, spread, strict=True))
        high = tuple(m / 100 + s for m, s in zip(MEDIAN, spread, strict=True))
        fans.append(Fan(level, (*ahead, *low), (*ahead, *high)))
    chart = TimeLines(
        "Linje över andelen inom 90 dagar i riket från februari 2022 till januari 2024, 86,2 procent, och prognos till "
        "januari 2025, troligast 84,7 procent. I augusti 2024 sjunker den troligaste andelen till 79,7 procent. Axeln "
        "börjar vid 75 procent.",
        months,
        (
            Line("riket", (*(v / 100 for v in OBSERVED), *back), end_text="86,2"),
            Line("troligast", (*ahead, *(v / 100 for v in MEDIAN)), "forecast", "84,7\u00a0%"),
        ),
        "share",
        0.75,
        Limit(0.8, "gräns för gap"),
        tuple(fans),
    )
    columns = (
        Column("period", "Månad", "month"),
        Column("within_limit_share", "Inom 90 dagar", "share"),
        Column("lo80", "Lägst, 80\u00a0%", "share"),
        Column("hi80", "Högst, 80\u00a0%", "share"),
    )
    rows = [Row((m, v / 100, None, None)) for m, v in zip(months, OBSERVED, strict=False)]
    rows += [
        Row((m, v / 100, chart.fans[1].low[k], chart.fans[1].high[k]))
        for k, (m, v) in enumerate(zip(months[24:], MEDIAN, strict=True), 24)
    ]
    return Figure(
        "prognos",
        "Riket väntas sjunka men hålla sig över gränsen",
        "Andel inom 90 dagar, band för 50, 80 och 95\u00a0% av utfallen. Axeln från 75\u00a0%. Sommarens svacka räknas "
        "inte som gap.",
        Table("Andel inom 90 dagar, utfall och prognos", columns, tuple(rows)),
        SOURCE,
        chart,
        half=True,
    )


def gaps() -> Figure:
    """A table alone, with flags."""
    columns = (
        Column("region", "Region"),
        Column("opens_period", "Öppnar"),
        Column("probability_12m", "Sannolikhet", "probability"),
        Column("extra_per_month", "Fler op./mån", "count"),
    )
    rows = tuple(Row((Drawn(n, [flag(s), n]), when, p, extra)) for n, s, when, p, extra in GAPS)
    return Figure(
        "gap",
        "Gap och vad som stänger dem",
        "",
        Table("Gap och vad som stänger dem", columns, rows),
        "Gap: andelen under 80\u00a0% två månader i rad, säsongen borträknad.",
        half=True,
        table_shown=True,
    )


def balance_table() -> Figure:
    """The national balance: real figures in a synthetic document."""
    columns = (
        Column("period", "Månad", "month"),
        Column("added", "Nytillkomna", "count"),
        Column("performed", "Genomförda", "count"),
        Column("waiting", "Väntande vid månadens slut", "count"),
        Column("change", "Förändring", "signed"),
    )
    return Figure(
        "balans-riket",
        "Alla operationer och åtgärder i riket: 200\u00a0231 väntar, +1\u00a0040 sedan december",
        "Nytillkomna är räknade så att balansen går ihop.",
        Table("Balans, alla operationer och åtgärder i riket", columns, tuple(Row(r) for r in BALANCE)),
        "Källa: Sveriges Kommuner och Regioner, Väntetider i vården.",
        table_shown=True,
        real=True,
        footnotes=("Patientvald och medicinskt orsakad väntan är borträknad: 633 personer.",),
    )


def control_chart() -> Figure:
    """Normal variation, two breaches, a break with new limits, a provisional month and one without a report."""
    months = tuple(months_between(Month(2022, 2), Month(2024, 1)))
    values = [0.84 + 0.012 * sin(k * 1.7) - (0.028 if k > 19 else 0) for k in range(24)]
    shown = tuple(None if k == 9 else v for k, v in enumerate(values))
    country = tuple(v / 100 for v in OBSERVED)
    chart = TimeLines(
        "Styrdiagram över andelen inom 90 dagar i Skåne, säsongen borträknad. De två senaste månaderna ligger under "
        "normal variation. Axeln börjar vid 78 procent.",
        months,
        (
            Line("Skåne", shown, end_text=percent(values[-1])),
            Line("riket", country, "reference", percent(country[-1])),
        ),
        "share",
        0.78,
        Limit(0.8, "gräns för gap, 80\u00a0%"),
        normal=(0.822, 0.861),
        breaches=(Breach(Month(2023, 11), "worse"), Breach(Month(2023, 12), "worse")),
        breaks=((Month(2022, 11), "byte av journalsystem"),),
        provisional=frozenset({Month(2024, 1)}),
    )
    columns = (Column("period", "Månad", "month"), Column("share", "Inom 90 dagar", "share"))
    rows = tuple(
        Row((m, Special("missing", reason="Rapport saknas.") if v is None else v), note="prel." if k == 23 else "")
        for k, (m, v) in enumerate(zip(months, shown, strict=True))
    )
    return Figure(
        "styrdiagram",
        "Säkerställd försämring i Skåne sedan november",
        "Andel inom 90 dagar, säsongen borträknad. Axeln från 78\u00a0%.",
        Table("Andel inom 90 dagar i Skåne", columns, rows),
        SOURCE,
        chart,
    )


def bands() -> Figure:
    """Wait bands as parts of a whole, one region excluded, one with parts that may not be shown."""
    parts = ("0–30", "31–60", "61–90", "91–120", "121–180", "181–365", "366 och fler dagar")
    chart = StackedBars(
        "Staplar över hur länge de väntande väntat, i sju grupper: riket, Skåne, Blekinge och Örebro.",
        parts,
        (
            StackRow("Riket", (0.37, 0.28, 0.2, 0.07, 0.05, 0.025, 0.005), strong=True),
            StackRow("Skåne", (0.35, 0.27, 0.21, 0.08, 0.05, 0.03, 0.01)),
            StackRow("Blekinge", (0.42, 0.3, 0.18, 0.06, None, None, None)),
            StackRow("Örebro", (None,) * 7, absent="utesluten: byter journalsystem"),
        ),
        "share",
    )
    columns = (Column("region", "Region"), *(Column(f"b{k}", p, "share", group="Dagar") for k, p in enumerate(parts)))
    rows = [
        Row((r.label, *(Special("suppressed") if v is None else v for v in r.values)), "country" if r.strong else "")
        for r in chart.rows[:3]
    ]
    rows.append(Row(("Örebro", *[Special("excluded", reason="Byter journalsystem.")] * 7)))
    return Figure(
        "vantetidsgrupper",
        "Två av tre har väntat högst 60 dagar",
        "Andel av de väntande efter hur länge de väntat, procent.",
        Table("Väntande efter väntetid", columns, tuple(rows)),
        SOURCE,
        chart,
        table_shown=True,
    )


def flows() -> Figure:
    """Outflow as columns, inflow as ticks, the last month provisional, one missing."""
    months = tuple(months_between(Month(2022, 2), Month(2024, 1)))
    values = tuple(None if k == 9 else 240.0 + 30 * sin(k) - (150 if m.month == 7 else 0) for k, m in enumerate(months))
    ticks = tuple(255.0 + 20 * sin(k * 0.8) - (120 if m.month == 7 else 0) for k, m in enumerate(months))
    chart = Columns(
        "Genomförda operationer som staplar och nytillkomna som streck, februari 2022 till januari 2024.",
        months,
        "genomförda",
        values,
        "nytillkomna",
        ticks,
        provisional=frozenset({Month(2024, 1)}),
    )
    columns = (
        Column("period", "Månad", "month"),
        Column("performed", "Genomförda", "count"),
        Column("added", "Nytillkomna", "count"),
    )
    rows = tuple(Row((m, v, t)) for m, v, t in zip(months, values, ticks, strict=True))
    return Figure(
        "floden",
        "Fler kommer till än vad som opereras",
        "Antal i månaden.",
        Table("Flöden i Skåne", columns, rows),
        SOURCE,
        chart,
        half=True,
    )


def facts() -> Facts:
    """Four key figures: worse, noise, a word for a number, one without a line."""
    line = tuple(v / 100 for v in OBSERVED)
    return Facts(
        (
            KeyFigure(
                "Inom 90 dagar", "av dem som väntar", "84,9", "%", "worse", "", "2,2 procentenheter lägre", line,
                (0.83, 0.89), None, "feb 2022", "jan 2024",
            ),
            KeyFigure(
                "Väntande", "vid månadens slut", "1\u00a0204", "", "noise", "", "", line, None, None,
                "feb 2022", "jan 2024",
            ),
            KeyFigure("Förväntad väntetid", "för den som tillkommer nu", "saknas", "", "short"),
            KeyFigure("Utomlänsvård", "de senaste tolv månaderna", "6,1", "%", "", "", "67 av 1\u00a0098"),
        )
    )  # fmt: skip


DEFINITIONS = Prose(
    (
        ("Väntande", "De som vid månadens slut väntar på en operation som det är beslutat om."),
        ("Inom 90 dagar", "Andelen av de väntande som väntat högst 90 dagar sedan beslutet."),
        ("Gap", "Andelen är under 80\u00a0% två månader i rad, säsongen borträknad."),
        "En förändring kallas säkerställd när den är större än den normala variationen (≤ 1 månad av 370 av en slump).",
    )
)


def council() -> Document:
    """The design's A4 page and a second one: two pages."""
    return Document(
        "council",
        "Underlag till regiongemensamma rådet",
        "Knäprotesoperation, hela riket, januari 2024",
        "Två regioner ligger under gränsen och två väntas dit före augusti",
        (
            Point(
                "Läget: 86,2\u00a0% inom 90 dagar",
                "Säkerställd försämring: 2,2\u00a0procentenheter lägre än i januari 2023.",
            ),
            Point(
                "Gap: Gävleborg och Värmland",
                "Öppna sedan april och november 2023. Västernorrland och Skåne väntas följa.",
            ),
            Point(
                "Åtgärd: 56 fler i månaden",
                "Så många fler operationer stänger de fyra gapen. Omkring två tredjedelar kan förmedlas.",
            ),
        ),
        ("Örebro saknas sedan november 2023.", "Norrbotten och Värmland är preliminära."),
        (
            Section("laget", "", (ranked(), fan(), gaps())),
            Section("riket", "", (balance_table(),)),
            Section("ord", "Definitioner", (DEFINITIONS,), comment="Frågan tas upp på mötet den 4 mars.\nStödkansliet"),
        ),
        STAMP,
    )


def region() -> Document:
    """One region and care area: key figures, a control chart, wait bands, flows beside gaps."""
    return Document(
        "region",
        "Underlag till produktions- och kapacitetsstyrningen",
        "Knäprotesoperation, Region Skåne, januari 2024",
        "Skåne försämras, och ett gap väntas i juli",
        (
            Point("84,9\u00a0% inom 90 dagar", "Säkerställd försämring sedan november 2023."),
            Point("24 fler i månaden", "Så många fler operationer stänger gapet."),
        ),
        (),
        (
            Section("sammanfattning", "Läget", (facts(), control_chart())),
            Section("vantan", "Vem väntar, och hur länge", (bands(),)),
            Section("floden", "Produktion och gap", (flows(), gaps())),
        ),
        replace(STAMP, selection="Knäprotesoperation, Region Skåne, alla vårdgivare, januari 2024"),
    )


def assessment() -> Document:
    """The template for a new care area: one part from data, the rest to write in."""
    return Document(
        "assessment",
        "Bedömning av nytt vårdområde",
        "Ljumskbråcksoperation, hela riket, januari 2024",
        "Underlag för bedömning: ljumskbråcksoperation",
        (),
        (),
        (
            Section(
                "sakerhet",
                "Patientsäkerhet och genomförbarhet",
                (
                    Space("Kan patienten resa?", "Beskriv risker, uppföljning och vad som krävs av hemregionen."),
                    Space("Vilka patienter kan inte förmedlas?", "Till exempel hög ASA-klass.", 4),
                ),
            ),
            Section("tillgang", "Tillgänglighet och omfattning", (facts(), bands()), new_page=True),
            Section("kapacitet", "Kapacitet", (flows(), gaps()), comment="Tre regioner har svarat."),
            Section(
                "etik", "Etik och prioriteringar", (Space("Prioritering", "Vilka grupper går före, och varför?", 8),)
            ),
        ),
        STAMP,
    )


def bare() -> Document:
    """Nothing but what must be there."""
    return Document("council", "", "", "Det finns inga uppgifter för urvalet", (), (), (), replace(STAMP, synthetic=""))


def documents() -> dict[str, Document]:
    """All of them, by name."""
    return {"council": council(), "region": region(), "assessment": assessment(), "bare": bare()}
