"""Addresses that end in a code: a page for every region, unknown ones said so, the filter leads to another."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lagesbild.components.model import Page, PageContent
from lagesbild.domain.selection import Selection
from lagesbild.domain.viewer import Viewer
from lagesbild.factory import create_app
from lagesbild.pages.cache import VersionWatch
from lagesbild.pages.context import PageContext
from lagesbild.pages.links import to_area, to_page, to_region
from lagesbild.pages.registry import slug
from lagesbild.pages.render import Renderer
from lagesbild.pages.view import View
from lagesbild.settings import Settings
from tests import gallery


def about(context: PageContext) -> PageContent:
    whole = gallery.build(context)
    return PageContent(f"Allt om {context.selection.region}", ("Här.",), sections=whole.sections[:1])


REGION = Page("/region/<code>", "Region", ("region", "month"), about, 3, parameter="region", in_menu=False)
PAGES = (*gallery.PAGES, REGION)


def renderer() -> Renderer:
    source = gallery.source()
    watch = VersionWatch(source, seconds=0.0)
    return Renderer(source, Viewer(), PAGES, known=gallery.known, filters=gallery.filters, watch=watch)


def words(node: Any) -> str:
    return json.dumps(node, ensure_ascii=False)


def test_the_code_in_the_address_is_what_the_page_is_about() -> None:
    answer = renderer().answer(View("/region/21", "?manad=2023-12"))
    assert "Allt om 21" in words(answer.main)
    assert "/ladda-ner/region/vantande.csv?region=21&manad=2023-12" in words(answer.main)
    assert "/region/21?manad=2023-12&sortera=" in words(answer.main)
    assert answer.page["of"] == ["/region/21", "manad=2023-12", "light"]


def test_the_address_decides_when_the_query_names_another() -> None:
    assert "Allt om 21" in words(renderer().answer(View("/region/21/", "?region=01")).main)


def test_such_a_page_is_not_in_the_menu_but_takes_part_in_it() -> None:
    links = {a["props"]["children"]: a["props"]["href"] for a in renderer().answer(View("/region/21")).nav}
    assert links == {"Lägesbild": "/?region=21", "Andra": "/andra"}


def test_the_filter_leads_to_another_region_and_can_not_be_cleared_away() -> None:
    bar = words(renderer().answer(View("/region/21")).filters)
    assert '"data-root": "/region/"' in bar
    assert '"className": "btn clear idle"' in bar
    assert '"className": "btn clear"' in words(renderer().answer(View("/region/21", "?manad=2023-12")).filters)


@pytest.mark.parametrize("path", ["/region/zz", "/region/%3Cb%3E", "/region/21/x"])
def test_an_unknown_region_is_said_with_those_there_are(path: str) -> None:
    answer = renderer().answer(View(path))
    assert "Regionen finns inte" in words(answer.main)
    assert '"/region/21"' in words(answer.main)
    assert answer.page["title"].startswith("Regionen finns inte")


def test_http_status_and_files() -> None:
    app = create_app(gallery.source(), Settings(), pages=PAGES, known=gallery.known, filters=gallery.filters)
    with app.test_client() as client:
        assert [client.get(p).status_code for p in ("/region/21", "/region/zz", "/region", "/nix")] == [
            200,
            404,
            404,
            404,
        ]
        assert client.get("/ladda-ner/region/vantande.csv?region=21").status_code == 200
        assert client.get("/ladda-ner/region/vantande.csv?region=zz").status_code == 404
        assert client.get("/ladda-ner/region/vantande.csv").status_code == 404


def test_views_of_two_regions_have_two_keys() -> None:
    r = renderer()
    keys = {r.key(View(p)) for p in ("/region/21", "/region/01", "/region/zz", "/")}
    assert len(keys) == 4


def test_links_take_the_choices_along_but_not_what_belongs_to_one_page() -> None:
    chosen = Selection(care_area="kna", region="01", provider="P", target=90, sort="a.b", order="andel")
    assert to_region("Å/1", chosen) == "/region/%C3%85%2F1?vardomrade=kna&grans=90"
    assert to_area("kna", chosen) == "/vardomrade/kna?region=01&grans=90"
    assert to_page("/produktion", Selection()) == "/produktion"
    assert slug(REGION) == "region"
