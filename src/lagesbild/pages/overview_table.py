"""The status matrix as a plain table, for "Visa som tabell" and for files."""

from __future__ import annotations

from typing import Any

from lagesbild.components.flag import FLAG_WORDS
from lagesbild.components.judgement import JUDGEMENT_WORDS
from lagesbild.components.model import Column, Row, Special, Table
from lagesbild.domain.selection import Selection
from lagesbild.domain.swedish import decimal
from lagesbild.pages.links import to_region
from lagesbild.pages.waits_text import share_cell, special
from lagesbild.views.flags import Flag
from lagesbild.views.signals import Signal
from lagesbild.views.status_matrix import StatusMatrix


def matrix_table(matrix: StatusMatrix, selection: Selection, country: str) -> Table:
    """Share, change in a year, judgement and flag for every region and care area; the country first."""
    columns = [Column("region", "Region")]
    for a in matrix.areas:
        columns += [
            Column(f"{a.code}_within_limit_share", "Andel", "share", group=a.name),
            Column(f"{a.code}_year_change", "Mot samma månad i fjol", "points", group=a.name),
            Column(f"{a.code}_judgement", "Mot det normala", group=a.name),
            Column(f"{a.code}_gap", "Gap", group=a.name),
        ]
    rows = []
    if len(matrix.regions) > 1:
        cells: list[Any] = [country]
        for a in matrix.areas:
            found = matrix.country[a.code]
            cells += [_share(found), _year(found, found.judgement), JUDGEMENT_WORDS[found.judgement], "–"]
        rows.append(Row(tuple(cells), emphasis="country"))
    for region in matrix.regions:
        cells = [region.short_name]
        note = ""
        for a in matrix.areas:
            cell = matrix.cells[a.code][region.code]
            note = "prel." if cell.provisional else note
            if cell.state:
                cells += [
                    special(cell.state, matrix.waits.reasons.get(region.code, ""), coarse=cell.coarse),
                    "–",
                    "–",
                    "–",
                ]
                continue
            cells += [
                share_cell(cell.signal.share, "", coarse=cell.coarse),
                _year(cell.signal, cell.judgement),
                JUDGEMENT_WORDS[cell.judgement],
                _flag_words(cell.flag),
            ]
        chosen = region.code == selection.region
        href = to_region(region.code, selection)
        rows.append(Row(tuple(cells), emphasis="chosen" if chosen else "", note=note, href=href))
    caption = f"Andel inom vårdgarantin, förändring och kapacitetsgap, {matrix.waits.end.sv}"
    return Table(caption, tuple(columns), tuple(rows), period=str(matrix.waits.end))


def _share(found: Signal) -> Any:
    """The country's: a hidden one is rare, and said to be."""
    if found.share != found.share:
        return Special("secondary" if found.coarse else "missing")
    return share_cell(found.share, "", coarse=found.coarse)


def _year(found: Signal, judgement: str) -> Any:
    """The change in a year, where the rules call it one."""
    if found.year_change is None or judgement not in ("better", "worse"):
        return "–"
    return decimal(found.year_change * 100, 0) if found.change_coarse else found.year_change * 100


def _flag_words(found: Flag | None) -> str:
    if found is None:
        return "–"
    if found.status == "open":
        return f"öppet sedan {found.opens.sv}" if found.opens else "öppet"
    return f"{FLAG_WORDS[found.status]} {found.opens.sv}" if found.opens else FLAG_WORDS[found.status]
