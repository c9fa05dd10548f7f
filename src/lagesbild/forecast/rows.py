"""Turns sample paths into the rows that are stored."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from lagesbild.domain.periods import Month
from lagesbild.forecast.intervals import bands_of
from lagesbild.forecast.pair import FORECAST, PairResult

NO_MODEL: Final = "none"


def rows_of(
    paths: np.ndarray,
    *,
    region: str,
    care_area: str,
    measure: str,
    name: str,
    model: str,
    note: str,
    first: Month,
) -> list[dict[str, Any]]:
    """One row a month of a forecast (`name` "forecast") or a baseline (its name); numbers NaN where no path has one."""
    bands = bands_of(paths)
    mean = paths.mean(axis=0, dtype=float)
    return [
        {
            "region": region,
            "care_area": care_area,
            "measure": measure,
            "role": "forecast" if name == FORECAST else "baseline",
            "model": model if name == FORECAST else name,
            "period": (first + h).first_day,
            "horizon": h + 1,
            "mean": float(mean[h]),
            **{band: float(values[h]) for band, values in bands.items()},
            "note": note if name == FORECAST else "",
        }
        for h in range(paths.shape[1])
    ]


def pair_rows(result: PairResult, first: Month, extra_note: str = "") -> list[dict[str, Any]]:
    """All rows of a pair; a refused measure has one, without numbers, that says why."""
    out: list[dict[str, Any]] = []
    for (measure, name), paths in result.paths.items():
        out += rows_of(
            paths,
            region=result.region,
            care_area=result.care_area,
            measure=measure,
            name=name,
            model=result.models[measure],
            note=" ".join(n for n in (result.notes[measure], extra_note) if n),
            first=first,
        )
    nothing = dict.fromkeys(("mean", "p50", "lo50", "hi50", "lo80", "hi80", "lo95", "hi95"), float("nan"))
    for measure, why in result.refusals.items():
        out.append(
            {
                "region": result.region,
                "care_area": result.care_area,
                "measure": measure,
                "role": "forecast",
                "model": NO_MODEL,
                "period": first.first_day,
                "horizon": 1,
                **nothing,
                "note": why,
            }
        )
    return out
