"""The gaps as a table for the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from lagesbild.domain.periods import Month
from lagesbild.domain.source import Run
from lagesbild.domain.swedish import count, decimal, percent, sort_key

STATUSES: Final[Mapping[str, str]] = {"open": "öppet", "expected": "väntas", "watch": "bevakas"}
_ORDER: Final = {"open": 0, "expected": 1, "watch": 2}


def gap_table(
    frame: pd.DataFrame, target: float, regions: Mapping[str, str], areas: Mapping[str, str], run: Run
) -> str:
    """Flagged rows for one target, most urgent first, and how many are not flagged or cannot be judged.

    `frame` as `Source.gaps`; `regions` and `areas` give names for codes.
    """
    rows = frame[(frame["target_share"] - target).abs() < 1e-6].to_dict("records")
    flagged = [r for r in rows if r["status"] in _ORDER]
    flagged.sort(key=lambda r: (_ORDER[r["status"]], -r["probability_12m"], sort_key(regions[r["region"]])))
    cells = [("Region", "Vårdområde", "Läge", "Öppnar", "Inom 12 mån", "Fler per vecka")]
    cells += [
        (
            regions[r["region"]],
            areas[r["care_area"]],
            STATUSES[r["status"]],
            Month.of(r["opens_period"]).sv_short,
            "öppet" if r["status"] == "open" else percent(r["probability_12m"], 0),
            decimal(r["extra_per_week_to_target"]),
        )
        for r in flagged
    ]
    seasonal = sum(bool(r["seasonal_only"]) for r in rows)
    unjudged = sum(r["status"] == "none" and pd.isna(r["probability_12m"]) for r in rows)
    kept = len(rows) - len(flagged) - seasonal - unjudged
    lines = [
        f"Kapacitetsgap mot {percent(target, 0)}, uppgifter till och med {run.until.sv} (körning {run.run_id})",
        "",
    ]
    lines += _aligned(cells) if flagged else ["Inga gap är öppna, väntas eller bevakas."]
    lines += ["", f"Utan flagga: {count(kept)}. Bara säsong: {count(seasonal)}. Kan inte bedömas: {count(unjudged)}."]
    return "\n".join(lines)


def _aligned(cells: list[tuple[Any, ...]]) -> list[str]:
    """Columns as wide as their widest cell; the last two, numbers, to the right."""
    widths = [max(len(str(row[k])) for row in cells) for k in range(len(cells[0]))]
    numbers = len(widths) - 2
    return [
        "  ".join(
            str(cell).rjust(w) if k >= numbers else str(cell).ljust(w)
            for k, (cell, w) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    ]
