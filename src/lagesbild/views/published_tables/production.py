"""`production`: who is added, treated and taken off the list each month, with the stock that they explain."""

from __future__ import annotations

from typing import Final

import numpy as np

from lagesbild.domain.source import Source
from lagesbild.domain.viewer import Viewer
from lagesbild.views.published_tables.balance_cells import balance_cells
from lagesbild.views.published_tables.flow_cube import FlowCube, read_flows
from lagesbild.views.published_tables.model import Asked, Column, Origin, PublishedTable, table_of_blocks
from lagesbild.views.published_tables.places import ABOUT, KEYS, Places, any_of, keys, places, reported_months, sums
from lagesbild.views.published_tables.provider_flows import provider_production
from lagesbild.views.published_tables.span import span
from lagesbild.views.small_counts import BALANCE

FLOWS: Final = ("added", "performed", "removed_other")


def _count(name: str, title: str, definition: str) -> Column:
    return Column(name, title, "count", "measure", "personer", definition)


COLUMNS: Final = (
    *KEYS,
    _count("added", "Nytillkomna", "Beslut om vård under månaden."),
    _count("performed", "Genomförda", "Besök eller åtgärder som genomförts under månaden."),
    _count("removed_other", "Övriga avslut", "Lämnade kön utan vård under månaden."),
    _count("waiting", "Väntar", "Väntande vid månadens slut, i samma regioner."),
    Column("planned", "Plan", "count", "measure", "genomförda", "Så många som leveransplanen säger för månaden."),
    Column(
        "wait_days_median",
        "Väntetid, median",
        "days",
        "measure",
        "dagar",
        "Hur länge månadens genomförda hade väntat. Summor har ingen: en median av medianer är ingen median.",
    ),
    *ABOUT,
)


def production_table(source: Source, asked: Asked, viewer: Viewer) -> PublishedTable:
    """The country and the regions; no page adds up healthcare regions. Up to the last month with production."""
    about = span(source, asked)
    cube = None if about is None else read_flows(about, viewer)
    if about is None or cube is None:
        return _table([], viewer, Origin())
    blocks = []
    if not asked.providers:
        where = places(about.source, cube.regions, groups=False)
        blocks.append(_rows(cube, where, where.asked(asked.regions), viewer))
    if asked.providers != ():
        blocks += provider_production(about, cube, asked, viewer)
    return _table(blocks, viewer, cube.source)


def flow_months(cube: FlowCube, columns: tuple[str, ...]) -> np.ndarray:
    """Months asked for, from the first with any of `columns` to the last; bool (areas, months)."""
    some = np.any([(np.isfinite(cube.real[c]) | cube.withheld[c]).any(axis=1) for c in columns], axis=0)
    out = reported_months(some)
    out[:, : cube.first] = False
    return out


def _rows(cube: FlowCube, where: Places, chosen: np.ndarray, viewer: Viewer) -> dict[str, object]:
    found = balance_cells(cube, where, viewer)
    told: dict[str, np.ndarray] = {}
    for c in BALANCE:
        told[c], told[f"{c}_state"] = found.real[c], found.states[c]
    use = cube.panel()
    own = where.levels[0] != "country"
    for c in ("planned", "wait_days_median"):
        alone = cube.real[c]
        states = np.where(cube.withheld[c], "suppressed", "").astype(object)
        if c == "wait_days_median":
            states[_few(cube, viewer)] = "secondary"
        # the plan of all that are added up, or none
        whole = sums(alone, use) if c == "planned" else np.full(use[:, 0].shape, np.nan)
        told[c] = alone if own else np.concatenate([whole[:, None], alone], axis=1)
        blank = np.full(whole[:, None].shape, "", object)
        told[f"{c}_state"] = states if own else np.concatenate([blank, states], axis=1)
    gone = excluded_cells(cube, where, "production")
    for c in (*FLOWS, "planned", "wait_days_median"):
        told[f"{c}_state"][gone] = "excluded"
    told["waiting_state"][excluded_cells(cube, where, "waits")] = "excluded"
    told |= about_cells(cube, where, use, "production")
    keep = flow_months(cube, FLOWS)[:, None, :] & chosen[None, :, None]
    return keys(where, cube.areas, cube.months, keep) | {n: x[keep] for n, x in told.items()}


def _few(cube: FlowCube, viewer: Viewer) -> np.ndarray:
    """Months in which so few were treated, here or in the twin, that their median says something of a person."""
    if viewer.role == "exact":
        return np.zeros(cube.real["performed"].shape, bool)
    few = [(x["performed"] > 0) & (x["performed"] < viewer.threshold) for x in (cube.real, cube.twin)]
    return np.asarray(few[0] | few[1] | cube.withheld["performed"])


def excluded_cells(cube: FlowCube, where: Places, dataset: str) -> np.ndarray:
    """Regions' excluded months, among the places; bool (areas, places, months)."""
    out = np.zeros((len(cube.areas), len(where), len(cube.months)), bool)
    out[:, np.array([x == "region" for x in where.levels])] = cube.excluded[dataset]
    return out


def about_cells(cube: FlowCube, where: Places, use: np.ndarray, dataset: str) -> dict[str, np.ndarray]:
    """What is said of a row. `use`: the regions in the country's sum; (areas, regions, months)."""
    known = np.any([np.isfinite(cube.real[c]) for c in (("capacity",) if dataset == "capacity" else FLOWS)], axis=0)
    early, counted = [], []
    for level, members in zip(where.levels, where.members, strict=True):
        mine = use if level == "country" else np.broadcast_to(members[None, :, None], use.shape)
        early.append(any_of(cube.provisional[dataset], mine))
        counted.append((mine if level == "country" else mine & known).sum(axis=1))
    total = np.broadcast_to(where.members.sum(axis=1)[None, :, None], (len(cube.areas), len(where), len(cube.months)))
    return {
        "provisional": np.stack(early, axis=1),
        "regions_counted": np.stack(counted, axis=1),
        "regions_total": total,
    }


def _table(blocks: list[dict[str, object]], viewer: Viewer, source: Origin) -> PublishedTable:
    return table_of_blocks("production", "Produktion", COLUMNS, blocks, viewer, source)
