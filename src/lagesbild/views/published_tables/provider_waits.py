"""Who waits at each provider: rows whose twins add up, with what no provider reports, to their region's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import numpy as np
import pandas as pd

from lagesbild.domain.care import Provider
from lagesbild.domain.dataset_spec import WAIT_BANDS
from lagesbild.domain.disclosure import states_of
from lagesbild.domain.periods import Month
from lagesbild.domain.source import Query
from lagesbild.domain.viewer import Viewer
from lagesbild.views.provider_twin import provider_wait_twin
from lagesbild.views.published_tables.derived import derived_cells
from lagesbild.views.published_tables.model import Asked, text
from lagesbild.views.published_tables.span import Span
from lagesbild.views.published_tables.stock import COLUMNS, Cells, Stock
from lagesbild.views.wait_counts import QUEUE, Counts, assumed
from lagesbild.views.waits import BAND_ENDS

_READ = ("waiting", "within_limit", *WAIT_BANDS, "excluded_patient_choice", "excluded_medical")


def provider_query(
    about: Span, asked: Asked, first: Month, codes: tuple[str, ...]
) -> tuple[Query, dict[str, Provider]]:
    """The rows of all providers of the regions that are asked about, and the providers whose rows are given."""
    known = {p.code: p for p in about.source.providers()}
    wanted = {
        c: p
        for c, p in known.items()
        if (asked.providers is None or c in asked.providers) and (not asked.regions or p.region in asked.regions)
    }
    homes = tuple(r.code for r in about.regions if any(p.region == r.code for p in wanted.values()))
    return Query(homes, codes, None, first, about.last), wanted if homes else {}


def provider_waits(about: Span, stock: Stock, asked: Asked, viewer: Viewer) -> list[dict[str, object]]:
    """One block of rows, or none. The twin of a region's providers is that of all of them, whoever is asked for."""
    waits = stock.waits
    query, wanted = provider_query(about, asked, waits.months[0], tuple(a.code for a in waits.areas))
    if not wanted:
        return []
    rows = about.source.facts("waits", query)
    rows = rows[(rows["provider"] != "") & rows["care_area"].isin([a.code for a in waits.areas])].reset_index(drop=True)
    if rows.empty:
        return []
    withheld = {
        c: np.array([isinstance(d, dict) and c in d for d in rows["suppressed"]], bool) for c in _READ
    }  # fmt: skip
    values = {c: rows[c].to_numpy(float) for c in _READ}
    moved = {c: np.zeros(len(rows)) for c in _READ}
    if viewer.role != "exact":
        areas, places = {a.code: k for k, a in enumerate(waits.areas)}, {r.code: k for k, r in enumerate(waits.regions)}
        names = rows["provider"].to_numpy(object)
        for key, at in rows.groupby(["period", "region", "care_area"], sort=False).indices.items():
            period, region, area = cast(tuple[pd.Timestamp, str, str], key)
            t = Month.of(period) - waits.months[0]
            counts = _counts(stock, areas[area], places[region], t, viewer)
            counted = {c: assumed(values[c][at], withheld[c][at]) for c in _READ}
            codes = [str(p) for p in names[at]]
            for c, more in provider_wait_twin(codes, counted, counts, region).items():
                moved[c][at] = more
    cells = _cells(values, moved, withheld, viewer)
    gone = _excluded(stock, rows)
    for told in cells.states.values():
        told[gone] = "excluded"
    return [_block(stock, rows, cells, wanted, viewer)]


def _counts(stock: Stock, area: int, region: int, t: int, viewer: Viewer) -> Counts:
    """The region's own counts of the month, as its providers must add up to them."""
    code, days = stock.waits.regions[region].code, int(stock.days[area, region, t])

    def told(cells: Mapping[str, np.ndarray]) -> dict[tuple[str, str], float | None]:
        numbers = {c: float(cells[c][area, region, t]) for c in COLUMNS}
        return {(code, c): None if np.isnan(x) else x for c, x in numbers.items()}

    cut = BAND_ENDS.index(days) + 1 if days in BAND_ENDS else 0
    return Counts(stock.waits.areas[area], told(stock.real), told(stock.twin), {}, viewer, {code: cut})


def _cells(
    values: dict[str, np.ndarray], moved: dict[str, np.ndarray], withheld: dict[str, np.ndarray], viewer: Viewer
) -> Cells:
    real, hidden = dict(values), dict(withheld)
    twin = {c: assumed(x, withheld[c]) + moved[c] for c, x in values.items()}
    for cells in (real, twin):
        cells["over"] = cells["waiting"] - cells["within_limit"]
        cells["excluded"] = cells["excluded_patient_choice"] + cells["excluded_medical"]
        cells[QUEUE] = cells["waiting"] + cells["excluded"]
    hidden["over"] = hidden["waiting"] | hidden["within_limit"]
    hidden["excluded"] = hidden["excluded_patient_choice"] | hidden["excluded_medical"]
    hidden[QUEUE] = hidden["waiting"] | hidden["excluded"]
    states = {c: states_of(real[c], twin[c], viewer, hidden=hidden[c]) for c in COLUMNS}
    return Cells(real, twin, states)


def _excluded(stock: Stock, rows: pd.DataFrame) -> np.ndarray:
    waits = stock.waits
    at = rows["region"].map({r.code: k for k, r in enumerate(waits.regions)}).to_numpy(int)
    when = (rows["period"].dt.year * 12 + rows["period"].dt.month - 1 - waits.months[0].ordinal).to_numpy(int)
    return np.asarray(waits.excluded[at, when])


def _block(
    stock: Stock, rows: pd.DataFrame, cells: Cells, wanted: dict[str, Provider], viewer: Viewer
) -> dict[str, object]:
    names = {"over": "over_limit"}
    told: dict[str, np.ndarray] = {}
    for c in COLUMNS:
        told[names.get(c, c)], told[f"{names.get(c, c)}_state"] = cells.real[c], cells.states[c]
    told |= derived_cells(cells, viewer)
    keep = rows["provider"].isin(list(wanted)).to_numpy(bool)
    mine = rows[keep]
    waits = stock.waits
    a = mine["care_area"].map({x.code: k for k, x in enumerate(waits.areas)}).to_numpy(int)
    r = mine["region"].map({x.code: k for k, x in enumerate(waits.regions)}).to_numpy(int)
    t = (mine["period"].dt.year * 12 + mine["period"].dt.month - 1 - waits.months[0].ordinal).to_numpy(int)
    return provider_keys(mine, {x.code: x.healthcare_region for x in waits.regions}, wanted) | {
        "limit_days": stock.days[a, r, t],
        "regions_counted_bands": np.ones(len(mine), int),
        "regions_counted_excluded": np.ones(len(mine), int),
        **{name: x[keep] for name, x in told.items()},
    }


def provider_keys(rows: pd.DataFrame, groups: Mapping[str, str], wanted: Mapping[str, Provider]) -> dict[str, object]:
    """Keys, names and what else is said of rows of providers."""
    n = len(rows)
    return {
        "period": rows["period"].to_numpy("datetime64[s]"),
        "level": text(np.full(n, "provider", object)),
        "region": text(rows["region"].to_numpy(object)),
        "healthcare_region": text(rows["region"].map(groups).to_numpy(object)),
        "care_area": text(rows["care_area"].to_numpy(object)),
        "provider": text(rows["provider"].to_numpy(object)),
        "place": text(np.array([wanted[p].name for p in rows["provider"]], object)),
        "provisional": (rows["value_status"] == "provisional").to_numpy(bool),
        "regions_counted": np.ones(n, int),
        "regions_total": np.ones(n, int),
    }
