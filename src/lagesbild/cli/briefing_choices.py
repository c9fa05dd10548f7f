"""What `lagesbild briefing` is asked for, tried before any work is done. Everything here raises InputError."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from lagesbild.cli.briefing_files import Maker
from lagesbild.cli.codes import care_area_codes, region_codes
from lagesbild.domain.briefing import KINDS, SECTIONS, comments_of, contents, contents_in
from lagesbild.domain.errors import InputError
from lagesbild.domain.selection import Selection, moment_fault
from lagesbild.domain.targets import TARGETS

EVERY: Final = "alla"


def sections_in(text: str) -> str:
    try:
        return ".".join(contents_in(text)) if text else ""
    except ValueError:
        ids = text.split(".")
        unknown = next((i for i in ids if i not in SECTIONS), None)
        twice = next((i for i in ids if ids.count(i) > 1), "")
        raise InputError(
            f"Delen ”{twice}” står två gånger." if unknown is None else f"Det finns ingen del ”{unknown}”.",
            f"Skriv delar med punkt emellan, ur: {', '.join(SECTIONS)}.",
        ) from None


def comments_in(given: Sequence[str]) -> dict[str, str]:
    for text in given:
        if not text.partition("=")[2].strip():
            raise InputError(
                f"Kommentaren ”{text}” har ingen text.", "Skriv --comment DEL=TEXT, till exempel vantetider=”Vi ser …”."
            )
    told = dict(text.partition("=")[::2] for text in given)
    unknown = [name for name in told if name not in SECTIONS]
    if unknown:
        raise InputError(
            f"Det finns ingen del ”{unknown[0]}”.", f"Skriv --comment DEL=TEXT, ur: {', '.join(SECTIONS)}."
        )
    try:
        return dict(comments_of(told))
    except ValueError as error:
        raise InputError(f"Kommentaren är för lång. {error}", "Korta kommentaren.") from error


def check_comments(chosen: Selection, comments: Mapping[str, str]) -> None:
    """A comment to a section that is not there would be lost."""
    there = contents(chosen.kind, tuple(chosen.contents.split(".")) if chosen.contents else ())
    lost = next((id_ for id_ in comments if id_ not in there), None)
    if lost is not None:
        raise InputError(
            f"Delen ”{lost}” är inte med i underlaget, så kommentaren skulle försvinna.",
            f"Kommentera en av: {', '.join(there)}. Eller ta med delen med --sections.",
        )


def check_moment(chosen: Selection, made: Maker) -> None:
    if chosen.as_of is None:
        return
    fault = moment_fault(chosen.as_of, made.known, datetime.now(UTC))
    if fault:
        raise InputError(fault, "Ange en annan tidpunkt med --as-of.")


def check_file(out: Path) -> None:
    """Before the work is done, not after."""
    if out.is_dir():
        raise InputError(f"{out} är en katalog.", "Ange en fil med --out.")
    if not out.parent.is_dir():
        raise InputError(f"Katalogen {out.parent} finns inte.", "Skapa den, eller ange en annan plats med --out.")
    if not os.access(out.parent, os.W_OK):
        raise InputError(f"Katalogen {out.parent} får inte skrivas i.", "Ange en annan plats med --out.")


def check_choices(chosen: Selection, region: str, made: Maker) -> None:
    """Every choice must exist: a briefing about something else than was asked for does harm."""
    known = made.known
    wrong: tuple[tuple[bool, str, str], ...] = (
        (
            bool(chosen.care_area) and chosen.care_area not in known.care_areas,
            f"Det finns inget vårdområde ”{chosen.care_area}”.",
            f"Välj en kod: {care_area_codes(made.source)}.",
        ),
        (
            bool(region) and region != EVERY and region not in known.regions,
            f"Det finns ingen region ”{region}”.",
            f"Välj en kod: {region_codes(made.source)}, eller ”{EVERY}”.",
        ),
        (
            bool(chosen.healthcare_region) and chosen.healthcare_region not in known.healthcare_regions,
            f"Det finns ingen sjukvårdsregion ”{chosen.healthcare_region}”.",
            f"Välj ett namn: {', '.join(sorted(known.healthcare_regions))}.",
        ),
        (bool(region and chosen.healthcare_region), "Välj antingen region eller sjukvårdsregion.", "Ta bort den ena."),
        (chosen.kind not in KINDS, f"Det finns ingen mall ”{chosen.kind}”.", f"Välj: {', '.join(KINDS)}."),
        (
            chosen.kind == "region" and not region,
            "Mallen region gäller en region, och ingen är vald.",
            f"Välj en med --region: {region_codes(made.source)}, eller ”{EVERY}”.",
        ),
        (
            chosen.kind == "bedomning" and not chosen.care_area,
            "Mallen bedomning gäller ett vårdområde, och inget är valt.",
            f"Välj ett med --care-area: {care_area_codes(made.source)}.",
        ),
        (chosen.target not in TARGETS, f"Gränsen {chosen.target} kan inte väljas.", "Välj 70, 80 eller 90."),
        (
            chosen.month is not None and chosen.month not in known.months,
            f"Det finns inga uppgifter för {chosen.month}.",
            f"De senaste är för {max(known.months)}. Välj den eller en tidigare." if known.months else "Läs in data.",
        ),
        (
            chosen.first is not None and chosen.month is not None and chosen.first > chosen.month,
            "--from är efter --to.",
            "Byt plats på dem.",
        ),
        (
            chosen.first is not None and bool(known.months) and chosen.first > max(known.months),
            f"--from {chosen.first} är efter de senaste uppgifterna.",
            f"De senaste är för {max(known.months, default='')}. Ange en tidigare månad.",
        ),
    )
    for is_wrong, message, remedy in wrong:
        if is_wrong:
            raise InputError(message, remedy)
