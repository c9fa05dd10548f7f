"""What the regions have said of their own reporting of waits: excluded months, and why a region is missing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from lagesbild.domain.care import Region
from lagesbild.domain.periods import Month
from lagesbild.domain.source import Break

WAIT_REGISTERS: Final = ("vänt", "wait")  # how the register behind these figures is named in `reporting`


def about_waits(told: pd.DataFrame) -> pd.DataFrame:
    """Reports about the register of waits, when there is one named so; else all."""
    mine = told["register"].str.lower().str.startswith(WAIT_REGISTERS)
    return told[mine] if mine.any() else told


def excluded_months(told: pd.DataFrame, regions: Sequence[Region], months: Sequence[Month]) -> np.ndarray:
    out = np.zeros((len(regions), len(months)), bool)
    rows = told[(told["status"] == "excluded") & told["region"].isin([r.code for r in regions])]
    places = {r.code: k for k, r in enumerate(regions)}
    for region, period in zip(rows["region"], rows["period"], strict=True):
        out[places[region], Month.of(period) - months[0]] = True
    return out


def reasons_missing(
    told: pd.DataFrame, regions: Sequence[Region], end: Month, breaks: Sequence[Break]
) -> dict[str, str]:
    """Why a region is missing, excluded or partial in the last month, and since when: from its reports, else breaks."""
    out: dict[str, str] = {}
    gone: dict[str, list[tuple[Month, str, str, str]]] = {}
    rows = told[told["status"].isin(["missing", "excluded"])]
    columns = (rows[c] for c in ("region", "period", "register", "status", "reason"))
    for code, period, register, status, reason in zip(*columns, strict=True):
        gone.setdefault(code, []).append((Month.of(period), register, status, str(reason).rstrip(". ")))
    for region in regions:
        mine = gone.get(region.code, [])
        last = next((x for x in mine if x[0] == end), None)
        if last is None:
            found = [
                b for b in breaks if b.region == region.code and b.first <= end and (b.last is None or end <= b.last)
            ]
            if found:
                out[region.code] = _sentence(found[0].reason)
            continue
        _, register, status, reason = last
        months = {m for m, r, _, _ in mine if r == register}
        since = end
        while since - 1 in months:
            since = since - 1
        verb = "utesluten" if status == "excluded" else "ingen rapport"
        when = f"{verb} sedan {since.sv}" if since != end else f"{verb} för {end.sv}"
        out[region.code] = f"{reason}, {when}." if reason else f"{when[0].upper()}{when[1:]}."
    return out


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."
