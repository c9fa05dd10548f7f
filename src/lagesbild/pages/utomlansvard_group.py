"""`/utomlansvard` of one healthcare region: what its regions send and receive, in words and as the largest flows.

Everything is a sum that the table of healthcare regions has, or a flow that the matrix has: nothing else is published
of a group (docs/disclosure.md), so its brokering cases are not added up.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from lagesbild.components.html import el
from lagesbild.components.model import Column, FigureCard, Row, Table
from lagesbild.domain.care import Region
from lagesbild.domain.swedish import count, number_word, percent
from lagesbild.pages.context import PageContext
from lagesbild.pages.links import to_region
from lagesbild.pages.phrases import persons, treated
from lagesbild.pages.travel_text import cell, flow_list, plain_state, travel_source, window
from lagesbild.pages.waits_text import group_words
from lagesbild.views.out_of_region import Flow, FlowMatrix
from lagesbild.views.region_flows import TOP

_OUT: Final = "Till andra sjukvårdsregioner"
_IN: Final = "Från andra sjukvårdsregioner"


def group_sentence(matrix: FlowMatrix, name: str) -> str:
    """How many left their own region, and their share."""
    done, place, sent = treated(matrix.travel.area), group_words(name), matrix.shown("sent", name)
    if sent is None:
        why = "små tal är skyddade" if matrix.state("sent", name) != "missing" else "månader saknas"
        return f"För {place} kan antalet inte visas: {why}."
    share = matrix.group_share(name)
    told = f"{persons(sent)} från {place} {done} utanför sin egen region"
    # the share is of those regions that have one: with fewer it does not belong to this number
    whole = len(matrix.with_share_in(name)) == len(matrix.travel.groups[name])
    if share is not None and whole:
        told += f", {percent(share)} av regionernas egna"
    return f"{told}."


def group_more(matrix: FlowMatrix, name: str) -> str:
    """How many of them stayed inside the group, and whom it received from others."""
    sent, inside, from_outside = (matrix.shown(kind, name) for kind in ("sent", "own", "from"))
    out = []
    if sent and inside is not None:
        stayed = f"{count(inside)} av {count(sent)} stannade" if inside else "Ingen stannade"
        out.append(f"{stayed} inom sjukvårdsregionen.")
    if from_outside is not None:
        came = f"tog emot {persons(from_outside)}" if from_outside else "tog inte emot någon"
        out.append(f"Den {came} från andra sjukvårdsregioner.")
    return " ".join(out)


def group_card(matrix: FlowMatrix, name: str, context: PageContext) -> FigureCard:
    """The largest flows out of the group and into it, five each way; the table has all that are shown."""
    members = members_of(matrix, name)
    out, into = crossing(matrix, members)
    threshold = context.viewer.threshold
    shown = [f for f in (*out, *into) if f.persons is not None]
    most = max((f.persons or 0.0 for f in shown), default=0.0)
    sides = []
    for title, kind, flows, tone in ((_OUT, "away", out, "series"), (_IN, "from", into, "context")):
        told = [f for f in flows if f.persons is not None][:TOP]
        whole, state = matrix.shown(kind, name), matrix.state(kind, name)
        number = count(whole) if whole is not None else plain_state(state, threshold)
        hidden = sum(f.persons is None for f in flows)
        sides.append(flow_list(f"{title}: {number}", [(f, _named(f)) for f in told], most, tone, hidden))
    place = group_words(name)
    return FigureCard(
        id="sjukvardsregionen",
        title=_title(matrix, name, out),
        summary=(
            f"Personer mellan {place} och andra, {window(matrix)}. De {number_word(TOP)} största flödena åt varje håll."
        ),
        table=_table(matrix, name, (*out, *into), members, context),
        source=travel_source(matrix.travel, note="Flöden mellan sjukvårdsregionens egna regioner står i matrisen."),
        graphic=el("Div", sides, className="sides"),
        span=6,
    )


def members_of(matrix: FlowMatrix, name: str) -> tuple[Region, ...]:
    """The regions that are summed in it: one shared by two is in its first."""
    return tuple(matrix.regions[k] for k in matrix.travel.groups.get(name, ()))


def crossing(matrix: FlowMatrix, members: Sequence[Region]) -> tuple[list[Flow], list[Flow]]:
    """The flows out of the regions to others, and those into them from others, largest first."""
    flows = matrix.flows()
    out = [f for f in flows if f.home in members and f.treating not in members]
    return out, [f for f in flows if f.treating in members and f.home not in members]


def _named(f: Flow) -> str:
    return f"{f.home.short_name} till {f.treating.short_name}"


def _title(matrix: FlowMatrix, name: str, out: Sequence[Flow]) -> str:
    away, place = matrix.shown("away", name), group_words(name)
    if away is None:
        return f"Hur många från {place} som {treated(matrix.travel.area)} i en annan kan inte visas"
    if not away:
        return f"Ingen från {place} {treated(matrix.travel.area)} i en annan"
    # a protected flow may be larger than those shown
    told = out and all(f.persons is not None for f in out)
    first = f", flest från {out[0].home.short_name} till {out[0].treating.short_name}" if told else ""
    return f"{persons(away)} från {place} {treated(matrix.travel.area)} i en annan{first}"


def _table(
    matrix: FlowMatrix, name: str, flows: Sequence[Flow], members: Sequence[Region], context: PageContext
) -> Table:
    threshold = context.viewer.threshold
    columns = (
        Column("direction", "Åt vilket håll"),
        Column("home_region", "Hemregion"),
        Column("treating_region", "Utförande region"),
        Column("persons", "Personer", "count"),
    )
    rows = []
    for title, kind in ((_OUT, "away"), (_IN, "from")):
        whole: Any = cell(matrix.shown(kind, name), matrix.state(kind, name), threshold)
        rows.append(Row((title, "Alla", "Alla", whole), "country"))
    for f in flows:
        leaves = f.home in members
        other = f.treating if leaves else f.home
        told: Any = cell(f.persons, f.state, threshold)
        row = (_OUT if leaves else _IN, f.home.short_name, f.treating.short_name, told)
        rows.append(Row(row, href=to_region(other.code, context.selection)))
    caption = f"Personer mellan {group_words(name)} och andra, {window(matrix)}"
    return Table(caption, columns, tuple(rows))
