"""A provider on a row: the same columns and the same ways on, on a region's page and on a care area's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from lagesbild.components.html import el
from lagesbild.components.model import Column, Drawn, Special
from lagesbild.domain.selection import Selection
from lagesbild.domain.swedish import count, decimal
from lagesbild.pages.links import to_page
from lagesbild.pages.place_parts import count_column, count_value
from lagesbild.views.population import Population
from lagesbild.views.provider_work import Work

KINDS: Final = {"public": "offentlig", "private": "privat"}
MEASURES_NOTE: Final = (
    "Använd kapacitet: genomförda delat med kapacitet, belastning: inflöde delat med kapacitet, ett år. Vårdgivaren "
    "leder till dess väntetider, antalet genomförda till dess produktion. Två punkter vid ett år: en av månaderna är "
    "skyddad, och summan skulle röja den för den som ser de andra."
)


def measure_columns(people: Population | None, rows: Sequence[Work]) -> tuple[Column, ...]:
    """Without the load when none of the rows may show one."""
    load = (Column("load", "Belastning", "number", 2),) if any(w.load is not None for w in rows) else ()
    return (
        Column("kind", "Drift"),
        count_column("performed", "Genomförda på ett år", people),
        Column("share", "Andel av regionens", "share"),
        count_column("waiting", "Väntande", people),
        Column("used", "Använd kapacitet", "share"),
        *load,
    )


def own_pages(w: Work, selection: Selection) -> Selection:
    """What leads to the provider on the pages about waits and production."""
    return selection.with_(
        care_area=w.area.code, region=w.region.code, provider=w.provider.code, compare="", healthcare_region=""
    )


def measures(w: Work, people: Population | None, threshold: int, selection: Selection) -> tuple[Any, ...]:
    """Cells of `measure_columns`; what is protected is so told, and what is missing."""
    done = count_value(w.performed, threshold, people, w.region.code)
    if isinstance(done, float):
        text = count(done) if people is None else decimal(done)
        done = Drawn(done, el("A", text, href=to_page("/produktion", own_pages(w, selection))))
    gone: Any = Special("secondary" if w.performed.state in ("suppressed", "secondary") else "missing")
    load: Any = Special("secondary" if w.load_state == "secondary" else "missing")
    return (
        KINDS.get(w.provider.kind, w.provider.kind),
        done,
        gone if w.share is None else w.share,
        count_value(w.waiting, threshold, people, w.region.code),
        gone if w.used is None else w.used,
        load if w.load is None else w.load,
    )
