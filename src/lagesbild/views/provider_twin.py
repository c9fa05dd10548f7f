"""The twin of a provider's numbers, which add up with its neighbours' to the region's twin."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lagesbild.domain.care import CareArea, Provider
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Query, Source
from lagesbild.views import twins
from lagesbild.views.area_twin import EXCLUDED, FLOWS, AreaTwin, cubes


def provider_twin(
    source: Source, selection: Selection, area: CareArea, provider: Provider, whole: AreaTwin, threshold: int
) -> AreaTwin:
    """As `whole`, with the provider's differences in the place of its region's."""
    home = next((k for k, r in enumerate(whole.regions) if r.code == provider.region), None)
    if home is None:
        return whole
    months = whole.months
    query = Query(
        regions=(provider.region,),
        care_areas=(area.code,),
        provider=None,
        first=months[0],
        last=months[-1],
        as_of=selection.as_of,
    )
    rows = {name: source.facts(name, query) for name in ("waits", "production")}
    rows = {name: frame[frame["provider"] != ""] for name, frame in rows.items()}
    codes = sorted({str(c) for frame in rows.values() for c in frame["provider"]})
    if provider.code not in codes:
        return whole
    places = {c: k for k, c in enumerate(codes)}
    waits, hid = cubes(rows["waits"], ("waiting", "within_limit", *EXCLUDED), places, months, "provider")
    flows, hid_flows = cubes(rows["production"], FLOWS, places, months, "provider")
    withheld = hid | hid_flows
    found = {c: np.zeros((len(codes), len(months))) for c in withheld}
    for t in range(len(months)):
        own = {c: whole.differences[c][home, t] for c in found}
        total = {c: whole.counts[c][home, t] for c in found}
        stock = _sheet(
            [waits["within_limit"][:, t], waits["waiting"][:, t] - waits["within_limit"][:, t], waits["waiting"][:, t]],
            [total["within_limit"], total["waiting"] - total["within_limit"], total["waiting"]],
            [own["within_limit"], own["waiting"] - own["within_limit"], own["waiting"]],
            (1, 1, -1),
            None,
            threshold,
        )
        found["within_limit"][:, t], found["waiting"][:, t] = stock[:, 0], stock[:, 2]
        left = [waits[c][:, t] for c in EXCLUDED]
        sums = [total[c] for c in EXCLUDED]
        more = [own[c] for c in EXCLUDED]
        out = _sheet([*left, left[0] + left[1]], [*sums, sum(sums)], [*more, sum(more)], (1, 1, -1), None, threshold)
        for k, column in enumerate(EXCLUDED):
            found[column][:, t] = out[:, k]
        if t:
            grown = found["waiting"][:, t] - found["waiting"][:, t - 1]
            joined = np.isfinite(waits["waiting"][:, t - 1 : t + 1]).all(axis=1)
            moved = _sheet(
                [flows[c][:, t] for c in FLOWS],
                [total[c] for c in FLOWS],
                [own[c] for c in FLOWS],
                (1, -1, -1),
                (np.where(joined, grown, 0.0), joined),
                threshold,
            )
            for k, column in enumerate(FLOWS):
                found[column][:, t] = moved[:, k]
    mine = places[provider.code]
    differences, told = {}, {}
    for column, values in whole.differences.items():
        differences[column], told[column] = np.zeros(values.shape), np.zeros(values.shape, bool)
        if column in found:
            differences[column][home], told[column][home] = found[column][mine], withheld[column][mine]
    return replace(whole, differences=differences, withheld=told)


def _sheet(
    columns: list[np.ndarray],
    whole: list[float],
    difference: list[float],
    signs: tuple[int, int, int],
    balance: tuple[np.ndarray, np.ndarray] | None,
    threshold: int,
) -> np.ndarray:
    counts = np.column_stack(columns)
    if balance is None:
        part, need = twins.one_part(counts), np.zeros((len(counts), 1))
    else:
        grown, joined = balance
        joined = joined & np.isfinite(counts[:, :2]).all(axis=1)
        part = np.where(joined[:, None] & np.isfinite(counts), 0, -1)
        need = np.where(joined, grown, 0.0)[:, None]
    return twins.parts_twin(
        counts, np.array(whole, float), np.array(difference, float), part, np.array(signs), need, threshold
    )
