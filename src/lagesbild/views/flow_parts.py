"""What a place's production is made of: the country's healthcare regions, a healthcare region's regions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from lagesbild.domain.care import Region
from lagesbild.domain.source import Source
from lagesbild.domain.viewer import Viewer
from lagesbild.views.cell_count import CellCount, cell_count
from lagesbild.views.control_chart import ProductionChart, production_chart
from lagesbild.views.flows import Flows, complete_panel
from lagesbild.views.healthcare_regions import group_names
from lagesbild.views.small_counts import BALANCE, flow_states

NEED: Final = ("waiting", "added", "performed")


@dataclass(frozen=True)
class FlowPart:
    """`region` is None for a healthcare region, `members` are its regions and `counted` those in its sum. `cells`: the
    last month by column of BALANCE. `in_sum`: whether the part is in the sum of the place it is a part of, whole or in
    part. `chart` is None where nothing can be judged."""

    name: str
    region: Region | None
    members: tuple[Region, ...]
    counted: tuple[Region, ...]
    cells: Mapping[str, CellCount]
    in_sum: bool
    provisional: bool
    chart: ProductionChart | None


def flow_parts(found: Flows, source: Source, viewer: Viewer, *, in_groups: bool = True) -> tuple[FlowPart, ...]:
    """The parts of a sum, in the order of the data; none of one region, of a provider, or of what is published whole.
    Each is protected as on its own page. `in_groups`: the country by healthcare regions, where there are several."""
    if found.region is not None or found.provider is not None or found.published:
        return ()
    codes = {r.code for r in (*found.counted, *found.left_out)}
    mine = [r for r in source.regions() if r.code in codes]
    names = group_names(mine) if in_groups and not found.group else ()
    if found.group:
        return tuple(_of_region(found, r, source, viewer) for r in mine)
    return tuple(_of_group(found, name, mine, names, source, viewer) for name in names)


def whole_part(found: Flows, name: str, source: Source, viewer: Viewer) -> FlowPart:
    """The sum itself, as a row above its parts."""
    return _part(found, name, None, (*found.counted, *found.left_out), source, viewer, in_sum=True)


def _of_region(found: Flows, region: Region, source: Source, viewer: Viewer) -> FlowPart:
    alone = replace(found, region=region, counted=(region,), left_out=(), group="", beside=())
    return _part(alone, region.short_name, region, (region,), source, viewer, in_sum=region in found.counted)


def _of_group(
    found: Flows, name: str, regions: Sequence[Region], names: Sequence[str], source: Source, viewer: Viewer
) -> FlowPart:
    panels = {n: complete_panel(found.by_region, [r for r in regions if r.healthcare_region == n], NEED) for n in names}
    mine = tuple(r for r in regions if r.healthcare_region == name)
    beside = tuple(tuple(r.code for r in panel) for n, panel in panels.items() if n != name)
    left = tuple(r for r in mine if r not in panels[name])
    part = replace(found, counted=panels[name], left_out=left, group=name, beside=beside)
    return _part(part, name, None, mine, source, viewer, in_sum=any(r in found.counted for r in mine))


def _part(
    found: Flows,
    name: str,
    region: Region | None,
    members: tuple[Region, ...],
    source: Source,
    viewer: Viewer,
    *,
    in_sum: bool,
) -> FlowPart:
    states = flow_states(found, found.seen_by(viewer)).iloc[-1]
    return FlowPart(
        name=name,
        region=region,
        members=members,
        counted=found.counted,
        cells={c: cell_count(float(found.total(c).iloc[-1]), states[c]) for c in BALANCE},
        in_sum=in_sum,
        provisional=any((r.code, found.end) in found.early for r in found.counted),
        chart=production_chart(found, source, viewer) if found.counted else None,
    )
