"""What the flows of a page are in the twin: of regions' own totals, or of one provider's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from lagesbild.domain.care import CareArea, Provider
from lagesbild.domain.periods import Month
from lagesbild.domain.selection import Selection
from lagesbild.domain.source import Source
from lagesbild.domain.viewer import Viewer
from lagesbild.views.area_twin import area_twin
from lagesbild.views.provider_twin import provider_twin


@dataclass(frozen=True)
class Others:
    """`values[column]`: counts in the twin; `withheld[column]`: whether the source hid the count. Months down, region
    codes across."""

    values: Mapping[str, pd.DataFrame]
    withheld: Mapping[str, pd.DataFrame]


def twin_of_flows(
    source: Source,
    selection: Selection,
    area: CareArea,
    provider: Provider | None,
    by_region: Mapping[str, pd.DataFrame],
    viewer: Viewer,
) -> Others:
    """The twin of `by_region`, all of whose frames have the same months and regions."""
    index, codes = by_region["waiting"].index, list(by_region["waiting"].columns)
    if not len(index) or viewer.role == "exact":
        return Others({}, {})
    first, last = Month.of(index[0]), Month.of(index[-1])
    told = selection.with_(care_area=area.code, month=last, region="", provider="", healthcare_region="")
    # one month more: the first month's balance begins with the stock before it
    found = area_twin(source, told, first - 1, viewer)
    if provider is not None:
        found = provider_twin(source, selection, area, provider, found, viewer.threshold)
    places = {r.code: k for k, r in enumerate(found.regions)}
    own = [places[c] for c in codes if c in places]
    at = [x for x, c in enumerate(codes) if c in places]
    values, withheld = {}, {}
    for column, frame in by_region.items():
        if column in found.differences:
            more, hidden = np.zeros(frame.shape), np.zeros(frame.shape, bool)
            more[:, at] = found.differences[column][own, 1:].T
            hidden[:, at] = found.withheld[column][own, 1:].T
            values[column] = frame + more
            withheld[column] = pd.DataFrame(hidden, index=index, columns=frame.columns)
    return Others(values, withheld)
