"""The twin of who was treated where and of brokering cases, row by row: one of the twins of each table."""

from __future__ import annotations

import numpy as np
import pandas as pd

from lagesbild.domain.care import leaf_regions
from lagesbild.domain.periods import Month
from lagesbild.domain.selection import Selection
from lagesbild.domain.viewer import Viewer
from lagesbild.domain.window_twin import Sliding, Twin
from lagesbild.views.brokering_cases import monthly_cases
from lagesbild.views.brokering_twin import HOME, TREATING, WAYS, protected_cases
from lagesbild.views.travel import read_travel
from lagesbild.views.travel_sums import first_of, protected_flows
from tests.fakes import FakeSource

PUBLIC = Viewer()
_WAYS = ("completed", "not_completed", "declined", "none_found")


def one_of(found: tuple[Twin, ...], sliding: Sliding) -> Twin:
    """The twin that is built: any will do, but always the same; one that differs in nothing where there is none."""
    return found[int(np.nansum(sliding.counts)) % len(found)] if found else Twin(())


def mirrored_flows(source: FakeSource) -> pd.DataFrame:
    frame = source.frames["out-of-region"].copy()
    for area in source.care_areas():
        travel = read_travel(source, Selection(care_area=area.code))
        if travel is None:
            continue
        table = protected_flows(travel, PUBLIC)
        for month, i, j, step in one_of(table.twins, table.sliding).cells:
            when = str(first_of(travel) + month)
            home, treating = travel.regions[i].code, travel.regions[j].code
            mine = (frame["period"].map(str).str[:7] == when) & (frame["care_area"] == area.code)
            mine &= (frame["home_region"] == home) & (frame["treating_region"] == treating)
            if mine.any():
                frame.loc[mine, "performed"] += step
            else:
                row = {"period": when, "home_region": home, "treating_region": treating, "care_area": area.code}
                frame = pd.concat([frame, pd.DataFrame([row | {"provider": "", "performed": step}])], ignore_index=True)
    return frame


def mirrored_cases(source: FakeSource) -> pd.DataFrame:
    """One twin of each table at once: cases change home regions, and others the regions asked."""
    frame = source.frames["brokering"]
    codes = [r.code for r in leaf_regions(source.regions())]
    cases = _cases(frame)
    for area in source.care_areas():
        found = monthly_cases(source, area, Selection())
        if found is None:
            continue
        monthly, months, groups = found
        for side in (HOME, TREATING):
            table = protected_cases(monthly, side, codes, PUBLIC, groups)
            twin = one_of(table.twins, table.sliding)
            for month in twin.months:
                _move(cases, side, area.code, months[month], [c for c in twin.cells if c[0] == month], codes)
    return _rows(cases)


Case = tuple[str, str, str, str, str]  # month, care area, home region, region asked, way


def _move(cases: dict[Case, int], side: str, area: str, month: Month, cells, codes: list[str]) -> None:
    """What leaves a region's ways is given to those who get them, with the other side's region along."""
    lost = [(codes[i], WAYS[j]) for _, i, j, step in cells for _ in range(-step)]
    won = [(codes[i], WAYS[j]) for _, i, j, step in cells for _ in range(step)]
    assert sorted(w for _, w in lost) == sorted(w for _, w in won), "the country differs"
    for region, way in lost:
        at = next(
            k for k, n in cases.items() if n > 0 and k[:2] == (str(month), area) and _own(k, side) == (region, way)
        )
        cases[at] -= 1
        to = won.pop(next(k for k, (_, w) in enumerate(won) if w == way))[0]
        other = (*at[:2], to, *at[3:]) if side == HOME else (*at[:3], to, at[4])
        cases[other] = cases.get(other, 0) + 1


def _own(case: Case, side: str) -> tuple[str, str]:
    return (case[2] if side == HOME else case[3]), case[4]


def _cases(frame: pd.DataFrame) -> dict[Case, int]:
    out: dict[Case, int] = {}
    for row in frame.to_dict("records"):
        key = (str(row["period"])[:7], row["care_area"], row["home_region"], row["treating_region"])
        ways = {"completed": row["completed"], "not_completed": row["not_completed"], "declined": row["declined"]}
        for way, n in ({"none_found": row["started"]} if key[3] == "" else ways).items():
            out[*key, way] = int(n)
    return out


def _rows(cases: dict[Case, int]) -> pd.DataFrame:
    found: dict[tuple, dict] = {}
    for (period, area, home, treating, way), n in cases.items():
        row = found.setdefault((period, area, home, treating), dict.fromkeys(_WAYS, 0))
        row[way] += n
    rows = []
    for (period, area, home, treating), n in found.items():
        accepted = n["completed"] + n["not_completed"]
        key = {"period": period, "home_region": home, "treating_region": treating, "care_area": area}
        counts = {c: n[c] for c in ("completed", "not_completed", "declined")} | {"accepted": accepted}
        rows.append(
            key | counts | {"started": accepted + n["declined"] + n["none_found"], "handling_days_median": 20.0}
        )
    return pd.DataFrame(rows)
