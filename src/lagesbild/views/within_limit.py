"""How many of those a provider treated had waited within the guarantee, and their share: what may be told beside how
many it treated.

Two parts make up those treated, and a source can also publish a share of fewer (not everybody has a guarantee), so that
three can: within, beyond, and outside the guarantee. A part of 1 to 4 is hidden by hiding what it could be worked out
from. No sum over providers is published, so nothing else can give a hidden part away.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, isnan, nan
from typing import Final

from lagesbild.domain.disclosure import is_small
from lagesbild.domain.viewer import Viewer

_ROUNDED: Final = 0.05  # per cent units: sources publish shares with one decimal
_SAME: Final = 1e-9


@dataclass(frozen=True)
class WithinLimit:
    """Persons and a share (0-100), each with a state: "" = told, missing, suppressed, secondary, excluded."""

    count: float
    count_state: str
    share: float
    share_state: str


def within_limit(
    performed: float,
    performed_state: str,
    within: float,
    published: float,
    viewer: Viewer,
    *,
    withheld: bool = False,
) -> WithinLimit:
    """What may be told of a provider's month. `performed_state`: how its treated are told; `within` and `published`
    (the share as its source gives it, 0-100): NaN where not known; `withheld`: the source hid `within`.

    >>> within_limit(40, "", 30, float("nan"), Viewer())
    WithinLimit(count=30.0, count_state='', share=75.0, share_state='')
    >>> within_limit(40, "", 37, 92.5, Viewer())  # three had waited longer
    WithinLimit(count=nan, count_state='secondary', share=nan, share_state='secondary')
    """
    if performed_state == "excluded":
        return WithinLimit(nan, "excluded", nan, "excluded")
    share = published
    if isnan(share) and not isnan(within) and performed > 0:
        share = 100 * within / performed
    count_state = "suppressed" if withheld else "missing" if isnan(within) else ""
    share_state = "missing" if isnan(share) else ""
    if viewer.role != "exact":
        parts = (within, performed - within)
        if performed_state or performed < within or any(is_small(p, viewer) for p in parts):
            # of nobody there is no share: that it is missing would tell that hidden treated were none
            share_state = "missing" if count_state == share_state == "missing" else "secondary"
            count_state = count_state or "secondary"
        elif count_state:
            share_state = share_state or ("" if _large(performed, share, viewer) and not withheld else "secondary")
        elif not _safe(performed, within, published, viewer):
            share_state = "secondary"
    return WithinLimit(
        float(within) if count_state == "" else nan, count_state, share if share_state == "" else nan, share_state
    )


def _safe(performed: float, within: float, published: float, viewer: Viewer) -> bool:
    """Whether a published share beside the two counts leaves no part that must be small: of those with a guarantee,
    how many waited longer, and how many had none."""
    if isnan(published):
        return True
    if published <= _ROUNDED:
        return within == published == 0
    least, most = (100 * within / (published + d) - within for d in (_ROUNDED, -_ROUNDED))
    beyond = range(max(0, ceil(least - _SAME)), floor(min(most, performed - within) + _SAME) + 1)
    outside = [performed - within - b for b in beyond]
    return len(beyond) > 0 and not any(is_small(n, viewer) for n in (*beyond, *outside))


def _large(performed: float, share: float, viewer: Viewer) -> bool:
    """Whether a share without a count is of parts that are not small, were it of all who were treated."""
    rounded = _ROUNDED * performed / 100
    parts = (share * performed / 100, (100 - share) * performed / 100)
    return all(p <= _SAME or p >= viewer.threshold + rounded for p in parts)  # False where `performed` is not known
