"""The twin of a provider's numbers, which add up with its neighbours' to the region's twin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from lagesbild.domain.care import CareArea, Provider
from lagesbild.domain.dataset_spec import WAIT_BANDS
from lagesbild.domain.periods import Month
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Query, Source
from lagesbild.views import twins
from lagesbild.views.area_twin import EXCLUDED, FLOWS, AreaTwin, cubes
from lagesbild.views.wait_counts import Counts


@dataclass(frozen=True)
class ProviderTwins:
    """All of a region's providers: `differences[column]` and `withheld` (hidden by the source) are (providers, months);
    what no provider reports is not among them."""

    codes: tuple[str, ...]
    months: tuple[Month, ...]
    differences: Mapping[str, np.ndarray]
    withheld: Mapping[str, np.ndarray]

    def of(self, provider: str, column: str) -> np.ndarray:
        """The differences of one provider's column, (months,)."""
        return np.asarray(self.differences[column][self.codes.index(provider)])


def provider_twins(
    source: Source, selection: Selection, area: CareArea, region: str, whole: AreaTwin, threshold: int
) -> ProviderTwins:
    """The twins of a region's providers, which add up to the region's in `whole`; same months."""
    months = whole.months
    query = Query((region,), (area.code,), None, months[0], months[-1], selection.as_of)
    rows = {name: source.facts(name, query) for name in ("waits", "production")}
    rows = {name: frame[frame["provider"] != ""] for name, frame in rows.items()}
    codes = tuple(sorted({str(c) for frame in rows.values() for c in frame["provider"]}))
    places = {c: k for k, c in enumerate(codes)}
    home = next((k for k, r in enumerate(whole.regions) if r.code == region), None)
    waits, hid = cubes(rows["waits"], ("waiting", "within_limit", *EXCLUDED), places, months, "provider")
    flows, hid_flows = cubes(rows["production"], FLOWS, places, months, "provider")
    found = {c: np.zeros((len(codes), len(months))) for c in (*waits, *flows)}
    if home is None or not codes:
        return ProviderTwins(codes, months, found, hid | hid_flows)
    for t in range(len(months)):
        # a count of the region that nobody knows is no sum to keep
        lost = {c for c, where in whole.lost.items() if where[home, t]}
        own = {c: 0.0 if c in lost else whole.differences[c][home, t] for c in found}
        total = {c: np.nan if c in lost else whole.counts[c][home, t] for c in found}
        over = total["waiting"] - total["within_limit"]
        within, waiting = waits["within_limit"][:, t], waits["waiting"][:, t]
        stock = _sheet(
            [within, waiting - within, waiting],
            [total["within_limit"], over, total["waiting"]],
            [own["within_limit"], 0.0 if np.isnan(over) else own["waiting"] - own["within_limit"], own["waiting"]],
            (1, 1, -1),
            None,
            threshold,
        )
        found["within_limit"][:, t], found["waiting"][:, t] = stock[:, 0], stock[:, 2]
        if t == len(months) - 1:  # the excluded are shown for the last month only
            left = [waits[c][:, t] for c in EXCLUDED]
            sums, more = [total[c] for c in EXCLUDED], [own[c] for c in EXCLUDED]
            out = _sheet(
                [*left, left[0] + left[1]],
                [*sums, sum(sums)],
                [*more, 0.0 if np.isnan(sum(sums)) else sum(more)],
                (1, 1, -1),
                None,
                threshold,
            )
            for k, column in enumerate(EXCLUDED):
                found[column][:, t] = out[:, k]
        if t:
            grown = found["waiting"][:, t] - found["waiting"][:, t - 1]
            joined = np.isfinite(waits["waiting"][:, t - 1 : t + 1]).all(axis=1)
            made, sums, more = [flows[c][:, t] for c in FLOWS], [total[c] for c in FLOWS], [own[c] for c in FLOWS]
            moved = _sheet(made, sums, more, (1, -1, -1), (np.where(joined, grown, 0.0), joined), threshold)
            for k, column in enumerate(FLOWS):
                found[column][:, t] = moved[:, k]
    return ProviderTwins(codes, months, found, hid | hid_flows)


def provider_twin(
    source: Source, selection: Selection, area: CareArea, provider: Provider, whole: AreaTwin, threshold: int
) -> AreaTwin:
    """As `whole`, with the provider's differences in the place of its region's."""
    found = provider_twins(source, selection, area, provider.region, whole, threshold)
    home = next((k for k, r in enumerate(whole.regions) if r.code == provider.region), None)
    if home is None or provider.code not in found.codes:
        return whole
    mine = found.codes.index(provider.code)
    differences, withheld = {}, {}
    for column, values in found.differences.items():
        shape = whole.differences[column].shape
        differences[column], withheld[column] = np.zeros(shape), np.zeros(shape, bool)
        differences[column][home], withheld[column][home] = values[mine], found.withheld[column][mine]
    return replace(whole, differences=differences, withheld=withheld)


def provider_wait_twin(
    codes: Sequence[str], counted: Mapping[str, np.ndarray], counts: Counts, region: str
) -> dict[str, np.ndarray]:
    """Differences of `counted` (columns waiting, within_limit, the wait bands and, when they are there, the excluded of
    a region's providers, whose `codes` these are) in the month of `counts`, which add up with what no provider reports
    to those of `counts`. The same whatever order they come in, and the same as `provider_twins` has."""
    order = np.argsort(np.array(codes, object), kind="stable")
    moved = _wait_twin({c: x[order] for c, x in counted.items()}, counts, region)
    return {c: x[np.argsort(order, kind="stable")] for c, x in moved.items()}


def _wait_twin(counted: Mapping[str, np.ndarray], counts: Counts, region: str) -> dict[str, np.ndarray]:
    threshold = counts.viewer.threshold

    def whole(columns: Sequence[str]) -> tuple[list[float], list[float]]:
        values = [counts.values[region, c] for c in columns]
        others = [counts.others[region, c] for c in columns]
        known = [np.nan if v is None else v for v in values]
        return known, [0.0 if v is None or o is None else o - v for v, o in zip(values, others, strict=True)]

    own = ("within_limit", "over", "waiting")
    within, waiting = counted["within_limit"], counted["waiting"]
    stock = _sheet([within, waiting - within, waiting], *whole(own), (1, 1, -1), None, threshold)
    bands = np.column_stack([counted[b] for b in WAIT_BANDS])
    part, need = twins.band_parts(bands, stock, np.full(len(bands), counts.cut(region)))
    total, difference = (np.array(x, float) for x in whole(WAIT_BANDS))
    found = twins.parts_twin(bands, total, difference, part, np.ones(len(WAIT_BANDS), int), need, threshold)
    out = {"waiting": stock[:, 2], "within_limit": stock[:, 0]} | {b: found[:, k] for k, b in enumerate(WAIT_BANDS)}
    if EXCLUDED[0] in counted:
        left = [counted[c] for c in EXCLUDED]
        gone = _sheet([*left, left[0] + left[1]], *whole((*EXCLUDED, "excluded")), (1, 1, -1), None, threshold)
        out |= {c: gone[:, k] for k, c in enumerate(EXCLUDED)}
    return out


def _sheet(
    columns: list[np.ndarray],
    whole: list[float],
    difference: list[float],
    signs: tuple[int, int, int],
    balance: tuple[np.ndarray, np.ndarray] | None,
    threshold: int,
) -> np.ndarray:
    """Of the providers that have reported any of the columns: one that has not is in the remainder, whether it is asked
    for with others' months or stands in no row at all."""
    counts = np.column_stack(columns)
    there = np.isfinite(counts).any(axis=1)
    out = np.zeros(counts.shape, int)
    if not there.any():
        return out
    if balance is None:
        part, need = twins.one_part(counts), np.zeros((len(counts), 1))
    else:
        grown, joined = balance
        joined = joined & np.isfinite(counts[:, :2]).all(axis=1)
        part = np.where(joined[:, None] & np.isfinite(counts), 0, -1)
        need = np.where(joined, grown, 0.0)[:, None]
    out[there] = twins.parts_twin(
        counts[there],
        np.array(whole, float),
        np.array(difference, float),
        part[there],
        np.array(signs),
        need[there],
        threshold,
    )
    return out
