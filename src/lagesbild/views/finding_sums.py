"""Rules about numbers that must add up: bands, parts, the balance from month to month, a part and its whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from lagesbild.domain.dataset_spec import WAIT_BANDS
from lagesbild.domain.guarantee import limit_days
from lagesbild.domain.periods import Month
from lagesbild.domain.swedish import count, percent
from lagesbild.views.finding import Cell, Draft, Records, cells_of
from lagesbild.views.finding_words import COLUMNS, affects
from lagesbild.views.waits import BAND_ENDS

ROUNDING: Final = 2.0  # persons; what the import lets through as rounding
TOLERANCE: Final = 0.005  # of the whole
UNKNOWN_SHARE: Final = 0.05  # of the region's own number that may lack a provider without anybody looking
_PARTS: Final = {"waits": ("waiting", "within_limit"), "production": ("added", "performed"), "capacity": ("capacity",)}
_WHOLES: Final = (  # part, whole, dataset
    ("within_limit", "waiting", "waits"),
    ("performed_within_limit", "performed", "production"),
    ("cancelled", "planned", "production"),
    ("committed", "capacity", "capacity"),
)


def tolerance(whole: float) -> float:
    """How far a sum may be off its whole: 2 persons or half a per cent.

    >>> tolerance(161), tolerance(4000)
    (2.0, 20.0)
    """
    return max(ROUNDING, TOLERANCE * whole)


def broken_bands(records: Records) -> Iterator[Draft]:
    """The seven bands against the number waiting, in the rows of regions and of providers."""
    rows = records.rows["waits"]
    rows = rows[rows["period"] >= pd.Timestamp(records.months[0].first_day)]
    total = rows[list(WAIT_BANDS)].sum(axis=1, skipna=False)
    off = total - rows["waiting"]
    for row, bands, difference in _rows(rows, off.abs() > 0, total, off):
        whole = float(row["waiting"])
        large = abs(difference) > tolerance(whole)
        yield _draft(
            row,
            records,
            rule="bands",
            grade="stop" if large else "info",
            title="Summan är bruten",
            dataset="waits",
            measure="Väntande",
            evidence=f"Sju intervall ger {count(bands)}, totalen är {count(whole)}",
            covered="Sju intervall ger inte totalen",
            detail=f"Skillnaden är {_of(difference, whole)}.",
            threshold=f"Högst {_allowed()} godtas{'' if large else ', och skillnaden ryms i det'}.",
            cells=cells_of("waits", row, ("waiting", *WAIT_BANDS)),
        )


def broken_within(records: Records) -> Iterator[Draft]:
    """Within the limit against the bands up to it, where the limit is the end of a band."""
    rows = records.own("waits")
    rows = rows[rows["within_limit"].notna() & rows[list(WAIT_BANDS)].notna().all(axis=1)]
    sums = np.cumsum(rows[list(WAIT_BANDS)].to_numpy(float), axis=1)
    for sums_of_row, row in zip(sums, rows.to_dict("records"), strict=True):
        area = records.areas.get(str(row["care_area"]))
        days = limit_days(area, str(row["region"]), Month.of(row["period"]), records.limits) if area else 0
        if days not in BAND_ENDS:
            continue
        within, until = float(row["within_limit"]), float(sums_of_row[BAND_ENDS.index(days)])
        if abs(within - until) <= tolerance(float(row["waiting"])):
            continue
        bands = WAIT_BANDS[: BAND_ENDS.index(days) + 1]
        yield _draft(
            row,
            records,
            rule="within",
            grade="review",
            title="Inom gränsen stämmer inte med intervallen",
            dataset="waits",
            measure="Väntande inom gränsen",
            evidence=f"{count(within)} inom {count(days)} dagar, intervallen dit ger {count(until)}",
            covered="Inom gränsen är inte summan av intervallen dit",
            detail=f"Skillnaden är {count(abs(within - until))}.",
            threshold=f"Högst {_allowed()} av de väntande godtas.",
            cells=cells_of("waits", row, ("within_limit", *bands, "waiting")),
        )


def more_than_the_whole(records: Records) -> Iterator[Draft]:
    """A part that is larger than what it is a part of."""
    for part, whole, dataset in _WHOLES:
        rows = records.own(dataset)
        for row, *_ in _rows(rows, rows[part] > rows[whole]):
            yield _draft(
                row,
                records,
                rule="whole",
                grade="stop",
                title="En del är större än helheten",
                dataset=dataset,
                measure=COLUMNS[part],
                evidence=f"{count(row[part])} av {count(row[whole])}",
                covered=f"{COLUMNS[part]} är fler än {COLUMNS[whole].lower()}",
                threshold=f"{COLUMNS[part]} kan inte vara fler än {COLUMNS[whole].lower()}.",
                cells=cells_of(dataset, row, (part, whole)),
            )


def providers_and_region(records: Records) -> Iterator[Draft]:
    """The providers' numbers against the region's own: more is wrong, much less has no known provider."""
    keys = ["period", "region", "care_area"]
    for dataset, columns in _PARTS.items():
        rows = records.rows[dataset]
        rows = rows[rows["period"] >= pd.Timestamp(records.months[0].first_day)]
        own, parts = rows[rows["provider"] == ""], rows[rows["provider"] != ""]
        if parts.empty:
            continue
        for column in columns:
            summed = parts.groupby(keys)[column].sum(min_count=1)
            off = own.set_index(keys)[column].sub(summed).reindex(own.set_index(keys).index).to_numpy(float)
            for row, rest in _rows(own, (off < 0) | (off > 0), off):
                whole = float(row[column])
                few = rest > max(ROUNDING, UNKNOWN_SHARE * whole)
                if not few and rest >= -ROUNDING:
                    continue
                mine = parts[(parts[keys] == [row[k] for k in keys]).all(axis=1)]
                cells = cells_of(dataset, row, (column,)) + tuple(
                    c for r in mine.to_dict("records") for c in cells_of(dataset, r, (column,))
                )
                name = COLUMNS[column].lower()
                yield _draft(
                    row,
                    records,
                    rule="providers",
                    grade="review" if few else "stop",
                    title="Okänd vårdgivare" if few else "Vårdgivarna ger mer än regionen",
                    dataset=dataset,
                    measure=COLUMNS[column],
                    evidence=f"{count(rest)} av {count(whole)} {name} saknar känd vårdgivare"
                    if few
                    else f"Vårdgivarna ger {count(whole - rest)}, regionen {count(whole)}",
                    covered=f"En del {name} saknar känd vårdgivare" if few else "Delarna är större än regionens tal",
                    threshold=f"Högst {percent(UNKNOWN_SHARE, 0)} får sakna vårdgivare."
                    if few
                    else "Vårdgivarnas tal får tillsammans inte överstiga regionens.",
                    cells=cells,
                )


def broken_balance(records: Records) -> Iterator[Draft]:
    """Waiting now against waiting before + added - performed - removed, where all five are known."""
    waits, done = records.rows["waits"], records.rows["production"]
    waits, done = waits[waits["provider"] == ""], done[done["provider"] == ""]
    before = waits.assign(period=waits["period"] + pd.DateOffset(months=1))
    keys = ["period", "region", "care_area"]
    whole = waits.merge(before[[*keys, "waiting"]].rename(columns={"waiting": "before"}), on=keys)
    whole = whole.merge(done[[*keys, "added", "performed", "removed_other"]], on=keys)
    expected = whole["before"] + whole["added"] - whole["performed"] - whole["removed_other"]
    off = whole["waiting"] - expected
    limit = np.maximum(ROUNDING, TOLERANCE * whole["waiting"])
    for row, should, difference in _rows(whole, off.abs() > limit, expected, off):
        now, month = float(row["waiting"]), Month.of(row["period"])
        flows = [
            Cell("production", row["region"], row["care_area"], "", month, c, float(row[c]))
            for c in ("added", "performed", "removed_other")
        ]
        stock = Cell("waits", row["region"], row["care_area"], "", month - 1, "waiting", float(row["before"]))
        yield _draft(
            row,
            records,
            rule="balance",
            grade="review",
            title="Balansen går inte ihop",
            dataset="waits",
            measure="Väntande",
            evidence=f"Skillnad {count(abs(difference))} av {count(now)}",
            covered="Väntande följer inte av flödena",
            detail=(
                f"Väntande före, plus nytillkomna, minus genomförda och övriga avslut ger {count(should)}; "
                f"rapporterat är {count(now)}."
            ),
            threshold=f"Högst {_allowed()} godtas.",
            cells=(*cells_of("waits", row, ("waiting",)), stock, *flows),
        )


def _rows(rows: pd.DataFrame, where: Any, *values: Any) -> Iterator[tuple[Any, ...]]:
    """The rows `where` as dicts, each with its own of `values`; NaN is not where."""
    chosen = np.asarray(pd.Series(where).fillna(False), bool)
    picked = [np.asarray(v, float)[chosen] for v in values]
    yield from zip(rows[chosen].to_dict("records"), *picked, strict=True)


def _of(difference: float, whole: float) -> str:
    share = f", {percent(abs(difference) / whole)}" if whole else ""
    return f"{count(abs(difference))} personer{share}"


def _allowed() -> str:
    return f"{count(ROUNDING)} eller {percent(TOLERANCE)}"


def _draft(
    row: Mapping[Any, Any], records: Records, *, cells: Sequence[Cell], dataset: str, measure: str, **more: Any
) -> Draft:
    """A draft about one row; a provider's row names the provider."""
    provider = str(row.get("provider", ""))
    named = records.providers[provider].name if provider in records.providers else provider
    return Draft(
        dataset=dataset,
        region=str(row["region"]),
        care_areas=(str(row["care_area"]),),
        measure=f"{measure} ({named})" if named else measure,
        months=(Month.of(row["period"]),),
        affects=affects(dataset, records.regions[str(row["region"])].short_name, cells[0].column if cells else ""),
        cells=tuple(cells),
        batch=int(row["batch_id"]) if "batch_id" in row else None,
        **more,
    )
