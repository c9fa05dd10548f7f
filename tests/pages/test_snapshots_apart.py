"""The figures of two snapshots side by side: what is new is shown, and one alone is most of nothing."""

from __future__ import annotations

from lagesbild.components.model import FigureCard
from lagesbild.pages.ogonblicksbilder_apart import apart_cards
from lagesbild.snapshots.comparing import compare
from tests.snapshots.made import FEBRUARY, NOVEMBER, Cells, areas, bundle, regions, waits


def cards(later: Cells) -> dict[str, FigureCard]:
    a = bundle([waits(NOVEMBER), regions(), areas()])
    b = bundle([waits(NOVEMBER | dict(later)), regions(), areas()], as_of=FEBRUARY, until="2024-01")
    return {c.id: c for c in apart_cards(compare(a, b), "light")}


def test_new_numbers_are_shown_of_the_last_month_in_the_country() -> None:
    """The page counted 37 821 new numbers and showed none of them."""
    new = {(m, code, "kna"): (0.87, "", 20_500, "", "no") for m in ("2023-12", "2024-01") for code in ("12", "")}
    card = cards(new)["storst"]
    told = [r.cells for r in card.table.rows if r.cells[0] == "nytt"]
    assert [cells[2] for cells in told] == ["Knäprotes, riket, januari 2024"]
    assert told[0][5] == "87,0\u00a0%"
    assert "8 nytt" in card.summary.lower()


def test_one_revised_region_is_not_the_most_revised() -> None:
    one = {("2023-11", "12", "kna"): (0.873, "", 3_000, "", "no")}
    two = one | {("2023-11", "25", "kna"): (0.866, "", 900, "", "no")}
    assert cards(one)["regioner"].title == "Skåne reviderades"
    assert cards(two)["regioner"].title == "Norrbotten reviderades mest"
