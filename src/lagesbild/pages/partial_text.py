"""What a figure's months lack, in one sentence for its source line. Empty when everything is whole."""

from __future__ import annotations

from typing import Final

from lagesbild.pages.context import PageContext
from lagesbild.views.flows import Flows
from lagesbild.views.partial import Kind, Partial, partial, waits_lacking
from lagesbild.views.waits import Waits

_LONGEST: Final = 36  # months of the longest figure of flows


def waits_partial(waits: Waits, area: int, months: int) -> str:
    """Of the last `months` months of one care area, all regions."""
    return waits_lacking(waits, area, months).note


def flows_partial(
    context: PageContext,
    found: Flows,
    dataset: str,
    months: int,
    *kinds: Kind,
    regions: tuple[str, ...] = (),
) -> str:
    """Of the last `months` months of the regions counted (or `regions`), and who is left out because it is excluded.

    `kinds`: only these, for a figure that says the others itself. A provider's own rows are not told apart, and figures
    published for a whole country have no parts. Read once for all figures of a page.
    """
    if found.published or found.provider is not None:
        return ""
    counted = regions or tuple(r.code for r in found.counted)
    asked = (*(r.code for r in found.counted), *(r.code for r in found.left_out))
    whole = context.keep(
        ("partial", dataset, found.care_area.code, asked, found.end),
        lambda: partial(
            context.source,
            dataset,
            found.care_area.code,
            found.end - (_LONGEST - 1),
            found.end,
            regions=asked,
            as_of=context.selection.as_of,
        ),
    )
    kept = Partial(tuple(g for g in whole.gaps if g.code in counted or g.kind == "excluded"), whole.last)
    kept = kept.since(found.end - (months - 1))
    return (kept.of(*kinds) if kinds else kept).note
