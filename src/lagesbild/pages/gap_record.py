"""How the warnings have held: one dot for each warning and for each gap, filled when the two came together."""

from __future__ import annotations

from typing import Any, Final

from lagesbild.components.html import el
from lagesbild.components.model import Aside, Column, FigureCard, Row, Special, Table
from lagesbild.components.spark import bar
from lagesbild.domain.gap_status import EXPECTED
from lagesbild.domain.periods import Month
from lagesbild.domain.swedish import capital, count, number_word, percent
from lagesbild.pages.context import PageContext
from lagesbild.pages.phrases import month_range, run_source
from lagesbild.views.warning_record import FEWEST, OpenedGap, Tally, Warning_, WarningRecord

MOST_DOTS: Final = 120  # more of them are a bar: nobody counts them
_ROUNDED_FROM: Final = 20  # from here on numbers are written in digits
_JUDGED_FROM: Final = 12  # with fewer warnings nothing is said about what they were worth
_TOO_FEW: Final = 0.4  # warnings say 50 % and more, on average about 65
_TOO_MANY: Final = 0.9
_UNKNOWN: Final = Special("missing", text="inte avgjort")


def record_section(record: WarningRecord | None, context: PageContext, *, span: int) -> FigureCard | Aside:
    """The card, or why there is none."""
    if record is None:
        text = el("P", "Prognosen har inga tidigare varningar att jämföra med för urvalet.", className="sum")
        return Aside("varningar", "Tidigare varningar är inte uppföljda", "", text, span=span)
    return FigureCard(
        id="varningar",
        title=_title(record),
        summary=_summary(record),
        graphic=_graphic(record),
        table=_table(record),
        source=_source(record, context),
        span=span,
    )


def _title(record: WarningRecord) -> str:
    """`13 av 22 varningar slog in`, or that there are too few to say."""
    n, hits = len(record.warned.counted), record.warned.hits
    if not n:
        return "Inga varningar är avgjorda ännu"
    if not record.warned.enough:
        number = capital(number_word(n)) if n > 1 else "En"
        return f"{number} {'varning' if n == 1 else 'varningar'} är för få att bedöma"
    if hits in (0, n):
        return f"{'Alla' if hits else 'Ingen av'} {number_word(n)} varningar slog in"
    if n < _ROUNDED_FROM:
        return f"{capital(number_word(hits))} av {number_word(n)} varningar slog in"
    return f"{count(hits)} av {count(n)} varningar slog in"


def _summary(record: WarningRecord) -> str:
    settled = [w.first for w in record.warned.counted]
    when = f" {month_range(min(settled), max(settled))}" if settled else ""
    few = "" if record.warned.enough else f" Minst {number_word(FEWEST)} avgjorda krävs för att bedöma dem."
    return f"Varningar{when} och vad som hände inom tolv månader.{few}{_verdict(record)}"


def _verdict(record: WarningRecord) -> str:
    """Whether warnings, which say at least one chance in two, have been worth what they say."""
    n, hits = len(record.warned.counted), record.warned.hits
    if n < _JUDGED_FROM:
        return ""
    if hits / n < _TOO_FEW:
        return " Färre slog in än sannolikheterna sade: läs dem som att läget är värt att följa, inte som väntade gap."
    return " Fler slog in än sannolikheterna sade." if hits / n > _TOO_MANY else ""


def _graphic(record: WarningRecord) -> list[Any]:
    parts: list[Any] = []
    warned, watched, dots = record.warned, record.watched, _as_dots(record)
    n = len(warned.counted)
    if n:
        parts += [
            _line(warned.hits, n, f" {'varning' if n == 1 else 'varningar'} följdes av ett gap"),
            _drawn(warned.hits, n, dots),
        ]
    if record.gaps:
        parts += [
            _line(record.gaps_warned, len(record.gaps), f" gap hade varnats{_lead(record)}"),
            _drawn(record.gaps_warned, len(record.gaps), dots),
        ]
    else:
        parts.append(el("P", "Inget gap öppnades under tiden."))
    if watched.enough:
        text = f"{count(watched.hits)} av {count(len(watched.counted))} som minst bevakades följdes av ett gap."
        parts.append(el("P", text, className="rc-more"))
    if warned.young:
        parts.append(el("P", _young(warned), className="rc-more"))
    return [el("Div", parts, className="rc")]


def _line(n: int, of: int, text: str) -> Any:
    return el("P", [el("B", f"{count(n)} av {count(of)}"), text], className="rc-t")


def _lead(record: WarningRecord) -> str:
    months = record.lead_months
    if months is None:
        return ""
    if record.gaps_warned < FEWEST:
        return ""
    return f", hälften av dem minst {number_word(months)} {'månad' if months == 1 else 'månader'} i förväg"


def _young(tally: Tally) -> str:
    """What is left out, and what has become of it so far."""
    n, come = len(tally.young), sum(w.opened is not None for w in tally.young)
    still = n - come
    text = f"{capital(number_word(n)) if n > 1 else 'En'} {'varning' if n == 1 else 'varningar'} till räknas inte, "
    text += "eftersom alla tolv månader inte är kända"
    told = []
    if come:
        told.append(f"{number_word(come) if n > 1 else 'den'} har redan följts av ett gap")
    if still:
        told.append(f"{number_word(still) if n > 1 else 'den'} är inte {'avgjord' if still == 1 else 'avgjorda'}")
    return f"{text}: {' och '.join(told)}."


def _as_dots(record: WarningRecord) -> bool:
    """Whether both lines of the card are few enough for dots; they are drawn alike."""
    return max(len(record.warned.counted), len(record.gaps)) <= MOST_DOTS


def _drawn(filled: int, of: int, dots: bool) -> Any:
    """Filled first. Hidden from screen readers: the line before says the same."""
    if not dots:
        return el("Div", bar([(filled / of, "series"), (1 - filled / of, "hatch")]), className="rc-bar")
    return el(
        "Div",
        [el("Span", className="dot on" if k < filled else "dot") for k in range(of)],
        className="dots",
        aria_hidden="true",
    )


def _table(record: WarningRecord) -> Table:
    columns = (
        Column("region", "Region"),
        Column("care_area", "Vårdområde"),
        Column("kind", "Vad"),
        Column("first", "Från", "month"),
        Column("last", "Till", "month"),
        Column("probability_12m", "Sannolikhet då", "probability"),
        Column("opened", "Gapet öppnade", "month"),
        Column("lead_months", "Månader i förväg", "count"),
        Column("counted", "Räknas"),
    )
    made: list[tuple[Month, Row]] = [(w.first, _warning_row(w, "varning")) for w in record.warned.warnings]
    made += [(w.first, _warning_row(w, "minst bevakad")) for w in record.watched.warnings]
    made += [(g.opened, _gap_row(g)) for g in record.gaps if g.warned is None]
    made.sort(key=lambda x: x[0], reverse=True)
    notes = (
        "En varning som står kvar månad efter månad är en rad och bedöms efter sin första månad; en som kommer "
        "tillbaka är en ny. Bara de vars alla tolv månader är kända räknas: annars skulle de som redan slagit in "
        "räknas och de övriga inte.",
    )
    return Table("Tidigare varningar och gap, senaste först", columns, tuple(r for _, r in made), footnotes=notes)


def _warning_row(w: Warning_, kind: str) -> Row:
    missing = Special("missing", text="inget gap") if w.settled else _UNKNOWN
    return Row(
        (
            w.region.short_name,
            w.care_area.short,
            kind,
            w.first,
            w.last,
            w.probability_12m,
            missing if w.opened is None else w.opened,
            missing if w.opened is None else w.opened - w.first,
            "ja" if w.settled else "nej",
        )
    )


def _gap_row(g: OpenedGap) -> Row:
    none = Special("missing", text="ingen varning")
    return Row((g.region.short_name, g.care_area.short, "gap utan varning", none, none, none, g.opened, none, "ja"))


def _source(record: WarningRecord, context: PageContext) -> str:
    key = "Fylld prick: rätt. Tom prick:" if _as_dots(record) else "Fyllt: rätt. Skrafferat:"
    return (
        f"{key} varning utan gap, eller gap utan varning. Varning: sannolikhet minst "
        f"{percent(EXPECTED, 0)} för ett gap vid gränsen {percent(record.target, 0)}. Räknat i efterhand: vad samma "
        f"metod hade varnat för varje månad. {run_source(context.source.batches(), 'waits', record.run)}"
    )
