"""`lagesbild briefing`: the same documents as `/rapporter` makes, for one place or for every region at a time."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from lagesbild.cli.briefing_choices import (
    EVERY,
    check_choices,
    check_comments,
    check_file,
    check_moment,
    comments_in,
    sections_in,
)
from lagesbild.cli.briefing_files import Maker, Order, maker, write, write_every
from lagesbild.cli.console import output
from lagesbild.cli.marked import unmarked
from lagesbild.cli.moments import as_of_option, month_option
from lagesbild.cli.written_down import write_down
from lagesbild.data.engine import open_database
from lagesbild.data.source import PgSource
from lagesbild.domain.briefing import DEFAULT_KIND, KINDS, SECTIONS
from lagesbild.domain.care import leaf_regions
from lagesbild.domain.earlier import source_at
from lagesbild.domain.errors import InputError, why
from lagesbild.domain.selection import Selection, to_query
from lagesbild.domain.targets import DEFAULT_TARGET
from lagesbild.pages.data_status import fact_batches
from lagesbild.settings import load_settings


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
    comments = comments_in(comment or ())
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
            contents=sections_in(sections),
            as_of=as_of_option(as_of),
        )
        check_choices(chosen, region, made)
        check_comments(chosen, comments)
        check_moment(chosen, made)
        if region != EVERY:
            check_file(out)
        order = Order(settings, chosen, form.value, out, comments)
        detail = f"{form.value}, {'ett underlag per region ' if region == EVERY else ''}till {out}"
        write_down(settings, "export", "briefing", detail, to_query(chosen.with_(region=region)))
        if region == EVERY:
            _every(made, order, [r.code for r in leaf_regions(made.source.regions())])
            return
        name = write(made, order, region)
        synthetic = any(b.synthetic for b in fact_batches(source_at(made.source, chosen.as_of)))
    output.say(f"{name} är klar.")
    if mark := unmarked(name, synthetic=synthetic):
        output.say(mark)


def _every(made: Maker, order: Order, codes: Sequence[str]) -> None:
    out = order.out
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"Katalogen {out} kan inte skapas: {why(error, making=True)}.", "Välj en annan katalog."
        ) from error
    with output.progress("Underlag", len(codes)) as bar:
        for _ in write_every(made, order, codes):
            bar.advance(bar.task_ids[0])
    output.say(f"{len(codes)} underlag finns i {out}.")
