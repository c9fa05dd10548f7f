"""The cache of fitted parameters in PostgreSQL: read and added to in batches, never changed.

It is no part of a run: it may be emptied at any time and the next run fits again. Readers see nothing of it, so the
data version stays as it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from lagesbild.data.engine import Database, speaking_swedish
from lagesbild.domain.fits import FitKey
from lagesbild.domain.periods import Month

_BATCH: Final = 5_000  # keys a statement: a country of thousands of series takes a few, each well under a megabyte
_LATEST: Final = """
SELECT DISTINCT ON (region, care_area, measure, anchor)
    region, care_area, measure, anchor, data_hash, parameters
FROM unnest(%s::text[], %s::text[]) AS wanted (region, care_area)
JOIN forecast_fit USING (region, care_area)
ORDER BY region, care_area, measure, anchor, created_at DESC
"""
_KEEP: Final = """
INSERT INTO forecast_fit (region, care_area, measure, anchor, data_hash, parameters)
SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::date[], %s::text[], %s::jsonb[])
ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True)
class PgFitStore:
    """A `FitStore`. `keep` needs the write role; `latest` does with reading. Both raise DatabaseUnavailableError."""

    database: Database

    def latest(self, pairs: Sequence[tuple[str, str]]) -> dict[FitKey, dict[str, Any]]:
        """The newest fit of each measure and anchor of some (region, care area)."""
        found: dict[FitKey, dict[str, Any]] = {}
        wanted = list(dict.fromkeys(pairs))
        if not wanted:
            return found
        with speaking_swedish(), self.database.raw() as connection:
            for some in _batches(wanted):
                given = [[region for region, _ in some], [area for _, area in some]]
                for region, area, measure, anchor, data_hash, parameters in connection.execute(_LATEST, given):
                    found[region, area, measure, Month.of(anchor), data_hash] = parameters
        return found

    def keep(self, fits: Mapping[FitKey, dict[str, Any]]) -> None:
        """Add fits, all or none; keys that are there stay as they are. ValueError for numbers that are not finite."""
        # sorted, so that two runs that add the same keys at once wait for each other instead of for ever
        ready = {key: json.dumps(fits[key], allow_nan=False) for key in sorted(fits)}
        if not ready:
            return
        with speaking_swedish(), self.database.raw() as connection:
            for some in _batches(list(ready)):
                connection.execute(_KEEP, [*_columns(some), [ready[key] for key in some]])


def _columns(keys: Sequence[FitKey]) -> list[list[Any]]:
    regions, areas, measures, anchors, hashes = zip(*keys, strict=True)
    return [list(regions), list(areas), list(measures), [a.first_day for a in anchors], list(hashes)]


def _batches(keys: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(keys), _BATCH):
        yield keys[start : start + _BATCH]
