"""The published tables to the attackers: as equations for the linear programme, as plain rows for the mirror."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from lagesbild.components.model import Special
from lagesbild.domain.dataset_spec import WAIT_BANDS
from lagesbild.domain.periods import Month
from lagesbild.domain.viewer import Viewer
from lagesbild.views.published_tables import TABLES, Asked, PublishedTable, published_table
from tests.disclosure.codebook import Knowledge, Var, count, share
from tests.fakes import FakeSource

# measures that are one count over the places of a row, and the column that the attacker calls it
COUNTS: dict[str, dict[str, str]] = {
    "waits": {
        "waiting": "waiting",
        "within_limit": "within_limit",
        "over_limit": "over",
        **{b: b for b in WAIT_BANDS},
        "excluded_patient_choice": "excluded_patient_choice",
        "excluded_medical": "excluded_medical",
        "excluded": "excluded",
    },
    "production": {c: c for c in ("added", "performed", "removed_other", "waiting")},
    "capacity": {"performed": "performed"},
}
SHARES = {
    ("waits", "within_limit_share"): (("within_limit",), ("waiting",)),
    ("waits", "excluded_share"): (("excluded",), ("excluded", "waiting")),
}
# follow from what is shown, or say nothing of a count of persons; the mirror judges them too
HARMLESS = {
    "waits": {"waited_days_p50", "waited_days_p90"},
    "production": {"planned", "wait_days_median"},
    "capacity": {"capacity", "used_share"},
}


def read_tables(know: Knowledge, source: FakeSource, area: str, facts: dict[Var, float], viewer: Viewer) -> None:
    """Every row of the three tables that are about the counts attacked. Unknown columns are noted."""
    groups = {r.code: r.healthcare_region for r in source.regions() if r.parent}
    for name in COUNTS:
        table = published_table(name, source, Asked(care_areas=(area,)), viewer)
        for c in table.measures:
            if c.name not in COUNTS[name] | dict.fromkeys(HARMLESS[name]) and (name, c.name) not in SHARES:
                know.unknown.add(f"{name} {c.name}")
        for row in table.frame.to_dict("records"):
            month = Month.of(row["period"])
            where = _places(table, row, groups, facts, month)
            if where:
                _read(know, name, row, where, month)


def _places(
    table: PublishedTable, row: dict[str, Any], groups: dict[str, str], facts: dict[Var, float], month: Month
) -> tuple[str, ...]:
    """The regions behind a row; none when they cannot be told from what everybody knows. The attacker knows who has
    reported, so of a sum over all who have he knows whose."""
    if row["level"] == "region":
        return (row["region"],)
    told = tuple(r for r in groups if (r, month, "waiting") in facts)
    if row["level"] == "healthcare_region":
        told = tuple(r for r in told if groups[r] == row["healthcare_region"])
    return told if len(told) == row["regions_counted"] else ()


def _read(know: Knowledge, name: str, row: dict[str, Any], where: tuple[str, ...], month: Month) -> None:
    for column, of in COUNTS[name].items():
        count(know, where, month, of, _cell(row, column))
    for (table, column), (part, whole) in SHARES.items():
        if table == name and not np.isnan(row[column]):
            value = f"{round(row[column] * 100)} %" if row.get(f"{column}_coarse") else row[column]
            share(know, where, month, part, whole, value)


def _cell(row: dict[str, Any], column: str) -> Any:
    state = row[f"{column}_state"]
    return Special(state) if state else row[column]


def table_lines(source: FakeSource, viewer: Viewer) -> Iterator[tuple[str, list[str]]]:
    """Every table as lines of text, rounded where two ways of adding the same numbers differ in the last digit."""
    for name in TABLES:
        asked = Asked(providers=None if name in ("waits", "production", "capacity") else ())
        frame = published_table(name, source, asked, viewer).frame
        if name in ("regions", "care-areas", "providers", "guarantee-limits", "breaks", "population"):
            continue  # not of patients
        yield name, frame.to_csv(index=False, float_format="%.9g").splitlines()
