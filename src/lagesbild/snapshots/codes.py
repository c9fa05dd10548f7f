"""What the codes in a snapshot's tables are called in a sentence. A code that is not here stands as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lagesbild.domain.datasets import DATASETS

# column -> code -> word
CODES: Final[Mapping[str, Mapping[str, str]]] = {
    "dataset": {name: spec.sv for name, spec in DATASETS.items()} | {"published-totals": "publicerade rikstal"},
    "register": {
        "waits": "rapportering av väntande",
        "production": "rapportering av produktion",
        "capacity": "rapportering av kapacitet",
        "out-of-region": "rapportering av utomlänsvård",
        "brokering": "rapportering av vårdförmedling",
    },
    "status": {
        "reported": "rapporterad",
        "late": "för sent rapporterad",
        "provisional": "preliminär",
        "missing": "saknas",
        "excluded": "utesluten",
        "not_yet": "rapporterar inte ännu",
        "complete": "fullständig",
        "partial": "ofullständig",
        "open": "öppet",
        "expected": "väntas",
        "watch": "bevakas",
        "none": "inget gap",
        "": "inte bedömt",
    },
    "kind": {
        "public": "offentlig",
        "private": "privat",
        "operation": "operation",
        "first_visit": "första besök",
        "other": "annat",
        "mask": "månader som inte räknas",
        "system_change": "systembyte",
        "definition_change": "ändrad definition",
    },
    "figure": {
        "capacity": "kapacitet",
        "gaps": "kapacitetsgap",
        "out_of_region": "utomlänsvård",
        "performed": "genomförda",
        "share": "andel inom gränsen",
        "waiting": "väntande",
    },
    "seasonal_only": {"True": "ja", "False": "nej"},
    "synthetic": {"yes": "ja", "no": "nej", "True": "ja", "False": "nej"},
    "provisional": {"yes": "ja", "no": "nej", "True": "ja", "False": "nej"},
}


def word(column: str, code: str) -> str:
    """
    >>> word("status", "not_yet"), word("status", "x"), word("region", "12")
    ('rapporterar inte ännu', 'x', '12')
    """
    return CODES.get(column, {}).get(code, code)
