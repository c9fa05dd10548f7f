"""What a finished forecast run stores beside its own row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from lagesbild.domain.pair_facts import PairFacts

PathKey = tuple[str, str, str]  # region, care area, measure


@dataclass(frozen=True)
class RunContents:
    """Frames hold the columns of their tables except `run_id`; an empty frame stores nothing. Paths are float32
    (paths, horizon)."""

    forecasts: pd.DataFrame
    paths: Mapping[PathKey, np.ndarray] = field(default_factory=dict)
    gaps: pd.DataFrame = field(default_factory=pd.DataFrame)
    pairs: Mapping[tuple[str, str], PairFacts] = field(default_factory=dict)
    record: pd.DataFrame = field(default_factory=pd.DataFrame)
    told: Told | None = None


@dataclass(frozen=True)
class Told:
    """The same of the pairs whose counts are others in the twin, made from the middle of the two (see `views.middles`):
    what is told to those who are not shown counts under `threshold`."""

    contents: RunContents
    threshold: int
    series: int
