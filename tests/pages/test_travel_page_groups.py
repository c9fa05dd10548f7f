"""`/utomlansvard` of a healthcare region: its share, its sums, its flows, its regions first in the matrix."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from lagesbild.components.model import FigureCard, PageContent
from lagesbild.domain.selection import Selection
from lagesbild.domain.viewer import Viewer
from lagesbild.pages import utomlansvard
from lagesbild.pages.context import PageContext
from lagesbild.views.published_tables import Asked, published_table
from tests.fakes import FakeSource
from tests.travel_world import MONTHLY, PERFORMED, case_rows, flow_rows, production_rows, travel_world
from tests.waits_world import END

SUM = "Sjukvårdsregion Södra"  # Ekeby, Ökna and Lillö; R4 sends 12 a month to R1, 9 stay inside


@cache
def built(group: str = "Södra", **chosen: Any) -> PageContent:
    return built_of(travel_world(cases=case_rows()), group, **chosen)


def built_of(source: FakeSource, group: str = "Södra", **chosen: Any) -> PageContent:
    selection = Selection(care_area="kna", healthcare_region=group, **chosen)
    return utomlansvard.PAGE.build(PageContext(source, selection, Viewer()))


def card(content: PageContent, name: str) -> FigureCard:
    found = next(s for s in content.sections if s.id == name)
    assert isinstance(found, FigureCard)
    return found


def yearly(*pairs: tuple[str, str]) -> float:
    return 12.0 * sum(MONTHLY[p] for p in pairs)


SENT = yearly(("R4", "R1"), ("R4", "R5"), ("R5", "R6"), ("R6", "R5"))
MADE = 12.0 * sum(PERFORMED[c] for c in ("R4", "R5", "R6"))


def test_the_share_is_of_all_that_the_groups_regions_treated() -> None:
    row = next(r for r in card(built(), "andel").table.rows if r.cells[0] == SUM)
    assert row.cells[1] == pytest.approx(SENT / MADE)
    assert row.emphasis == "chosen"
    assert [r.cells[0] for r in card(built(), "andel").table.rows] == ["Riket", SUM, "Ekeby", "Ökna", "Lillö"]
    assert card(built(), "andel").title == "I sjukvårdsregion Södra: ingen säkerställd förändring"


def test_the_published_table_has_the_same_share() -> None:
    frame = published_table("out-of-region", travel_world(), Asked(care_areas=("kna",)), Viewer()).frame
    rows = frame[(frame["level"] == "healthcare_region") & (frame["healthcare_region"] == "Södra")]
    last = rows[(rows["kind"] == "sent") & (rows["period"] == rows["period"].max())]
    assert last["elsewhere_share"].tolist() == pytest.approx([SENT / MADE], abs=0.0005)  # as many decimals as are shown
    assert last["elsewhere_share_state"].tolist() == [""]
    others = rows[rows["kind"] != "sent"]
    assert set(others["elsewhere_share_state"]) == {"missing"}


def test_the_sentences_say_what_left_stayed_and_came() -> None:
    said = [s.replace("\u00a0", " ") for s in built().sentences]
    assert said[1:] == [
        "252 personer från sjukvårdsregion Södra opererades utanför sin egen region, 1,2 % av regionernas egna."
    ]
    assert (
        built()
        .more.replace("\u00a0", " ")
        .startswith(
            "108 av 252 stannade inom sjukvårdsregionen. Den tog emot 60 personer från andra sjukvårdsregioner."
        )
    )
    assert built().kicker.startswith("Knäprotesoperation utanför hemregionen för sjukvårdsregion Södra, ")
    assert "I sjukvårdsregion Södra visar den ingen säkerställd förändring." in built().more


def test_the_matrix_has_the_groups_regions_first_and_loses_none() -> None:
    table = card(built(), "matris").table
    assert [r.cells[0] for r in table.rows] == ["Riket", "Ekeby", "Ökna", "Lillö", "Norrby", "Åby", "Sjöbo"]
    assert [c.title for c in table.columns][-6:] == ["Ekeby", "Ökna", "Lillö", "Norrby", "Åby", "Sjöbo"]
    named = card(built(order="namn"), "matris").table
    assert [r.cells[0] for r in named.rows][1:4] == ["Ekeby", "Lillö", "Ökna"]
    assert card(built(), "matris").title.replace("\u00a0", " ") == (
        "Det största flödet till eller från sjukvårdsregion Södra går från Ekeby till Norrby: 144 personer"
    )


def test_the_groups_own_card_has_its_sums_and_the_flows_that_cross() -> None:
    found = card(built(), "sjukvardsregionen")
    told = [(*r.cells[:3], r.cells[3]) for r in found.table.rows]
    assert told == [
        ("Till andra sjukvårdsregioner", "Alla", "Alla", 144.0),
        ("Från andra sjukvårdsregioner", "Alla", "Alla", 60.0),
        ("Till andra sjukvårdsregioner", "Ekeby", "Norrby", 144.0),
        ("Från andra sjukvårdsregioner", "Norrby", "Ekeby", 60.0),
    ]
    assert found.title.replace("\u00a0", " ") == (
        "144 personer från sjukvårdsregion Södra opererades i en annan, flest från Ekeby till Norrby"
    )
    flows = [r.cells[0] for r in card(built(), "vantan").table.rows]
    assert "Norrby till Åby" not in flows
    assert flows[0] == "Ekeby till Norrby"


def test_cases_of_a_group_are_summed_and_what_is_not_told_of_it_is_said() -> None:
    found = card(built(), "formedling")
    assert found.source.startswith(
        "Av ärenden per sjukvårdsregion summeras startade och genomförda; regionerna i sjukvårdsregion Södra är"
    )
    chosen = {r.cells[0]: dict(zip([c.name for c in found.table.columns], r.cells, strict=True))
              for r in found.table.rows if r.emphasis == "chosen"}  # fmt: skip
    whole, *mine = chosen
    assert (whole, mine) == (SUM, ["Ekeby", "Ökna", "Lillö"])
    for column in ("started", "completed"):
        assert chosen[SUM][column] == sum(chosen[r][column] for r in mine) > 0
    assert {chosen[SUM][c].text for c in ("accepted", "none_found", "asked", "asked_completed")} == {"–"}
    assert "Hemregioner i sjukvårdsregion Södra" in repr(found.graphic)
    region = card(built(region="R5"), "formedling")
    assert "Hemregioner i" not in repr(region.graphic)


def test_the_way_in_and_back() -> None:
    country = built(group="")
    row = next(r for r in card(country, "andel").table.rows if r.cells[0] == SUM)
    assert row.href == "/utomlansvard?vardomrade=kna&sjukvardsregion=S%C3%B6dra"
    assert country.crumbs == ()
    assert built().crumbs == (("Riket", "/utomlansvard?vardomrade=kna"), (SUM, ""))
    assert built(region="R4", group="").crumbs[1] == (SUM, row.href)
    assert next(r.href for r in card(built(), "andel").table.rows if r.cells[0] == "Riket").endswith("?vardomrade=kna")


def test_a_region_that_is_chosen_too_is_nearer() -> None:
    content = built(region="R5")
    assert "sjukvardsregionen" not in {s.id for s in content.sections}
    assert card(content, "regionen").title.endswith("från Ökna opererades i andra regioner, flest till Lillö")


def test_small_sums_and_missing_production_take_the_share_and_are_said() -> None:
    few = {k: (0 if k[0] in ("R4", "R5", "R6") else n) for k, n in MONTHLY.items()}
    rows = flow_rows(few) + [r | {"performed": 1} for r in flow_rows({("R4", "R1"): 1}) if END - r["period"] < 3]
    hidden = built_of(travel_world(rows))
    assert hidden.sentences[1] == "För sjukvårdsregion Södra kan antalet inte visas: små tal är skyddade."
    without = [r for r in production_rows() if r["region"] != "R5"]
    lacking = built_of(travel_world(production=without))
    assert "av regionernas egna" not in lacking.sentences[1]  # the share is not of all who are told of
    assert lacking.sentences[1].startswith("252")
