"""Fitted parameters kept from one run to the next, whoever keeps them.

A fit is a pure function of what its key names, so a store never needs to be told that something has changed: a revised
month or a new version of the engine has another hash, and what is kept under the old one is simply not asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from lagesbild.domain.periods import Month

FitKey = tuple[str, str, str, Month, str]  # region, care area, measure, anchor (last month fitted on), data hash


class FitStore(Protocol):
    """Keeps parameters (what JSON holds: finite numbers, texts, lists, objects with text keys) per key."""

    def latest(self, pairs: Sequence[tuple[str, str]]) -> dict[FitKey, dict[str, Any]]:
        """The newest fit of each measure and anchor of some (region, care area): an older one is of values since
        revised."""
        ...

    def keep(self, fits: Mapping[FitKey, dict[str, Any]]) -> None:
        """Add fits; a key that is kept already stays as it is. Raises ValueError for a number that is not finite."""
        ...


class MemoryFits:
    """For tests and for work without a database: gone when the process ends."""

    def __init__(self) -> None:
        self.kept: dict[FitKey, dict[str, Any]] = {}

    def latest(self, pairs: Sequence[tuple[str, str]]) -> dict[FitKey, dict[str, Any]]:
        wanted = set(pairs)
        newest = {key[:4]: key for key in self.kept if key[:2] in wanted}  # kept in the order they came
        return {key: dict(self.kept[key]) for key in newest.values()}

    def keep(self, fits: Mapping[FitKey, dict[str, Any]]) -> None:
        for key, fit in fits.items():
            self.kept.setdefault(key, dict(fit))
