"""What is kept of a run's answers as they come in, so that memory does not grow with what is not stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd

from lagesbild.domain.fits import FitKey
from lagesbild.domain.pair_facts import PairFacts
from lagesbild.domain.periods import Month
from lagesbild.domain.run_contents import RunContents, Told
from lagesbild.domain.source import COUNTRY, MEASURES
from lagesbild.forecast.country import CountrySum
from lagesbild.forecast.pair import FORECAST, PairResult
from lagesbild.jobs.path_store import PathStore

STORED_PATHS: Final = MEASURES


@dataclass
class Made:
    """Rows, paths and sums of the pairs so far. `first` is the first month forecast, `names` those of every region."""

    first: Month
    names: Mapping[str, str]
    note: str = ""
    paths_wanted: bool = True
    country_wanted: bool = True
    pairs: int = 0
    rows: list[pd.DataFrame] = field(default_factory=list)
    gaps: list[dict[str, Any]] = field(default_factory=list)
    paths: PathStore = field(default_factory=PathStore)
    sums: dict[str, CountrySum] = field(default_factory=dict)
    facts: dict[tuple[str, str], PairFacts] = field(default_factory=dict)
    fits: dict[FitKey, dict[str, Any]] = field(default_factory=dict)

    def add(self, result: PairResult, rows: pd.DataFrame) -> None:
        """Take in a pair. In a fixed order: the country's sums depend on it to the last digit."""
        self.pairs += 1
        self.rows.append(rows)
        self.gaps += result.gaps
        self.fits |= result.fits
        if result.facts is not None:
            self.facts[result.region, result.care_area] = result.facts
        if result.paths and self.country_wanted:
            self.sums.setdefault(result.care_area, CountrySum(result.care_area, len(self.names), names=self.names)).add(
                result
            )
        self._keep(result.region, result.care_area, result.paths)

    def contents(self, record: list[dict[str, Any]], told: Told | None = None) -> RunContents:
        """Everything the run stores: the rows of all pairs and then of the country, and the paths of both."""
        country = [row for total in self.sums.values() for row in total.rows(self.first, self.note)]
        frames = [f for f in (*self.rows, pd.DataFrame(country)) if len(f)]
        forecasts = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
        for area, total in self.sums.items():
            self._keep(COUNTRY, area, total.paths())
        return RunContents(forecasts, self.paths, pd.DataFrame(self.gaps), self.facts, pd.DataFrame(record), told)

    def _keep(self, region: str, care_area: str, paths: dict[tuple[str, str], np.ndarray]) -> None:
        for (measure, name), values in paths.items():
            if self.paths_wanted and name == FORECAST and measure in STORED_PATHS:
                self.paths[region, care_area, measure] = values
