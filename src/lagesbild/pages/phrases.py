"""Swedish that several pages share: what is counted is called, where, how far back, and where numbers come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from lagesbild.components.figure_card import state_box
from lagesbild.components.html import el
from lagesbild.components.model import Aside, Special
from lagesbild.domain.care import CareArea, Region
from lagesbild.domain.periods import Month
from lagesbild.domain.source import Batch, Run
from lagesbild.domain.swedish import count, join_and, number_word, swedish_time
from lagesbild.domain.swedish import small as small  # pages know it from here
from lagesbild.views.flows import Flows

_NOUNS: Final = {"operation": ("operation", "operationer"), "first_visit": ("besök", "besök")}
_TREATED: Final = {"operation": "opererades", "first_visit": "fick sitt första besök"}
MOST_NAMED: Final = 4
PROVISIONAL: Final = "prel."


def noun(areas: CareArea | Sequence[CareArea], n: float = 2) -> str:
    """What is counted: operation(er), besök, or åtgärd(er) when kinds differ."""
    kinds = {a.kind for a in ([areas] if isinstance(areas, CareArea) else areas)}
    one, many = _NOUNS.get(kinds.pop() if len(kinds) == 1 else "", ("åtgärd", "åtgärder"))
    return one if n == 1 else many


def treated(area: CareArea) -> str:
    """`opererades`, `fick sitt första besök`, `behandlades`."""
    return _TREATED.get(area.kind, "behandlades")


def persons(n: float) -> str:
    return f"{count(n)} {'person' if n == 1 else 'personer'}"


def place(region: Region | None, country: str) -> str:
    """`Region Skåne`, or the country as it stands in a sentence."""
    return region.name if region else "riket" if country == "Riket" else country


def month_range(first: Month, last: Month) -> str:
    """`februari–juli 2024`, `november 2023–oktober 2024`, `maj 2024`."""
    if first == last:
        return last.sv
    return f"{first.name if first.year == last.year else first.sv}–{last.sv}"


def months_back(n: int) -> str:
    """`ett år` for twelve, else the number of months."""
    return "ett år" if n == 12 else f"{number_word(n)} {'månad' if n == 1 else 'månader'}"


def source_text(sources: Sequence[str], recorded_at: datetime, *, synthetic: bool) -> str:
    """`Källa: ..., uttag 2024-02-26.`"""
    named = join_and(list(sources)) or "uppgift saknas"
    invented = "syntetiska data" + (f" ({named})" if sources and not _says_so(named) else "")
    return f"Källa: {invented if synthetic else named}, uttag {swedish_time(recorded_at):%Y-%m-%d}."


def run_source(batches: Sequence[Batch], dataset: str, run: Run) -> str:
    """Where a run's figures come from: the imports of one dataset, and when the last that the run knew was taken out.
    When the run itself was made stands elsewhere: nothing was taken out then."""
    mine = [b for b in batches if b.dataset == dataset and b.rows]
    synthetic = any(b.synthetic for b in mine)
    used = [b for b in mine if b.synthetic == synthetic]
    moment = max((b.recorded_at for b in used if b.recorded_at <= run.data_as_of), default=run.data_as_of)
    return source_text(sorted({b.source for b in used}), moment, synthetic=synthetic)


def _says_so(named: str) -> bool:
    return named.lower().startswith("syntetiska")


def flows_source(flows: Flows) -> str:
    """Where flows come from, and that they end before the month that was asked for."""
    found = source_text(flows.sources, flows.recorded_at, synthetic=flows.synthetic)
    return f"{found} Uppgifter efter {flows.end.sv} saknas." if flows.ended else found


def counted_text(flows: Flows) -> str:
    """Which regions a country's figure counts and which are left out; empty for one region."""
    if len(flows.counted) + len(flows.left_out) < 2:
        return ""
    total = len(flows.counted) + len(flows.left_out)
    text = f"{count(len(flows.counted))} av {count(total)} regioner är inräknade."
    if not flows.left_out:
        return text
    names = [r.short_name for r in flows.left_out]
    shown = names if len(names) <= MOST_NAMED + 1 else [*names[:MOST_NAMED], f"{count(len(names) - MOST_NAMED)} till"]
    gone = "borträknad" if len(names) == 1 else "borträknade"
    return f"{text} {join_and(shown)} har inte rapporterat alla månader och är {gone}."


def hidden_cell(state: str, threshold: int) -> Special:
    """The cell for a count that is not shown."""
    match state:
        case "suppressed":
            return Special("suppressed", f"<{threshold}" if threshold != 5 else "")
        case "secondary":
            return Special("secondary", reason="Skyddat så att ett litet tal inte kan räknas fram.")
        case _:
            return Special("missing")


def shown(value: float | None, state: str, threshold: int) -> Any:
    """The number, or the cell that says why there is none."""
    return hidden_cell(state, threshold) if state or value is None or value != value else float(value)


def empty(id_: str, title: str, why: str, href: str = "", way: str = "") -> Aside:
    """A section where a figure would stand: says why it is empty and one way on."""
    return Aside(id_, title, "", state_box("", why, el("A", way, href=href) if href else None), span=12)


def or_missing(value: float) -> Any:
    """The number, or the cell that says it is missing."""
    return Special("missing") if value != value else float(value)


def frame_months(frame: Any) -> list[Month]:
    """The `period` column of a view's frame."""
    return [Month.of(p) for p in frame["period"]]


_MEMBERS: Final[Mapping[str, str]] = {
    "cohort": "kohortmodell för väntetidsintervall",
    "avgETS": "viktad exponentiell utjämning",
    "UC": "nivåmodell",
    "naive": "”som senaste månaden”",
    "seasonal_naive": "”samma som i fjol”",
    "constant": "oförändrad serie",
}


def model_words(model: str) -> str:
    """The members of a pool in Swedish; a form of exponential smoothing keeps its name.

    >>> model_words("avgETS + UC + ETS(A,N,A)")
    'sammanvägning av viktad exponentiell utjämning, nivåmodell och ETS(A,N,A)'
    >>> model_words("naive")
    '”som senaste månaden”'
    """
    names = [_MEMBERS.get(name, name) for name in model.split(" + ")]
    return names[0] if len(names) == 1 else f"sammanvägning av {join_and(names)}"
