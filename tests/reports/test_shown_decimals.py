"""What stands beside a bar or a line has the decimals of the table, and a region's flows say what is left out."""

from __future__ import annotations

from lagesbild.components.model import Column, Drawn, FigureCard, Row, Special, Table
from lagesbild.domain.periods import Month
from lagesbild.reports.from_tables import control_chart, fan, ranked_shares, share_lines
from lagesbild.reports.sections.travel import flows_of_region

NB = "\u00a0"
SHARE = Column("within_limit_share", "Andel", "share")


def test_a_share_in_whole_per_cent_is_written_so_beside_its_bar() -> None:
    rows = (
        Row(("Skåne", Drawn(f"87{NB}%", []))),
        Row(("Halland", Drawn(0.8914, []))),
        Row(("Örebro", Special("missing"))),
    )
    chart = ranked_shares(Table("x", (Column("region", "Region"), SHARE), rows), 0.8, {})
    assert [(r.label, r.text) for r in chart.rows] == [("Halland", "89,1"), ("Skåne", "87"), ("Örebro", "")]
    assert f"Skåne 87{NB}%" in chart.alt
    assert "87,0" not in chart.alt


def test_and_at_the_end_of_its_line() -> None:
    columns = (Column("period", "Månad"), Column("own", "Skåne", "share"), Column("country", "Riket", "share"))
    rows = tuple(Row((Month(2026, m), f"{80 + m}{NB}%", 0.881)) for m in (10, 9))
    chart = share_lines(Table("x", columns, rows), "own", "country", 0.8, ("Skåne", "Riket"))
    assert [line.end_text for line in chart.lines] == [f"90{NB}%", f"88,1{NB}%"]


def test_a_forecast_of_protected_counts_is_in_whole_per_cent() -> None:
    columns = (Column("period", "Månad"), Column("kind", "Typ"), Column("within_limit_share", "Andel", "share", 0))
    rows = (Row((Month(2026, 10), "utfall", 0.87)), Row((Month(2026, 11), "prognos", 0.86)))
    chart = fan(Table("x", columns, rows), "within_limit_share", "andel", None)
    assert [line.end_text for line in chart.lines] == [f"87{NB}%", f"troligast 86{NB}%"]


def test_a_control_chart_ends_as_its_table_says() -> None:
    names = ("adjusted", "lower_limit", "mean", "upper_limit")
    columns = (Column("period", "Månad"), *(Column(n, n, "share") for n in names), Column("rule", "Regel"))
    rows = tuple(Row((Month(2026, m), 0.8 + m / 100, 0.7, 0.8, 0.9, "")) for m in (9, 10))
    chart = control_chart(Table("x", columns, rows), "andel")
    assert chart.lines[0].end_text == f"90,0{NB}%"


def flows(rows: list[tuple[str, object, object]]) -> FigureCard:
    columns = (
        Column("region", "Region"),
        Column("sent_to", "Reser dit", "count"),
        Column("received_from", "Tas emot", "count"),
    )
    whole = Row(("Alla", 74, 28), emphasis="country")
    table = Table("Resor", columns, (whole, *(Row(r) for r in rows)))
    return FigureCard("regionen", "74 reste", "Personer, ett år. De fem största åt varje håll.", table, "Källa: prov.")


def test_protected_flows_are_shown_as_such_and_the_rest_is_counted() -> None:
    hidden = Special("suppressed")
    given = [("Norrbotten", 0, 0), ("Dalarna", 21, 13), ("Jämtland", 0, hidden), ("Uppsala", 17, 6), ("Skåne", 0, 0)]
    made = flows_of_region(flows(given))
    assert [r.cells[0] for r in made.table.rows] == ["Alla", "Dalarna", "Jämtland", "Uppsala"]
    assert made.table.rows[2].cells[2] == hidden
    assert made.summary == (
        "Personer, ett år. De största åt varje håll och de vars tal är skyddade. Två utan resor visas inte."
    )


def test_the_smaller_and_the_many_protected_are_counted_too() -> None:
    largest = [(f"S{k}", 30 - k, 0) for k in range(7)] + [(f"H{k}", Special("secondary"), 0) for k in range(6)]
    made = flows_of_region(flows(largest))
    shown = [r.cells[0] for r in made.table.rows]
    assert shown == ["Alla", "S0", "S1", "S2", "S3", "S4", "H0", "H1", "H2", "H3"]
    assert made.summary.endswith("Två med färre och två med skyddade tal visas inte.")
