"""`/produktion` of a healthcare region: its regions' sum, who is left out of it, and the way down and up again."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lagesbild.components.model import FigureCard, PageContent, Special
from lagesbild.components.table import cell_text
from lagesbild.domain.selection import Selection
from lagesbild.domain.viewer import Viewer
from lagesbild.pages import produktion
from lagesbild.pages.context import PageContext
from lagesbild.reports.from_card import number
from lagesbild.views.flows import flows
from lagesbild.views.small_counts import BALANCE, flow_states, uncovered
from tests.country import LAST, country
from tests.disclosure.small_world import Shape
from tests.disclosure.small_world import country as small_country

EXACT = Viewer("exact")
NORRA = Selection(care_area="kna", healthcare_region="Norra")


def build(selection: Selection = NORRA, source=None, viewer: Viewer = EXACT) -> PageContent:
    return produktion.PAGE.build(PageContext(source or country(), selection, viewer))


def card(content: PageContent, id_: str) -> FigureCard:
    found = next(s for s in content.sections if s.id == id_)
    assert isinstance(found, FigureCard)
    return found


def column(table, name: str) -> list:
    k = [c.name for c in table.columns].index(name)
    return [number(r.cells[k]) for r in table.rows]


def without(source, region: str, month) -> None:
    """The source lacks the region's waits and production of the month."""
    for name in ("waits", "production"):
        frame = source.frames[name]
        gone = (frame["region"] == region) & (frame["period"] == str(month))
        source.frames[name] = frame[~gone].reset_index(drop=True)


def test_every_month_is_the_naive_sum_of_its_regions():
    source = country()
    content = build(source=source)
    assert content.kicker.startswith("Produktion: knäprotesoperation i sjukvårdsregion Norra, ")
    table = card(content, "balans").table
    for name, dataset in (("waiting", "waits"), ("added", "production"), ("performed", "production")):
        rows = source.frames[dataset].query("region in ['A', 'B'] and care_area == 'kna'")
        assert column(table, name) == rows.groupby("period")[name].sum().tail(24).tolist()
    capacity = source.frames["capacity"].query("region in ['A', 'B'] and care_area == 'kna'")
    assert (
        column(card(content, "kapacitet").table, "capacity")
        == capacity.groupby("period")["capacity"].sum().tail(12).tolist()
    )
    planned = source.frames["production"].query("region in ['A', 'B'] and care_area == 'kna'")
    assert (
        column(card(content, "plan").table, "planned") == planned.groupby("period")["planned"].sum().tail(12).tolist()
    )
    assert "Summan går ihop alla 23 månader." in card(content, "balans").source


def test_one_that_missed_a_month_is_left_out_of_every_figure_and_named():
    source = country()
    without(source, "B", LAST - 3)
    content = build(source=source)
    alone = build(Selection(care_area="kna", region="A"), source)
    for id_ in ("balans", "styrdiagram", "kapacitet"):
        assert card(content, id_).table.rows == card(alone, id_).table.rows
    assert "1 av 2 regioner är inräknade. Björke har inte rapporterat alla månader och är borträknad." in (
        card(content, "balans").source
    )
    assert content.coverage.startswith("1 av 2 regioner")


def test_one_without_capacity_is_left_out_of_the_capacity_and_named():
    source = country()
    frame = source.frames["capacity"]
    source.frames["capacity"] = frame[frame["region"] != "B"].reset_index(drop=True)
    assert (
        "1 av 2 regioner har rapporterat kapacitet; Björke är inte med."
        in card(build(source=source), "kapacitet").source
    )


def test_one_that_has_not_reported_all_is_named_where_capacity_and_plan_are_counted_too():
    """ "20 av 20" beside "20 av 21" on the same page would be two countries."""
    source = country()
    frame = source.frames["production"]
    late = (frame["region"] == "B") & (frame["period"] > str(LAST - 3))
    source.frames["production"] = frame[~late].reset_index(drop=True)
    content = build(source=source)
    assert "1 av 2 regioner är inräknade." in card(content, "balans").source
    for id_, what in (("kapacitet", "har rapporterat kapacitet"), ("plan", "har en plan")):
        assert f"1 av 2 regioner {what}; Björke är inte med." in card(content, id_).source


def test_nobody_left_says_so_and_shows_the_way_back():
    source = country()
    for name in ("waits", "production", "capacity"):
        frame = source.frames[name]
        source.frames[name] = frame[frame["region"] != "C"].reset_index(drop=True)
    content = build(Selection(care_area="kna", healthcare_region="Södra"), source)
    assert content.sentences == ("Inga uppgifter om produktion för urvalet.",)
    assert content.crumbs[0] == ("Riket", "/produktion?vardomrade=kna")


def test_its_months_are_those_that_its_own_regions_have_reported():
    """One whose last month is late is told up to the month before, as each of its regions is."""
    source = country()
    without(source, "C", LAST)
    content = build(Selection(care_area="kna", healthcare_region="Södra"), source)
    assert content.kicker.endswith((LAST - 1).sv)
    assert build(source=source).kicker.endswith(LAST.sv)


def test_the_table_leads_to_the_regions_and_the_country_to_the_healthcare_regions():
    month = LAST - 2
    table = card(build(NORRA.with_(month=month)), "produktion-regioner").table
    assert [r.cells[0] for r in table.rows] == ["Norra", "Aldal", "Björke"]
    kept = f"manad={month}"
    assert [r.href for r in table.rows[1:]] == [f"/produktion?vardomrade=kna&region={c}&{kept}" for c in "AB"]
    groups = card(build(Selection(care_area="kna", month=month)), "produktion-sjukvardsregioner").table
    assert [r.href for r in groups.rows] == ["", *_groups(kept)]
    assert groups.rows[1].cells[1:5] == table.rows[0].cells[1:5]
    region = build(Selection(care_area="kna", region="A", month=month))
    assert region.crumbs == (
        ("Riket", f"/produktion?vardomrade=kna&{kept}"),
        ("Sjukvårdsregion Norra", _groups(kept)[0]),
        ("Aldal", ""),
    )
    assert not any(s.id in ("produktion-regioner", "produktion-sjukvardsregioner") for s in region.sections)


def _groups(kept: str) -> list[str]:
    return [f"/produktion?vardomrade=kna&sjukvardsregion={g}&{kept}" for g in ("Norra", "S%C3%B6dra")]


def test_each_row_is_what_the_region_s_own_page_says():
    source = country(slide=0.25)
    table = card(build(source=source), "produktion-regioner").table
    for row, code in zip(table.rows[1:], "AB", strict=True):
        own = build(Selection(care_area="kna", region=code), source)
        last = card(own, "balans").table.rows[-1].cells
        assert [number(c) for c in row.cells[1:5]] == [last[5], *last[2:5]]
        lower = own.sentences[0].startswith("Produktionen är lägre än normalt")
        assert cell_text(row.cells[5], table.columns[5]) == ("lägre än normalt" if lower else "normal variation")
    assert card(build(source=source), "produktion-regioner").title == "Produktionen är lägre än normalt i Aldal"


def test_a_chosen_region_comes_before_its_healthcare_region():
    both = build(NORRA.with_(region="A"))
    assert both.kicker == build(Selection(care_area="kna", region="A")).kicker


@pytest.mark.parametrize("viewer", [EXACT, Viewer()])
def test_what_is_only_published_for_the_whole_has_no_healthcare_region(viewer):
    content = build(Selection(care_area="atgard", healthcare_region="Norra"), viewer=viewer)
    assert content.sentences == ("Inga uppgifter om produktion för urvalet.",)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 400), st.sampled_from([1.0, 2.0, 4.0]))
def test_where_one_sum_is_uncovered_no_other_shows_what_would_tell_it(seed, size):
    """The country less the other healthcare regions is the first one."""
    source = small_country(Shape(seed, regions=5, months=14, size=size, providers=0, missing=0.06))
    read = {g: flows(source, Selection(care_area="A1"), group=g) for g in ("Norra", "Södra")}
    if None in read.values() or len({f.end for f in read.values()}) > 1:
        return
    for name, other in (("Norra", "Södra"), ("Södra", "Norra")):
        states = flow_states(read[name], Viewer())
        for c in BALANCE:
            bare = uncovered(read[other], c, Viewer())
            assert (states[c].to_numpy()[bare] != "").all()


def test_a_protected_number_is_protected_in_the_table_too():
    source = small_country(Shape(3, regions=5, months=14, size=1.0, providers=0, missing=0.0))
    content = build(Selection(care_area="A1", healthcare_region="Norra"), source, Viewer())
    table = card(content, "produktion-regioner").table
    cells = [c for r in table.rows for c in r.cells]
    assert any(isinstance(c, Special) and c.state in ("suppressed", "secondary") for c in cells)
    assert not any(isinstance(c, float) and 0 < c < 5 for c in cells)
