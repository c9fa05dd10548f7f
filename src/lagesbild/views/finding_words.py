"""Names of measures in findings, and what each of them goes into."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lagesbild.domain.dataset_spec import WAIT_BANDS

COLUMNS: Final[Mapping[str, str]] = {
    "waiting": "Väntande",
    "within_limit": "Väntande inom gränsen",
    "excluded_patient_choice": "Patientvald väntan",
    "excluded_medical": "Medicinskt orsakad väntan",
    "wait_days_median": "Väntetid, median",
    "wait_days_p90": "Väntetid, 90:e percentilen",
    "not_brokerable": "Kan inte förmedlas",
    "added": "Nytillkomna",
    "performed": "Genomförda",
    "removed_other": "Övriga avslut",
    "performed_within_limit": "Genomförda inom gränsen",
    "planned": "Planerade",
    "cancelled": "Inställda",
    "capacity": "Kapacitet",
    "committed": "Bokad kapacitet",
    **{
        b: f"Väntat {b.removeprefix('waiting_').replace('_', '–').rstrip('–')} dagar"
        if not b.endswith("_")
        else "Väntat 366 dagar eller mer"
        for b in WAIT_BANDS
    },
}
DATASET_WORDS: Final[Mapping[str, str]] = {
    "waits": "Väntetider",
    "production": "Produktion",
    "capacity": "Kapacitet",
    "out-of-region": "Utomlänsvård",
}
AFFECTS: Final[Mapping[str, str]] = {
    "waits": "Andelen inom gränsen, antalet väntande, prognosen och kapacitetsgapet",
    "production": "Genomförda, balansen, styrdiagrammet och prognosen",
    "capacity": "Kapacitetens användning, ledig kapacitet och vad som stänger ett gap",
    "out-of-region": "Utomlänsvårdens andel och flödena mellan regionerna",
}


AFFECTS_OF: Final[Mapping[str, str]] = {  # measures that go into other things than the rest of their dataset
    "added": "Nytillkomna, balansen, belastningen, prognosen och vad som stänger ett gap",
    "removed_other": "Övriga avslut, balansen och belastningen",
    "planned": "Plan mot utfall",
    "cancelled": "Plan mot utfall",
}


def affects(dataset: str, where: str, column: str = "") -> str:
    """`Andelen inom gränsen, ... för Skåne.` `column`: the measure, where the finding is about one."""
    return f"{AFFECTS_OF.get(column, AFFECTS[dataset])} för {where}."
