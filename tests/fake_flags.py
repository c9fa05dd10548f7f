"""What PostgreSQL counts of a run's flags, counted row by row: `FakeSource` answers with it, and a database test holds
the queries to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pandas as pd

from lagesbild.domain.gap_columns import FLAG_COLUMNS
from lagesbild.domain.told_flags import FLAGGED, ToldFlags

Pair = tuple[str, str]
Gaps = Callable[[int], pd.DataFrame]  # the rows of a run


def states(gaps: Gaps, asked: ToldFlags) -> dict[Pair, tuple[str, dict[str, Any]]]:
    """(region, care area) -> its state and its row."""
    beside = [] if asked.beside is None else gaps(asked.beside).to_dict("records")
    replaced = {(r["region"], r["care_area"]) for r in beside if r["region"] != asked.own}
    told = [r for r in gaps(asked.run_id).to_dict("records") if (r["region"], r["care_area"]) not in replaced]
    told += [r for r in beside if r["region"] != asked.own]
    out = {}
    for row in told:
        if abs(row["target_share"] - asked.target) > 1e-9 or row["region"] not in asked.regions:
            continue
        if asked.care_area not in ("", row["care_area"]):
            continue
        state = row["status"]
        if (row["region"], row["care_area"]) in asked.untold:
            state = "untold"
        elif state not in FLAGGED:
            state = "unjudged" if pd.isna(row["probability_12m"]) else "none"
        out[row["region"], row["care_area"]] = (state, row)
    return out


def flag_counts(gaps: Gaps, asked: ToldFlags) -> pd.DataFrame:
    rows = []
    for region in asked.regions:
        mine = [(s, row) for (r, _), (s, row) in states(gaps, asked).items() if r == region and s != "unjudged"]
        for state, n in Counter(s for s, _ in mine).items():
            opens = [row["opens_period"] for s, row in mine if s == state == "expected"]
            known = [m for m in opens if not pd.isna(m)]
            rows.append((region, state, n, max(known, default=pd.NaT)))
    frame = pd.DataFrame(rows, columns=["region", "state", "n", "last_opens"])
    return frame.astype({"n": int, "last_opens": "datetime64[us]"})


def flagged_areas(gaps: Gaps, asked: ToldFlags) -> pd.DataFrame:
    n = Counter(area for (_, area), (state, _) in states(gaps, asked).items() if state in FLAGGED)
    return pd.DataFrame(list(n.items()), columns=["care_area", "n"]).astype({"n": int})


def first_flags(
    gaps: Gaps, asked: ToldFlags, most: int, besides: tuple[str, ...], by_share: tuple[str, ...]
) -> pd.DataFrame:
    def urgency(row: dict[str, Any]) -> Any:
        share, opens, p = (row[c] for c in ("structural_share_now", "opens_period", "probability_12m"))
        if row["status"] == "open":
            known = row["region"] in by_share and not pd.isna(share)
            return share if known else 1.0, row["care_area"]
        return pd.Timestamp.max if pd.isna(opens) else opens, 0.0 if pd.isna(p) else -p, row["care_area"]

    of = states(gaps, asked)
    rows = []
    for region in asked.regions:
        for status in FLAGGED:
            mine = [row for (r, a), (s, row) in of.items() if r == region and s == status and a not in besides]
            rows += sorted(mine, key=urgency)[:most]
    found = pd.DataFrame(rows, columns=list(FLAG_COLUMNS))
    for column in ("opens_period", "opens_lo", "opens_hi", "target_period"):
        found[column] = pd.to_datetime(found[column])
    return found.sort_values(["region", "care_area"]).reset_index(drop=True)


def changed_flags(gaps: Gaps, now: ToldFlags, before: ToldFlags, most: int) -> pd.DataFrame:
    def known(asked: ToldFlags) -> dict[Pair, str]:
        return {pair: "unjudged" if s == "untold" else s for pair, (s, _) in states(gaps, asked).items()}

    then, today = known(before), known(now)
    groups: dict[tuple[str, str, str], list[str]] = {}
    for region, area in sorted({*then, *today}):
        b, n = then.get((region, area), "unjudged"), today.get((region, area), "unjudged")
        if b != n and {b, n} & set(FLAGGED):
            groups.setdefault((region, b, n), []).append(area)
    rows = [(r, a, b, n, len(areas)) for (r, b, n), areas in groups.items() for a in areas[:most]]
    frame = pd.DataFrame(rows, columns=["region", "care_area", "before", "now", "n"]).astype({"n": int})
    return frame.sort_values(["region", "care_area"]).reset_index(drop=True)
