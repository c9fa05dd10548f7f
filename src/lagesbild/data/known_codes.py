"""The codes a file may refer to: every region, care area and provider that was ever recorded."""

from __future__ import annotations

from typing import Any

import psycopg

from lagesbild.data.importers.codes import Codes

_NEWEST_PROVIDERS = (
    "SELECT DISTINCT ON (code) code, region, hsa_id FROM providers ORDER BY code, recorded_at DESC, batch_id DESC"
)
_NEWEST_AREAS = (
    "SELECT DISTINCT ON (code) code, kva_prefixes FROM care_areas ORDER BY code, recorded_at DESC, batch_id DESC"
)


def known_codes(connection: psycopg.Connection[Any]) -> Codes:
    """Not as of the batch's time: the code tables may be loaded after deliveries that are dated earlier."""
    regions = connection.execute("SELECT DISTINCT code FROM regions").fetchall()
    areas = connection.execute(_NEWEST_AREAS).fetchall()
    providers = connection.execute(_NEWEST_PROVIDERS).fetchall()
    return Codes(
        regions=frozenset(code for (code,) in regions),
        care_areas=frozenset(code for code, _ in areas),
        providers={code: region for code, region, _ in providers},
        hsa={hsa.upper(): code for code, _, hsa in providers if hsa},
        kva_prefixes={code: prefixes for code, prefixes in areas if prefixes},
    )
