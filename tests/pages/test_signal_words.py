"""What is said beside a control chart is true of the months it names, and nothing is said of hidden ones."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from lagesbild.domain.periods import Month
from lagesbild.domain.selection import Selection
from lagesbild.domain.viewer import Viewer
from lagesbild.domain.xmr import control_chart
from lagesbild.pages import produktion
from lagesbild.pages.context import PageContext
from lagesbild.pages.signal_words import signal_title
from lagesbild.views.chart_signals import chart_signals
from tests.country import LAST, country

# seven months that rise, the first six of them below the mean for so long that they are told as that
BELOW_THEN_UP = (
    90.9, 90.7, 90.5, 91.0, 91.2, 91.25, 91.3, 91.6, 92.2, 91.9, 92.1, 92.4,
    91.7, 91.4, 90.9, 91.5, 92.0, 92.5, 92.0, 92.8, 93.4, 93.3, 92.7, 92.1,
)  # fmt: skip
SWINGS = (6.0, -2.0) * 6
# twelve months that rise: four below the mean, then eight above it
UP_THROUGH = (-3.0, -2.0, -1.0, 0.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0)


def titles(values: Sequence[float]) -> list[str]:
    chart = control_chart(values)
    months = [Month(2024, 11) + k for k in range(len(values))]
    return [signal_title(s) for s in chart_signals(chart, months, chart.values)]


def test_a_row_that_begins_in_months_another_rule_tells_is_not_counted_short() -> None:
    assert titles(BELOW_THEN_UP)[:2] == [
        "November 2024–juni 2025: åtta i rad under medel",
        "Juli 2025: del av minst sju i rad uppåt",
    ]


def test_months_below_the_mean_are_not_counted_above_it() -> None:
    assert titles((*SWINGS, *UP_THROUGH)) == ["November 2025–oktober 2026: minst sju i rad över medel"]
    # those above it are counted when they stand alone
    assert titles((*SWINGS, -2.0, 6.0, -2.0, 6.0, *UP_THROUGH[4:])) == ["Februari–oktober 2026: nio i rad över medel"]


@pytest.mark.parametrize("at", [0, 4])
def test_a_hidden_month_is_told_nothing_of(at: int) -> None:
    """Three operations where eighty are usual: far outside the limits, and protected."""
    source = country()
    rows = source.frames["production"]
    mine = (rows["region"] == "A") & (rows["care_area"] == "kna") & (rows["period"] == str(LAST - at))
    rows.loc[mine, "performed"] = 3
    built = {role: page(source, role) for role in ("public", "exact")}
    table = {role: found.sections[1].table for role, found in built.items()}  # type: ignore[union-attr]
    for role, told in (("public", ""), ("exact", "lägre än normalt")):
        row = next(r for r in table[role].rows if r.cells[0] == (LAST - at).sv)
        assert str(row.cells[-1]).startswith(told)
        assert bool(row.cells[-1]) == (role == "exact")
    chart = built["public"].sections[1].graphic  # type: ignore[union-attr]
    assert chart is not None
    said = str(built["public"].sections[2])
    assert (LAST - at).sv.capitalize() not in said
    if not at:
        assert built["public"].sentences[0] == "Den senaste månadens produktion är skyddad och bedöms inte."
        assert "bedöms inte" in built["public"].sections[1].title
        assert "lägre än normalt" in built["exact"].sentences[0]


def page(source: object, role: str):  # type: ignore[no-untyped-def]
    return produktion.PAGE.build(PageContext(source, Selection(care_area="kna", region="A"), Viewer(role)))  # type: ignore[arg-type]


def test_what_is_not_reported_any_more_is_not_told_as_now() -> None:
    """The region stopped reporting in summer: what the page tells is of then, said first and at every figure."""
    source = country()
    for name in ("waits", "production", "capacity"):
        frame = source.frames[name]
        source.frames[name] = frame[(frame["region"] != "A") | (frame["period"] <= str(LAST - 5))].reset_index(
            drop=True
        )  # type: ignore[index]
    found = page(source, "public")
    assert found.sentences[0] == f"Uppgifter efter {(LAST - 5).sv} saknas: talen är från den månaden."
    for id_ in ("balans", "styrdiagram", "kapacitet", "plan"):
        card = next(s for s in found.sections if s.id == id_)
        assert f"Uppgifter efter {(LAST - 5).sv} saknas." in card.source, id_
    assert not any("saknas" in s for s in page(country(), "public").sentences)
