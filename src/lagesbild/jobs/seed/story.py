"""What the synthetic country is meant to show: levels, the series that move, and the two system changes.

Levels are yearly mean shares of those waiting who have waited within the limit. Most series keep theirs; what they do
around it is noise. The listed few move, so that a reader has something to find.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from lagesbild.domain.periods import Month, months_between

DEFAULT_LEVEL: Final = 0.90
# region: (katarakt, knaprotes, ljumskbrack)
LEVELS: Final = {
    "25": (0.885, 0.895, 0.905), "24": (0.920, 0.890, 0.915), "23": (0.920, 0.910, 0.905), "22": (0.895, 0.900, 0.895),
    "21": (0.945, 0.890, 0.935), "20": (0.915, 0.885, 0.915), "17": (0.915, 0.890, 0.900), "18": (0.900, 0.890, 0.905),
    "19": (0.905, 0.890, 0.900), "03": (0.870, 0.885, 0.885), "04": (0.885, 0.895, 0.895), "01": (0.915, 0.895, 0.910),
    "09": (0.930, 0.945, 0.950), "14": (0.905, 0.880, 0.895), "13": (0.885, 0.885, 0.890), "05": (0.930, 0.900, 0.920),
    "06": (0.905, 0.890, 0.890), "08": (0.915, 0.895, 0.915), "07": (0.905, 0.890, 0.905), "10": (0.955, 0.910, 0.935),
    "12": (0.935, 0.900, 0.890),
}  # fmt: skip
_AREA_ORDER: Final = ("katarakt", "knaprotes", "ljumskbrack")


@dataclass(frozen=True)
class Move:
    """From its own level to `level` between two ages counted in months before the last one."""

    region: str
    care_area: str
    level: float
    starts: int  # months before the last month
    ends: int  # negative = goes on after it
    note: str


MOVES: Final = (
    Move("21", "knaprotes", 0.730, 24, 8, "öppet gap"),
    Move("17", "knaprotes", 0.755, 22, 6, "öppet gap"),
    Move("24", "katarakt", 0.774, 16, -6, "gap på väg att öppna"),
    Move("22", "knaprotes", 0.830, 18, -6, "sakta försämring"),
    Move("08", "ljumskbrack", 0.850, 18, 3, "försämring"),
    Move("20", "ljumskbrack", 0.870, 20, 7, "försämring som planat ut"),
    Move("12", "knaprotes", 0.850, 18, 2, "försämring"),
    Move("01", "katarakt", 0.950, 26, 6, "återhämtning"),
    Move("14", "katarakt", 0.935, 22, 2, "återhämtning"),
    Move("04", "katarakt", 0.925, 20, 4, "återhämtning"),
    Move("13", "katarakt", 0.925, 20, 2, "återhämtning"),
    Move("06", "knaprotes", 0.925, 20, 4, "återhämtning"),
    Move("07", "knaprotes", 0.910, 18, 2, "återhämtning"),
    Move("03", "ljumskbrack", 0.915, 18, 2, "återhämtning"),
)
SEASONAL_ONLY: Final = ("03", "katarakt")  # under 80 % every late summer and over it otherwise ...
SUMMER_LEFT: Final = 0.15  # ... because this much of July's usual production is left there
OLD_SYSTEM_CHANGE: Final = ("25", Month(2024, 3), Month(2024, 8))  # months without report; the level jumps after them
OPEN_SYSTEM_CHANGE: Final = ("18", Month(2026, 6))  # reports nothing since
STALE_SHARE: Final = 0.055  # of the list before the old change: entries nobody was waiting behind, cleared by it
PROVISIONAL_REGIONS: Final = ("25", "17")
# share of the region's operations done elsewhere, cataract; from the design's worked example
SENT_ELSEWHERE: Final = {
    "25": 0.045, "24": 0.040, "23": 0.039, "22": 0.050, "21": 0.050, "20": 0.050, "17": 0.050, "18": 0.052, "19": 0.032,
    "03": 0.032, "04": 0.034, "01": 0.013, "09": 0.115, "14": 0.013, "13": 0.046, "05": 0.034, "06": 0.037, "08": 0.048,
    "07": 0.042, "10": 0.058, "12": 0.015,
}  # fmt: skip
# Growth of operations June-October 2025 over the same months 2022-2024, from how far each region reached in the state's
# incentive (share of the possible amount, per cent): a full amount stands for FULL_AMOUNT_GROWTH, a linear scale.
INCENTIVE: Final = {
    "01": 10, "03": 56, "04": 95, "05": 51, "06": 22, "07": 52, "08": 72, "09": 100, "10": 84, "12": 80, "13": 36,
    "14": 21, "17": 100, "18": 66, "19": 45, "20": 76, "21": 85, "22": 68, "23": 100, "24": 63, "25": 66,
}  # fmt: skip
FULL_AMOUNT_GROWTH: Final = 0.18
# Queues being worked off or growing pull the outcome towards the country's 48 per cent; the stretch makes up for it.
_MIDDLE, _STRETCH = 48.0, 1.45
_GROWTH_FROM, _GROWTH_UNTIL = Month(2024, 9), Month(2025, 6)


def level(region: str, care_area: str) -> float:
    """The series' own level; DEFAULT_LEVEL for what is not built in."""
    if care_area in _AREA_ORDER and region in LEVELS:
        return LEVELS[region][_AREA_ORDER.index(care_area)]
    return DEFAULT_LEVEL


def target_shares(region: str, care_area: str, first: Month, last: Month) -> np.ndarray:
    """Yearly mean share aimed at in every month from `first` to `last`, float (months,)."""
    months = months_between(first, last)
    own = level(region, care_area)
    out = np.full(len(months), own)
    for move in MOVES:
        if (move.region, move.care_area) == (region, care_area):
            age = np.array([last - m for m in months], dtype=float)
            done = np.clip((move.starts - age) / (move.starts - move.ends), 0.0, 1.0)
            out += (move.level - own) * done
    # the backlog of the pandemic: eight points down at worst, worked off by the summer of 2022
    since = np.array([m - Month(2020, 3) for m in months], dtype=float)
    backlog = np.where(since < 0, 0.0, np.interp(since, [0, 6, 16, 28], [0.0, 1.0, 0.6, 0.0]))
    return np.asarray(out - 0.08 * backlog)


def short_of_places(care_area: str, regions: list[str], months: list[Month]) -> np.ndarray:
    """Where and from when a move downwards is a lack of places, bool (months, regions)."""
    short = np.zeros((len(months), len(regions)), bool)
    for move in MOVES:
        if move.care_area == care_area and move.region in regions and move.level < level(move.region, care_area):
            starts = len(months) - 1 - move.starts
            short[max(starts, 0) :, regions.index(move.region)] = True
    return short


def growth(region: str, months: list[Month]) -> np.ndarray:
    """Demand and production against the years 2022-2024, factor per month, float (months,)."""
    earned = _MIDDLE + _STRETCH * (INCENTIVE.get(region, _MIDDLE) - _MIDDLE)
    whole = FULL_AMOUNT_GROWTH * earned / 100
    at = [m.ordinal for m in (_GROWTH_FROM, _GROWTH_UNTIL)]
    return np.asarray(1 + np.interp([m.ordinal for m in months], at, [0.0, whole]))
