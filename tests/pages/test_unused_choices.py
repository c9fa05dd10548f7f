"""What an address chooses and a page has no use for is told on the page, and links take along what can be used."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from lagesbild.domain.periods import Month
from lagesbild.domain.scenario_choice import Choice, WhatIf
from lagesbild.domain.selection import LABELS, PER_INHABITANTS, SHARES, Selection
from lagesbild.domain.viewer import Viewer
from lagesbild.pages.context import PageContext
from lagesbild.pages.links import to_page, to_region
from lagesbild.pages.menu import menu_for
from lagesbild.pages.options import filters
from lagesbild.pages.registry import all_pages
from lagesbild.pages.unused import unused, used
from tests.places_world import places
from tests.waits_world import END

# something other than the default in every field there is
CHOSEN: dict[str, Any] = {
    "care_area": "kna",
    "region": "R1",
    "healthcare_region": "Norra",
    "provider": "P1",
    "month": END - 1,
    "target": 70,
    "run": 7,
    "status": "open",
    "order": "namn",
    "compare": "R2",
    "per": PER_INHABITANTS,
    "window": 24,
    "register": "waits",
    "finding": "stop",
    "sort": "x.y",
    "kind": "region",
    "first": Month(2025, 1),
    "contents": "a",
    "saved": "abc",
    "before": "a.zip",
    "after": "b.zip",
    "as_of": END.first_day,
    "what_if": WhatIf(Choice(extra_per_week=2.0)),
}


def page(path: str) -> Any:
    return next(p for p in all_pages() if p.path == path)


def notes(path: str, **chosen: Any) -> tuple[str, ...]:
    found: tuple[str, ...] = page(path).build(PageContext(places(), Selection(**chosen), Viewer())).notes
    return found


def test_every_field_of_the_selection_has_a_name_and_is_tried_here() -> None:
    names = {f.name for f in fields(Selection)}
    assert set(LABELS) == set(CHOSEN) == names
    assert all(Selection(**{name: CHOSEN[name]}).differs(name) for name in names - {"kind"})


@pytest.mark.parametrize("path", [p.path for p in all_pages() if p.filters])
def test_every_page_tells_of_every_choice_it_has_no_use_for(path: str) -> None:
    selection = Selection(**CHOSEN)
    mine = {f.name for f in fields(selection) if selection.differs(f.name)} - used(page(path))
    assert set(unused(page(path), selection)) == mine
    code = {"region": "R1", "care_area": "kna"}.get(page(path).parameter)
    whole = {page(path).parameter: code} if code else {}
    assert not unused(page(path), Selection(**whole))
    left = {name: CHOSEN[name] for name in mine}
    told = [t for t in notes(path, **whole, **left) if t.endswith((" visas.", " används inte på den här sidan."))]
    assert len(told) == len(set(told)) == len(mine), told


@pytest.mark.parametrize("path", [p.path for p in all_pages()])
def test_what_a_page_offers_is_a_field_of_the_selection(path: str) -> None:
    """`/datakvalitet` offers fewer months than other pages, and told that a choice of 36 was not used."""
    of = next(p for p in all_pages() if p.path == path)
    assert used(of) <= {f.name for f in fields(Selection)} | {"", "what_if"}


def test_the_note_names_the_page_and_what_is_shown_instead() -> None:
    assert "Lägesbild visas inte per sjukvårdsregion; hela riket visas." in notes("/", healthcare_region="Norra")
    told = notes("/", region="R1", provider="P1")
    assert told == ("Lägesbild visas inte per vårdgivare; Region Norrby visas.",)
    told = notes("/vardomrade/<code>", care_area="kna", healthcare_region="Norra", provider="P1")
    assert told == ("Sidan visas inte per vårdgivare; sjukvårdsregion Norra visas.",)
    assert notes("/vantetider", per=SHARES) == ("Väntetider visar inte andel av regionens egna; antal visas.",)
    assert notes("/vantetider", window=24) == ("Valet ”Period” används inte på den här sidan.",)
    assert notes("/vantetider", target=70, month=END) == ()


def test_the_fields_are_called_in_notes_what_they_are_called_where_they_are_chosen() -> None:
    source = places()
    offered = {name for p in all_pages() for name in p.filters}
    for field in filters(PageContext(source, Selection(region="R1"), Viewer()), tuple(sorted(offered))):
        assert field.label in (LABELS[field.name], "Hemregion"), field.name


def test_the_menu_takes_places_along_everywhere_and_the_rest_where_it_can_be_used() -> None:
    menu = {name: to for to, name in menu_for(all_pages(), Selection(healthcare_region="Norra", compare="R2"))}
    assert menu["Väntetider"] == "/vantetider?sjukvardsregion=Norra"
    assert menu["Kapacitetsgap"] == "/kapacitetsgap?sjukvardsregion=Norra"
    assert menu["Om"] == "/om"
    earlier = {name: to for to, name in menu_for(all_pages(), Selection(month=END - 1))}
    assert earlier["Prognos"] == f"/prognos?manad={END - 1}"  # which it tells by the forecast of that month


def test_a_link_takes_along_no_choice_that_would_only_be_told_as_unused() -> None:
    chosen = Selection(care_area="kna", compare="R2", per=PER_INHABITANTS, month=END, target=70)
    assert to_page("/vantetider", chosen) == f"/vantetider?vardomrade=kna&manad={END}&grans=70&matt=per_100000"
    assert to_page("/kapacitetsgap", chosen) == f"/kapacitetsgap?vardomrade=kna&manad={END}&grans=70"
    assert "jamfor_med=R2" in to_region("R1", chosen)
    for path in ("/", "/vantetider", "/produktion", "/kapacitetsgap", "/prognos", "/utomlansvard"):
        assert to_page(path, Selection(region="R1", provider="P1")).endswith("region=R1&vardgivare=P1")
