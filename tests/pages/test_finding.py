"""A list of care areas too long to stand in every page: the first ones do, the others are searched for."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy

import pytest

from lagesbild.components.filters import filter_bar
from lagesbild.components.finder import MOST
from lagesbild.components.model import Option
from lagesbild.domain.care import CareArea
from lagesbild.domain.selection import Selection
from lagesbild.domain.viewer import Viewer
from lagesbild.factory import create_app
from lagesbild.pages import rapporter
from lagesbild.pages.context import PageContext
from lagesbild.pages.finding import FOUND, LISTS, matches
from lagesbild.pages.options import filters
from lagesbild.settings import Settings
from tests.country import country
from tests.pages.test_gap_pages import nodes

CODES = [f"omr-{k:03}" for k in range(MOST + 40)]


def long_list(n: int = len(CODES)):
    """A country with `n` more care areas than those that are reported; all are offered when none is reported."""
    source = copy(country())
    source.area_rows = [
        *(CareArea(a, f"Område nummer {k}", "operation", 90, sort_order=k) for k, a in enumerate(CODES[:n])),
        CareArea("kna", "Knäprotesoperation", "operation", 90, sort_order=998, short_name="Knäprotes"),
        CareArea("gra", "Gråstarrsoperation", "operation", 90, sort_order=999, short_name="Gråstarr"),
    ]
    source.frames = {**source.frames, "waits": source.frames["waits"].iloc[:0]}
    return source


def select_of(source, **chosen):
    found = filters(PageContext(source, Selection(**chosen), Viewer()), ("care_area",))
    bar = filter_bar(found, path="/")
    return bar, [o["props"] for o in nodes(bar, "Option")]


def test_a_short_list_stands_whole_and_has_no_search():
    bar, options = select_of(long_list(MOST - 3))
    assert len(options) == MOST
    assert not nodes(bar, "Input")


def test_of_a_long_one_the_first_stand_there_with_the_chosen_one_and_a_search():
    bar, options = select_of(long_list(), care_area="gra")
    assert [o["value"] for o in options] == ["", *CODES[: MOST - 1], "gra"]
    assert [o["children"] for o in options if o.get("selected")] == ["Gråstarrsoperation"]
    (field,) = (n["props"] for n in nodes(bar, "Input"))
    assert field["aria-label"] == "Sök vårdområde, namn eller kod"
    assert field["role"] == "combobox"
    assert field["placeholder"] == f"Sök bland {len(CODES) + 3}"
    assert "Gråstarrsoperation" in bar["props"]["data-selection"]
    assert len(select_of(long_list(), care_area=CODES[4])[1]) == MOST


def test_what_is_offered_for_a_briefing_is_cut_in_the_same_way():
    content = rapporter.PAGE.build(PageContext(long_list(), Selection(care_area="kna"), Viewer()))
    area = next(s for s in nodes(content.sections[0].body, "Select") if s["props"]["id"] == "filter-care-area")
    assert len(nodes(area, "Option")) == MOST + 1
    assert "filter-care-area-find" in [n["props"].get("id") for n in nodes(content.sections[0].body, "Input")]


def test_words_are_found_in_names_and_codes_those_that_begin_with_them_first():
    options = [
        Option("kna", "Knäprotesoperation", short="Knäprotes"),
        Option("h-kna", "Höft efter knä"),
        Option("knax", "Annat"),
    ]
    assert [o.value for o in matches(options, "KNÄ")] == ["kna", "h-kna"]
    assert [o.value for o in matches(options, "kna")] == ["kna", "h-kna", "knax"]
    assert [o.value for o in matches(options, "efter höft")] == ["h-kna"]
    assert matches(options, "<b>") == []
    assert len(matches(options, "")) == 3


@pytest.fixture(scope="module")
def ask() -> Callable[..., object]:
    client = create_app(long_list(), Settings()).test_client()
    return lambda query, **headers: client.get(f"/val/vardomraden?{query}", headers=headers)


@pytest.mark.parametrize("name", sorted(LISTS))
def test_the_answer_is_short_and_says_how_many_more_there_are(ask, name):
    told = ask(f"lista={name}&q=nummer").get_json()
    assert len(told["found"]) == FOUND
    assert told["more"] == f"{len(CODES) - FOUND} träffar till, skriv mer."
    assert ask(f"lista={name}&q=gråstarr").get_json() == {
        "found": [{"value": "gra", "label": "Gråstarrsoperation"}],
        "more": "",
    }
    assert ask(f"lista={name}&q=finns+inte").get_json() == {"found": [], "more": "Inga träffar."}


def test_an_answer_is_kept_for_as_long_as_the_data_are_the_same(ask):
    first = ask("lista=alla&q=omr")
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert ask("lista=alla&q=omr", **{"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_a_list_that_does_not_exist_is_refused_with_those_that_do(ask):
    refused = ask("lista=hemliga&q=a")
    assert refused.status_code == 400
    assert "alla, platser, waits" in refused.get_data(as_text=True)
    assert ask(f"lista=alla&q={'å' * 5000}").get_json()["found"] == []
