"""What every column of every table says of the counts behind it: the attacker's codebook.

A table that is not here fails the attack, so that a new figure must be told about: as equations, or as one that only
`test_mirror` can judge (judgements, forecasts, other registers).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from lagesbild.components.model import FigureCard, Special, Table
from lagesbild.domain.dataset_spec import WAIT_BANDS
from lagesbild.domain.periods import Month
from lagesbild.domain.selection import OWN_HEALTHCARE_REGION, Selection

Var = tuple[str, Month, str]  # region, month, column
Terms = dict[Var, float]
EXACT = 1e-6


@dataclass
class Knowledge:
    """Linear statements: low <= sum of terms <= high. `labelled`: cells told to be "<5"."""

    rows: list[tuple[Terms, float, float]] = field(default_factory=list)
    labelled: set[Var] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)

    def says(self, terms: Terms, low: float, high: float) -> None:
        if terms:
            self.rows.append((terms, low, high))


@dataclass(frozen=True)
class Where:
    """What a table is of. `places`: regions behind a row's name; `counted`: regions in the country's sums; `whole`: the
    name of the sum that the page is about, the country's or a healthcare region's; `beside`: of what a region is
    compared with; `sums`: regions in the sums of flows, which are not those of the waits."""

    month: Month
    places: dict[str, tuple[str, ...]]
    flows: tuple[str, ...]
    months: tuple[Month, ...]
    region: str = ""
    whole: str = "Riket"
    beside: str = ""
    sums: dict[str, tuple[str, ...]] = field(default_factory=dict)


def count(know: Knowledge, where: tuple[str, ...], month: Month, column: str, value: Any) -> None:
    """A cell with a count over `where`."""
    terms = {(r, month, column): 1.0 for r in where}
    value = getattr(value, "value", value)  # what a drawn cell stands for
    if isinstance(value, Special):
        if value.state == "suppressed":
            know.says(terms, 1, 4)
            if len(where) == 1:
                know.labelled.add((where[0], month, column))
        elif value.state == "secondary":
            know.says(terms, 0, 1e7)
    elif isinstance(value, (int, float)) and value == value:
        know.says(terms, value, value)


def share(
    know: Knowledge, where: tuple[str, ...], month: Month, part: tuple[str, ...], whole: tuple[str, ...], v: Any
) -> None:
    """A cell with a share of the counts in `part` among those in `whole`: the interval its rounding leaves."""
    half = EXACT
    v = getattr(v, "value", v)
    if isinstance(v, str):
        found = re.fullmatch(r"(\d+)\s*%", v.replace("\u00a0", " "))
        if not found:
            return
        v, half = int(found[1]) / 100, 0.005
    if not isinstance(v, (int, float)) or v != v:
        return
    if abs(v * 1000 - round(v * 1000)) < 1e-7:
        half = max(half, 0.0005)
    for bound, sign in ((v - half, 1), (v + half, -1)):
        terms: Terms = {}
        for r in where:
            for c in part:
                terms[r, month, c] = terms.get((r, month, c), 0.0) + sign
            for c in whole:
                terms[r, month, c] = terms.get((r, month, c), 0.0) - sign * bound
        know.says(terms, -EXACT, 1e7)


Reader = Callable[[Knowledge, Table, Where], None]


def _month(text: str, where: Where) -> Month | None:
    return next((m for m in where.months if text in (m.sv, str(m))), None)


def _by_place(*readings: tuple[str, Callable[[Knowledge, tuple[str, ...], Month, Any], None]]) -> Reader:
    def read(know: Knowledge, table: Table, where: Where) -> None:
        at = {c.name: k for k, c in enumerate(table.columns)}
        for row in table.rows:
            places = where.places.get(str(getattr(row.cells[0], "value", row.cells[0])), ())
            for column, told in readings:
                if column in at and places:
                    told(know, places, where.month, row.cells[at[column]])

    return read


def _counted(column: str):
    return lambda know, places, month, value: count(know, places, month, column, value)


def _within(know, places, month, value):
    share(know, places, month, ("within_limit",), ("waiting",), value)


def _excluded_share(know, places, month, value):
    share(know, places, month, ("excluded",), ("excluded", "waiting"), value)


def _bands(know: Knowledge, table: Table, where: Where) -> None:
    for row, band in zip(table.rows, WAIT_BANDS, strict=True):
        for cell, column in zip(row.cells[1:], table.columns[1:], strict=True):
            places = where.places.get(column.group, ())
            if column.name.endswith("_waiting"):
                count(know, places, where.month, band, cell)
            else:
                share(know, places, where.month, (band,), ("waiting",), cell)


def _by_month(**columns: str) -> Reader:
    def read(know: Knowledge, table: Table, where: Where) -> None:
        at = {c.name: k for k, c in enumerate(table.columns)}
        for row in table.rows:
            month = _month(str(row.cells[0]), where)
            for name, column in columns.items():
                if name in at and month is not None:
                    before = name == "waiting_before"
                    count(know, where.flows, month - 1 if before else month, column, row.cells[at[name]])

    return read


def _status(know: Knowledge, table: Table, where: Where) -> None:
    for k, column in enumerate(table.columns):
        if column.name.startswith(f"{AREA}_within"):
            for row in table.rows:
                _within(know, where.places.get(str(row.cells[0]), ()), where.month, row.cells[k])


def _share_by_month(*columns: tuple[str, bool]) -> Reader:
    """Columns with a share by month: of the chosen region, or of the country."""

    def read(know: Knowledge, table: Table, where: Where) -> None:
        at = {c.name: k for k, c in enumerate(table.columns)}
        for row in table.rows:
            month = _month(str(row.cells[0]), where)
            for name, country in columns:
                if name not in at:
                    continue
                places = (where.region,) if where.region and not country else where.places[where.whole]
                if name.endswith("_compared"):
                    places = where.places[where.beside]
                # the sum of another month is made of those that report then: only the last one is sure here
                if month is not None and (len(places) == 1 or month == where.month):
                    _within(know, places, month, row.cells[at[name]])

    return read


def _numbers(know: Knowledge, table: Table, where: Where) -> None:
    at = {c.name: k for k, c in enumerate(table.columns)}
    for row in table.rows:
        # with a comparison the second column says whose they are
        name = str(row.cells[at["region"]]) if "region" in at else where.region
        whose = where.places.get(name, (where.region,))
        for name, column in (
            ("waiting", "waiting"),
            ("over_limit", "over"),
            ("added", "added"),
            ("performed", "performed"),
        ):
            count(know, whose, where.month, column, row.cells[at[name]])


def _flow_parts(know: Knowledge, table: Table, where: Where) -> None:
    """The last month of a sum of flows and of what it is made of."""
    names = [c.name for c in table.columns]
    for row in table.rows:
        place = str(row.cells[0])
        whose = where.sums.get(place) or where.places[place]
        for column in _FLOWS:
            if column in names:
                count(know, whose, where.month, column, row.cells[names.index(column)])


def _gaps(know: Knowledge, table: Table, where: Where) -> None:
    at = {c.name: k for k, c in enumerate(table.columns)}
    for row in table.rows:
        place = str(getattr(row.cells[0], "value", row.cells[0]))
        # a run is of the last month of data, whatever month is chosen
        _within(know, where.places.get(place, ()), where.months[-1], row.cells[at["within_limit_share"]])


def _outcomes(column: str) -> Reader:
    """Rows of what came, of the chosen region; what the country's months add up is told elsewhere."""

    def read(know: Knowledge, table: Table, where: Where) -> None:
        for row in table.rows:
            month = _month(str(row.cells[0]), where)
            if row.cells[1] == "utfall" and month is not None and where.region:
                if column == "share":
                    _within(know, (where.region,), month, row.cells[2])
                else:
                    count(know, (where.region,), month, column, row.cells[2])

    return read


def _nothing(know: Knowledge, table: Table, where: Where) -> None:
    """Judgements, forecasts, reports and numbers of other registers: for `test_mirror`."""


AREA = "A1"
_FLOWS = {c: c for c in ("waiting", "added", "performed", "removed_other")}
_GAP = {"region", "care_area", "status", "structural_share", "opens_period", "opens_lo", "opens_hi", "load", "held"}
_GAP |= {"probability_3m", "probability_6m", "probability_12m", "limit_used", "limit_step", "reason"}
_GAP |= {"extra_per_week_to_stabilise", "extra_per_week_to_target_50", "extra_per_week_to_target"}
_GAP |= {"brokerable_per_week", "brokerable_share", "extra_per_month_to_target"}
_BANDS = {"period", "kind", "lo50", "hi50", "lo80", "hi80", "lo95", "hi95"}
_WAIT = {"expected_wait_days", *(f"wait_{b}" for b in ("lo50", "hi50", "lo80", "hi80", "lo95", "hi95"))}
_FREE = {"care_area", "gaps", "reporting_regions"}
_FREE |= {f"{what}_per_{unit}" for what in ("need", "brokerable", "free") for unit in ("week", "month")}
_PER = {"region": None, "limit_days": None, "position": None, "limit_low_95": None, "limit_high_95": None}

# (page, card) -> columns that are told of elsewhere or say nothing of a count by themselves, and how to read the rest
BOOK: dict[tuple[str, str], tuple[set[str], Reader]] = {
    ("/vantetider", "rangordning"): (
        {"region", "limit_days", "place"},  # a place follows from the shares as shown
        _by_place(("within_limit_share", _within), ("over_limit", _counted("over")), ("waiting", _counted("waiting"))),
    ),
    ("/vantetider", "tratt"): (
        {"region", "limit_low_95", "limit_high_95", "position"},
        _by_place(("waiting", _counted("waiting")), ("within_limit_share", _within)),
    ),
    ("/vantetider", "bortraknade"): (
        {"region"},
        _by_place(
            *((c, _counted(c)) for c in ("excluded_patient_choice", "excluded_medical", "excluded")),
            ("excluded_share", _excluded_share),
        ),
    ),
    ("/vantetider", "trend"): (
        {"region", "within_limit_share_adjusted", "year_change", "judgement"},
        _by_place(("within_limit_share", _within)),
    ),
    ("/vantetider", "vantetid-intervall"): ({"wait_band"}, _bands),
    ("/produktion", "balans"): ({"period"}, _by_month(waiting_before="waiting", **_FLOWS)),
    ("/produktion", "styrdiagram"): (
        {"period", "performed_adjusted", "lower_limit", "mean", "upper_limit", "rule"},
        _by_month(performed="performed"),
    ),
    ("/produktion", "kapacitet"): ({"period", "capacity", "used_share"}, _by_month(performed="performed")),
    ("/produktion", "plan"): (
        {"period", "planned", "planned_sum", "performed_sum"},
        _by_month(performed="performed"),
    ),
    ("/produktion", "produktion-regioner"): ({"region", "judgement", *_FLOWS}, _flow_parts),
    ("/produktion", "produktion-sjukvardsregioner"): (
        {"healthcare_region", "judgement", "regions", *_FLOWS},
        _flow_parts,
    ),
    ("/produktion", "rikets-balans"): (set(), _nothing),
    ("/", "statusmatris"): ({"region", *(f"{AREA}_{c}" for c in ("year_change", "judgement", "gap"))}, _status),
    ("/region/<code>", "andel"): (
        {"period"},
        _share_by_month((f"{AREA}_share", False), (f"{AREA}_country", True), (f"{AREA}_compared", True)),
    ),
    ("/region/<code>", "plats"): ({"region"}, _status),
    ("/region/<code>", "laget-i-tal"): ({"care_area", "region", "load", "expected_wait_days", "gap"}, _numbers),
    ("/region/<code>", "resor"): ({"direction", "region", "persons"}, _nothing),  # see `flow_codebook`
    ("/region/<code>", "rapportering"): ({"period", "waits", "production", "capacity", "out_of_region"}, _nothing),
    # providers' own numbers are held to the region's by `views.provider_twin`, which the mirror judges
    ("/region/<code>", "vardgivare"): ({"provider", "kind", "performed", "share", "waiting", "used", "load"}, _nothing),
    ("/vardomrade/<code>", "vardgivare"): (
        {"provider", "region", "kind", "performed", "share", "waiting", "used", "load"},
        _nothing,
    ),
    ("/vardomrade/<code>", "regioner"): (
        {"region", "judgement", "load", "expected_wait_days", "gap"},
        _by_place(("within_limit_share", _within), ("waiting", _counted("waiting")), ("over_limit", _counted("over"))),
    ),
    ("/vardomrade/<code>", "sjukvardsregioner"): (
        {"healthcare_region", "judgement", "regions"},
        _by_place(("within_limit_share", _within), ("waiting", _counted("waiting")), ("over_limit", _counted("over"))),
    ),
    ("/vardomrade/<code>", "andel"): (
        {"period", "adjusted", "lower_limit", "mean", "upper_limit", "rule"},
        _share_by_month(("within_limit_share", True)),
    ),
    ("/vardomrade/<code>", "balans"): ({"period"}, _by_month(waiting_before="waiting", **_FLOWS)),
    ("/kapacitetsgap", "gap"): (_GAP, _gaps),
    ("/prognos", "prognos"): (_BANDS | _WAIT | {"last_year_share"}, _outcomes("share")),
    ("/prognos", "prognos-vantande"): (_BANDS, _outcomes("waiting")),
    ("/prognos", "prognos-nytillkomna"): (_BANDS, _outcomes("added")),
    ("/prognos", "prognos-genomforda"): (_BANDS, _outcomes("performed")),
    ("/prognos", "tidigare-prognoser"): (
        {"made_until", "period", "p50", "lo80", "hi80", "outcome", "inside"},
        _nothing,
    ),
    ("/kapacitetsgap", "ledig-kapacitet"): (_FREE, _nothing),
}
_READ = {
    "rangordning": {"within_limit_share", "over_limit", "waiting"},
    "tratt": {"waiting", "within_limit_share"},
    "bortraknade": {"excluded_patient_choice", "excluded_medical", "excluded", "excluded_share"},
    "trend": {"within_limit_share"},
    "balans": {"waiting_before", *_FLOWS},
    "styrdiagram": {"performed"},
    "kapacitet": {"performed"},
    "plan": {"performed"},
    "statusmatris": {f"{AREA}_within_limit_share"},
    "plats": {f"{AREA}_within_limit_share"},
    "andel": {f"{AREA}_share", f"{AREA}_country", f"{AREA}_compared", "within_limit_share"},
    "laget-i-tal": {"waiting", "over_limit", "added", "performed"},
    "regioner": {"within_limit_share", "waiting", "over_limit"},
    "sjukvardsregioner": {"within_limit_share", "waiting", "over_limit"},
    "prognos": {"within_limit_share"},
    "prognos-vantande": {"waiting"},
    "prognos-nytillkomna": {"added"},
    "prognos-genomforda": {"performed"},
    "gap": {"within_limit_share"},
}
_PLACE = re.compile(r"(place_\d+|country)_(share|waiting)")


def read_card(know: Knowledge, path: str, card: FigureCard, where: Where) -> None:
    """Adds what the card's table says; notes a card or column that is not in the book."""
    entry = BOOK.get((path, card.id))
    if entry is None:
        know.unknown.add(f"{path} {card.id}")
        return
    harmless, reader = entry
    for column in card.table.columns:
        known = column.name in harmless or column.name in _READ.get(card.id, set())
        if not known and not (card.id == "vantetid-intervall" and _PLACE.fullmatch(column.name)):
            know.unknown.add(f"{path} {card.id} {column.name}")
    reader(know, card.table, where)


def year_totals(know: Knowledge, title: str, where: Where, end: Month) -> None:
    """`X personer tillkom på ett år och Y lämnade kön`: the only sums over months, in the title of the balance."""
    found = re.fullmatch(
        r"([\d\s]+) person(?:er)? tillkom på ett år(?: och ([\d\s]+) lämnade kön)?", title.replace("\u00a0", " ")
    )
    if not found:
        return
    added, left = (None if x is None else int(x.replace(" ", "")) for x in found.groups())
    year = [end - k for k in range(12)]
    know.says({(r, m, "added"): 1.0 for r in where.flows for m in year}, added, added)
    if left is not None:
        gone = ("performed", "removed_other")
        know.says({(r, m, c): 1.0 for r in where.flows for m in year for c in gone}, left, left)


def selections(months: list[Month], regions: list[str], groups: Iterable[str], area: str) -> Iterator[Selection]:
    for month in months:
        yield Selection(care_area=area, month=month)
        for region in regions:
            yield Selection(care_area=area, month=month, region=region)
        for group in groups:
            yield Selection(care_area=area, month=month, healthcare_region=group)
    # a comparison holds no number that is not on some other page: two are enough
    for compare in (OWN_HEALTHCARE_REGION, regions[-1]):
        yield Selection(care_area=area, month=months[-1], region=regions[0], compare=compare)
