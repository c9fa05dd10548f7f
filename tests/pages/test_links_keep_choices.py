"""No link loses what has been chosen: month, target, forecast, count and earlier state follow to every page that has
a use for them, and the month is another only where the link says which."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from lagesbild.domain.selection import PARAMETERS, SHARES
from lagesbild.domain.viewer import Viewer
from lagesbild.pages import options
from lagesbild.pages.registry import all_pages
from lagesbild.pages.render import Renderer
from lagesbild.pages.unused import used
from lagesbild.pages.view import View
from tests.country import LAST, country
from tests.fakes import RECORDED

CARRIED = ("month", "target", "per", "run", "as_of")
MONTH = str(LAST - 1)
# the state when the day ended on which everything was recorded: the same numbers, but every link must keep saying so
AS_OF = f"as_of={RECORDED.date()}"
# the way out of what is chosen, by its id, and pages that show no data of a month
LEAVE = {"clear"}
CHOICES = [
    f"manad={MONTH}&grans=90&{AS_OF}",
    f"vardomrade=gra&region=B&manad={MONTH}&grans=70&per=per_100000&{AS_OF}",
    f"vardomrade=kna&sjukvardsregion=Norra&manad={MONTH}&{AS_OF}",
    f"vardomrade=kna&grans=90&prognos=3&{AS_OF}",
    # nothing is reported for it: the way on that an empty page shows
    f"vardomrade=besok&region=C&manad={MONTH}&grans=90&{AS_OF}",
]


@cache
def renderer() -> Renderer:
    return Renderer(country(), Viewer("exact"), all_pages(), known=options.known, filters=options.filters)


def links(node: Any) -> Iterator[dict[str, Any]]:
    """Props of every node with an address, in any part of an answer."""
    if isinstance(node, (list, tuple)):
        for x in node:
            yield from links(x)
    elif isinstance(node, dict):
        if isinstance(node.get("href"), str):
            yield node
        for x in node.values():
            yield from links(x)


def lost(props: dict[str, Any], chosen: dict[str, list[str]]) -> list[str]:
    """The parameters that the page behind the link would use and does not get."""
    parts = urlsplit(props["href"])
    place = renderer().place_at(unquote(parts.path)) if parts.path else None
    if place is None or not place.page.filters or props.get("id") in LEAVE or "word" in str(props.get("className")):
        return []
    got, can = parse_qs(parts.query), used(place.page)
    out = []
    for field in CARRIED:
        name = PARAMETERS[field]
        if name not in chosen or field not in can or chosen[name] == [SHARES]:
            continue
        # a link to a month of its own (a row of another month, the next one) has that
        if name not in got or (got[name] != chosen[name] and field != "month"):
            out.append(name)
    return out


PATHS = [p.path.replace("<code>", "{}") for p in all_pages() if p.filters]


@pytest.mark.parametrize("choices", CHOICES)
@pytest.mark.parametrize("path", PATHS)
def test_every_link_keeps_what_the_next_page_can_use(path: str, choices: str) -> None:
    chosen = parse_qs(choices)
    code = "B" if path.startswith("/region") else chosen.get("vardomrade", ["kna"])[0]
    answer = renderer().answer(View(path.format(code), f"?{choices}"))
    found = list(links([answer.nav, answer.filters, answer.main, answer.foot]))
    assert len(found) > 3
    missing = {props["href"]: gone for props in found if (gone := lost(props, chosen))}
    assert not missing


def test_a_row_of_the_list_of_gaps_leads_to_the_forecast_of_its_month_and_run() -> None:
    answer = renderer().answer(View("/kapacitetsgap", f"?manad={MONTH}&grans=90&prognos=3"))
    rows = [p["href"] for p in links(answer.main) if p["href"].startswith("/prognos")]
    assert rows
    for href in rows:
        query = parse_qs(urlsplit(href).query)
        assert query["manad"] == [MONTH]
        assert query["grans"] == ["90"]
        assert query["prognos"] == ["3"]
        assert query["region"]
        assert query["vardomrade"]


def test_a_lost_choice_would_be_found() -> None:
    chosen = parse_qs(CHOICES[0])
    assert lost({"href": "/prognos?vardomrade=kna"}, chosen) == ["manad", "grans", "as_of"]
    assert lost({"href": "/om"}, chosen) == []
    assert lost({"href": f"/prognos?manad={MONTH}&grans=80&{AS_OF}"}, chosen) == ["grans"]
