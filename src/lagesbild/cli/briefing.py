"""`lagesbild briefing`: the same documents as `/rapporter` makes, for one place or for every region at a time."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

from lagesbild.cli.briefing_files import Maker, Order, maker, write, write_every
from lagesbild.cli.console import output
from lagesbild.cli.moments import as_of_option, month_option
from lagesbild.data.engine import open_database
from lagesbild.data.source import PgSource
from lagesbild.domain.briefing import DEFAULT_KIND, KINDS, SECTIONS, comments_of, contents_in
from lagesbild.domain.care import leaf_regions
from lagesbild.domain.errors import InputError, why
from lagesbild.domain.selection import DEFAULT_TARGET, TARGETS, Selection
from lagesbild.settings import load_settings

EVERY: Final = "alla"


class Form(StrEnum):
    """File formats of a briefing."""

    pdf = "pdf"
    pptx = "pptx"
    xlsx = "xlsx"
    html = "html"


def briefing(
    form: Annotated[Form, typer.Option("--format", help="pdf, pptx, xlsx eller html.")],
    out: Annotated[Path, typer.Option("--out", metavar="FIL", help="Filen; en katalog med --region alla.")],
    care_area: Annotated[str, typer.Option(help="Vårdområdets kod; utan värde alla.")] = "",
    region: Annotated[str, typer.Option(help="Regionens kod, eller ”alla” för en fil per region.")] = "",
    healthcare_region: Annotated[str, typer.Option(help="Sjukvårdsregionens namn.")] = "",
    first: Annotated[str | None, typer.Option("--from", metavar="ÅÅÅÅ-MM", help="Seriernas första månad.")] = None,
    last: Annotated[
        str | None, typer.Option("--to", metavar="ÅÅÅÅ-MM", help="Månaden; utan värde den senaste.")
    ] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="ISO", help="Läget som det var känt då.")] = None,
    kind: Annotated[
        str, typer.Option(help=f"Mall: {', '.join(KINDS)}. Utan värde ”region” för en region, annars ”radet”.")
    ] = "",
    sections: Annotated[
        str, typer.Option(metavar="DEL.DEL", help=f"Delar i ordning, med punkt emellan: {', '.join(SECTIONS)}.")
    ] = "",
    target: Annotated[int, typer.Option(help="Gräns för gap i procent: 70, 80 eller 90.")] = DEFAULT_TARGET,
    comment: Annotated[
        list[str] | None, typer.Option("--comment", metavar="DEL=TEXT", help="Kommentar till en del; kan upprepas.")
    ] = None,
) -> None:
    """Gör ett underlag som fil: PDF, PPTX, XLSX eller HTML."""
    settings = load_settings()
    comments = _comments(comment or ())
    with open_database(settings, role="read") as database:
        made = maker(PgSource(database), settings)
        region = "" if region == made.known.whole else region  # its figures are the country's
        chosen = Selection(
            care_area=care_area,
            healthcare_region=healthcare_region,
            kind=kind or ("region" if region else DEFAULT_KIND),
            first=month_option("--from", first),
            month=month_option("--to", last),
            target=target,
            contents=_contents(sections),
            as_of=as_of_option(as_of),
        )
        _check(chosen, region, made)
        order = Order(settings, chosen, form.value, out, comments)
        if region == EVERY:
            _every(made, order, [r.code for r in leaf_regions(made.source.regions())])
            return
        name = write(made, order, region)
    output.say(f"{name} är klar.")


def _every(made: Maker, order: Order, codes: Sequence[str]) -> None:
    out = order.out
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"Katalogen {out} kan inte skapas: {why(error)}.", "Välj en annan katalog.") from error
    with output.progress("Underlag", len(codes)) as bar:
        for _ in write_every(made, order, codes):
            bar.advance(bar.task_ids[0])
    output.say(f"{len(codes)} underlag finns i {out}.")


def _contents(text: str) -> str:
    try:
        return ".".join(contents_in(text)) if text else ""
    except ValueError:
        raise InputError(
            f"”{text}” är inga delar.", f"Skriv delar med punkt emellan, ur: {', '.join(SECTIONS)}."
        ) from None


def _comments(given: Sequence[str]) -> dict[str, str]:
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


def _check(chosen: Selection, region: str, made: Maker) -> None:
    """Every choice must exist: a briefing about something else than was asked for does harm."""
    known = made.known
    wrong: tuple[tuple[bool, str, str], ...] = (
        (
            bool(chosen.care_area) and chosen.care_area not in known.care_areas,
            f"Det finns inget vårdområde ”{chosen.care_area}”.",
            f"Välj en kod: {', '.join(sorted(known.care_areas))}.",
        ),
        (
            bool(region) and region != EVERY and region not in known.regions,
            f"Det finns ingen region ”{region}”.",
            f"Välj en kod ur datamängden regions, eller ”{EVERY}”.",
        ),
        (
            bool(chosen.healthcare_region) and chosen.healthcare_region not in known.healthcare_regions,
            f"Det finns ingen sjukvårdsregion ”{chosen.healthcare_region}”.",
            f"Välj ett namn: {', '.join(sorted(known.healthcare_regions))}.",
        ),
        (bool(region and chosen.healthcare_region), "Välj antingen region eller sjukvårdsregion.", "Ta bort den ena."),
        (chosen.kind not in KINDS, f"Det finns ingen mall ”{chosen.kind}”.", f"Välj: {', '.join(KINDS)}."),
        (chosen.target not in TARGETS, f"Gränsen {chosen.target} kan inte väljas.", "Välj 70, 80 eller 90."),
        (
            chosen.month is not None and chosen.month not in known.months,
            f"Det finns inga uppgifter för {chosen.month}.",
            "Välj en månad som är rapporterad.",
        ),
        (
            chosen.first is not None and chosen.month is not None and chosen.first > chosen.month,
            "--from är efter --to.",
            "Byt plats på dem.",
        ),
    )
    for is_wrong, message, remedy in wrong:
        if is_wrong:
            raise InputError(message, remedy)
