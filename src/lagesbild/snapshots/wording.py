"""A difference between two snapshots in Swedish words: sentences to read first, and a line for each change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from lagesbild.domain.swedish import (
    NB,
    capital,
    count,
    decimal,
    join_and,
    percent,
    points,
    signed,
    small,
    swedish_clock,
)
from lagesbild.domain.targets import DEFAULT_TARGET
from lagesbild.snapshots.choosing import GAPS, TARGET, flag_turn
from lagesbild.snapshots.codes import word
from lagesbild.snapshots.difference import KINDS, Change, Difference, Kind, Movement
from lagesbild.snapshots.manifest import Measure, two_moments_sv
from lagesbild.snapshots.movements import PERIOD
from lagesbild.snapshots.naming import MEASURES, is_country, period_sv, series_sv
from lagesbild.snapshots.tables import Key

PLAIN: Final = "En skillnad mellan två bilder är inte en säkerställd förändring."
_STATES: Final = {
    "": "visas",
    "missing": "saknas",
    "excluded": "är utesluten",
    "suppressed": "skyddas",
    "secondary": "skyddas",
}
_MOST_GAPS: Final = 6
_MOST_MONTHS: Final = 6  # named one by one; more are told as from and to


def sentences(d: Difference) -> list[str]:
    """What the whole comes to, most important first. No verb judges: nothing here is tested against chance."""
    said = [f"Bild från {two_moments_sv(d.earlier, 'mot bild från', d.later)}."]
    if d.same:
        return [*said, *d.notes, "Inget skiljer bildernas tal, prognoser eller definitioner åt."]
    lead = headline(d)
    said += [*d.notes, *([lead] if lead else []), *_counts(d)]
    # one line of the table for each status of a flag, one word here
    others = list(dict.fromkeys(a.title.lower().split(",")[0] for a in d.aspects if a.changed))
    if others:
        said.append(f"Annat som skiljer: {join_and(others)}.")
    return [*said, PLAIN]


def headline(d: Difference) -> str:
    """The country's share that differs most between the snapshots, split in revision and new months; "" without one."""
    best: Movement | None = None
    for m in d.movements:
        told = d.measure(m.dataset, m.measure)
        if told is None or told.form not in ("share", "percent") or not _is_country(d, m) or not m.whole:
            continue
        if best is not None and (best.dataset, best.measure) != (m.dataset, m.measure):
            break  # only the first such measure: the tables stand in order of importance
        if best is None or abs(m.whole) > abs(best.whole or 0.0):
            best = m
    measure = d.measure(best.dataset, best.measure) if best else None
    return _split(d, best, measure) if best and measure else ""


def _split(d: Difference, m: Movement, measure: Measure) -> str:
    where = " i ".join(series_sv(d, m.dataset, m.key).rsplit(", ", 1))  # the care area in the country
    moved = (
        f"{capital(where)} gick från {value_sv(measure, m.then)} i {period_sv(m.then_period)} till "
        f"{value_sv(measure, m.last)} i {period_sv(m.last_period)}."
    )
    if m.revision is None or m.new_months is None:
        return moved
    if m.then_period == m.last_period:
        return f"{moved} Hela skillnaden är revidering."
    return (
        f"{moved} {difference_sv(measure, m.revision)} är revidering, "
        f"{difference_sv(measure, m.new_months)} är nya månader."
    )


def _counts(d: Difference) -> Iterator[str]:
    by = Counter(c.kind for c in d.changes)
    counted: tuple[tuple[Kind, str, str], ...] = (
        ("revision", "tal är reviderat", "tal är reviderade"),
        ("late", "tal som saknades har kommit in", "tal som saknades har kommit in"),
        ("withdrawn", "tal har tagits bort", "tal har tagits bort"),
    )
    for kind, one, many in counted:
        if by[kind]:
            yield f"{count(by[kind])} {one if by[kind] == 1 else many}."
    if by["new"]:
        yield f"{count(by['new'])} tal är nya{_months(d, 'new')}."
    if by["gone"]:
        yield f"{count(by['gone'])} tal finns bara i den tidigare bilden{_months(d, 'gone')}."
    if by["slid"]:
        yield (
            f"{count(by['slid'])} tal är från månader före dem som den senare bilden går tillbaka till"
            f"{_months(d, 'slid')}. De är inte borttagna: en tabell går ett bestämt antal månader tillbaka."
        )
    if by["forecast"]:
        yield from _forecast(d, by["forecast"])
    if by["shown"] or by["hidden"]:
        yield f"Skydd av små tal: {count(by['shown'])} tal visas nu, {count(by['hidden'])} skyddas nu."
    if by["status"]:
        yield f"{count(by['status'])} tal har annan märkning."
    if by["definition"]:
        yield f"{count(by['definition'])} uppgifter i definitioner, gränser och andra listor skiljer."


def _forecast(d: Difference, n: int) -> Iterator[str]:
    """How much another run says otherwise, and which gaps are open only in one of the snapshots."""
    if d.earlier.forecast_run and d.later.forecast_run:
        yield f"Prognosen är gjord på nytt: {count(n)} prognostal skiljer."
    else:
        which, other = ("tidigare", "senare") if d.later.forecast_run else ("senare", "tidigare")
        yield f"Den {which} bilden har ingen prognos: {count(n)} prognostal finns bara i den {other}."
    flags = [c for c in d.of("forecast") if flag_turn(d, c)]
    at = f" vid gränsen {percent(DEFAULT_TARGET / 100, 0)}" if TARGET in d.keys(GAPS) else ""
    for found, said in (
        ([c for c in flags if c.after_text == "open"], f"Gap{at} som är öppna bara i den senare bilden"),
        ([c for c in flags if c.before_text == "open"], f"Gap{at} som är öppna bara i den tidigare bilden"),
    ):
        if found:
            names = [small(" i ".join(series_sv(d, GAPS, _without_target(d, c.key)).rsplit(", ", 1))) for c in found]
            rest = len(names) - _MOST_GAPS
            yield f"{said}: {join_and([*names[:_MOST_GAPS], *([f'{count(rest)} till'] if rest > 0 else [])])}."


def _without_target(d: Difference, key: Key) -> Key:
    """The key of a gap with its share left empty: the sentence has said which."""
    return tuple("" if column == TARGET else part for column, part in zip(d.keys(GAPS), key, strict=True))


def _months(d: Difference, kind: Kind) -> str:
    """`: december 2023 och januari 2024` for changes that have a month."""
    found = set()
    for c in d.changes:
        keys = d.keys(c.dataset)
        if c.kind == kind and PERIOD in keys:
            found.add(c.key[keys.index(PERIOD)])
    months = sorted(found)
    if not months:
        return ""
    if len(months) > _MOST_MONTHS:
        return f": {period_sv(months[0])} till {period_sv(months[-1])}"
    return f": {join_and([period_sv(m) for m in months])}"


def change_sv(d: Difference, c: Change) -> str:
    """One line: where, what, from what to what."""
    measure = measure_of(d, c)
    title = measure.title if measure else c.measure
    return f"{capital(series_sv(d, c.dataset, c.key))}, {title}: {happened_sv(measure, c)}"


def measure_of(d: Difference, c: Change) -> Measure | None:
    """How a change's numbers are told. A table of forecasts has shares, days and persons in one column: its key says
    which it is."""
    measure = d.measure(c.dataset, c.measure)
    told = dict(zip(d.keys(c.dataset), c.key, strict=True)).get("measure", "")
    if measure is None or measure.form != "number" or told not in MEASURES:
        return measure
    form, unit = ("share", "") if told.endswith("_share") else ("count", "dagar" if told.endswith("_days") else "")
    return measure.model_copy(update={"form": form, "unit": unit or measure.unit, "decimals": 1})


def happened_sv(measure: Measure | None, c: Change) -> str:
    """What has happened to a cell, without where it is."""
    if c.kind in ("shown", "hidden"):
        return KINDS[c.kind]
    if c.kind == "absent":
        before, after = (_STATES.get(state, state) for state in (c.before_text, c.after_text))
        return f"{before} i den tidigare, {after} i den senare"
    before, after = told_sv(measure, c.before, c.before_text), told_sv(measure, c.after, c.after_text)
    if c.kind in ("revision", "forecast", "status", "definition") and before and after:
        change = c.difference
        by = f" ({difference_sv(measure, change)})" if measure and change is not None and c.kind != "definition" else ""
        return f"{before} blev {after}{by}"
    if c.kind == "withdrawn":
        return f"{before}, {_STATES.get(c.after_text, 'saknas')} nu"
    if not after:
        return f"{before or 'tomt'}, {KINDS['slid' if c.kind == 'slid' else 'gone']}"
    return f"{after}, {KINDS['late'] if c.kind == 'late' else 'nytt'}"


def told_sv(measure: Measure | None, number: float | None, text: str) -> str:
    """What a cell holds: its number with unit, why there is none, or its text; "" when it is empty.

    >>> told_sv(Measure(name="n", title="antal", form="count", state="n_state"), None, "missing")
    'saknas'
    """
    if measure is None or number is None:
        state = measure is not None and measure.state and text
        return _STATES.get(text, text) if state else text_sv(word(measure.name, text) if measure and text else text)
    return value_sv(measure, number)


def text_sv(text: str) -> str:
    """Text of a table as a person reads it: a moment, which files have in UTC, on Swedish clocks; a month by its name.

    >>> text_sv("2024-02-26T05:10:00+00:00"), text_sv("2024-02-26"), text_sv("2024-02"), text_sv("öppet")
    ('2024-02-26 kl. 06.10 svensk tid', '2024-02-26', 'februari 2024', 'öppet')
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return period_sv(text)
    return swedish_clock(moment) if moment.tzinfo else text


def value_sv(measure: Measure, x: float | None) -> str:
    """A value with its unit."""
    if measure.form == "share":
        return percent(x, max(1, measure.decimals))
    if measure.form == "percent":
        return percent(None if x is None else x / 100, max(1, measure.decimals))
    text = count(x) if measure.form == "count" else decimal(x, _decimals(measure, x))
    return f"{text}{NB}{measure.unit}" if measure.unit and x is not None else text


def _decimals(measure: Measure, x: float | None) -> int:
    """Of a number: a table of forecasts holds shares and persons in one column, and tenths of a hundred say nothing."""
    return 0 if x is not None and abs(x) >= 100 else measure.decimals


def difference_sv(measure: Measure | None, x: float) -> str:
    """A difference with its sign, in the measure's own unit."""
    if measure is None:
        return signed(x)
    if measure.form in ("share", "percent"):
        decimals = max(1, measure.decimals)
        return points(x * (100 if measure.form == "share" else 1), decimals)
    text = signed(x, 0 if measure.form == "count" else _decimals(measure, x))
    return f"{text}{NB}{measure.unit}" if measure.unit else text


def _is_country(d: Difference, m: Movement) -> bool:
    columns = [c for c in d.keys(m.dataset) if c != PERIOD]
    told = dict(zip(columns, m.key, strict=True))
    return is_country(told)
