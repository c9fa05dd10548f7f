"""Addresses from one page to another that take along what has been chosen, so that a drill keeps month and target."""

from __future__ import annotations

from functools import lru_cache
from typing import Final
from urllib.parse import quote

from lagesbild.domain.selection import Selection, to_query
from lagesbild.pages.unused import kept_for

# A page links to each region from every table and figure: 134 links to 21 addresses, a tenth of a view's processor time
_KEPT: Final = 512
REGION: Final = "/region/"
CARE_AREA: Final = "/vardomrade/"


@lru_cache(maxsize=_KEPT)
def to_page(path: str, selection: Selection) -> str:
    """The page with these choices, as far as it can use them; those of the table and of the scenario stay where they
    were made, a chosen forecast follows to the other page about forecasts."""
    query = to_query(kept_for(path, _kept(selection)))
    return f"{path}?{query}" if query else path


@lru_cache(maxsize=_KEPT)
def to_region(code: str, selection: Selection) -> str:
    """Everything about one region, care area as chosen.

    >>> to_region("21", Selection(care_area="kna", region="01"))
    '/region/21?vardomrade=kna'
    """
    return to_page(REGION + quote(code, safe=""), selection.with_(region="", provider="", healthcare_region=""))


@lru_cache(maxsize=_KEPT)
def to_area(code: str, selection: Selection) -> str:
    """Everything about one care area, region as chosen."""
    return to_page(CARE_AREA + quote(code, safe=""), selection.with_(care_area="", provider=""))


def everything(path: str, selection: Selection) -> str:
    """The page with nothing left out: neither place nor care area is chosen, month, target and the rest are.

    >>> everything("/kapacitetsgap", Selection(care_area="kna", region="01", target=90))
    '/kapacitetsgap?grans=90'
    """
    return to_page(path, selection.with_(care_area="", region="", healthcare_region="", provider=""))


def _kept(selection: Selection) -> Selection:
    return Selection(
        care_area=selection.care_area,
        region=selection.region,
        healthcare_region=selection.healthcare_region,
        provider=selection.provider,
        month=selection.month,
        target=selection.target,
        run=selection.run,
        compare=selection.compare,
        per=selection.per,
        as_of=selection.as_of,
    )
