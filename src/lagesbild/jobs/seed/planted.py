"""Faults of reporting planted in the demonstration data, so that its quality page has something to show.

They are in the rows, not in the simulated country: calibration is of the country. Each is a thing that happens, and one
that the import lets through: what breaks the contract is refused there and can never be found afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from lagesbild.domain.periods import Month

_KEYS: Final = ("period", "region", "care_area", "provider")


@dataclass(frozen=True)
class Planted:
    """Where a fault is and from which month."""

    region: str
    care_area: str
    month: Month


REPEATED: Final = Planted("05", "katarakt", Month(2026, 5))  # April's production file once more, for May
RECOUNTED: Final = Planted("06", "katarakt", Month(2026, 4))  # a new referral for the same patient counts as a new one
RECOUNTED_SHARE: Final = 0.5  # of those added: so many are removed and added again
ROUNDED: Final = Planted("04", "katarakt", Month(2026, 7))  # a band two too many
ROUNDED_BY: Final = 2  # what the import takes for rounding


def plant(care_area: str, rows: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The datasets of a care area with its faults; `rows` itself is left as it is."""
    out = dict(rows)
    if care_area == REPEATED.care_area:
        out["production"] = _repeated(out["production"])
    if care_area == RECOUNTED.care_area:
        out["production"] = _recounted(out["production"])
    if care_area == ROUNDED.care_area:
        out["waits"] = _rounded(out["waits"])
    return out


def _repeated(production: pd.DataFrame) -> pd.DataFrame:
    """The region and its providers say of one month what they said of the month before; the queue does not agree."""
    out = production.copy()
    mine = out["region"] == REPEATED.region
    now = out.index[mine & (out["period"] == str(REPEATED.month))]
    then = out.index[mine & (out["period"] == str(REPEATED.month - 1))]
    numbers = [c for c in out.columns if c not in _KEYS]
    by_unit = out.loc[then].set_index("provider")[numbers]
    out.loc[now, numbers] = by_unit.loc[out.loc[now, "provider"]].to_numpy()
    return out


def _recounted(production: pd.DataFrame) -> pd.DataFrame:
    """As many more are added as are removed, so every balance holds; the region is the sum of its providers."""
    out = production.copy()
    mine = (out["region"] == RECOUNTED.region) & (out["period"] >= str(RECOUNTED.month))
    parts = mine & (out["provider"] != "")
    again = (out.loc[parts, "added"].astype(float) * RECOUNTED_SHARE).round().astype("Int64")
    whole = again.groupby(out.loc[parts, "period"]).sum()
    totals = mine & (out["provider"] == "")
    for column in ("added", "removed_other"):
        out.loc[parts, column] += again
        out.loc[totals, column] += out.loc[totals, "period"].map(whole).astype("Int64")
    return out


def _rounded(waits: pd.DataFrame) -> pd.DataFrame:
    out = waits.copy()
    one = (out["region"] == ROUNDED.region) & (out["period"] == str(ROUNDED.month)) & (out["provider"] == "")
    out.loc[one, "waiting_0_30"] += ROUNDED_BY
    return out
