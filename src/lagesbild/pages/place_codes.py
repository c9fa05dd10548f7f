"""Codes for the names that stand in a figure's table, for files that programs read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from lagesbild.components.model import Filter
from lagesbild.pages.context import PageContext

_REGIONS: Final = ("region", "home_region", "treating_region")
_SOURCE: Final = re.compile(r"Källa: (.+?)\.(?: |$)")


def place_codes(context: PageContext) -> Mapping[str, Mapping[str, str]]:
    """By column name, then by the name shown: the code. A name that two have gets none, and so has a sum."""
    chosen = context.selection.region
    providers = [p for p in context.source.providers() if chosen in ("", p.region)]
    named = _once((n, r.code) for r in context.regions for n in (r.name, r.short_name))
    return {
        **dict.fromkeys(_REGIONS, named),
        "care_area": _once((n, a.code) for a in context.care_areas for n in (a.name, a.short)),
        "provider": _once((p.name, p.code) for p in providers),
    }


def one_area(fields: Iterable[Filter], codes: Mapping[str, Mapping[str, str]]) -> str:
    """The code of the care area that is chosen, also where the first is shown without having been; "" for several."""
    field = next((f for f in fields if f.name == "care_area"), None)
    chosen = next((o.label for o in field.options if o.value == field.value), "") if field else ""
    return codes["care_area"].get(chosen, "")


def source_of(line: str) -> str:
    """Producer and date out of a figure's source line; the whole line when it is written in another way.

    >>> source_of("Väntan hittills. Källa: syntetiska data, uttag 2026-11-16. 20 av 21 regioner.")
    'syntetiska data, uttag 2026-11-16'
    """
    found = _SOURCE.search(line)
    return found[1] if found else line


def _once(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for name, code in pairs:
        found.setdefault(name, set()).add(code)
    return {name: next(iter(codes)) for name, codes in found.items() if len(codes) == 1}
