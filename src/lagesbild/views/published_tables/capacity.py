"""`capacity`: how many could be treated each month, and how much of it was used."""

from __future__ import annotations

from typing import Final

import numpy as np

from lagesbild.domain.disclosure import states_of
from lagesbild.domain.source import Source
from lagesbild.domain.viewer import Viewer
from lagesbild.views.capacity_use import YEAR
from lagesbild.views.published_tables.balance_cells import balance_states
from lagesbild.views.published_tables.derived import ratio
from lagesbild.views.published_tables.flow_cube import FlowCube, month_count, read_flows
from lagesbild.views.published_tables.model import Asked, Column, Origin, PublishedTable, table_of_blocks
from lagesbild.views.published_tables.places import ABOUT, KEYS, Places, keys, places, sums
from lagesbild.views.published_tables.production import about_cells, excluded_cells, flow_months
from lagesbild.views.published_tables.provider_flows import provider_capacity
from lagesbild.views.published_tables.span import span

COLUMNS: Final = (
    *KEYS,
    Column("capacity", "Kapacitet", "count", "measure", "åtgärder", "Så många som kunde genomföras under månaden."),
    Column("performed", "Genomförda", "count", "measure", "personer", "Genomförda i samma regioner."),
    Column("used_share", "Utnyttjat", "share", "measure", "andel 0–1", "Genomförda delat med kapacitet."),
    *ABOUT,
)


def capacity_table(source: Source, asked: Asked, viewer: Viewer) -> PublishedTable:
    """The country adds up the regions that have capacity and production for all of the last year, as the pages do."""
    about = span(source, asked)
    cube = None if about is None else read_flows(about, viewer)
    if about is None or cube is None:
        return _table([], viewer, Origin())
    blocks = []
    if not asked.providers:
        where = places(about.source, cube.regions, groups=False)
        blocks.append(_rows(cube, where, where.asked(asked.regions), viewer))
    if asked.providers != ():
        blocks += provider_capacity(about, cube, asked, viewer)
    return _table(blocks, viewer, cube.source)


def _rows(cube: FlowCube, where: Places, chosen: np.ndarray, viewer: Viewer) -> dict[str, object]:
    both = ("performed", "capacity")
    use = cube.panel() & cube.steady(both, YEAR, month_count(cube.there))
    real = {c: cube.real[c] for c in both}
    made = balance_states(cube.real, cube.twin, cube.withheld, None, viewer)["performed"]
    states = {"performed": made, "capacity": np.where(cube.withheld["capacity"], "suppressed", "").astype(object)}
    if where.levels[0] == "country":
        whole = {c: sums(cube.real[c], use) for c in both}
        told = {
            "performed": states_of(whole["performed"], sums(cube.twin["performed"], use), viewer),
            "capacity": np.full(whole["capacity"].shape, "", object),
        }
        real = {c: np.concatenate([whole[c][:, None], real[c]], axis=1) for c in both}
        states = {c: np.concatenate([told[c][:, None], states[c]], axis=1) for c in both}
    states["performed"][excluded_cells(cube, where, "production")] = "excluded"
    states["capacity"][excluded_cells(cube, where, "capacity")] = "excluded"
    used, used_states = ratio(real["performed"], real["capacity"], states["performed"], states["capacity"])
    told_cells = {
        **{c: real[c] for c in both},
        **{f"{c}_state": states[c] for c in both},
        "used_share": used,
        "used_share_state": used_states,
        **about_cells(cube, where, use, "capacity"),
    }
    keep = flow_months(cube, ("capacity",))[:, None, :] & chosen[None, :, None]
    return keys(where, cube.areas, cube.months, keep) | {n: x[keep] for n, x in told_cells.items()}


def _table(blocks: list[dict[str, object]], viewer: Viewer, source: Origin) -> PublishedTable:
    return table_of_blocks("capacity", "Kapacitet", COLUMNS, blocks, viewer, source)
