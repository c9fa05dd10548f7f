"""What must follow the figures, in words, alike in presentation, workbook, e-mail and plain text."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from typing import Any, Final

from lagesbild.components.model import KeyFigure
from lagesbild.domain.swedish import NB, capital
from lagesbild.reports.document import Document, Figure, Prose, Stamp

SERVICE: Final = "Lägesbild"
COMMENT: Final = "Kommentar från den som har gjort underlaget"
WARNINGS: Final = "Att tänka på innan siffrorna används"
REAL: Final = "Verkliga, publicerade tal."
_MOMENT: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:\D+(\d{2})[.:](\d{2}))?")
_BETWEEN: Final = re.compile(r"(?<=[.!?])(?<!\bkl\.) +(?=[A-ZÅÄÖ0-9])")
_SPACES: Final = re.compile(r"[ \t\n\v\f\r]+")
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """Without what XML and HTML cannot hold (control characters, half surrogates); a tab and a line end are kept.

    >>> clean("a\\x00b\\r\\nc")
    'ab\\nc'
    """
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """Without line ends and runs of spaces; a no-break space is kept, since it holds a number and its unit together.

    >>> one_line("  Gap i \\n  Skåne "), one_line("86,2\\xa0%")
    ('Gap i Skåne', '86,2\\xa0%')
    """
    return _SPACES.sub(" ", text).strip(" ") if text.strip() else ""


def cleaned(document: Document) -> Document:
    """The document with every text `clean`: asked once, where a file begins to be made."""
    made: Document = _cleaned(document)
    return made


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, (tuple, list)):
        return type(value)(_cleaned(v) for v in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: _cleaned(getattr(value, f.name)) for f in fields(value)})
    return value


def stamp_lines(stamp: Stamp) -> tuple[tuple[str, str], ...]:
    """Everything of the stamp that is said, as (what, words)."""
    pairs = (
        ("Märkning", stamp.synthetic),
        ("Urval", stamp.selection),
        ("Data till och med", stamp.until),
        ("Uttag", stamp.as_of),
        ("Dataversion", stamp.version),
        ("Prognoskörning", stamp.forecast_run.removeprefix("Prognos ")),
        ("Täckning", stamp.coverage),
        ("Skyddade tal", stamp.protected),
        ("Källor", source_words(stamp)),
        ("Programversion", stamp.code_version),
    )
    return tuple((what, words) for what, words in pairs if words)


def source_words(stamp: Stamp) -> str:
    """The sources without the word that they are some."""
    return stamp.sources.removeprefix("Källor: ")


def state_line(stamp: Stamp) -> str:
    """State of the data on one line, for the foot of every page."""
    parts = (f"Data till och med {stamp.until}" if stamp.until else "", f"Uttag {stamp.as_of}" if stamp.as_of else "")
    said = [p for p in (*parts, f"Dataversion {stamp.version}" if stamp.version else "") if p]
    return f"{'. '.join(said)}." if said else ""


def definitions(document: Document) -> tuple[tuple[str, str], ...]:
    """Terms with their definitions, in the order they stand in the document."""
    prose = (b for s in document.sections for b in s.blocks if isinstance(b, Prose))
    return tuple(p for b in prose for p in b.paragraphs if isinstance(p, tuple))


def meant(document: Document, words: str) -> tuple[tuple[str, str], ...]:
    """Those definitions whose term the words use."""
    lower = words.lower()
    return tuple((term, text) for term, text in definitions(document) if term and term.lower() in lower)


def sentences(text: str) -> list[str]:
    """The sentences of a note: ended by a full stop and followed by a capital or a figure, but not within `kl. 06.10`.

    >>> sentences("Källa: prov, uttag 2024-02-26 kl. 06.10. 20 av 21 regioner.")
    ['Källa: prov, uttag 2024-02-26 kl. 06.10.', '20 av 21 regioner.']
    """
    return [s for s in _BETWEEN.split(text.strip()) if s]


def figure_notes(figure: Figure) -> tuple[str, ...]:
    """What stands under a figure: whether its numbers are real in a synthetic document, footnotes, source."""
    return (*((REAL,) if figure.real else ()), *figure.footnotes, figure.source)


def judged(item: KeyFigure) -> str:
    """The judgement and the change of a key figure, as one line of words."""
    return ". ".join(capital(t) for t in (item.judgement_text, item.change) if t)


def value_with_unit(item: KeyFigure) -> str:
    """The value with its unit, unless the value says it already."""
    return item.value if not item.unit or item.value.endswith(item.unit) else f"{item.value}{NB}{item.unit}"


def moment(stamp: Stamp) -> datetime:
    """The time that files carry as their own: that of the data, never the clock's, so that equal documents give equal
    files. The first day a zip file can hold when the stamp has none.

    >>> moment(Stamp("", "", "", "", "2024-02-26 kl. 06.10", "", "", "", ""))
    datetime.datetime(2024, 2, 26, 6, 10)
    """
    found = _MOMENT.search(stamp.as_of)
    try:
        return datetime(*(int(g or 0) for g in found.groups())) if found else datetime(1980, 1, 1)  # type: ignore[arg-type]  # noqa: DTZ001
    except ValueError:
        return datetime(1980, 1, 1)  # noqa: DTZ001
