"""How a figure says where it comes from when it leaves the system, made-up ones marked as such."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from lagesbild.domain.source import Batch
from lagesbild.domain.swedish import swedish_time

SYNTHETIC: Final = "Syntetiska data"


def source_label(source: str, *, synthetic: bool) -> str:
    """The source, marked when it is made up, unless it says so itself.

    >>> source_label("Region X", synthetic=False), source_label("prov", synthetic=True)
    ('Region X', 'Syntetiska data: prov')
    >>> source_label("Syntetiska data, simulering", synthetic=True)
    'Syntetiska data, simulering'
    """
    if not synthetic or source.lower().startswith(SYNTHETIC.lower()):
        return source
    return f"{SYNTHETIC}: {source}"


def last_import(batches: Collection[Batch]) -> datetime | None:
    """When the last of them was recorded; None when there are none."""
    return max((b.recorded_at for b in batches), default=None)


def data_version(batches: Collection[Batch]) -> str:
    """`2026-11-15.42`: how every outlet says which data it shows: the Swedish date of the last import known, and the
    number of the latest batch. Empty when nothing is.

    Not the database's own counter, which every forecast raises too: an earlier state has the same version whenever it
    is shown. An import that is back-dated to before the moment changes it, as it must.
    """
    known = [b for b in batches if b.rows]
    if not known:
        return ""
    return f"{swedish_time(max(b.recorded_at for b in known)):%Y-%m-%d}.{max(b.batch_id for b in known)}"
