"""Under the flags: which of them are others than in the previous forecast."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from lagesbild.components.flag import FLAG_WORDS
from lagesbild.components.html import el
from lagesbild.domain.care import CareArea, Region
from lagesbild.domain.periods import Month
from lagesbild.domain.selection import Selection
from lagesbild.domain.swedish import capital, number_word
from lagesbild.domain.told_flags import UNJUDGED
from lagesbild.pages.links import to_page
from lagesbild.views.flag_changes import LISTED, FlagChange, FlagChanges

_WAS: Final = {"open": "var öppet", "expected": "väntades", "watch": "bevakades"}


def changes_nodes(
    found: FlagChanges | None,
    areas: Mapping[str, CareArea],
    regions: Mapping[str, Region],
    selection: Selection,
    end: Month,
) -> list[Any]:
    """Heading and list, or one sentence when nothing differs or there is nothing to compare with."""
    if found is None:
        return [el("P", "Ingen tidigare prognos att jämföra med.", className="sum-2")]
    before = month_word(found.previous.until, end)
    if not found.changes:
        return [el("P", f"Flaggorna är desamma som i förra prognosen, {before}.", className="sum-2")]
    rows = [_row(c, areas, regions, selection) for c in found.changes[:LISTED]]
    parts = [el("H3", f"Sedan förra prognosen, {before}", className="sub"), el("Ul", rows, className="chgs")]
    rest = found.count - LISTED
    if rest > 0:
        to = "ändrad flagga" if rest == 1 else "ändrade flaggor"
        parts.append(el("P", f"{capital(number_word(rest))} {to} till.", className="src"))
    return parts


def month_word(month: Month, end: Month) -> str:
    """The month's name, with the year when it is not that of `end`."""
    return month.name if month.year == end.year else month.sv


def change_text(change: FlagChange) -> str:
    """What has happened to the flag.

    >>> change_text(FlagChange("", "", "watch", "open")), change_text(FlagChange("", "", "open", "none"))
    ('höjd från bevakas till öppet', 'borttagen, var öppet')
    >>> change_text(FlagChange("", "", "none", "watch")), change_text(FlagChange("", "", "unjudged", "expected"))
    ('ny flagga, bevakas', 'ny flagga, väntas, kunde inte bedömas då')
    """
    match change.kind:
        case "new":
            late = ", kunde inte bedömas då" if change.before == UNJUDGED else ""
            return f"ny flagga, {FLAG_WORDS[change.now]}{late}"
        case "withdrawn":
            why = "kan inte bedömas nu" if change.now == UNJUDGED else "borttagen"
            return f"{why}, {_WAS[change.before]}"
        case kind:
            verb = "höjd" if kind == "raised" else "sänkt"
            return f"{verb} från {FLAG_WORDS[change.before]} till {FLAG_WORDS[change.now]}"


def _row(
    change: FlagChange, areas: Mapping[str, CareArea], regions: Mapping[str, Region], selection: Selection
) -> dict[str, Any]:
    name = f"{areas[change.care_area].short}, {regions[change.region].short_name}"
    mine = selection.with_(care_area=change.care_area, region=change.region, healthcare_region="", provider="")
    shown = change.now if change.now in FLAG_WORDS else ""
    mark = el("Span", className=f"flag flag-{shown}" if shown else "flag-none", aria_hidden="true")
    text = [el("A", name, href=to_page("/prognos", mine)), f": {change_text(change)}"]
    return el("Li", [mark, el("Span", text)])
