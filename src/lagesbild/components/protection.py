"""What is said of small counts: which are hidden from whoever looks, and which must not be passed on."""

from __future__ import annotations

from collections.abc import Sequence

from lagesbild.domain.care import Region, leaf_regions
from lagesbild.domain.viewer import Viewer


def own_region(viewer: Viewer, regions: Sequence[Region]) -> Region | None:
    """The leaf region whose numbers the viewer sees though others do not; None for one who sees all anyway."""
    leaves = leaf_regions(list(regions))
    return next((r for r, mine in zip(leaves, viewer.mine(r.code for r in leaves), strict=True) if mine), None)


def protected_words(viewer: Viewer, own: Region | None = None) -> str:
    """What goes with figures wherever they go. `own`: a region that stands in them with its small counts.

    >>> protected_words(Viewer()), protected_words(Viewer("exact"))
    ('Tal under 5 är skyddade.', 'Inga tal är skyddade.')
    >>> protected_words(Viewer(own="13"), Region("13", "Region Halland", "Halland"))
    'Tal under 5 är skyddade. Undantag: Halland, vars små tal inte får spridas.'
    """
    if viewer.role == "exact":
        return "Inga tal är skyddade."
    told = f"Tal under {viewer.threshold} är skyddade."
    return told if own is None else f"{told} Undantag: {own.short_name}, vars små tal inte får spridas."


def passing_on(region: Region) -> str:
    """
    >>> passing_on(Region("13", "Region Halland", "Halland"))
    'Små tal visas för Halland, din egen region, och får inte spridas. Allt annat är som alla ser det.'
    """
    return (
        f"Små tal visas för {region.short_name}, din egen region, och får inte spridas. Allt annat är som alla ser det."
    )
