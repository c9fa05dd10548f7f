"""`lagesbild import` and `lagesbild export`: files in, files out."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Annotated, Any

import typer

from lagesbild.cli.console import output, report
from lagesbild.cli.fault_table import show_faults
from lagesbild.cli.moments import as_of_option, check_has_been, month_option
from lagesbild.cli.written_down import as_query, write_down
from lagesbild.data.engine import Database, open_database
from lagesbild.data.export import EXPORTABLE, FORMS, Form, check_exportable, export
from lagesbild.data.exports.rows import Choice
from lagesbild.data.importers.faults import write_faults
from lagesbild.data.job_log import JobLog
from lagesbild.data.source import PgSource
from lagesbild.domain.errors import Fault, ImportRejectedError, InputError, why
from lagesbild.domain.swedish import count, decimal
from lagesbild.jobs.importing import IMPORTABLE, ImportResult, find_importable, import_file
from lagesbild.jobs.recorded import recorded
from lagesbild.settings import load_settings


def register(app: typer.Typer) -> None:
    """Put the two commands on the program."""
    app.command("import")(import_command)
    app.command("export")(export_command)


def import_command(
    dataset: Annotated[
        str, typer.Argument(metavar="DATAMÄNGD", help=f"Vad filerna innehåller: {', '.join(IMPORTABLE)}.")
    ],
    files: Annotated[list[Path], typer.Argument(metavar="FIL...", help="CSV, XLSX eller (för fhir) JSON.")],
    source: Annotated[
        str | None, typer.Option("--source", metavar="TEXT", help="Källan, som visas vid siffrorna.")
    ] = None,
    recorded_at: Annotated[
        str | None,
        typer.Option("--recorded-at", metavar="ISO", help="När uppgifterna blev kända (utan tidszon: UTC)."),
    ] = None,
    synthetic: Annotated[bool, typer.Option("--synthetic", help="Uppgifterna är syntetiska.")] = False,
    provisional: Annotated[bool, typer.Option("--provisional", help="Uppgifterna är preliminära.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Granska bara; inget sparas.")] = False,
    errors: Annotated[
        Path | None, typer.Option("--errors", metavar="FIL", help="Skriv felen som CSV till filen.")
    ] = None,
) -> None:
    """Granska och läs in filer. Varje fil läses in hel eller inte alls; det som redan finns läses inte in igen."""
    find_importable(dataset)
    moment = _recorded_at(recorded_at)
    faults: list[Fault] = []
    failed: list[tuple[Path, InputError]] = []
    with open_database(load_settings(), role="write") as database:
        for path in files:
            told = nullcontext() if dry_run else recorded(JobLog(database), "import", f"{dataset} {path.name}")
            try:
                with told:
                    result = _import_one(
                        database,
                        dataset,
                        path,
                        source=source,
                        recorded_at=moment,
                        synthetic=True if synthetic else None,
                        provisional=True if provisional else None,
                        dry_run=dry_run,
                    )
            except InputError as error:
                failed.append((path, error))
                if isinstance(error, ImportRejectedError):
                    _show_rejected(path, error)
                    faults.extend(error.faults)
                else:  # the file as a whole cannot be read
                    faults.append(Fault(path.name or str(path), 0, "", "", error.message, error.remedy))
                    if len(files) > 1:
                        report(error)
                continue
            faults.extend(result.warnings)
            _tell(result)
    if errors is not None:
        _write_errors(errors, faults)
    if failed and len(files) == 1:
        only = failed[0][1]
        if isinstance(only, ImportRejectedError):
            raise InputError(only.message, "Rätta raderna ovan och importera igen.") from only
        raise only
    if failed:
        names = ", ".join(path.name or str(path) for path, _ in failed)
        raise InputError(
            f"{len(failed)} av {len(files)} filer avvisades: {names}. De har inte ändrat något.",
            "Rätta det som står ovan och importera de filerna igen.",
        )


def _show_rejected(path: Path, error: ImportRejectedError) -> None:
    show_faults(error.faults, title=f"{path.name}: {count(error.total)} fel")
    if error.total > len(error.faults):
        output.say("Bara de första 1 000 felen visas.")


def _recorded_at(text: str | None) -> datetime | None:
    """ISO date (its beginning) or date-time, UTC without a zone."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(
            f"”{text}” är ingen tidpunkt.", "Skriv --recorded-at som 2024-02-26 eller 2024-02-26T05:10Z."
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _import_one(database: Database, dataset: str, path: Path, **how: Any) -> ImportResult:
    with output.progress(f"{path.name}: läser", None) as bar:
        task = bar.tasks[0].id

        def told(what: str, done: int, total: int) -> None:
            bar.update(task, description=f"{path.name}: {what}", completed=done, total=total or None)

        return import_file(database, dataset, path, progress=told, **how)


def _tell(result: ImportResult) -> None:
    """What came of it, in a sentence or two."""
    if result.warnings:
        show_faults(result.warnings, title=f"{result.file}: {count(result.warning_total)} varningar")
    rows = _rows(result.rows)
    if result.dry_run:
        changes = f"{count(result.inserted)} skulle läsas in" if result.inserted else "inget skulle ändras"
        output.say(f"{result.file}: {rows} godkända, {changes}. Provkörning: ingenting har sparats.")
    elif not result.inserted:
        output.say(f"{result.file}: {rows}, alla redan inlästa. Ingenting har ändrats.")
    else:
        synthetic = " (syntetiska data)" if result.synthetic else ""
        output.say(
            f"{result.file}: {rows}, {count(result.inserted)} nya eller ändrade inlästa till {result.dataset}"
            f"{synthetic}, källa ”{result.source}”, {decimal(result.seconds)} s."
        )


def _write_errors(path: Path, faults: list[Fault]) -> None:
    try:
        write_faults(path, faults)
    except OSError as error:
        raise InputError(
            f"Felfilen ”{path}” går inte att skriva: {why(error, making=True)}.", "Ange en annan fil."
        ) from error
    output.say(f"Felen finns i {path}." if faults else f"Inga fel; {path} har bara rubriken.")


def export_command(
    dataset: Annotated[str, typer.Argument(metavar="DATAMÄNGD", help=f"Vad som tas ut: {', '.join(EXPORTABLE)}.")],
    region: Annotated[
        list[str] | None, typer.Option("--region", metavar="KOD", help="Bara regionen (hemregionen); kan upprepas.")
    ] = None,
    care_area: Annotated[
        list[str] | None, typer.Option("--care-area", metavar="KOD", help="Bara vårdområdet; kan upprepas.")
    ] = None,
    first: Annotated[str | None, typer.Option("--from", metavar="ÅÅÅÅ-MM", help="Från och med månaden.")] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="ÅÅÅÅ-MM", help="Till och med månaden.")] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="ISO", help="Uppgifterna som de var då (utan tidszon: UTC).")
    ] = None,
    form: Annotated[
        str | None,
        typer.Option("--format", metavar="|".join(FORMS), help="csv för maskiner, csv-sv för människor."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FIL", help="Filen; utan den skrivs bara data till standard ut.")
    ] = None,
) -> None:
    """Ta ut lagrade uppgifter som de är, utan skydd av små tal: dela dem som källans uppgifter får delas."""
    check_exportable(dataset)
    choice = Choice(
        tuple(region or ()),
        tuple(care_area or ()),
        month_option("--from", first),
        month_option("--to", last),
        as_of_option(as_of),
    )
    if choice.first and choice.last and choice.last < choice.first:
        raise InputError("Månaden i --to ligger före månaden i --from.", "Byt plats på dem.")
    chosen = _form(form, out)
    if out is None and chosen in ("xlsx", "parquet") and sys.stdout.isatty():
        raise InputError(f"Formatet {chosen} är inte text och skrivs inte till skärmen.", "Ange en fil med --out.")
    settings = load_settings()

    def told(detail: str) -> None:
        write_down(settings, "export", dataset, f"{chosen}, {detail}", _choices(choice))

    with open_database(settings, role="read") as database:
        check_has_been(choice.as_of, PgSource(database))
        if out is None:
            told("till standard ut")
            _to_standard_output(database, dataset, chosen, choice)
            return
        rows = _to_file(database, dataset, chosen, choice, out, told)
    output.say(f"{_rows(rows)} {'skriven' if rows == 1 else 'skrivna'} till {out}.")


def _form(form: str | None, out: Path | None) -> Form:
    """The form asked for, else the one the file's name tells, else csv."""
    wanted = form or {".xlsx": "xlsx", ".parquet": "parquet"}.get(out.suffix.lower() if out else "", "csv")
    for known in FORMS:
        if wanted == known:
            return known
    raise InputError(f"Formatet ”{wanted}” finns inte.", f"Välj ett av: {', '.join(FORMS)}.")


def _to_standard_output(database: Database, dataset: str, form: Form, choice: Choice) -> None:
    stream = sys.stdout.buffer
    try:
        export(database, dataset, stream, form=form, choice=choice)
        stream.flush()
    except BrokenPipeError:  # the reader (`head`) has had enough; Python would complain once more at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _choices(choice: Choice) -> str:
    """The choices of an export as the log has them."""
    several = [("region", r) for r in choice.regions] + [("care_area", a) for a in choice.care_areas]
    moment = choice.as_of.isoformat() if choice.as_of else None
    return as_query([*several, ("from", choice.first), ("to", choice.last), ("as_of", moment)])


def _to_file(
    database: Database, dataset: str, form: Form, choice: Choice, out: Path, told: Callable[[str], None]
) -> int:
    """Beside the target first: an export that fails halfway leaves no half file and spoils no whole one. `told` when
    it is whole, before it has its name."""
    beside = out.with_name(f".{out.name}.part")
    try:
        with _opened(beside, out) as stream:
            rows = export(database, dataset, stream, form=form, choice=choice).rows
        told(f"{_rows(rows)} till {out}")
        beside.replace(out)
    except OSError as error:
        raise _unwritable(out, error) from error
    finally:
        beside.unlink(missing_ok=True)
    return rows


def _opened(path: Path, shown: Path) -> IO[bytes]:
    try:
        return path.open("wb")
    except OSError as error:
        raise _unwritable(shown, error) from error


def _unwritable(path: Path, error: OSError) -> InputError:
    return InputError(f"Filen ”{path}” går inte att skriva: {why(error, making=True)}.", "Ange en annan fil med --out.")


def _rows(n: int) -> str:
    return f"{count(n)} {'rad' if n == 1 else 'rader'}"
