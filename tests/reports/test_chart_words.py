"""A chart told as a table says of a number that is not there what the figure's own table says: a protected one is not
missing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from lxml import html as parser

from lagesbild.components.model import Column, Row, Special, Table
from lagesbild.domain.periods import Month
from lagesbild.reports.chart_tables import Plain, plain
from lagesbild.reports.charts import Chart
from lagesbild.reports.document import Figure
from lagesbild.reports.from_tables import balance, control_chart, fan, share_lines, stacked_bands, use_of_capacity
from lagesbild.reports.html import html
from lagesbild.reports.text import text
from tests.reports import office_documents as made

FIRST = Month(2026, 6)
HIDDEN, FEW, NONE, LEFT_OUT = Special("secondary"), Special("suppressed"), Special("missing"), Special("excluded")
CELLS = (0.9, HIDDEN, NONE, LEFT_OUT, 0.8, HIDDEN)  # the last is after all that is seen


def table(of: str, **columns: tuple[Any, ...]) -> Table:
    """A row a month."""
    rows = tuple(Row((FIRST + k, *cells)) for k, cells in enumerate(zip(*columns.values(), strict=True)))
    return Table("Tabell", (Column("period", "Månad", "month"), *(Column(n, n, of) for n in columns)), rows)


def column(chart: Chart, k: int = 0) -> list[str]:
    return [row.cells[k] for row in plain(chart, exact=False).rows]


def test_a_line_says_of_each_month_why_there_is_no_number() -> None:
    told = ["90,0\u00a0%", "..", "saknas", "utesluten", "80,0\u00a0%", ".."]
    made_of = table("share", mine=CELLS, theirs=CELLS)
    assert column(share_lines(made_of, "mine", "theirs", 0.8, ("A", "Riket"))) == told
    reference = [t if t != "saknas" else "" for t in told]
    assert column(share_lines(made_of, "mine", "theirs", 0.8, ("A", "Riket")), 1) == reference
    limits = dict.fromkeys(("lower_limit", "mean", "upper_limit"), (0.5,) * 6)
    assert column(control_chart(table("share", adjusted=CELLS, rule=("",) * 6, **limits), "andel")) == told


def test_a_forecast_s_months_are_not_said_to_lack_an_outcome() -> None:
    bands = {f"{end}{level}": (None, None, None, None, 0.7, 0.7) for end in ("lo", "hi") for level in (50, 80, 95)}
    kinds = ("utfall",) * 4 + ("prognos",) * 2
    shown = fan(table("share", kind=kinds, share=CELLS, **bands), "share", "Andel", None)
    assert column(shown) == ["90,0\u00a0%", "..", "", "utesluten", "", ""], (
        "what is not reported yet, and what is to come"
    )


def test_columns_say_why_of_both_what_left_and_what_came() -> None:
    counts = (40.0, HIDDEN, NONE, FEW)
    moved = balance(table("count", performed=counts, removed_other=(1.0, 1.0, 1.0, HIDDEN), added=counts[::-1]))
    assert column(moved) == ["41", "..", "saknas", "<5"]
    assert column(moved, 1) == ["<5", "saknas", "..", "40"]
    used = use_of_capacity(table("count", performed=counts, capacity=counts))
    assert column(used) == column(used, 1) == ["40", "..", "saknas", "<5"]


def bands() -> tuple[Table, Plain]:
    parts = tuple(f"{30 * k}–{30 * k + 30}" for k in range(4))
    columns = (
        Column("wait_band", "Väntetid"),
        Column("country_share", "Andel", "share", group="Riket"),
        Column("own_share", "Andel", "share", group="Norra"),
    )
    cells = zip(parts, (0.4, 0.3, 0.2, 0.1), (HIDDEN, 0.5, FEW, NONE), strict=True)
    found = Table("Väntande efter väntetid", columns, tuple(Row(c) for c in cells))
    return found, plain(stacked_bands(found), exact=False)


def test_a_band_that_may_not_be_shown_is_not_missing() -> None:
    assert [row.cells for row in bands()[1].rows][1] == ("..", "50,0\u00a0%", "<5", "saknas")


def test_the_mail_and_its_text_half_say_so() -> None:
    found, _ = bands()
    figure = Figure("vantetid", "Hur länge", "Andelar.", found, "Källa: SKR.", chart=stacked_bands(found))
    council = made.council()
    document = replace(council, sections=(replace(council.sections[0], blocks=(figure,)),))
    rows = next(t for t in parser.fromstring(html(document)).iter("table") if "Väntande efter" in t[0].text_content())
    own = next(r for r in rows.find("tbody") if r[0].text_content() == "Norra")
    assert [c.text_content() for c in own[1:5]] == ["..", "50,0\u00a0%", "<5", "saknas"]
    assert "..;" in next(line for line in text(document).splitlines() if line.startswith("Norra:"))
