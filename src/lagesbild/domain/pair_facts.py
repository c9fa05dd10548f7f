"""What a scenario of one region's care area needs beside its sample paths, stored with each run.

Patients per month unless the name says otherwise; shares and rates are fractions; None where unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True)
class PairFacts:
    """`share_profile`: what each calendar month adds to the share, January first (12). `outflow_last_year`: performed
    and other removals of the twelve months that end with the run's last. `removed_rate`: those who leave without
    treatment in a month, of the list. `pass_limit`: of those added, the fraction still waiting when the limit has
    passed. `lean`: target in per cent (as text) -> see `domain.gap_probability`.
    """

    share_profile: tuple[float, ...]
    share_now: float | None
    structural_now: float | None
    waiting_now: float | None
    removed_rate: float
    outflow_last_year: tuple[float, ...]
    pass_limit: float
    not_brokerable_share: float | None
    capacity_per_month: float | None
    performed_per_month: float | None
    free_per_month: float | None
    load: float | None
    lean: Mapping[str, float]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> PairFacts:
        """From what `Source.pair_facts` gives; keys this version does not know are left out."""
        known = {f.name for f in fields(cls)}
        kept: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in stored.items() if k in known}
        return cls(**kept)
