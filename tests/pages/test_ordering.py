"""Tables ordered by their headings: the country first, what is not shown last, and a note when it cannot be done."""

from __future__ import annotations

import json

import pytest

from lagesbild.components.model import Special
from lagesbild.domain.source import Source
from lagesbild.domain.table_order import Order
from lagesbild.domain.viewer import Viewer
from lagesbild.pages.cache import VersionWatch
from lagesbild.pages.ordering import ordered, value_of
from lagesbild.pages.render import Renderer
from lagesbild.pages.view import View
from tests import gallery


def _names(column: str, *, descending: bool) -> list[str]:
    return [str(r.cells[0]) for r in ordered(gallery.table(), Order(column, descending)).rows]


def test_numbers_both_ways_with_the_country_first_and_the_unshown_last() -> None:
    rising, falling = _names("waiting", descending=False), _names("waiting", descending=True)
    assert rising == ["Riket", "=cmd|x", "Gotland", "Norrbotten", "Jönköping", "Gävleborg", "Uppsala", "Örebro"]
    assert falling == ["Riket", *reversed(rising[1:-1]), "Örebro"]


def test_a_protected_count_has_no_place_in_the_order() -> None:
    """Its place would tell what it is between."""
    for descending in (False, True):
        names = _names("over", descending=descending)
        assert names[-2:] == ["Gotland", "Örebro"]


def test_names_in_swedish_order() -> None:
    assert _names("region", descending=False)[-2:] == ["Uppsala", "Örebro"]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (0.5, 0.5),
        (float("nan"), None),
        ("91\u00a0%", 0.91),
        ("−5,1", -5.1),
        ("1\u00a0204", 1204.0),
        ("–", None),
        (Special("suppressed"), None),
    ],
)
def test_what_a_cell_is_ordered_by(cell: object, value: float | None) -> None:
    assert value_of(cell, numeric=True) == value


def _answer(search: str) -> str:
    source: Source = gallery.source()
    watch = VersionWatch(source, seconds=0.0)
    renderer = Renderer(source, Viewer(), gallery.PAGES, known=gallery.known, filters=gallery.filters, watch=watch)
    return json.dumps(renderer.answer(View("/", search)).main, ensure_ascii=False)


def test_headings_lead_to_the_other_orders_and_keep_the_rest_of_the_address() -> None:
    plain = _answer("?region=21")
    assert '"/?region=21&sortera=vantande.-waiting"' in plain
    assert '"/?region=21&sortera=vantande.region"' in plain
    chosen = _answer("?region=21&sortera=vantande.-waiting")
    assert '"/?region=21&sortera=vantande.waiting"' in chosen
    assert '"aria-sort": "descending"' in chosen


def test_an_order_that_cannot_be_followed_is_told() -> None:
    assert "har ingen kolumn ”nix” att ordna efter" in _answer("?sortera=vantande.nix")
    assert "Det finns ingen tabell ”nix” att ordna" in _answer("?sortera=nix.waiting")
