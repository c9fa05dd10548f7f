"""What a figure's months lack: regions missing, excluded or provisional, said in one sentence for its source line.

>>> gone = Gap("missing", "18", "Örebro", (Month(2026, 9), Month(2026, 10)))
>>> early = [Gap("provisional", name, name, (Month(2026, 10),)) for name in ("Norrbotten", "Värmland")]
>>> sentence([gone, *early], Month(2026, 10))
'Ofullständigt: Örebro saknas sedan september 2026; Norrbotten och Värmland är preliminära i oktober 2026.'
>>> sentence([], Month(2026, 10))
''
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

import numpy as np
import pandas as pd

from lagesbild.domain.care import Region, leaf_regions
from lagesbild.domain.periods import Month, months_between
from lagesbild.domain.registers import MAIN_COLUMN, register_of
from lagesbild.domain.source import Query, Source
from lagesbild.domain.swedish import count, join_and
from lagesbild.views.waits import Waits

Kind = Literal["missing", "excluded", "provisional"]
_WORDS: Final[dict[Kind, tuple[str, str]]] = {
    "missing": ("saknas", "saknas"),
    "excluded": ("är utesluten", "är uteslutna"),
    "provisional": ("är preliminär", "är preliminära"),
}
USUAL: Final = 12  # months before that tell who usually reports
_NAMED: Final = 4  # regions told by name with the same months; more are counted


@dataclass(frozen=True)
class Gap:
    """A region and the months (in order, not always neighbours) in which it is not whole."""

    kind: Kind
    code: str
    region: str  # short name
    months: tuple[Month, ...]


@dataclass(frozen=True)
class Partial:
    """`gaps`: missing first, then excluded, then provisional. `note`: one sentence, empty when all is whole."""

    gaps: tuple[Gap, ...]
    last: Month

    @property
    def note(self) -> str:
        return sentence(self.gaps, self.last)

    def since(self, first: Month) -> Partial:
        """Only the months from `first` on, for a shorter figure of the same numbers."""
        cut = ((g, tuple(m for m in g.months if m >= first)) for g in self.gaps)
        return Partial(tuple(replace(g, months=months) for g, months in cut if months), self.last)

    def of(self, *kinds: Kind) -> Partial:
        """Only these kinds, for a figure that says the others itself."""
        return Partial(tuple(g for g in self.gaps if g.kind in kinds), self.last)


def partial(
    source: Source,
    dataset: str,
    care_area: str,
    first: Month,
    last: Month,
    *,
    regions: Collection[str] = (),
    as_of: datetime | None = None,
) -> Partial:
    """What is missing, excluded or provisional in `dataset` for a care area from `first` to `last`.

    `regions`: codes; none is the country: every leaf region that has reported the care area in the months or the year
    before (one that never has is not missing from them; see the coverage on `/datakvalitet`).
    """
    leaves = [r for r in leaf_regions(source.regions()) if not regions or r.code in regions]
    if not leaves:
        return Partial((), last)
    query = Query(tuple(r.code for r in leaves), (care_area,), "", first - USUAL, last, as_of)
    rows = source.facts(dataset, query)
    home = "home_region" if "home_region" in rows else "region"
    told = rows[rows[MAIN_COLUMN[dataset]].notna() | (rows["value_status"] == "suppressed")]
    there = {(str(r), Month.of(p)): s for r, p, s in zip(told[home], told["period"], told["value_status"], strict=True)}
    said = _said(source, dataset, Query(query.regions, (), "", first, last, as_of))
    return Partial(tuple(_gaps(leaves, months_between(first, last), there, said, dataset)), last)


def waits_lacking(waits: Waits, area: int, months: int) -> Partial:
    """The same of the last `months` months of one care area's waits, from what has been read already."""
    whole = waits.months
    shown = range(max(0, len(whole) - months), len(whole))
    told = np.isfinite(waits.values["waiting"][area]) | waits.hidden[area]
    found: dict[Kind, list[Gap]] = {"missing": [], "excluded": [], "provisional": []}
    for k, region in enumerate(waits.regions):
        kinds: dict[Kind, list[Month]] = {
            "missing": [whole[i] for i in shown if not told[k, i] and not waits.excluded[k, i] and told[k].any()],
            "excluded": [whole[i] for i in shown if waits.excluded[k, i]],
            "provisional": [whole[i] for i in shown if waits.provisional[area, k, i] and not waits.excluded[k, i]],
        }
        for kind, mine in kinds.items():
            if mine:
                found[kind].append(Gap(kind, region.code, region.short_name, tuple(mine)))
    return Partial(tuple(g for kind in found for g in found[kind]), waits.end)


def _said(source: Source, dataset: str, query: Query) -> dict[tuple[str, Month], str]:
    rows: pd.DataFrame = source.facts("reporting", query)
    columns = (rows[c] for c in ("register", "region", "period", "status"))
    return {(r, Month.of(p)): s for register, r, p, s in zip(*columns, strict=True) if register_of(register) == dataset}


def _gaps(
    regions: Sequence[Region],
    months: Sequence[Month],
    there: dict[tuple[str, Month], str],
    said: dict[tuple[str, Month], str],
    dataset: str,
) -> Iterable[Gap]:
    found: dict[Kind, list[Gap]] = {"missing": [], "excluded": [], "provisional": []}
    for region in regions:
        kinds: dict[Kind, list[Month]] = {"missing": [], "excluded": [], "provisional": []}
        known = any((region.code, m) in there for m in [*months, *(months[0] - k for k in range(1, USUAL + 1))])
        for month in months:
            key = (region.code, month)
            if said.get(key) == "excluded":
                kinds["excluded"].append(month)
            elif key not in there:
                # nobody sent elsewhere is no row
                whole = dataset == "out-of-region" and said.get(key) in ("complete", "partial")
                if not whole and (known or key in said):
                    kinds["missing"].append(month)
            elif there[key] == "provisional" or said.get(key) == "partial":
                kinds["provisional"].append(month)
        for kind, mine in kinds.items():
            if mine:
                found[kind].append(Gap(kind, region.code, region.short_name, tuple(mine)))
    return [g for kind in found for g in found[kind]]


def sentence(gaps: Iterable[Gap], last: Month) -> str:
    """Regions with the same months stand together; `last` is the end of the figure's months."""
    groups: dict[tuple[Kind, tuple[Month, ...]], list[str]] = {}
    for g in gaps:
        groups.setdefault((g.kind, g.months), []).append(g.region)
    parts = []
    for (kind, months), names in groups.items():
        shown = names if len(names) <= _NAMED else [*names[: _NAMED - 1], f"{count(len(names) - _NAMED + 1)} till"]
        parts.append(f"{join_and(shown)} {_WORDS[kind][len(names) > 1]} {_when(months, last)}")
    return f"Ofullständigt: {'; '.join(parts)}." if parts else ""


def _when(months: Sequence[Month], last: Month) -> str:
    """`sedan juni 2026` when it goes on to the end, `i maj 2026`, `mars–maj 2026`, `i tre av månaderna`."""
    whole = months[-1] - months[0] == len(months) - 1
    if len(months) == 1:
        return f"i {months[0].sv}"
    if not whole:
        return f"i {count(len(months))} av månaderna"
    if months[-1] == last:
        return f"sedan {months[0].sv}"
    start = months[0].name if months[0].year == months[-1].year else months[0].sv
    return f"{start}–{months[-1].sv}"
