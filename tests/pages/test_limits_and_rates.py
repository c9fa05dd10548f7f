"""Counts are of what they are said to be of: limits that differ, inhabitants, a comparison that has been chosen."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from lagesbild.components.model import FigureCard
from lagesbild.components.page import page_body
from lagesbild.components.table import cell_text
from lagesbild.domain.selection import OWN_HEALTHCARE_REGION, PER_INHABITANTS, Selection
from lagesbild.domain.viewer import Viewer
from lagesbild.pages import overview, region, vantetider, vardomrade
from lagesbild.pages.context import PageContext
from lagesbild.pages.share_figure import signal_change
from lagesbild.views.signals import Signal
from tests.places_world import PEOPLE, places
from tests.waits_world import CODES, limit

NB = "\u00a0"


def find(node: Any, kind: str) -> list[dict[str, Any]]:
    """Nodes of a kind, in reading order."""
    if isinstance(node, (list, tuple)):
        return [n for x in node for n in find(x, kind)]
    if not isinstance(node, dict):
        return []
    return ([node] if node.get("type") == kind else []) + find(node.get("props", {}).get("children"), kind)


def built(page: Any, source: Any, **chosen: Any) -> Any:
    return page.PAGE.build(PageContext(source, Selection(**chosen), Viewer()))


def card(content: Any, id_: str) -> FigureCard:
    found: FigureCard = next(s for s in content.sections if s.id == id_)
    return found


def key(content: Any, name: str) -> Any:
    return next(k for k in content.key_figures if k.name == name)


def same() -> Any:
    return places(limit_rows=[limit(90)])


def test_a_sum_over_regions_with_other_limits_is_over_no_number_of_days() -> None:
    """R3 counts from 60 days: its patients over 60 are in the sum, so the sum is not of those over 90."""
    mixed = built(vardomrade, places(), care_area="kna")
    assert key(mixed, "Väntande").change.endswith("har väntat över sin gräns")
    assert key(mixed, "Andel inom gränsen").what.startswith("har väntat inom vårdgarantin")
    assert key(built(vardomrade, same(), care_area="kna"), "Väntande").change.endswith("har väntat över 90 dagar")
    south = built(vardomrade, places(), care_area="kna", healthcare_region="Södra")
    assert key(south, "Väntande").change.endswith("har väntat över 90 dagar"), "R3 is in the other group"
    assert "har väntat högst 90 dagar" in built(vantetider, same()).sentences[0]
    assert "har väntat inom vårdgarantin" in built(vantetider, places()).sentences[0]
    assert built(overview, places()).key_figures[0].what == "har väntat inom vårdgarantin, riket"


@pytest.mark.parametrize(
    ("source", "headings"),
    [
        (places, ("Andel inom gränsen, %", "Över gränsen, antal", "Väntar, antal")),
        (same, (f"Andel 0–90{NB}dagar, %", "Över 90, antal", "Väntar, antal")),
    ],
)
def test_the_ranking_says_what_its_columns_count(source: Any, headings: tuple[str, ...]) -> None:
    content = built(vantetider, source())
    table = find(page_body(content, download="/x", query="", protected="Tal under 5 är skyddade."), "Table")[0]
    cells = [c for c in find(table, "Th") if c["props"].get("className") == "num"]
    told = [" ".join(x for x in c["props"]["children"] if isinstance(x, str)) for c in cells]
    assert tuple(told) == headings
    roles = {n["props"].get("role") for kind in ("Tr", "Th", "Td") for n in find(table, kind)}
    assert roles == {"row", "columnheader", "rowheader", "cell"}, "two lines on a phone are still a table"


def test_per_inhabitants_reaches_bands_excluded_and_titles() -> None:
    content = built(vantetider, places(), region="R2", per=PER_INHABITANTS)
    bands = card(content, "vantetid-intervall")
    assert bands.title.split(" i ")[0].endswith(f"per 100{NB}000 invånare")
    assert [c.name for c in bands.table.columns[1:3]] == ["place_0_share", "place_0_waiting_per_100000"]
    plain = card(built(vantetider, places(), region="R2"), "vantetid-intervall")
    people = PEOPLE["R2"] + 2023
    for counted, rate in zip(plain.table.rows, bands.table.rows, strict=True):
        if isinstance(counted.cells[2], float):
            assert rate.cells[2] == pytest.approx(counted.cells[2] / people * 100_000)
    everybody = sum(PEOPLE[c] + 2023 for c in CODES)
    out = card(content, "bortraknade").table.rows[0]
    counted = card(built(vantetider, places()), "bortraknade").table.rows[0]
    assert out.cells[3] == pytest.approx(counted.cells[3] / everybody * 100_000)
    assert "väntar i Åby" in card(built(region, places(), region="R2", per=PER_INHABITANTS), "laget-i-tal").title
    assert "personer" not in card(built(region, places(), region="R2", per=PER_INHABITANTS), "laget-i-tal").title


def test_a_small_share_of_somebody_is_not_nobody() -> None:
    content = built(vantetider, places())
    for row in card(content, "vantetid-intervall").table.rows:
        share, n = row.cells[1:3]
        if isinstance(n, float) and n > 0:
            assert cell_text(share, card(content, "vantetid-intervall").table.columns[1]) != f"0,0{NB}%"


def test_a_comparison_is_in_the_sentences_and_in_the_places_too() -> None:
    content = built(region, places(), region="R1", compare="R4")
    assert "i Ekeby" in content.more
    assert "riket" not in content.more
    standing = card(content, "plats")
    assert standing.summary.endswith("Lodrätt streck: Ekeby.")
    assert any(a["text"].startswith("Ekeby ") for a in standing.graphic["layout"]["annotations"])
    group = built(region, places(), region="R1", compare=OWN_HEALTHCARE_REGION)
    assert card(group, "plats").summary.endswith("Lodrätt streck: sjukvårdsregion Norra.")
    assert card(built(region, places(), region="R1"), "plats").summary.endswith("Lodrätt streck: riket.")


def test_a_year_that_points_the_other_way_is_told_with_what_is_certain() -> None:
    better = Signal("better", 0.93, np.array([0.90, 0.936]), (0.92, 0.94), -0.002, 36)
    assert signal_change(better) == "−0,2 procentenheter på ett år, men +0,6 mot det normala"
    assert signal_change(Signal("better", 0.93, np.array([0.936]), (0.92, 0.94), 0.004, 36)) == (
        "+0,4 procentenheter på ett år"
    )


def test_a_healthcare_region_has_its_own_travel_and_balance() -> None:
    content = built(vardomrade, places(), care_area="kna", healthcare_region="Norra")
    away = next(s for s in content.sections if s.id == "utomlans")
    assert "i sjukvårdsregion Norra" in away.summary
    assert "%" not in away.title, "the share is the country's"
    balance = next(s for s in content.sections if s.id == "balans")
    assert isinstance(balance, FigureCard)
    assert balance.title == "7\u00a0920 personer tillkom på ett år och 7\u00a0920 lämnade kön"
    assert key(content, "Genomförda").what.startswith("sjukvårdsregion Norra, ")
