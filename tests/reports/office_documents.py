"""Documents for the tests of presentation, workbook and e-mail: as the council gets, to write in, and hostile."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from lagesbild.components.model import Column, KeyFigure, Row, Special, Table
from lagesbild.domain.periods import Month, months_between
from lagesbild.domain.swedish import decimal
from lagesbild.reports.charts import (
    BarRow,
    Breach,
    Chart,
    Columns,
    Fan,
    Limit,
    Line,
    RankedBars,
    StackedBars,
    StackRow,
    TimeLines,
)
from lagesbild.reports.document import Document, Facts, Figure, Point, Prose, Section, Space, Stamp

SHARES = (
    ("Jönköping", 0.931, "better"), ("Jämtland Härjedalen", 0.915, ""), ("Kronoberg", 0.907, "better"),
    ("Halland", 0.906, ""), ("Blekinge", 0.9, ""), ("Östergötland", 0.897, ""), ("Stockholm", 0.895, ""),
    ("Västerbotten", 0.881, ""), ("Gotland", 0.878, ""), ("Kalmar", 0.877, ""), ("Sörmland", 0.87, ""),
    ("Uppsala", 0.868, ""), ("Dalarna", 0.863, ""), ("Norrbotten", 0.853, "worse"), ("Skåne", 0.849, "worse"),
    ("Västra Götaland", 0.831, ""), ("Västernorrland", 0.828, "worse"), ("Västmanland", 0.818, ""),
    ("Värmland", 0.79, "worse"), ("Gävleborg", 0.739, "worse"),
)  # fmt: skip
MONTHS = tuple(months_between(Month(2022, 2), Month(2025, 1)))
SEEN = 24
OBSERVED = (
    0.887, 0.886, 0.881, 0.874, 0.869, 0.841, 0.826, 0.855, 0.879, 0.897, 0.888, 0.884, 0.886, 0.888, 0.878, 0.875,
    0.861, 0.838, 0.818, 0.853, 0.877, 0.884, 0.877, 0.862,
)  # fmt: skip
MIDDLE = (0.871, 0.871, 0.867, 0.858, 0.847, 0.819, 0.798, 0.825, 0.856, 0.864, 0.858, 0.847)
HOSTILE = (
    "=1+1",
    "+46",
    "-2",
    "@SUM(A1)",
    "\tflik",
    "\r=retur",
    "<script>alert(1)</script>",
    "&amp; ]]> \"'",
    "a\x00\x0bb\ud800",
)
STAMP = Stamp(
    synthetic="Syntetiska data: alla eller vissa tal är påhittade.",
    selection="Vårdområde: Knäprotesoperation. Region: hela riket. Månad: januari 2024.",
    sources="Syntetiska data (regioner); Sveriges Kommuner och Regioner, Väntetider i vården (riket).",
    until="januari 2024",
    as_of="2024-02-26 kl. 06.10",
    version="2024-02-26.1",
    coverage="20 av 21 regioner ingår; Örebro saknas sedan november 2023.",
    protected="Tal under 5 är skyddade.",
    code_version="0.1.0",
    forecast_run="2024-02-26, data till och med januari 2024",
)


def ranked() -> RankedBars:
    rows = [
        BarRow(n, v, decimal(v * 100), strong=v < 0.8, judgement=j)  # type: ignore[arg-type]
        for n, v, j in SHARES
    ]
    rows.append(BarRow("Örebro", None, absent="rapport saknas"))
    return RankedBars("Andel inom 90 dagar per region.", tuple(rows), "share", 1.0, Limit(0.8, "gräns för gap, 80 %"))


def fan() -> TimeLines:
    before, after = (None,) * SEEN, (None,) * (len(MONTHS) - SEEN)
    wide = {95: 0.04, 80: 0.025, 50: 0.012}
    fans = tuple(
        Fan(
            level,
            (*before, *(round(v - w * (1 + k / 12), 4) for k, v in enumerate(MIDDLE))),
            (*before, *(round(v + w * (1 + k / 12), 4) for k, v in enumerate(MIDDLE))),
        )
        for level, w in wide.items()
    )
    return TimeLines(
        "Riket låg på 86,2 procent i januari 2024 och väntas ligga på 84,7 procent i januari 2025.",
        MONTHS,
        (
            Line("Utfall", (*OBSERVED, *after), end_text="86,2"),
            Line("Prognos", (*before[:-1], OBSERVED[-1], *MIDDLE), "forecast", end_text="troligast 84,7 %"),
        ),
        "share",
        floor=0.75,
        limit=Limit(0.8, "gräns för gap"),
        fans=fans,
        provisional=frozenset({Month(2024, 1)}),
    )


def control() -> TimeLines:
    months = MONTHS[:SEEN]
    return TimeLines(
        "Säsongsrensad andel med gränser för normal variation. Juli och augusti 2023 är säkerställt sämre.",
        months,
        (Line("Säsongsrensad andel", OBSERVED), Line("Medelvärde", (0.87,) * SEEN, "reference")),
        "share",
        floor=0.8,
        normal=(0.84, 0.9),
        breaches=(Breach(Month(2023, 8), "worse"), Breach(Month(2022, 11), "better")),
        breaks=((Month(2022, 9), "Nytt journalsystem"),),
        provisional=frozenset(months[-2:]),
    )


def flows() -> Columns:
    out = tuple(float(1500 + 90 * ((k * 5) % 7) - (700 if m.month == 7 else 0)) for k, m in enumerate(MONTHS[:SEEN]))
    return Columns(
        "Genomförda och nytillkomna per månad.", MONTHS[:SEEN], "Genomförda", out, "Nytillkomna",
        tuple(v + 60 * (k % 3 - 1) for k, v in enumerate(out)), provisional=frozenset(MONTHS[SEEN - 2 : SEEN]),
    )  # fmt: skip


def bands() -> StackedBars:
    parts = ("0–30", "31–60", "61–90", "91–120", "121–180", "181–365", "366 eller fler dagar")
    rows = [StackRow(n, (0.3, 0.3, round(v - 0.6, 4), 0.03, 0.02, 0.01, round(0.94 - v, 4)), strong=n == "Gävleborg")
            for n, v, _ in SHARES]  # fmt: skip
    rows.append(StackRow("Örebro", (None,) * 7, absent="rapport saknas"))
    return StackedBars("Väntande i sju intervall per region.", parts, tuple(rows), "share")


def two_parts() -> StackedBars:
    rows = tuple(StackRow(n, (round(v * 1000), round(1000 - v * 1000))) for n, v, _ in SHARES[:6])
    return StackedBars("Väntande inom och över 90 dagar.", ("Högst 90 dagar", "Över 90 dagar"), rows, "count")


def region_table() -> Table:
    columns = (
        Column("region", "Region"), Column("waiting", "Väntande", "count", group="Antal"),
        Column("over", "Över 90 dagar", "count", group="Antal"), Column("share", "Andel inom 90 dagar", "share"),
        Column("change", "Förändring, procentenheter", "points"), Column("month", "Månad", "month"),
    )  # fmt: skip
    month = Month(2024, 1)
    rows = [Row(("Riket", 5445, 753, 0.862, -2.2, month), emphasis="country")]
    rows += [Row((n, 300 + 7 * k, 40 + k, v, 0.4 - k / 10, month)) for k, (n, v, _) in enumerate(SHARES)]
    rows[2] = Row(("Gotland", 120, Special("suppressed"), Special("secondary"), 0.0, month))
    rows[3] = Row(("Norrbotten", 134, 20, "93\u00a0%", None, month), note="prel.")
    rows.append(
        Row(("Örebro", *[Special("missing", reason="Örebro rapporterar inte: byte av journalsystem.")] * 4, month))
    )
    rows.append(Row(("Uppsala", 214, 28, Special("excluded", reason="Ny definition."), Special("short"), month)))
    return Table("Väntande per region, januari 2024", columns, tuple(rows), footnotes=("prel.: preliminärt.",))


def gap_table() -> Table:
    columns = (
        Column("region", "Region"), Column("opens", "Öppnar"), Column("probability", "Sannolikhet", "probability"),
        Column("extra", "Fler operationer i månaden", "count"),
    )  # fmt: skip
    rows = (
        Row(("Gävleborg", "sedan april 2023", "öppet", 16)), Row(("Värmland", "sedan november 2023", "öppet", 11)),
        Row(("Västernorrland", "maj 2024", 0.64, 5)), Row(("Skåne", "juli 2024", 0.53, 24)),
    )  # fmt: skip
    return Table("Gap och vad som stänger dem", columns, rows)


def month_table(name: str = "Riket, månad för månad") -> Table:
    columns = (Column("period", "Månad", "month"), Column("share", "Andel inom 90 dagar", "share"))
    return Table(name, columns, tuple(Row((m, v)) for m, v in zip(MONTHS, OBSERVED, strict=False)))


def council() -> Document:
    """As a council gets it: every kind of chart, tables, key figures, definitions, a comment."""
    source = "Syntetiska data. Patientvald och medicinskt orsakad väntan är borträknad: 633 personer."
    now = Section(
        "laget",
        "Läget per region",
        (
            Facts(
                (
                    KeyFigure(
                        "Inom 90 dagar",
                        "andel av de väntande",
                        "86,2",
                        "%",
                        "worse",
                        "säkerställd försämring",
                        "2,2 procentenheter lägre än i januari 2023",
                    ),
                    KeyFigure("Väntande", "personer vid månadens slut", "5 445", "", "noise", "inom normal variation"),
                    KeyFigure(
                        "Förväntad väntetid",
                        "för den som ställs i kö nu",
                        "74",
                        "dagar",
                        "better",
                        "säkerställd förbättring",
                    ),
                    KeyFigure("Genomförda", "operationer i januari", "1 590"),
                )
            ),
            Figure(
                "regioner",
                "Gävleborg och Värmland ligger under 80 %",
                "Andel av de väntande som väntat högst 90 dagar.",
                region_table(),
                source,
                ranked(),
                ("Örebro saknas sedan november 2023.",),
            ),
            Figure(
                "intervall",
                "Sex procent har väntat mer än ett halvår",
                "Väntande i sju intervall.",
                replace(gap_table(), caption="Väntande i intervall, januari 2024"),
                source,
                bands(),
            ),
        ),
        comment="Gävleborg har meddelat att två operationssalar öppnar igen i mars.\nVärmland utreder frågan.",
    )
    future = Section(
        "gap",
        "Prognos och gap",
        (
            Figure(
                "prognos",
                "Riket väntas sjunka men hålla sig över gränsen",
                "Andel inom 90 dagar med band för osäkerheten.",
                month_table(),
                source,
                fan(),
            ),
            Figure(
                "gap",
                "Fyra gap behöver 56 fler operationer i månaden",
                "Gap: andelen under 80 % två månader i rad.",
                gap_table(),
                source,
                table_shown=True,
            ),
            Figure(
                "styr",
                "Augusti 2023 är säkerställt sämre",
                "Säsongsrensad andel.",
                month_table("Styrdiagrammets tal"),
                source,
                control(),
            ),
            Figure(
                "balans",
                "Genomförda följer nytillkomna",
                "Operationer per månad, antal.",
                month_table("Balans: in/ut [riket]*?"),
                source,
                flows(),
                table_shown=True,
                real=True,
            ),
            Figure(
                "delar",
                "I Halland har 94 väntat längre än gränsen",
                "Antal väntande.",
                month_table("Balans: in/ut [riket]*?"),
                source,
                two_parts(),
            ),
        ),
    )
    words = Section(
        "definitioner",
        "Definitioner",
        (
            Prose(
                (
                    ("Väntande", "personer som väntar vid månadens slut."),
                    ("Gap", "andelen inom gränsen är under 80 % två månader i rad, säsongen borträknad."),
                    ("Genomförda", "operationer som gjorts under månaden, oavsett när väntan började."),
                    "Patientvald och medicinskt orsakad väntan räknas inte med.",
                )
            ),
        ),
    )
    return Document(
        "council",
        "Underlag till regiongemensamma rådet",
        "Knäprotesoperation, hela riket, januari 2024",
        "Två regioner ligger under gränsen och två väntas dit före augusti",
        (
            Point("Läget: 86,2 % inom 90 dagar", "Säkerställd försämring: 2,2 procentenheter lägre än i januari 2023."),
            Point(
                "Gap: Gävleborg och Värmland",
                "Öppna sedan april och november 2023. Västernorrland och Skåne väntas följa.",
            ),
            Point(
                "Åtgärd: 56 fler i månaden",
                "Så många fler operationer stänger de fyra gapen. Två tredjedelar kan förmedlas.",
            ),
        ),
        ("Örebro saknas sedan november 2023 (byte av journalsystem).", "Norrbotten och Värmland är preliminära."),
        (now, future, words),
        STAMP,
    )


def assessment() -> Document:
    """One to write in."""
    spaces = (
        Space("Patientsäkerhet och genomförbarhet", "Vilka risker finns med att patienten reser till en annan region?"),
        Space("Etik och prioriteringar", "Hur påverkas de som inte kan resa?", lines=12),
    )
    return Document(
        "assessment",
        "Bedömning av nytt vårdområde",
        "Diskbråck, hela riket",
        "Diskbråck: underlag för bedömning",
        (),
        (),
        (Section("bedomning", "Bedömning", spaces),),
        STAMP,
    )


def hostile() -> Document:
    """Everything that could be taken for a formula, markup or the end of a string, wherever text can stand."""
    bad = " ".join(HOSTILE)
    columns = (Column("a", HOSTILE[0]), Column("b", HOSTILE[6], "share"), Column("c", HOSTILE[3], group=HOSTILE[1]))
    rows = tuple(Row((t, Special("missing", t, reason=t), t), note=t) for t in HOSTILE)
    table = Table(HOSTILE[0], columns, rows, footnotes=(bad,))
    chart = RankedBars(bad, tuple(BarRow(t, 0.5, t, absent=t) for t in HOSTILE), "share", 1.0, Limit(0.8, bad))
    fan_chart = replace(
        fan(), lines=tuple(replace(i, name=bad, end_text=t) for i, t in zip(fan().lines, HOSTILE, strict=False))
    )
    fan_chart = replace(fan_chart, alt=bad, breaks=((MONTHS[3], bad),), limit=Limit(0.8, bad))
    blocks = (
        Facts((KeyFigure(bad, bad, bad, bad, "worse", bad, bad),)),
        Figure("x", bad, bad, table, bad, chart, (bad,), table_shown=True),
        Figure("y", bad, bad, table, bad, fan_chart),
        Prose((bad, (bad, bad))),
        Space(bad, bad),
    )
    values = dict.fromkeys(("synthetic", "selection", "sources", "until", "as_of", "version", "coverage"), bad)
    stamp = replace(STAMP, **values)
    return Document(
        bad, bad, bad, bad, (Point(bad, bad),) * 3, (bad,), (Section("s", bad, blocks, comment=bad),), stamp
    )


TEXTS = st.text(max_size=40) | st.sampled_from(HOSTILE) | st.text(alphabet="åäö abc", min_size=60, max_size=400)
_VALUES = st.none() | st.floats(0, 1)
_MARKS = st.sampled_from(["", "better", "worse"])


@st.composite
def charts(draw: st.DrawFn) -> Chart:
    """Any chart, with gaps anywhere."""
    alt, unit = draw(TEXTS), draw(st.sampled_from(["share", "count", "days", "number"]))
    scale = 1 if unit == "share" else draw(st.sampled_from([1, 300, 50_000]))
    numbers = _VALUES.map(lambda v: None if v is None else v * scale)
    limit = draw(st.none() | st.builds(Limit, st.floats(0.01, 1).map(lambda v: v * scale), TEXTS))
    kind = draw(st.sampled_from(["ranked", "stacked", "time", "columns"]))
    if kind == "ranked":
        rows = draw(st.lists(st.builds(BarRow, TEXTS, numbers, TEXTS, st.booleans(), _MARKS, TEXTS), max_size=60))
        return RankedBars(alt, tuple(rows), unit, float(scale), limit)
    if kind == "stacked":
        parts = draw(st.lists(TEXTS, min_size=1, max_size=7))
        values = st.tuples(*[numbers] * len(parts))
        rows = draw(st.lists(st.builds(StackRow, TEXTS, values, st.booleans(), TEXTS), max_size=40))
        return StackedBars(alt, tuple(parts), tuple(rows), unit)
    first = Month(2021, 3)
    months = tuple(first + k for k in range(draw(st.integers(0, 30))))
    series = st.tuples(*[numbers] * len(months))
    odd = frozenset(draw(st.lists(st.sampled_from(months), max_size=3))) if months else frozenset()
    if kind == "columns":
        return Columns(alt, months, draw(TEXTS), draw(series), draw(TEXTS), draw(series), unit, odd)
    kinds = st.sampled_from(["observed", "forecast", "reference"])
    lines = draw(st.lists(st.builds(Line, TEXTS, series, kinds, TEXTS), max_size=4))
    fans = draw(st.lists(st.builds(Fan, st.sampled_from([50, 80, 95]), series, series), max_size=3))
    normal = draw(st.none() | st.just((0.2 * scale, 0.4 * scale)))
    floor = draw(st.none() | st.just(0.1 * scale))
    breaches = tuple(Breach(m, draw(_MARKS)) for m in odd)
    breaks = tuple((m, draw(TEXTS)) for m in odd)
    return TimeLines(alt, months, tuple(lines), unit, floor, limit, tuple(fans), normal, breaches, breaks, odd)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Any table: words, numbers, months and absence, also without rows."""
    kinds = st.sampled_from(["text", "count", "signed", "share", "points", "days", "number", "month", "probability"])
    columns = tuple(
        Column(f"c{k}", draw(TEXTS), draw(kinds), group=draw(st.sampled_from(["", "Grupp"])))
        for k in range(draw(st.integers(1, 9)))
    )

    def cell(column: Column) -> object:
        absent = st.builds(
            Special, st.sampled_from(["missing", "suppressed", "secondary", "excluded", "short"]), st.just(""), TEXTS
        )
        if column.kind == "text":
            return draw(TEXTS | absent)
        if column.kind == "month":
            return draw(st.builds(Month, st.integers(1950, 2050), st.integers(1, 12)) | absent)
        return draw(st.none() | st.floats(-1e6, 1e6) | st.just(float("nan")) | absent)

    rows = [
        Row(tuple(cell(c) for c in columns), note=draw(st.sampled_from(["", "prel."])))
        for _ in range(draw(st.integers(0, 6)))
    ]
    return Table(draw(TEXTS), columns, tuple(rows), footnotes=(draw(TEXTS),))


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Any document."""
    figures = st.builds(
        Figure,
        st.just("f"),
        TEXTS,
        TEXTS,
        tables(),
        TEXTS,
        st.none() | charts(),
        st.tuples(TEXTS),
        st.booleans(),
        st.booleans(),
        st.booleans(),
    )
    facts = st.lists(
        st.builds(
            KeyFigure,
            TEXTS,
            TEXTS,
            TEXTS,
            TEXTS,
            st.sampled_from(["better", "worse", "noise", "short", ""]),
            TEXTS,
            TEXTS,
        ),
        max_size=10,
    ).map(lambda items: Facts(tuple(items)))
    prose = st.lists(TEXTS | st.tuples(TEXTS, TEXTS), max_size=6).map(lambda p: Prose(tuple(p)))
    blocks = st.lists(figures | facts | prose | st.builds(Space, TEXTS, TEXTS, st.integers(1, 20)), max_size=3)
    sections = st.lists(st.builds(Section, st.just("s"), TEXTS, blocks.map(tuple), TEXTS), max_size=3)
    return Document(
        "k",
        draw(TEXTS),
        draw(TEXTS),
        draw(TEXTS),
        tuple(draw(st.lists(st.builds(Point, TEXTS, TEXTS), max_size=3))),
        tuple(draw(st.lists(TEXTS, max_size=3))),
        tuple(draw(sections)),
        replace(STAMP, synthetic=draw(TEXTS), as_of=draw(TEXTS), sources=draw(TEXTS)),
    )
