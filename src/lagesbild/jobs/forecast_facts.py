"""What a forecast run reads: the facts as one panel, at one version of the data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any, Final

from lagesbild.domain.care import leaf_regions
from lagesbild.domain.errors import InputError
from lagesbild.domain.guarantee import limit_days
from lagesbild.domain.periods import Month
from lagesbild.domain.source import GuaranteeLimit, Query, Run, Source
from lagesbild.forecast.pair import Plan
from lagesbild.forecast.panel import COLUMNS, Panel, panel_of

MAX_HORIZON: Final = 24


@dataclass(frozen=True)
class Facts:
    """The panel up to `until`, and which state of the data it is."""

    panel: Panel
    until: Month
    data_version: int
    data_as_of: datetime
    names: Mapping[str, str]  # code -> short name of every leaf region

    @classmethod
    def read(cls, source: Source, until: Month | None, horizon: int, as_of: datetime | None) -> Facts:
        """Raises InputError when the horizon or the month cannot be, or there is nothing to forecast from."""
        if not 1 <= horizon <= MAX_HORIZON:
            raise InputError(
                f"Prognosen kan inte sträcka sig {horizon} månader framåt.", f"Ange 1 till {MAX_HORIZON} månader."
            )
        state = source.version()  # before the facts: an import in between makes the run look older, never newer
        last = source.latest_month()
        if last is None:
            raise InputError("Det finns inga uppgifter att göra prognoser av.", "Importera väntande först.")
        end = last if until is None else until
        if end > last:
            raise InputError(
                f"Det finns inga uppgifter för {end.sv}.", f"Den senaste månaden är {last}; ange den eller en tidigare."
            )
        names = {r.code: r.short_name for r in leaf_regions(source.regions())}
        regions = list(names)
        areas = sorted(source.care_areas(), key=lambda a: (a.sort_order, a.code))
        frames = {
            name: source.facts(
                name, Query(regions=tuple(regions), last=end, as_of=as_of, provider=None if name == "capacity" else "")
            )
            for name in COLUMNS
        }
        given: dict[str, list[GuaranteeLimit]] = {}  # by care area: each of 63 000 pairs went through all 3 000
        for limit in source.guarantee_limits():
            given.setdefault(limit.care_area, []).append(limit)
        panel = panel_of(
            frames,
            regions=regions,
            care_areas=[a.code for a in areas],
            until=end,
            breaks=source.breaks(),
            limits={(r, a.code): limit_days(a, r, end, given.get(a.code, ())) for r in regions for a in areas},
        )
        return cls(panel, end, state.version, as_of or state.changed_at, names)

    def run(self, kind: str, until: Month, plan: Plan, pairs: int, seconds: float, **more: Any) -> Run:
        """The row of a run; `more` are further fields of Run."""
        made = Run(
            run_id=0,
            kind=kind,
            created_at=datetime.now(UTC),
            data_version=self.data_version,
            data_as_of=self.data_as_of,
            until=until,
            horizon=plan.horizon,
            seed=plan.seed,
            code_version=version("lagesbild"),
            series=pairs * len(plan.measures),
            seconds=round(seconds, 3),
            paths=plan.n_paths,
        )
        return replace(made, **more)
