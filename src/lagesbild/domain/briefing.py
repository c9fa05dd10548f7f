"""What briefings there are: kinds, and the sections each may hold, in the order it has them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Final, Protocol

MOST_COMMENT: Final = 4000  # characters of one section's comment
_SAVED: Final = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True)
class SectionKind:
    """`fixed`: part of every briefing that has it in its kind; the reader must have it to read the rest right."""

    id: str
    name: str
    what: str
    fixed: bool = False


@dataclass(frozen=True)
class BriefingKind:
    """`sections`: ids in their usual order. `extra`: ids that can be added. `questions`: of a template, which of its
    questions a section answers."""

    id: str
    name: str
    what: str
    purpose: str  # who it is for, in the head of every page
    sections: tuple[str, ...]
    extra: tuple[str, ...] = ()
    questions: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def offered(self) -> tuple[str, ...]:
        return (*self.sections, *self.extra)


SECTIONS: Final[Mapping[str, SectionKind]] = {
    s.id: s
    for s in (
        SectionKind("sammanfattning", "Sammanfattning", "mening, nyckeltal, att tänka på", fixed=True),
        SectionKind("vantetider", "Väntetider", "andel inom gränsen och väntetid i intervall"),
        SectionKind("produktion", "Produktion och balans", "nytillkomna, genomförda, kapacitet"),
        SectionKind("utomlansvard", "Utomlänsvård", "flöden, förmedling, väntan i båda ändar"),
        SectionKind("prognos", "Prognos och gap", "väntat läge, gap, vad som stänger dem, träffsäkerhet"),
        SectionKind("riket", "Riket, SKR:s tabell", "publicerade nationella tal"),
        SectionKind("kvalitet", "Datakvalitet", "täckning och rapportering"),
        SectionKind("definitioner", "Definitioner och källor", "begrepp, källor, skyddade tal", fixed=True),
        SectionKind("patientsakerhet", "Patientsäkerhet och genomförbarhet", "rum att skriva i"),
        SectionKind("etik", "Etik och prioriteringar", "rum att skriva i"),
        SectionKind("bedomning", "Samlad bedömning", "rum att skriva i"),
    )
}
_EXTENT, _CAPACITY = "Tillgänglighet och omfattning", "Kapacitet"  # of the support office's template
_USUAL: Final = ("sammanfattning", "vantetider", "produktion", "utomlansvard", "prognos", "kvalitet", "definitioner")
KINDS: Final[Mapping[str, BriefingKind]] = {
    k.id: k
    for k in (
        BriefingKind(
            "radet",
            "Till rådet",
            "läget och vad som behöver beslutas",
            "Underlag till regiongemensamma rådet",
            _USUAL,
            ("riket",),
        ),
        BriefingKind(
            "region",
            "En region",
            "allt om en region, på två sidor",
            "Underlag till regionen",
            ("sammanfattning", "vantetider", "produktion", "prognos", "utomlansvard", "kvalitet", "definitioner"),
            ("riket",),
        ),
        BriefingKind(
            "bedomning",
            "Nytt vårdområde",
            "stödkansliets bedömning, delvis ifylld",
            "Bedömning av nytt vårdområde",
            (
                "sammanfattning",
                "patientsakerhet",
                "vantetider",
                "utomlansvard",
                "produktion",
                "prognos",
                "etik",
                "bedomning",
                "kvalitet",
                "definitioner",
            ),
            questions={
                "vantetider": _EXTENT,
                "utomlansvard": _EXTENT,
                "produktion": _CAPACITY,
                "prognos": _CAPACITY,
            },
        ),
        BriefingKind(
            "beredskap",
            "Beredskap",
            "läget på ett blad",
            "Beredskapsblad",
            ("sammanfattning", "prognos", "kvalitet", "definitioner"),
            ("vantetider", "produktion", "utomlansvard"),
        ),
    )
}
DEFAULT_KIND: Final = "radet"


def contents_in(text: str) -> tuple[str, ...]:
    """Section ids of an address, `vantetider.prognos`. Raises ValueError for one that does not exist or comes twice.

    >>> contents_in("prognos.vantetider")
    ('prognos', 'vantetider')
    """
    ids = tuple(text.split("."))
    if len(set(ids)) != len(ids) or not set(ids) <= set(SECTIONS):
        raise ValueError(text)
    return ids


def contents(kind: str, chosen: tuple[str, ...]) -> tuple[str, ...]:
    """The sections of a briefing in order: what is chosen, or the kind's own; what it must have is put where the kind
    has it, first or last.

    >>> contents("radet", ("prognos", "vantetider"))
    ('sammanfattning', 'prognos', 'vantetider', 'definitioner')
    """
    usual = KINDS[kind].sections
    if not chosen:
        return usual
    kept = [s for s in chosen if s in KINDS[kind].offered]
    first, last = usual[0], usual[-1]
    return (first, *(s for s in kept if s not in (first, last)), last)


def saved_id(text: str) -> str:
    """The name of a saved briefing: 16 hexadecimal digits. Raises ValueError."""
    if not _SAVED.fullmatch(text):
        raise ValueError(text)
    return text


@dataclass(frozen=True)
class SavedBriefing:
    """What was chosen (`query`, as in the address) and written (`comments`, by section id, in order of the ids) when
    the data had a version. `created_at` is set by the store."""

    title: str
    query: str
    comments: tuple[tuple[str, str], ...]
    data_version: int
    created_at: datetime | None = None

    @property
    def id(self) -> str:
        """The same for the same choices, comments and data."""
        text = json.dumps([self.query, self.comments, self.data_version], ensure_ascii=False)
        return sha256(text.encode("utf-8")).hexdigest()[:16]


class Briefings(Protocol):
    """Where briefings are saved. All raise DatabaseUnavailableError."""

    def save(self, saved: SavedBriefing) -> str: ...

    def get(self, id_: str) -> SavedBriefing | None: ...

    def recent(self, most: int = 10) -> list[SavedBriefing]: ...


def comments_of(given: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Comments as they are saved: known sections, trimmed, none empty. Raises ValueError, naming the section, for one
    that is too long.

    >>> comments_of({"prognos": " Tolkas varsamt. ", "etik": "", "x": "y"})
    (('prognos', 'Tolkas varsamt.'),)
    """
    kept = {k: " ".join(v.replace("\r\n", "\n").split(" ")).strip() for k, v in given.items() if k in SECTIONS}
    for id_, text in kept.items():
        if len(text) > MOST_COMMENT:
            raise ValueError(f"{SECTIONS[id_].name}: {len(text)} tecken, högst {MOST_COMMENT} får plats.")
    return tuple(sorted((k, v) for k, v in kept.items() if v))
