"""What the findings of `/datakvalitet` say of counts in their words, to the attacker: numbers in the evidence, and what
is claimed where the numbers are hidden."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass

from lagesbild.components.model import FigureCard
from lagesbild.domain.dataset_spec import WAIT_BANDS
from lagesbild.domain.periods import Month
from lagesbild.views.finding_sums import ROUNDING, UNKNOWN_SHARE
from lagesbild.views.finding_words import COLUMNS
from tests.disclosure.codebook import Knowledge, Terms, Var

NO_END = 1e7
# of reports, and of series whose level is no count
HARMLESS = {"Sent inkommen", "Vårdområde saknas", "Sagd fullständig, men saknas", "Sagd saknas, men har tal"}
HARMLESS |= {"Nivån hoppar"}
_BY_NAME = {name: column for column, name in COLUMNS.items()}
_N = r"(\d[\d ]*)"
_BANDS_TO = {60: 2, 90: 3}
_OF_REGISTER = {
    "Väntetider": ("waiting", "within_limit", *WAIT_BANDS, "excluded_patient_choice", "excluded_medical"),
    "Produktion": ("added", "performed", "removed_other"),
}


@dataclass(frozen=True)
class About:
    """One finding: its words, the place (a region's or a provider's code), the last of its months, the column of its
    measure ("" for a whole register, named `register`), and the region's providers that have reported it."""

    evidence: str
    said: str
    place: str
    month: Month
    column: str
    register: str
    providers: Sequence[str]
    facts: Container[Var]

    def numbers(self, pattern: str, *, said: bool = False) -> tuple[float, ...] | None:
        found = re.search(pattern.replace("N", _N), (self.said if said else self.evidence).replace("\u00a0", " "))
        return None if found is None else tuple(float(x.replace(" ", "")) for x in found.groups())

    def sum(self, *columns: str, month: Month | None = None) -> Terms:
        return {(self.place, month or self.month, c): 1.0 for c in columns}

    @property
    def parts(self) -> Terms:
        keys = ((p, self.month, self.column) for p in self.providers)
        return {key: 1.0 for key in keys if key in self.facts}


def read_evidence(
    know: Knowledge, card: FigureCard, months: Sequence[Month], providers: Mapping[str, str], area: str,
    facts: Container[Var],
) -> int:  # fmt: skip
    """Adds what every row of the card's table says; notes a kind of finding that is not in the book. `providers`: codes
    by name. How many statements were added."""
    before, at = len(know.rows), {c.name: k for k, c in enumerate(card.table.columns)}
    for row in card.table.rows:
        title, evidence, said = (str(row.cells[at[c]]) for c in ("finding", "evidence", "rule"))
        measure, _, of_area = str(row.cells[at["measure"]]).partition(", ")
        month = next((m for m in months if str(row.cells[at["period"]]) in (m.sv, str(m), m.sv_short)), None)
        if title in HARMLESS or "har koden" in evidence:
            continue
        if month is None or area.replace("A", "område ") not in of_area:
            continue  # of a month that nobody tries, or of another care area alone
        several = " och " in of_area
        region = str(row.cells[at["region"]])
        name, _, provider = measure.partition(" (")
        mine = [code for code in providers.values() if code.startswith(f"{region}-")]
        place = providers[provider.rstrip(")")] if provider else region
        about = About(evidence, said, place, month, _BY_NAME.get(name, ""), name, mine, facts)
        read = BOOK.get(title)
        if read is None or (several and title != "Samma tal två månader"):
            know.unknown.add(f"/datakvalitet fynd {title}")
        elif (place, month, about.column or "waiting") in facts:
            read(know, about)
    return len(know.rows) - before


def _bands(know: Knowledge, a: About) -> None:
    if n := a.numbers("Sju intervall ger N, totalen är N"):
        _is(know, a.sum(*WAIT_BANDS), n[0])
        _is(know, a.sum("waiting"), n[1])


def _within(know: Knowledge, a: About) -> None:
    if n := a.numbers("N inom N dagar, intervallen dit ger N"):
        _is(know, a.sum("within_limit"), n[0])
        _is(know, a.sum(*WAIT_BANDS[: _BANDS_TO[int(n[1])]]), n[2])


def _providers(know: Knowledge, a: About) -> None:
    rest = a.sum(a.column) | {v: -x for v, x in a.parts.items()}
    if n := a.numbers("N av N .* saknar känd vårdgivare"):
        _is(know, rest, n[0])
        _is(know, a.sum(a.column), n[1])
    # the claim holds whether its numbers are told or not
    know.says(rest, ROUNDING + 1, NO_END)
    whole = (a.place, a.month, a.column)
    know.says(rest | {whole: 1.0 - UNKNOWN_SHARE}, 0.0, NO_END)


def _above(know: Knowledge, a: About) -> None:
    if n := a.numbers("Vårdgivarna ger N, regionen N"):
        _is(know, a.parts, n[0])
        _is(know, a.sum(a.column), n[1])
    know.says(a.parts | {(a.place, a.month, a.column): -1.0}, ROUNDING + 1, NO_END)


def _balance(know: Knowledge, a: About) -> None:
    n, told = a.numbers("Skillnad N av N"), a.numbers("avslut ger N; rapporterat är N", said=True)
    if n and told:
        _is(know, a.sum("waiting"), n[1])
        _is(know, a.sum("waiting"), told[1])
        before = a.sum("waiting", month=a.month - 1) | a.sum("added")
        _is(know, before | dict.fromkeys(a.sum("performed", "removed_other"), -1.0), told[0])


def _repeated(know: Knowledge, a: About) -> None:
    """Every number of the region's own rows and of its providers' is that of the month before."""
    for place in (a.place, *a.providers):
        for column in _OF_REGISTER[a.register]:
            now, then = ((place, m, column) for m in (a.month, a.month - 1))
            if now in a.facts and then in a.facts:
                _is(know, {now: 1.0, then: -1.0}, 0.0)


def _outlier(know: Knowledge, a: About) -> None:
    if n := a.numbers("^N mot väntat"):
        _is(know, a.sum(a.column), n[0])


def _is(know: Knowledge, terms: Terms, value: float) -> None:
    know.says(terms, value, value)


BOOK: dict[str, Callable[[Knowledge, About], None]] = {
    "Summan är bruten": _bands,
    "Inom gränsen stämmer inte med intervallen": _within,
    "Okänd vårdgivare": _providers,
    "Vårdgivarna ger mer än regionen": _above,
    "Balansen går inte ihop": _balance,
    "Samma tal två månader": _repeated,
    "Avvikande värde": _outlier,
}
