"""The twin of a whole source, and an engine that turns it back: what a page shows must be the same for both.

If it is, nothing that a public viewer can get tells the country from its twin, whatever it is put together with:
tables, figures, hover texts, sentences, order of rows, and figures that nobody has thought of.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pandas as pd

from lagesbild.domain.dataset_spec import WAIT_BANDS
from lagesbild.domain.periods import Month
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Query
from lagesbild.domain.viewer import Viewer
from lagesbild.domain.window_twin import Sliding, Twin
from lagesbild.views import sliding_twin, stock_twin, twins
from lagesbild.views.area_twin import FLOWS, area_twin
from lagesbild.views.provider_twin import provider_twins, provider_wait_twin
from lagesbild.views.wait_counts import EXCLUDED, Counts, wait_counts
from lagesbild.views.wait_reading import read_waits
from tests.disclosure.mirror_flows import mirrored_cases, mirrored_flows, one_of
from tests.disclosure.small_world import with_forecasts
from tests.fakes import FakeSource

PUBLIC = Viewer()
_STOCK = ("waiting", "within_limit", *EXCLUDED[:2])
_WAITS = (*_STOCK, *WAIT_BANDS)
IN_TIME = "performed_within_limit"


def mirrored(source: FakeSource) -> FakeSource:
    """The twin of everything: waits with bands and excluded, production, of regions and of providers."""
    frames = {name: frame.copy() for name, frame in source.frames.items()}
    places = {name: _places(frame) for name, frame in frames.items() if name in ("waits", "production")}
    months = sorted({Month.parse(str(p)[:7]) for p in frames["waits"]["period"]})

    def add(dataset: str, key: tuple[str, str, str, str], more: dict[str, float]) -> None:
        row = places[dataset].get(key)
        for column, value in more.items() if row is not None else ():
            frames[dataset].loc[row, column] += value

    for area in source.care_areas():
        for month in months:
            told = Selection(care_area=area.code, month=month)
            whole = area_twin(source, told, month - 1, PUBLIC)
            read = read_waits(source, told, PUBLIC)
            here = read is not None and read.end == month
            counts = wait_counts(read, 0, PUBLIC) if here else None
            for k, region in enumerate(whole.regions):
                at = (str(month), region.code, area.code)
                add("production", (*at, ""), {c: whole.differences[c][k, 1] for c in FLOWS})
                if counts is not None:
                    add("waits", (*at, ""), {c: _more(counts, region.code, c) for c in _WAITS})
                found = provider_twins(source, told, area, region.code, whole, PUBLIC.threshold)
                for p in found.codes:
                    add("production", (*at, p), {c: float(found.of(p, c)[1]) for c in FLOWS})
                    add("waits", (*at, p), {c: float(found.of(p, c)[1]) for c in _STOCK})
                rows = source.facts("waits", Query((region.code,), (area.code,), None, month, month))
                rows = rows[rows["provider"] != ""]
                if len(rows) and counts is not None:
                    counted = {c: rows[c].to_numpy(float) for c in ("waiting", "within_limit", *WAIT_BANDS)}
                    moved = provider_wait_twin([str(p) for p in rows["provider"]], counted, counts, region.code)
                    for n, p in enumerate(rows["provider"]):
                        add("waits", (*at, str(p)), {b: float(moved[b][n]) for b in WAIT_BANDS})
    if IN_TIME in (made := frames["production"]):  # of those treated: no more than them, or each would be a fault
        made[IN_TIME] = made[[IN_TIME, "performed"]].min(axis=1, skipna=False)
    frames |= {"out-of-region": mirrored_flows(source), "brokering": mirrored_cases(source)}
    other = FakeSource(
        source.region_rows,
        source.area_rows,
        frames,
        provider_rows=source.provider_rows,
        limit_rows=source.limit_rows,
        break_rows=source.break_rows,
        batch_rows=source.batch_rows,
    )
    with_forecasts(other)
    return other


def _more(counts: Counts, region: str, column: str) -> float:
    value, other = counts.values[region, column], counts.others[region, column]
    return 0.0 if value is None or other is None else other - value


def _places(frame: pd.DataFrame) -> dict[tuple[str, str, str, str], int]:
    keys = zip(*(frame[c].astype(str) for c in ("period", "region", "care_area", "provider")), strict=True)
    return {(p[:7], r, a, v): k for k, (p, r, a, v) in enumerate(keys)}


@contextmanager
def remembering(kept: dict[bytes, Any]) -> Iterator[None]:
    """Notes every difference under what the turned engine will be asked, in the order of asking; of the twins of
    sliding sums, those of one."""
    real, real_twins = twins.kept_difference, sliding_twin.kept_twins

    def noting(sheet):
        found = real(sheet)
        need = None if sheet.need is None else -sheet.need
        targets = None if sheet.targets is None else -sheet.targets
        kept.setdefault(_key(sheet, sheet.counts + found, need, targets), []).append(-found)
        return found

    def noting_twins(sliding):
        found = real_twins(sliding)
        here = one_of(found, sliding)
        counts = sliding.counts.copy()
        for month, i, j, step in here.cells:
            counts[month, i, j] += step
        back = tuple((m, i, j, -x) for m, i, j, x in here.cells)
        # seen from the twin, the country is one of its twins, and the others differ by what they did and back
        others = [Twin(w.cells + back) for w in found if w is not here]
        kept[_sliding_key(sliding, counts)] = (*([Twin(back)] if back else []), *others)
        return found

    with _engine(noting, noting_twins):
        yield


@contextmanager
def turned(kept: dict[bytes, Any], *, in_order: bool = False) -> Iterator[None]:
    """The engine that leads from the twin back to the country. Two months of the country may have the same twin (a 1
    and a 3 that both become 2): then the last one noted is taken, or with `in_order` the next one, where the same
    questions are asked of both countries in the same order."""

    def back(sheet):
        found = kept[_key(sheet, sheet.counts, sheet.need, sheet.targets)]
        return found.pop(0) if in_order else found[-1]

    with _engine(back, lambda sliding: kept[_sliding_key(sliding, sliding.counts)]):
        yield


@contextmanager
def _engine(difference, sliding) -> Iterator[None]:
    """Every sheet is asked for: in the twin a small count may be none, and nothing is remembered from before."""
    real, may, real_twins = twins.kept_difference, stock_twin.may_differ, sliding_twin.kept_twins
    remembered = twins._remembered
    twins.kept_difference, sliding_twin.kept_twins = difference, sliding
    twins._remembered = lambda asked, make: make()
    stock_twin.may_differ = lambda *args: np.ones_like(may(*args))
    try:
        yield
    finally:
        twins.kept_difference, stock_twin.may_differ, sliding_twin.kept_twins = real, may, real_twins
        twins._remembered = remembered


def _sliding_key(sliding: Sliding, counts: np.ndarray) -> bytes:
    return b"sliding" + sliding.wholes.tobytes() + np.nan_to_num(counts, nan=-1.0).tobytes()


def _key(sheet, counts, need, targets) -> bytes:
    """Without the remainder of providers that stands for "anything": it is no count."""
    plain = np.where(counts > 5e5, 1e6, counts)
    parts = [plain, sheet.part, sheet.signs, sheet.groups]
    parts += [x + 0.0 for x in (need, targets) if x is not None]
    return b"|".join(str(np.shape(x)).encode() + np.ascontiguousarray(x, float).tobytes() for x in parts)
