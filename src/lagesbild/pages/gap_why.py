"""Why a series is flagged, in words: the run's reason, whether the flag is left from before, how near the limit."""

from __future__ import annotations

from typing import Any, Final

from lagesbild.components.html import el
from lagesbild.domain.capacity import LIMIT_STEPS
from lagesbild.domain.gap_status import WITHDRAW
from lagesbild.domain.swedish import capital, join_and, number_word, percent
from lagesbild.views.gap_list import GapList
from lagesbild.views.gap_series import Series

STATUS_WORDS: Final = {"open": "öppet", "expected": "väntas", "watch": "bevakas"}
UNIT_WORDS: Final = {"week": "veckan", "month": "månaden"}
_OWN_WORD: Final = "förra prognosen"  # a reason that says it itself is not told twice


def reason(s: Series, found: GapList) -> str:
    """One sentence; made from the numbers when the run gave none."""
    gap, limit = s.gap, percent(found.target, 0)
    if gap.reason:
        return gap.reason
    if gap.status == "open":
        return f"Under {limit} sedan {gap.opens.sv}." if gap.opens else f"Under {limit}."
    when = f" i {gap.opens.sv}" if gap.opens else ""
    odds = f"; sannolikheten är {percent(gap.probability_12m, 0)} inom tolv månader" if gap.probability_12m else ""
    return f"{'Väntas' if gap.status == 'expected' else 'Kan'} falla under {limit}{when}{odds}."


def held_words(s: Series) -> str:
    """`kvar från förra prognosen, nu 24 %`; empty for a flag that today's probability raises by itself."""
    return f"kvar från förra prognosen, nu {percent(s.gap.probability_12m, 0)}" if s.held else ""


def step_words(s: Series) -> str:
    """The step of the limit that the expected wait reaches; empty when it is not known."""
    step = s.limit_step
    if step is None:
        return ""
    if not step:
        return f"under {percent(LIMIT_STEPS[0], 0)}"
    return "över gränsen" if step >= 1 else f"minst {percent(step, 0)}"


def need_words(s: Series, found: GapList) -> str:
    """What the number of extra operations leaves out, where it would calm: it is an 80 % chance in one month, the
    probability is of any month of twelve, and the queue may grow all the same. Empty where the number says it all.

    `Inga fler behövs för 80 % i april, men risken gäller tolv månader och kön växer: 19 fler i månaden stoppar den.`
    """
    n, growth, unit = s.amount(found.unit), s.growth(found.unit), UNIT_WORDS[found.unit]
    if n is None:
        return ""
    when = f" i {s.gap.target_month.sv}" if s.gap.target_month else ""
    goal = f"{percent(found.target, 0)}{when}"
    grows = bool(growth) and (growth or 0) > n
    if not n:
        risk = "" if s.gap.status == "open" else "risken gäller tolv månader"
        more = f"kön växer: {number_word(growth or 0)} fler i {unit} stoppar den" if grows else ""
        told = join_and([t for t in (risk, more) if t])
        return f"Inga fler behövs för {goal}{f', men {told}' if told else ''}."
    if not grows:
        return ""
    few = "färre än en" if s.under_one(found.unit) else number_word(n)
    return (
        f"{capital(few)} till i {unit} räcker för {goal}, men kön växer: {number_word(growth or 0)} fler stoppar den."
    )


def why_line(s: Series, found: GapList, *, status: bool) -> list[Any]:
    """The sentences under a row; `status` names the flag first, where no heading does."""
    word, text = capital(STATUS_WORDS[s.gap.status]), reason(s, found)
    parts: list[Any] = [text]
    if status:
        begins = text.startswith(f"{word} ")  # a reason that begins with the word is not given it twice
        parts = [el("B", word), text.removeprefix(word)] if begins else [el("B", f"{word}. "), text]
    if s.held and _OWN_WORD not in s.gap.reason:
        parts.append(f" {capital(held_words(s))}; flaggan tas bort under {percent(WITHDRAW, 0)}.")
    if s.limit_used is not None:
        wait = f"Förväntad väntan är {percent(s.limit_used, 0)} av gränsen."
        parts += [" ", el("Span", [limit_mark(s), wait], className="lw")]
    if needs := need_words(s, found):
        parts += [" ", needs]
    return parts


def limit_mark(s: Series) -> Any:
    """One field for each step of the limit, filled when reached; the words stand beside."""
    reached = s.limit_step or 0.0
    fields = [el("Span", className="on" if reached >= step else "") for step in LIMIT_STEPS]
    return el("Span", fields, className="ls", aria_hidden="true")
