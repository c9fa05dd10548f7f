"""Where a row of a snapshot's table is from, in Swedish: care area, place and month by name."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from lagesbild.domain.periods import Month
from lagesbild.domain.source import COUNTRY
from lagesbild.domain.swedish import percent
from lagesbild.snapshots.choosing import TARGET
from lagesbild.snapshots.codes import word
from lagesbild.snapshots.difference import Difference
from lagesbild.snapshots.movements import PERIOD
from lagesbild.snapshots.tables import Key

_REGION_COLUMNS: Final = ("region", "home_region", "treating_region")
_PLACE_COLUMNS: Final = ("level", "kind", "healthcare_region", *_REGION_COLUMNS)
_FLOWS: Final = {
    "flow": "",
    "all": "alla som reste",
    "inside": "inom den egna sjukvårdsregionen",
    "outside": "till en annan sjukvårdsregion",
    "sent": "reste ut",
    "received": "togs emot",
    "sent_outside": "reste till en annan sjukvårdsregion",
    "received_outside": "togs emot från en annan sjukvårdsregion",
}
_SIDES: Final = {"home": "som hemregion", "treating": "som utförande region"}
MEASURES: Final = {
    "waiting": "väntande",
    "within_limit_share": "andel inom gränsen",
    "added": "nytillkomna",
    "performed": "genomförda",
    "expected_wait_days": "förväntad väntetid",
}


def series_sv(d: Difference, dataset: str, key: Key) -> str:
    """`Kataraktoperation, Norrbotten, november 2023`: the parts of a key by name, the country as "riket".

    A key one part short is that of a series, without its month.
    """
    columns = d.keys(dataset)
    if len(key) < len(columns):
        columns = tuple(c for c in columns if c != PERIOD)
    told = dict(zip(columns, key, strict=False))
    place = _place(d, told)
    order = sorted((c for c in told if c not in _PLACE_COLUMNS), key=lambda c: c == PERIOD)
    parts = [part_sv(d, c, told[c]) for c in order]
    at = next((i for i, c in enumerate(order) if c == PERIOD), len(parts))
    return ", ".join(p for p in (*parts[:at], place, *parts[at:]) if p)


def _place(d: Difference, told: Mapping[str, str]) -> str:
    """Where: `Norrbotten`, `Södra sjukvårdsregionen`, `riket`, `från Skåne till Halland`; and which sum of flows."""
    here = [c for c in _REGION_COLUMNS if c in told]
    group = told.get("healthcare_region", "")
    home, treating = (part_sv(d, c, told[c]) if told.get(c) else "" for c in ("home_region", "treating_region"))
    kind = _FLOWS.get(told.get("kind", ""), told.get("kind", ""))
    if told.get("level") == "healthcare_region" or (group and not any(told[c] for c in here)):
        place = f"{group} sjukvårdsregionen"
    elif home and treating:
        return f"från {home} till {treating}"
    elif home or treating:
        place = home or treating
    else:
        place = part_sv(d, "region", told.get("region", "")) if here else ""
    side = _SIDES.get(told.get("level", ""), "")
    return " ".join(w for w in (place, side, kind) if w)


def part_sv(d: Difference, column: str, code: str) -> str:
    if column == PERIOD:
        return period_sv(code)
    if column in _REGION_COLUMNS and code == COUNTRY:
        return "riket"
    if column == "measure":
        return MEASURES.get(code, code)
    if column == TARGET:
        return _limit_sv(code) if code else ""
    return d.names.get((column, code)) or word(column, code)


def _limit_sv(text: str) -> str:
    """`gränsen 80 %` for 0.8."""
    try:
        share = float(text)
    except ValueError:
        return text
    return f"gränsen {percent(share, 0)}" if math.isfinite(share) else text


def period_sv(text: str) -> str:
    """`november 2023`; what is no month stands as it is."""
    try:
        return Month.parse(text).sv
    except ValueError:
        return text


def is_country(told: Mapping[str, str]) -> bool:
    """Whether a series is the sum over all regions, and not of a provider or a healthcare region."""
    return told.get("region") == COUNTRY and told.get("level", "country") == "country" and not told.get("provider")
