"""The view state: what is chosen on a page. It lives in the URL, so every view can be bookmarked and shared."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from lagesbild.domain.briefing import DEFAULT_KIND, KINDS, contents_in, saved_id
from lagesbild.domain.errors import InputError
from lagesbild.domain.periods import Month
from lagesbild.domain.scenario_choice import NO_WHAT_IF, WHAT_IF_PARAMETERS, WhatIf, to_pairs, with_parameter
from lagesbild.domain.swedish import date_time, end_of_swedish_day, swedish_time
from lagesbild.domain.table_order import orders_in, written
from lagesbild.domain.targets import DEFAULT_TARGET, TARGETS

PARAMETERS: Final[Mapping[str, str]] = {
    "care_area": "vardomrade",
    "region": "region",
    "healthcare_region": "sjukvardsregion",
    "provider": "vardgivare",
    "month": "manad",
    "target": "grans",
    "run": "prognos",
    "status": "lage",
    "order": "ordning",
    "compare": "jamfor_med",
    "per": "matt",
    "window": "manader",
    "register": "register",
    "finding": "fynd",
    "sort": "sortera",
    "kind": "mall",
    "first": "period_fran",
    "contents": "innehall",
    "saved": "underlag",
    "before": "bild",
    "after": "mot",
    "as_of": "as_of",
}
_INSTEAD: Final = "Grundvalet visas i stället."
_SNAPSHOT: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,120}\.zip")
# what the fields are called where they are chosen, for notes about an address
LABELS: Final[Mapping[str, str]] = {
    "care_area": "Vårdområde",
    "region": "Region",
    "healthcare_region": "Sjukvårdsregion",
    "provider": "Vårdgivare",
    "month": "Månad",
    "target": "Gräns för gap",
    "run": "Prognos gjord",
    "status": "Läge",
    "order": "Ordning",
    "compare": "Jämför med",
    "per": "Visa",
    "window": "Period",
    "register": "Register",
    "finding": "Visa fynd",
    "sort": "Ordning i tabell",
    "kind": "Mall",
    "first": "Serier från",
    "contents": "Innehåll",
    "saved": "Sparat underlag",
    "before": "Ögonblicksbild",
    "after": "Jämförd ögonblicksbild",
    "as_of": "Uttag",
    "what_if": "Vad händer om?",
}
# what the browser alone keeps in the address: which figures are shown as tables, which tab of a few is in front
BROWSER_PARAMETERS: Final = ("tabell", "flik")
WINDOWS: Final = (12, 24, 36, 60)  # months a figure over time may go back
OWN_HEALTHCARE_REGION: Final = "sjukvardsregion"  # a comparison that is not with one named region
PER_INHABITANTS: Final = "per_100000"
SHARES: Final = "andel"


@dataclass(frozen=True)
class Selection:
    """What is chosen. Defaults: all care areas, the whole country, all providers, the latest month, an 80 % target."""

    care_area: str = ""
    region: str = ""
    healthcare_region: str = ""  # by name; a page that offers it shows its regions
    provider: str = ""
    month: Month | None = None
    target: int = DEFAULT_TARGET  # per cent
    run: int | None = None
    status: str = ""
    order: str = ""
    compare: str = ""  # what a region is held against: "" the country, OWN_HEALTHCARE_REGION, or a region code
    per: str = ""  # how counts are told: "" as they are, PER_INHABITANTS, SHARES
    window: int | None = None  # months back; None is what the page usually shows
    register: str = ""
    finding: str = ""
    sort: str = ""  # orders of tables, see `domain.table_order`
    kind: str = DEFAULT_KIND  # of briefing, see `domain.briefing`
    first: Month | None = None  # where a briefing's series begin; None is as far back as the pages go
    contents: str = ""  # a briefing's sections in order, when they are not the kind's own
    saved: str = ""  # the briefing that was saved with comments
    before: str = ""  # the earlier snapshot of two that are compared, by file name; "" is the one before the latest
    after: str = ""  # the later
    as_of: datetime | None = None
    what_if: WhatIf = NO_WHAT_IF  # scenarios; its own parameters are in `domain.scenario_choice`

    def differs(self, name: str) -> bool:
        """Whether a field is set to something other than its default (shown bold in the filter bar)."""
        return bool(getattr(self, name) != getattr(_DEFAULT, name))

    def with_(self, **changes: Any) -> Selection:
        return replace(self, **changes)


_DEFAULT: Final = Selection()


@dataclass(frozen=True)
class Known:
    """The values that exist in the data; anything else in a URL falls back with a note."""

    care_areas: Collection[str]
    regions: Collection[str]
    providers: Collection[str]
    months: Collection[Month]
    runs: Collection[int] = ()
    statuses: Collection[str] = ()
    orders: Collection[str] = ()
    healthcare_regions: Collection[str] = ()
    registers: Collection[str] = ()
    findings: Collection[str] = ()
    forecast_months: Collection[Month] = ()  # that a scenario may begin in
    whole: str = ""  # the code of the region that all others are parts of: choosing it is choosing no region
    first_facts: datetime | None = None  # when the first facts were imported, and anything last
    last_import: datetime | None = None


def to_query(selection: Selection) -> str:
    """Query string of what differs from the defaults, in a fixed order, without `?`; empty for the default view.

    >>> to_query(Selection(care_area="kna", month=Month(2024, 1)))
    'vardomrade=kna&manad=2024-01'
    """
    pairs = []
    for f in fields(selection):
        value = getattr(selection, f.name)
        if value == getattr(_DEFAULT, f.name):
            continue
        if isinstance(value, WhatIf):
            pairs += to_pairs(value)
            continue
        pairs.append((PARAMETERS[f.name], moment_text(value) if isinstance(value, datetime) else str(value)))
    return urlencode(pairs)


def moment_text(moment: datetime) -> str:
    """What `parse_as_of` reads back: the date alone for the end of a day."""
    local = swedish_time(moment)
    return local.date().isoformat() if local.time() == time.max else moment.isoformat()


def end_of_day(day: date) -> datetime:
    """The last moment of a day in Sweden, as UTC."""
    return end_of_swedish_day(day)


def parse_as_of(text: str) -> datetime:
    """ISO date (end of that day in Sweden) or date-time; without a zone it is UTC. Raises ValueError."""
    if len(text) == 10:
        text = end_of_day(date.fromisoformat(text)).isoformat()
    moment = datetime.fromisoformat(text)
    if not 1 < moment.year < 9999:  # the zone of a reader could lead out of the calendar
        raise ValueError(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def from_query(search: str, known: Known, clock: datetime) -> tuple[Selection, list[str]]:
    """The selection a query string stands for, and a Swedish note for every value that had to be left out. `clock`: the
    present."""
    selection, faults = _read(search, known)
    if selection.as_of is not None and selection.as_of > last_moment(clock, known.last_import):
        faults.append((not_yet(selection.as_of), "Det som är känt nu visas i stället."))
        selection = selection.with_(as_of=None)
    return selection, [f"{fault} {done}" for fault, done in faults]


def exact_query(search: str, known: Known, clock: datetime) -> Selection:
    """The same for what leaves the house: nothing is shown instead of what was asked for, since nobody who opens a file
    would learn of it. `clock`: the present. Raises InputError that names every value that cannot be used."""
    selection, faults = _read(search, known)
    wrong = [fault for fault, _ in faults]
    if selection.as_of is not None:
        wrong.append(moment_fault(selection.as_of, known, clock))
    told = " ".join(w for w in wrong if w)
    if told:
        raise InputError(told, "Rätta adressen, eller välj på nytt.")
    return selection


def moment_fault(moment: datetime, known: Known, clock: datetime) -> str:
    """What is wrong with asking for the state of the data at `moment`; empty when nothing is."""
    if known.first_facts is not None and moment < known.first_facts:
        return f"Inget var känt {date_time(moment)}: de första uppgifterna lästes in {date_time(known.first_facts)}."
    return not_yet(moment) if moment > last_moment(clock, known.last_import) else ""


def last_moment(clock: datetime, last_import: datetime | None) -> datetime:
    """The last moment whose state of the data can be asked for, as UTC. Today, until it ends, is no future, and a clock
    that was set back does not hide what has been imported."""
    return end_of_day(swedish_time(max(clock, last_import or clock)).date())


def not_yet(moment: datetime) -> str:
    """What is told of a moment after `last_moment`."""
    return f"{date_time(moment)} har inte varit ännu."


def _read(search: str, known: Known) -> tuple[Selection, list[tuple[str, str]]]:
    """What a query string chooses, and every fault with what a page does about it."""
    found: dict[str, Any] = {}
    faults: list[tuple[str, str]] = []
    what_if = NO_WHAT_IF
    names = {v: k for k, v in PARAMETERS.items()}
    for key, text in parse_qsl(search.removeprefix("?"), keep_blank_values=False):
        name = names.get(key)
        if key in BROWSER_PARAMETERS:
            continue
        if name is None and key not in WHAT_IF_PARAMETERS:
            faults.append((f"Adressen har ett okänt val, ”{key}”.", "Det har utelämnats."))
            continue
        try:
            if name is None:
                what_if = with_parameter(what_if, key, text, regions=known.regions, months=known.forecast_months)
            else:
                found[name] = _parse(name, text, known)
        except ValueError:
            label = LABELS[name or "what_if"]
            faults.append((f"”{text}” finns inte för valet ”{label}”.", _INSTEAD))
    return Selection(**found, what_if=what_if), faults


def _snapshot_name(text: str) -> str:
    """A file name that may be a snapshot's. Raises ValueError."""
    if not _SNAPSHOT.fullmatch(text):
        raise ValueError(text)
    return text


def _parse(name: str, text: str, known: Known) -> Any:
    allowed: Collection[Any]
    value: Any = text
    match name:
        case "as_of":
            return parse_as_of(text)
        case "month":
            value, allowed = Month.parse(text), known.months
        case "target":
            value, allowed = int(text), TARGETS
        case "run":
            value, allowed = int(text), known.runs
        case "care_area":
            allowed = known.care_areas
        case "region" | "compare" if text == known.whole:
            return ""
        case "region":
            allowed = known.regions
        case "healthcare_region":
            allowed = known.healthcare_regions
        case "provider":
            allowed = known.providers
        case "status":
            allowed = known.statuses
        case "compare":
            allowed = {OWN_HEALTHCARE_REGION, *known.regions}
        case "per":
            allowed = (PER_INHABITANTS, SHARES)
        case "window":
            value, allowed = int(text), WINDOWS
        case "register":
            allowed = known.registers
        case "finding":
            allowed = known.findings
        case "sort":
            return written(orders_in(text))
        case "kind":
            allowed = KINDS
        case "first":
            value, allowed = Month.parse(text), known.months
        case "contents":
            return ".".join(contents_in(text))
        case "saved":
            return saved_id(text)
        case "before" | "after":
            return _snapshot_name(text)
        case _:
            allowed = known.orders
    if value not in allowed:
        raise ValueError(text)
    return value
