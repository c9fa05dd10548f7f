"""Swedish for numbers, dates, lists and order, once, so that page, table, file and briefing write alike.

All functions return text. What does not exist (None, NaN) is written "saknas": never as zero, never in English.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from lagesbild.domain.periods import MONTHS_SV

NB: Final = "\u00a0"  # no-break space, between thousands and before a unit
MINUS: Final = "−"
MISSING: Final = "saknas"
_WORDS: Final = ("noll", "en", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv")
_LETTERS: Final = {c: i for i, c in enumerate("abcdefghijklmnopqrstuvwxyzåäö")}
_SAME: Final = str.maketrans("àáâãèéêëìíîïòóôõùúûüçñýÿæøœß", "aaaaeeeeiiiioooouuyycnyyäöös")
# Swedish order treats é as e, ü as y and æ, ø as ä, ö


def _absent(x: float | None) -> bool:
    return x is None or math.isnan(x)


def decimal(x: float | None, n: int = 1) -> str:
    """A number with `n` decimals, thousands apart.

    >>> decimal(1234.56), decimal(-0.04), decimal(None)
    ('1\\xa0234,6', '0,0', 'saknas')
    """
    if x is None or math.isnan(x):
        return MISSING
    if math.isinf(x):
        return "oändligt"
    text = f"{abs(x):,.{n}f}".replace(",", NB).replace(".", ",")
    negative = x < 0 and any(c in "123456789" for c in text)  # never "−0,0"
    return MINUS + text if negative else text


def count(x: float | None) -> str:
    """A whole number.

    >>> count(235888)
    '235\\xa0888'
    """
    return decimal(x, 0)


def signed(x: float | None, decimals: int = 0) -> str:
    """A change, with its sign; zero has none.

    >>> signed(683), signed(-2.24, 1), signed(0.01, 1)
    ('+683', '−2,2', '0,0')
    """
    text = decimal(x, decimals)
    if x is not None and x > 0 and any(c in "123456789" for c in text):
        return f"+{text}"
    return text


def percent(fraction: float | None, n: int = 1) -> str:
    """A fraction 0-1 as per cent.

    >>> percent(0.814), percent(1, 0)
    ('81,4\\xa0%', '100\\xa0%')
    """
    return MISSING if fraction is None or _absent(fraction) else f"{decimal(fraction * 100, n)}{NB}%"


def small(name: str) -> str:
    """A name inside a sentence.

    >>> small("Knäprotesoperation"), small("MR")
    ('knäprotesoperation', 'MR')
    """
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def some_percent(fraction: float | None, n: int = 1) -> str:
    """The same where the numbers behind stand beside it: six persons of many thousands are not "0,0 %".

    >>> some_percent(6 / 22848), some_percent(0.0), some_percent(0.004, 0)
    ('<0,1\\xa0%', '0,0\\xa0%', '<1\\xa0%')
    """
    if fraction is None or _absent(fraction) or fraction <= 0 or round(fraction * 100, n) > 0:
        return percent(fraction, n)
    return f"<{decimal(10**-n, n)}{NB}%"


def points(x: float | None, n: int = 1) -> str:
    """A change in percentage points (already times 100), with sign and unit.

    >>> points(-2.2), points(1, 0)
    ('−2,2 procentenheter', '+1 procentenhet')
    """
    text = signed(x, n)
    if text == MISSING:
        return text
    return f"{text} procentenhet" if text.lstrip(f"+{MINUS}") == "1" else f"{text} procentenheter"


def date_long(d: date) -> str:
    """`31 januari 2024`; a date-time is first taken to Swedish time.

    >>> date_long(date(2024, 1, 31))
    '31 januari 2024'
    """
    day = swedish_time(d) if isinstance(d, datetime) else d
    return f"{day.day} {MONTHS_SV[day.month - 1]} {day.year}"


def date_time(dt: datetime) -> str:
    """Date and time of day in Sweden; without a zone it is taken as UTC.

    >>> date_time(datetime(2024, 2, 26, 5, 10, tzinfo=UTC))
    '2024-02-26 kl. 06.10'
    """
    local = swedish_time(dt)
    return f"{local:%Y-%m-%d} kl. {local:%H.%M}"


def swedish_clock(dt: datetime) -> str:
    """The same where a reader may have another clock before him, or a file from another country.

    >>> swedish_clock(datetime(2024, 2, 26, 5, 10, tzinfo=UTC))
    '2024-02-26 kl. 06.10 svensk tid'
    """
    return f"{date_time(dt)} svensk tid"


def end_of_swedish_day(day: date) -> datetime:
    """The last moment of a day on Swedish clocks, in UTC. Summer time never begins or ends at midnight.

    >>> end_of_swedish_day(date(2024, 1, 31)).isoformat(timespec="minutes")
    '2024-01-31T22:59+00:00'
    """
    end = datetime.combine(day, time.max)
    winter = end.replace(tzinfo=UTC) - timedelta(hours=1)
    return winter if swedish_time(winter) == end else winter - timedelta(hours=1)


def swedish_time(dt: datetime) -> datetime:
    """The moment on Swedish clocks, by the EU rule (summer time from the last Sunday of March to that of October).

    Written out because a bare container has no time-zone database; a test compares it with one. Returns a naive time.
    """
    try:
        utc = (dt if dt.tzinfo else dt.replace(tzinfo=UTC)).astimezone(UTC)
        start, end = (_last_sunday(utc.year, month) for month in (3, 10))
        return (utc + timedelta(hours=2 if start <= utc < end else 1)).replace(tzinfo=None)
    except OverflowError:  # the first or last day of the calendar, which a file can name: as it is written there
        return dt.replace(tzinfo=None)


def _last_sunday(year: int, month: int) -> datetime:
    """01.00 UTC of the last Sunday of March or October, both of 31 days."""
    last = datetime(year, month, 31, 1, tzinfo=UTC)
    return last - timedelta(days=(last.weekday() + 1) % 7)


def number_word(n: int) -> str:
    """0-12 as words, other numbers in figures.

    >>> number_word(2), number_word(13)
    ('två', '13')
    """
    return _WORDS[n] if 0 <= n < len(_WORDS) else count(n)


def capital(s: str) -> str:
    """First letter upper case, the rest untouched.

    >>> capital("örebro län")
    'Örebro län'
    """
    return s[:1].upper() + s[1:]


def join_and(items: Sequence[str]) -> str:
    """`a, b och c`

    >>> join_and(["Örebro", "Gotland", "Skåne"])
    'Örebro, Gotland och Skåne'
    """
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} och {items[-1]}"


def sort_key(text: str) -> tuple[tuple[int, int, str], ...]:
    """Key for Swedish order: å, ä, ö last, case and accents beside the point, digits before letters.

    >>> sorted(["Örebro", "Ängelholm", "Åre", "Zon", "Émil", "eko"], key=sort_key)
    ['eko', 'Émil', 'Zon', 'Åre', 'Ängelholm', 'Örebro']
    """
    return tuple(
        (1, _LETTERS[c], "") if c in _LETTERS else (0, 0, c) if not c.isalpha() else (2, 0, c)
        for c in text.lower().translate(_SAME)
    )
