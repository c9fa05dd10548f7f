"""The matrix as a table for "Visa som tabell" and files: a row per home region, a column per treating region."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from lagesbild.components.model import Column, Row, Table
from lagesbild.domain.care import Region
from lagesbild.pages.context import PageContext
from lagesbild.pages.links import to_region
from lagesbild.pages.travel_text import PERSONS, Unit, cell, has_share, whole_of, window
from lagesbild.views.out_of_region import ALL, FlowMatrix


def matrix_table(
    matrix: FlowMatrix, unit: Unit, regions: Sequence[Region], context: PageContext, country: str
) -> Table:
    threshold, names = context.viewer.threshold, _column_names(regions)
    columns = [Column("home_region", "Hemregion"), Column("sent", "Reser ut", unit.kind, unit.decimals)]
    share = has_share(matrix, unit)
    if share:
        columns.append(Column("sent_share", "Andel av egna", "share"))
    columns.append(Column("received", "Tas emot", unit.kind, unit.decimals))
    net_kind: Any = "signed" if unit.name == PERSONS else unit.kind
    columns.append(Column("net", "Netto", net_kind, unit.decimals))
    columns += [
        Column(n, r.short_name, unit.kind, unit.decimals, "Utförande region")
        for n, r in zip(names, regions, strict=True)
    ]
    rows = []
    whole = [cell(whole_of(matrix, unit), matrix.states[ALL], threshold)]
    if share:
        whole.append(cell(matrix.country_share, matrix.state_of(matrix.with_share), threshold))
    into = [
        cell(unit.of(matrix.shown("in", "", r.code), r.code), matrix.state("in", "", r.code), threshold)
        for r in regions
    ]
    rows.append(Row((country, *whole, whole[0], "–", *into), emphasis="country"))
    for r in regions:
        out_state, in_state = matrix.state("out", r.code), matrix.state("in", "", r.code)
        cells = [r.short_name, cell(unit.of(matrix.shown("out", r.code), r.code), out_state, threshold)]
        if share:
            cells.append(cell(matrix.share(r.code), matrix.share_state(r.code), threshold))
        cells.append(cell(unit.of(matrix.shown("in", "", r.code), r.code), in_state, threshold))
        cells.append(cell(unit.of(matrix.net(r.code), r.code), out_state or in_state, threshold))
        for b in regions:
            if b is r:
                cells.append("–")
                continue
            value = unit.of(matrix.shown("cell", r.code, b.code), r.code)
            cells.append(cell(value, matrix.state("cell", r.code, b.code), threshold))
        me = r.code == context.selection.region
        rows.append(Row(tuple(cells), "chosen" if me else "", href=to_region(r.code, context.selection)))
    caption = f"{unit.words}, hemregion i rader och utförande region i kolumner, {window(matrix)}"
    return Table(caption, tuple(columns), tuple(rows))


def _column_names(regions: Sequence[Region]) -> list[str]:
    """`to_01`: the machine name of a treating region's column."""
    plain = [re.sub(r"[^a-z0-9]+", "_", r.code.lower()).strip("_") for r in regions]
    return [f"to_{p}" if plain.count(p) == 1 and p else f"to_{p}_{k}" for k, p in enumerate(plain)]
