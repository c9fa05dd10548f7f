"""What each provider does, by month: rows whose twins add up, with what no provider reports, to their region's."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from lagesbild.domain.care import Provider
from lagesbild.domain.periods import Month
from lagesbild.domain.selection import Selection
from lagesbild.domain.viewer import Viewer
from lagesbild.views.area_twin import cubes
from lagesbild.views.provider_twin import ProviderTwins, provider_twins
from lagesbild.views.published_tables.balance_cells import Cube, balance_states
from lagesbild.views.published_tables.derived import ratio
from lagesbild.views.published_tables.flow_cube import FlowCube
from lagesbild.views.published_tables.model import Asked
from lagesbild.views.published_tables.provider_waits import provider_keys, provider_query
from lagesbild.views.published_tables.span import Span
from lagesbild.views.small_counts import BALANCE

_FLOWS = ("added", "performed", "removed_other")


def provider_production(about: Span, cube: FlowCube, asked: Asked, viewer: Viewer) -> list[dict[str, object]]:
    """Blocks of rows of `production`."""
    out = []
    for rows, wanted, at, real, twin in _parts(about, cube, asked, viewer, "production"):
        states = balance_states(real[0], twin, real[1], None, viewer)
        gone, gone_waits = (at.excluded(cube, n) for n in ("production", "waits"))
        cells: dict[str, np.ndarray] = {}
        for c in BALANCE:
            told = states[c].copy()
            told[:, gone_waits if c == "waiting" else gone] = "excluded"
            cells[c], cells[f"{c}_state"] = real[0][c][at.place, at.month], told[at.place, at.month]
        few = _few(real[0]["performed"], twin["performed"], viewer) | real[1]["performed"]
        for c in ("planned", "wait_days_median"):
            told = np.where(real[1][c], "suppressed", "").astype(object)
            if c == "wait_days_median":
                told[few] = "secondary"
            told[:, gone] = "excluded"
            cells[c], cells[f"{c}_state"] = real[0][c][at.place, at.month], told[at.place, at.month]
        out.append(_keys(cube, rows, wanted) | cells)
    return out


def provider_capacity(about: Span, cube: FlowCube, asked: Asked, viewer: Viewer) -> list[dict[str, object]]:
    """Blocks of rows of `capacity`."""
    out = []
    for rows, wanted, at, real, twin in _parts(about, cube, asked, viewer, "capacity"):
        made = balance_states(real[0], twin, real[1], None, viewer)["performed"]
        made[:, at.excluded(cube, "production")] = "excluded"
        places = np.where(real[1]["capacity"], "suppressed", "").astype(object)
        places[:, at.excluded(cube, "capacity")] = "excluded"
        used, used_told = ratio(real[0]["performed"], real[0]["capacity"], made, places)
        cells = {"capacity": real[0]["capacity"], "performed": real[0]["performed"], "used_share": used}
        told = {"capacity": places, "performed": made, "used_share": used_told}
        block = {c: x[at.place, at.month] for c, x in cells.items()}
        block |= {f"{c}_state": x[at.place, at.month] for c, x in told.items()}
        out.append(_keys(cube, rows, wanted) | block)
    return out


class _At:
    """Where a region's rows stand: care area and region in the cube, provider and month of each row, the month among
    the cube's last `months`."""

    def __init__(self, area: int, region: int, place: np.ndarray, month: np.ndarray, months: int) -> None:
        self.area, self.region, self.place, self.month, self.months = area, region, place, month, months

    def excluded(self, cube: FlowCube, dataset: str) -> np.ndarray:
        """The region's excluded months of a register; bool (months,)."""
        return np.asarray(cube.excluded[dataset][self.area, self.region][-self.months :])


def _parts(
    about: Span, cube: FlowCube, asked: Asked, viewer: Viewer, dataset: str
) -> Iterator[tuple[pd.DataFrame, dict[str, Provider], _At, tuple[Cube, Cube], Cube]]:
    """For each care area and region with providers asked for: their rows of `dataset`, and every column of all of the
    region's providers (providers, months) with what the source hid, and the same in the twin."""
    begin = max(about.first - 1, cube.months[0])
    query, wanted = provider_query(about, asked, begin, tuple(a.code for a in cube.areas))
    if not wanted:
        return
    names = ("waits", "production", "capacity")
    frames = {n: f[f["provider"] != ""] for n in names for f in [about.source.facts(n, query)]}
    months = tuple(m for m in cube.months if m >= begin)
    since = pd.Timestamp(about.first.first_day)
    for k, area in enumerate(cube.areas):
        for r, region in enumerate(cube.regions):
            mine = {n: f[(f["care_area"] == area.code) & (f["region"] == region.code)] for n, f in frames.items()}
            codes = tuple(sorted({str(p) for f in mine.values() for p in f["provider"]}))
            rows = mine[dataset]
            rows = rows[rows["provider"].isin(list(wanted)) & (rows["period"] >= since)]
            if rows.empty:
                continue
            places = {c: n for n, c in enumerate(codes)}
            real, hidden = _cells(mine, places, months, cube, k, r)
            twin = dict(real)
            if viewer.role != "exact":
                told = Selection(care_area=area.code, month=about.last)
                found = provider_twins(about.source, told, area, region.code, cube.twins[area.code], viewer.threshold)
                twin |= _twin(real, found, places, len(months))
            when = (rows["period"].dt.year * 12 + rows["period"].dt.month - 1 - months[0].ordinal).to_numpy(int)
            yield (
                rows,
                wanted,
                _At(k, r, rows["provider"].map(places).to_numpy(int), when, len(months)),
                (real, hidden),
                twin,
            )


def _cells(
    mine: dict[str, pd.DataFrame],
    places: dict[str, int],
    months: tuple[Month, ...],
    cube: FlowCube,
    area: int,
    region: int,
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    columns = {
        "waits": ("waiting",),
        "production": (*_FLOWS, "planned", "wait_days_median"),
        "capacity": ("capacity",),
    }
    real, hidden = {}, {}
    for name, wanted in columns.items():
        values, gone = cubes(mine[name], wanted, places, months, "provider")
        left_out = cube.excluded[name][area, region][-len(months) :]
        for c in wanted:
            real[c], hidden[c] = np.where(gone[c] | left_out[None], np.nan, values[c]), gone[c]
    return real, hidden


def _twin(real: Cube, found: ProviderTwins, places: dict[str, int], months: int) -> dict[str, np.ndarray]:
    out = {}
    for c in ("waiting", *_FLOWS):
        out[c] = real[c].copy()
        for n, code in enumerate(found.codes):
            out[c][places[code]] += found.differences[c][n][-months:]
    return out


def _few(real: np.ndarray, twin: np.ndarray, viewer: Viewer) -> np.ndarray:
    if viewer.role == "exact":
        return np.zeros(real.shape, bool)
    return np.asarray(np.any([(x > 0) & (x < viewer.threshold) for x in (real, twin)], axis=0))


def _keys(cube: FlowCube, rows: pd.DataFrame, wanted: dict[str, Provider]) -> dict[str, object]:
    return provider_keys(rows, {r.code: r.healthcare_region for r in cube.regions}, wanted)
