"""`waits`: who waits at the end of each month, within the guarantee and over it, how long, and who is left out."""

from __future__ import annotations

from typing import Final

import numpy as np

from lagesbild.domain.dataset_spec import WAIT_BANDS
from lagesbild.domain.source import Source
from lagesbild.domain.viewer import Viewer
from lagesbild.views.published_tables.derived import derived_cells
from lagesbild.views.published_tables.model import Asked, Column, Origin, PublishedTable, table_of_blocks
from lagesbild.views.published_tables.places import ABOUT, KEYS, Places, any_of, keys, places, reported_months
from lagesbild.views.published_tables.provider_waits import provider_waits
from lagesbild.views.published_tables.span import span
from lagesbild.views.published_tables.stock import COLUMNS, Stock, read_stock, stock_cells
from lagesbild.views.wait_counts import EXCLUDED

_PERSONS: Final = "personer"


def _measure(name: str, title: str, definition: str = "", kind: str = "count", unit: str = _PERSONS) -> Column:
    return Column(name, title, kind, "measure", unit, definition)  # type: ignore[arg-type]


def _band(name: str) -> Column:
    first, _, last = name.removeprefix("waiting_").partition("_")
    return _measure(name, f"Väntat {first}–{last} dagar" if last else f"Väntat minst {first} dagar")


COLUMNS_SHOWN: Final = (
    *KEYS,
    _measure("waiting", "Väntar", "Väntande vid månadens slut, utan patientvald och medicinskt orsakad väntan."),
    _measure("within_limit", "Inom gränsen", "Har väntat högst så många dagar som vårdgarantin säger."),
    _measure("over_limit", "Över gränsen", "Har väntat längre än vårdgarantin säger."),
    _measure("within_limit_share", "Andel inom gränsen", "Inom gränsen av dem som väntar.", "share", "andel 0–1"),
    *(_band(b) for b in WAIT_BANDS),
    _measure(
        "waited_days_p50",
        "Hälften har väntat högst",
        "Dagar som hälften av de väntande har väntat högst, beräknat ur intervallen i de regioner som har dem.",
        "days",
        "dagar",
    ),
    _measure(
        "waited_days_p90",
        "Nio av tio har väntat högst",
        "Dagar som nio av tio väntande har väntat högst, beräknat ur intervallen i de regioner som har dem.",
        "days",
        "dagar",
    ),
    _measure("excluded_patient_choice", "Patientvald väntan", "Räknas inte med bland de väntande."),
    _measure("excluded_medical", "Medicinskt orsakad väntan", "Räknas inte med bland de väntande."),
    _measure("excluded", "Borträknade", "Patientvald och medicinskt orsakad väntan tillsammans."),
    _measure(
        "excluded_share",
        "Andel borträknade",
        "Borträknade av alla i kö, i de regioner som redovisar dem.",
        "share",
        "andel 0–1",
    ),
    Column("within_limit_share_coarse", "Andel i hela procent", definition="Sant när andelen visas i hela procent."),
    Column("limit_days", "Gräns", "days", unit="dagar", definition="Vårdgarantins gräns den månaden."),
    *ABOUT,
    Column(
        "regions_counted_bands",
        "Regioner med intervall",
        "count",
        unit="regioner",
        definition="Hur många av regionerna i talet som har väntetidsintervall.",
    ),
    Column(
        "regions_counted_excluded",
        "Regioner med borträknade",
        "count",
        unit="regioner",
        definition="Hur många av regionerna i talet som redovisar borträknade.",
    ),
)
_TITLE: Final = "Väntande"
_NAMES: Final = {"over": "over_limit"}


def waits_table(source: Source, asked: Asked, viewer: Viewer) -> PublishedTable:
    """Every care area, place and month asked for, from the first month that is reported to the last."""
    about = span(source, asked)
    stock = None if about is None else read_stock(about, viewer)
    if about is None or stock is None:
        return _table([], viewer, Origin())
    blocks = []
    if not asked.providers:
        where = places(about.source, stock.waits.regions)
        blocks.append(_rows(stock, where, where.asked(asked.regions), viewer))
    if asked.providers != ():
        blocks += provider_waits(about, stock, asked, viewer)
    waits = stock.waits
    return _table(blocks, viewer, Origin(waits.sources, waits.recorded_at, waits.synthetic))


def _rows(stock: Stock, where: Places, chosen: np.ndarray, viewer: Viewer) -> dict[str, object]:
    waits = stock.waits
    cells = stock_cells(stock, where, viewer)
    there = (np.isfinite(waits.values["waiting"]) | waits.hidden).any(axis=1)
    keep = reported_months(there)[:, None, :] & chosen[None, :, None]
    told: dict[str, np.ndarray] = {}
    for column in COLUMNS:
        name = _NAMES.get(column, column)
        told[name], told[f"{name}_state"] = cells.real[column], cells.states[column]
    told |= derived_cells(cells, viewer)
    told |= _about(stock, where)
    return keys(where, waits.areas, waits.months, keep) | {name: x[keep] for name, x in told.items()}


def _about(stock: Stock, where: Places) -> dict[str, np.ndarray]:
    counted = stock.counted
    out: dict[str, list[np.ndarray]] = {
        n: []
        for n in ("provisional", "regions_counted", "regions_counted_bands", "regions_counted_excluded", "limit_days")
    }
    has_bands = np.isfinite(stock.real[WAIT_BANDS[0]])
    has_excluded = np.isfinite(stock.real[EXCLUDED[2]])
    usual = _usual_days(stock.days)
    for level, members in zip(where.levels, where.members, strict=True):
        use = counted & members[None, :, None]
        alone = level == "region"
        mine = np.broadcast_to(members[None, :, None], use.shape) if alone else use
        out["provisional"].append(any_of(stock.waits.provisional, mine))
        out["regions_counted"].append(use.sum(axis=1))
        out["regions_counted_bands"].append((use & has_bands).sum(axis=1))
        out["regions_counted_excluded"].append((use & has_excluded).sum(axis=1))
        out["limit_days"].append(stock.days[:, int(np.argmax(members))] if alone else usual)
    found = {n: np.stack(x, axis=1) for n, x in out.items()}
    total = where.members.sum(axis=1)[None, :, None]
    return found | {"regions_total": np.broadcast_to(total, found["provisional"].shape)}


def _usual_days(days: np.ndarray) -> np.ndarray:
    """The limit that most regions have, by care area and month; among equals the shortest."""
    out = np.zeros((days.shape[0], days.shape[2]), int)
    for k, area in enumerate(days):
        kinds, which = np.unique(area, axis=1, return_inverse=True)
        for n, column in enumerate(kinds.T):
            found, times = np.unique(column, return_counts=True)
            out[k, which.reshape(-1) == n] = found[times.argmax()]
    return out


def _table(blocks: list[dict[str, object]], viewer: Viewer, source: Origin) -> PublishedTable:
    return table_of_blocks("waits", _TITLE, COLUMNS_SHOWN, blocks, viewer, source)
