"""Rules about months beside each other: one that stands out, a level that jumps, one that repeats the one before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pandas as pd

from lagesbild.domain.anomalies import CUSUM, JUMP, LIMIT, NEAR, Adjusted, adjusted, shifts, spikes
from lagesbild.domain.datasets import DATASETS
from lagesbild.domain.periods import Month, months_between
from lagesbild.domain.seasonal import COUNT_OFFSET
from lagesbild.domain.source import Break
from lagesbild.domain.swedish import count, decimal, signed
from lagesbild.views.finding import Cell, Draft, Records, cells_of
from lagesbild.views.finding_words import COLUMNS, DATASET_WORDS, affects

JUDGED: Final = (("waits", "waiting"), ("production", "added"), ("production", "performed"))
SMALLEST: Final = 20.0  # a month, median: below it chance alone halves and doubles
LEAST_SAME: Final = 6  # numbers that must be equal before it is no coincidence
_LEAST_DIFFERENT: Final = 3  # different values among them
_NEAR_BREAK: Final = 1  # months between a jump and a registered break that it belongs to


def unusual(records: Records) -> Iterator[Draft]:
    """Outliers and jumps in waiting, added and performed of every region and care area, masked months left out."""
    for dataset, column in JUDGED:
        rows = records.series[dataset]
        rows = rows[rows[column].notna()]
        if rows.empty:
            continue
        months = months_between(Month.of(rows["period"].min()), records.end)
        index = pd.DatetimeIndex([pd.Timestamp(m.first_day) for m in months])
        wide = rows.pivot(index=["region", "care_area"], columns="period", values=column).reindex(columns=index)
        keys = [(str(r), str(a)) for r, a in wide.index]
        values = wide.to_numpy(float).copy()
        for row, (region, area) in zip(values, keys, strict=True):
            row[_masked(records.breaks, region, area, months)] = np.nan
        seen = np.isfinite(values).sum(axis=1) >= 2
        level = np.array([np.nanmedian(v) if ok else np.nan for v, ok in zip(values, seen, strict=True)])
        large = level >= SMALLEST
        keys = [k for k, ok in zip(keys, large, strict=True) if ok]
        values, level = values[large], level[large]
        if not keys:
            continue
        # a count that falls at random varies by at least its root
        found = adjusted(np.log(values + COUNT_OFFSET), months[0], 1 / np.sqrt(level)[:, None])
        yield from _jumps(records, dataset, column, found, values, keys, months)
        yield from _spikes(records, dataset, column, found, values, keys, months)


def _masked(breaks: Sequence[Break], region: str, area: str, months: Sequence[Month]) -> np.ndarray:
    mine = [b for b in breaks if b.kind == "mask" and b.region in ("", region) and b.care_area in ("", area)]
    return np.array([any(b.first <= m and (b.last is None or m <= b.last) for b in mine) for m in months], bool)


Keys = list[tuple[str, str]]


def _spikes(
    records: Records,
    dataset: str,
    column: str,
    found: Adjusted,
    values: np.ndarray,
    keys: Keys,
    months: list[Month],
) -> Iterator[Draft]:
    for s in spikes(found, len(records.months)):
        region, area = keys[s.series]
        low, middle, high = (max(0.0, float(np.exp(x)) - COUNT_OFFSET) for x in (s.low, s.expected, s.high))
        value, month = float(values[s.series, s.month]), months[s.month]
        beside = range(max(0, s.month - NEAR), min(len(months), s.month + NEAR + 1))
        order = [s.month, *(k for k in beside if k != s.month)]
        yield _draft(
            records,
            dataset,
            column,
            region,
            area,
            month,
            [(months[k], values[s.series, k]) for k in order],
            rule="outlier",
            title="Avvikande värde",
            evidence=f"{count(value)} mot väntat {count(middle)}, gräns {count(low)} till {count(high)}",
            covered="Månaden ligger utanför gränsen",
            detail=f"Värdet är {decimal(abs(s.z))} robusta standardavvikelser {'över' if s.z > 0 else 'under'} nivån.",
            threshold=(
                f"Högst {decimal(LIMIT, 0)} godtas, efter att säsong och nivå räknats bort med medianer på "
                "logaritmerade tal."
            ),
        )


def _jumps(
    records: Records,
    dataset: str,
    column: str,
    found: Adjusted,
    values: np.ndarray,
    keys: Keys,
    months: list[Month],
) -> Iterator[Draft]:
    for s in shifts(found, len(records.months)):
        region, area = keys[s.series]
        month, change = months[s.month], float(np.expm1(s.after - s.before))
        near = range(max(0, s.month - NEAR), min(len(months), s.month + NEAR))
        order = [s.month, *(k for k in near if k != s.month)]
        level = [max(0.0, float(np.exp(x)) - COUNT_OFFSET) for x in (s.before, s.after)]
        yield _draft(
            records,
            dataset,
            column,
            region,
            area,
            month,
            [(months[k], values[s.series, k]) for k in order if np.isfinite(values[s.series, k])],
            rule="break",
            title="Nivån hoppar",
            evidence=f"{signed(change * 100)}\u00a0%: från omkring {count(level[0])} till {count(level[1])} i månaden",
            covered="Nivån är en annan från och med månaden",
            detail=(
                f"Ändringen är {decimal(s.jump)} gånger den vanliga mellan två månader, och den kumulerade summan når "
                f"{decimal(s.cusum)}."
            ),
            threshold=(
                f"Gränserna är {decimal(JUMP, 0)} och {decimal(CUSUM, 2)}, på logaritmerade tal utan säsong; minst "
                "60\u00a0% av hoppet ska finnas kvar."
            ),
            known=_registered(records.breaks, region, area, month),
        )


def _registered(breaks: Sequence[Break], region: str, area: str, month: Month) -> str:
    """What the register of breaks says of the jump; empty when it knows of none."""
    for b in breaks:
        if b.region not in ("", region) or b.care_area not in ("", area):
            continue
        edges = [b.first, *([] if b.last is None else [b.last + 1])]
        if any(abs(month - e) <= _NEAR_BREAK for e in edges):
            return f"registrerat brott: {b.reason.rstrip('.')}"
    return ""


def _draft(
    records: Records,
    dataset: str,
    column: str,
    region: str,
    area: str,
    month: Month,
    around: Sequence[tuple[Month, float]],
    *,
    known: str = "",
    **more: Any,
) -> Draft:
    rows = records.own(dataset)
    at = (rows["period"] == pd.Timestamp(month.first_day)) & (rows["region"] == region) & (rows["care_area"] == area)
    batch = rows.loc[at, "batch_id"]
    return Draft(
        grade="info" if known else "review",
        dataset=dataset,
        region=region,
        care_areas=(area,),
        measure=COLUMNS[column],
        months=(month,),
        affects=affects(dataset, records.regions[region].short_name, column),
        cells=tuple(Cell(dataset, region, area, "", m, column, None if np.isnan(v) else float(v)) for m, v in around),
        batch=int(batch.iloc[0]) if len(batch) else None,
        known=known,
        **more,
    )


def repeated(records: Records) -> Iterator[Draft]:
    """Months in which every number of a region and care area is the one of the month before; see `together`.

    Not capacity: places a month may well be the same. Zeros do not count, they repeat by themselves.
    """
    for dataset in ("waits", "production"):
        rows = records.rows[dataset]
        columns = [c.name for c in DATASETS[dataset].values]
        keys = ["region", "care_area", "provider"]
        before = rows.assign(period=rows["period"] + pd.DateOffset(months=1))
        both = rows.merge(before[["period", *keys, *columns]], on=["period", *keys], suffixes=("", "_before"))
        if both.empty:
            continue
        now, then = (both[[f"{c}{end}" for c in columns]].to_numpy(float) for end in ("", "_before"))
        told = np.isfinite(now) & (now != 0)
        same = told & (now == then)
        # one number that was told only once is a change too
        broken = (told | (np.isfinite(then) & (then != 0))) & ~same
        both = both.assign(_same=same.sum(axis=1), _broken=broken.sum(axis=1))
        both["_different"] = [len(set(v[ok])) for v, ok in zip(now, same, strict=True)]
        whole = both.groupby(["region", "care_area", "period"]).agg(
            same=("_same", "sum"), broken=("_broken", "sum"), different=("_different", "max")
        )
        hits = whole[(whole["broken"] == 0) & (whole["same"] >= LEAST_SAME) & (whole["different"] >= _LEAST_DIFFERENT)]
        found = hits.reset_index()
        for region, area, period, same in found[["region", "care_area", "period", "same"]].to_numpy(object).tolist():
            month = Month.of(period)
            times = [pd.Timestamp((month - k).first_day) for k in (0, 1)]
            mine = rows[(rows["region"] == region) & rows["period"].isin(times) & (rows["care_area"] == area)]
            told = mine[mine["provider"] == ""].sort_values("period", ascending=False).to_dict("records")
            cells = tuple(c for r in told for c in cells_of(dataset, r, columns) if c.value is not None)
            yield Draft(
                rule="repeated",
                grade="stop",
                title="Samma tal två månader",
                dataset=dataset,
                region=str(region),
                care_areas=(str(area),),
                measure=DATASET_WORDS[dataset],
                months=(month,),
                **_identical(int(same), month),
                same=int(same),
                threshold=f"Minst {count(LEAST_SAME)} tal, alla lika månaden före, är ingen slump.",
                affects=affects(dataset, records.regions[str(region)].short_name),
                cells=cells,
                batch=int(mine["batch_id"].max()),
            )


def together(drafts: Sequence[Draft]) -> Iterator[Draft]:
    """The same, with the care areas of a region's repeated month as one draft, in the place of the first."""
    mine: dict[tuple[str, str, Month], list[Draft]] = {}
    for d in drafts:
        if d.rule == "repeated":
            mine.setdefault((d.dataset, d.region, d.months[0]), []).append(d)
    for d in drafts:
        if d.rule != "repeated":
            yield d
        elif parts := mine.pop((d.dataset, d.region, d.months[0]), []):
            same = sum(p.same for p in parts)
            yield replace(
                d,
                care_areas=tuple(a for p in parts for a in p.care_areas),
                cells=tuple(c for p in parts for c in p.cells),
                batch=max(p.batch for p in parts if p.batch is not None),
                same=same,
                **_identical(same, d.months[0]),
            )


def _identical(same: int, month: Month) -> dict[str, Any]:
    said = f"{count(same)} tal är identiska med {(month - 1).name}"
    return {"evidence": said, "covered": said}
