"""`/vantetider` of a healthcare region: its sum, its regions in the country's order, and the way in and back."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from lagesbild.components.model import FigureCard, PageContent, Special
from lagesbild.domain.selection import Selection
from lagesbild.domain.viewer import Viewer
from lagesbild.pages import vantetider
from lagesbild.pages.context import PageContext
from lagesbild.views.wait_counts import group_code, wait_counts
from lagesbild.views.wait_reading import read_waits
from tests.fakes import FakeSource
from tests.waits_world import CODES, END, calm_rows, limit, regions, row, slide, world

SUM = "Sjukvårdsregion Södra"  # Ekeby, Ökna and Lillö: 400, 700 and 500 persons


def built(source: FakeSource, role: Any = "public", **chosen: Any) -> PageContent:
    return vantetider.PAGE.build(PageContext(source, Selection(care_area="kna", **chosen), Viewer(role)))


@cache
def plain(**chosen: Any) -> PageContent:
    return built(world(), **chosen)


def card(content: PageContent, name: str) -> FigureCard:
    found = next(s for s in content.sections if s.id == name)
    assert isinstance(found, FigureCard)
    return found


def row_of(content: PageContent, name: str, first: str) -> Any:
    return next(r for r in card(content, name).table.rows if str(r.cells[0]) == first)


def last_month(code: str) -> dict[str, Any]:
    return next(r for r in calm_rows() if (r["region"], r["care_area"], r["period"]) == (code, "kna", END))


def test_every_figure_has_the_sum_of_the_group() -> None:
    content = plain(healthcare_region="Södra")
    mine = [last_month(c) for c in CODES[3:]]
    waiting, within = (float(sum(r[c] for r in mine)) for c in ("waiting", "within_limit"))
    ranked = row_of(content, "rangordning", SUM)
    assert ranked.cells[1:4] == (pytest.approx(within / waiting), waiting - within, waiting)
    drawn = card(content, "vantetid-intervall").graphic["data"][0]
    assert drawn["text"][0].endswith(" i Södra"), "the bar has room for the name alone"
    bands = card(content, "vantetid-intervall").table
    assert [c.group for c in bands.columns[1:]] == [SUM, SUM, "Riket", "Riket"]
    assert [r.cells[2] for r in bands.rows] == [
        sum(r[b] for r in mine) for b in mine[0] if b.startswith("waiting_")
    ]  # fmt: skip
    left = row_of(content, "bortraknade", SUM)
    choice, medical = (float(sum(r[f"excluded_{c}"] for r in mine)) for c in ("patient_choice", "medical"))
    assert left.cells[1:4] == (choice, medical, choice + medical)
    assert left.cells[4] == pytest.approx((choice + medical) / (choice + medical + waiting))
    assert row_of(content, "trend", SUM).cells[1] == pytest.approx(within / waiting)


def test_only_the_groups_regions_are_listed_with_their_places_in_the_country() -> None:
    content = plain(healthcare_region="Södra")
    rows = card(content, "rangordning").table.rows
    assert [(r.cells[0], r.emphasis) for r in rows[:2]] == [("Riket", "country"), (SUM, "chosen")]
    assert {r.cells[0]: r.cells[-1] for r in rows[2:]} == {"Ökna": 2.0, "Lillö": 4.0, "Ekeby": 6.0}
    assert [r.cells[0] for r in card(content, "bortraknade").table.rows[2:]] == ["Ekeby", "Ökna", "Lillö"]
    assert [r.cells[0] for r in card(content, "trend").table.rows] == ["Riket", SUM, "Ekeby", "Ökna", "Lillö"]
    funnel = card(content, "tratt").table.rows  # all regions set its limits
    assert {r.cells[0] for r in funnel if r.emphasis == "chosen"} == {"Ekeby", "Ökna", "Lillö"}
    assert len(funnel) == len(CODES)


def test_the_sentences_are_about_the_group_beside_the_country() -> None:
    content = plain(healthcare_region="Södra")
    assert content.kicker == "Väntetider för knäprotesoperation i sjukvårdsregion Södra, oktober 2026"
    assert content.sentences[1].startswith("I sjukvårdsregion Södra är andelen ")
    assert ", lägst i Ekeby med " in content.sentences[1]
    assert content.more.replace("\u00a0", " ").endswith(
        "av 1 600 personer har väntat över 90 dagar. 3 av 3 regioner i sjukvårdsregion Södra ingår."
    )
    assert card(content, "rangordning").title == "Ingen region i sjukvårdsregion Södra ligger under gränsen 80\u00a0%"
    assert card(content, "rangordning").source.endswith("3 av 3 regioner.")


def test_a_signal_of_the_groups_regions_is_told_and_others_are_not() -> None:
    source = world(slide(calm_rows(), "R4", "kna"))
    mine, others = (card(built(source, healthcare_region=g), "trend") for g in ("Södra", "Norra"))
    assert mine.title == "En region i sjukvårdsregion Södra har en säkerställd försämring"
    assert others.title == "Ingen region i sjukvårdsregion Norra har en säkerställd förändring"
    assert others.summary.endswith("Summan: ingen säkerställd förändring.")


def test_the_way_in_and_back_again() -> None:
    country = plain()
    assert country.crumbs == ()
    to = next(r.href for r in card(country, "trend").table.rows if r.cells[0] == SUM)
    assert to == "/vantetider?vardomrade=kna&sjukvardsregion=S%C3%B6dra"
    group = plain(healthcare_region="Södra")
    assert group.crumbs == (("Riket", "/vantetider?vardomrade=kna"), (SUM, ""))
    assert row_of(group, "rangordning", "Riket").href == "/vantetider?vardomrade=kna"
    assert row_of(group, "rangordning", "Ekeby").href == "/region/R4?vardomrade=kna"
    region = plain(region="R4")
    assert region.crumbs == (("Riket", "/vantetider?vardomrade=kna"), (SUM, to), ("Ekeby", ""))


def test_a_region_chosen_in_its_group_is_in_focus() -> None:
    content = plain(healthcare_region="Södra", region="R5")
    assert [c.group for c in card(content, "vantetid-intervall").table.columns[1:]][::2] == ["Ökna", "Riket"]
    assert content.sentences[2].startswith("I Ökna är andelen ")
    assert row_of(content, "rangordning", "Ökna").emphasis == "chosen"


def test_a_missing_region_is_not_in_the_sum_and_that_is_said() -> None:
    rows = [r for r in calm_rows() if not (r["region"] == "R5" and r["period"] == END)]
    content = built(world(rows), healthcare_region="Södra")
    assert content.coverage == "2 av 3 regioner i sjukvårdsregion Södra ingår: Ökna saknas."
    assert row_of(content, "rangordning", SUM).cells[3] == 900.0
    assert row_of(content, "rangordning", "Ökna").cells[1].state == "missing"
    assert built(world(rows), healthcare_region="Norra").coverage.endswith("Norra ingår.")


def test_no_region_of_the_group_reporting_is_said_and_nothing_is_invented() -> None:
    rows = [r for r in calm_rows() if not (r["region"] in CODES[3:] and r["period"] == END)]
    content = built(world(rows), healthcare_region="Södra")
    assert content.sentences[1] == (
        "I sjukvårdsregion Södra kan andelen inte visas: ingen av dess regioner har rapporterat den."
    )
    assert card(content, "rangordning").title == "Ingen region i sjukvårdsregion Södra har rapporterat en andel"
    assert [c.group for c in card(content, "vantetid-intervall").table.columns[1:]] == ["Riket", "Riket"]
    assert row_of(content, "bortraknade", SUM).cells[1].state == "missing"


def test_a_group_whose_sum_is_small_is_protected_in_every_figure() -> None:
    rows = [r for r in calm_rows() if r["region"] not in CODES[3:] or r["care_area"] != "kna"]
    rows += [row(c, "kna", END - k, over=int(c == "R4"), waiting=60) for c in CODES[3:] for k in range(36)]
    content = built(world(rows), healthcare_region="Södra")
    assert isinstance(row_of(content, "rangordning", SUM).cells[2], Special)
    # a share of a protected count is protected, not missing
    for r in card(content, "vantetid-intervall").table.rows:
        assert r.cells[1] != "–", r.cells[0]
        if isinstance(r.cells[2], Special):
            assert isinstance(r.cells[1], Special), r.cells[0]
            assert r.cells[1].state == "secondary"
    assert any(isinstance(r.cells[2], Special) for r in card(content, "vantetid-intervall").table.rows)
    exact = built(world(rows), "exact", healthcare_region="Södra")
    assert row_of(exact, "rangordning", SUM).cells[2] == 1.0


def test_regions_with_a_limit_of_their_own_are_told_by_it() -> None:
    limits = [limit(90), *(limit(60, c) for c in CODES[4:])]
    content = built(world(limit_rows=limits), healthcare_region="Södra")
    notes = str(card(content, "rangordning").footnotes)
    assert "Ökna och Lillö räknas mot sina egna gränser, 60 dagar." in notes
    assert " är andelen som har väntat" not in content.sentences[1]
    norra = built(world(limit_rows=limits), healthcare_region="Norra")
    assert "I sjukvårdsregion Norra är andelen som har väntat högst 90 dagar " in norra.sentences[1]
    assert "60 dagar" not in str(card(norra, "rangordning").footnotes)


@pytest.mark.parametrize("per", ["", "per_100000"])
@pytest.mark.parametrize("own", [True, False])
def test_a_group_of_one_region_and_a_country_of_one_group_build(per: str, own: bool) -> None:
    made = [r if not own or r.code != "R6" else type(r)(**{**vars(r), "healthcare_region": "Ensam"}) for r in regions()]
    made = made if own else [type(r)(**{**vars(r), "healthcare_region": "Ensam"}) for r in made]
    content = built(world(region_rows=made), healthcare_region="Ensam", per=per)
    assert row_of(content, "rangordning", "Sjukvårdsregion Ensam").emphasis == "chosen"


def test_sums_of_groups_are_what_their_regions_add_up_to_in_both_countries() -> None:
    waits = read_waits(world(), Selection(care_area="kna"), Viewer())
    assert waits is not None
    counts = wait_counts(waits, 0, Viewer())
    for column in ("waiting", "over", "waiting_0_30", "excluded"):
        for found in (counts.values, counts.others):
            assert found[group_code("Norra"), column] == sum(found[c, column] or 0.0 for c in CODES[:3])
