"""`lagesbild snapshot`: frozen states of the figures, one file each, to be read, compared and verified anywhere."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from lagesbild.cli.console import output
from lagesbild.cli.marked import unmarked
from lagesbild.cli.moments import as_of_option
from lagesbild.cli.snapshot_table import difference_table, list_table, show_table, size_sv
from lagesbild.domain.errors import InputError
from lagesbild.domain.swedish import NB, count, join_and
from lagesbild.domain.viewer import Viewer
from lagesbild.settings import Settings, load_settings
from lagesbild.snapshots.as_json import difference_json, show_json, stored_json
from lagesbild.snapshots.bundle import Bundle
from lagesbild.snapshots.comparing import compare
from lagesbild.snapshots.keys import PrivateKey, create_pair, read_private, read_public
from lagesbild.snapshots.manifest import file_name
from lagesbild.snapshots.reading import read
from lagesbild.snapshots.retention import parse_keep
from lagesbild.snapshots.store import Saved, Store, check_room_for, save_as
from lagesbild.snapshots.verifying import verify as verify_file

app = typer.Typer(help="Ögonblicksbilder: frys, lista, visa, jämför och pröva.", no_args_is_help=True)
_Json = Annotated[bool, typer.Option("--json", help="Skriv JSON för andra program.")]
_Limit = Annotated[int, typer.Option(min=0, help="Högst så många rader av varje slag; 0 visar alla.")]
_Which = Annotated[str, typer.Argument(metavar="BILD", help="En fil, eller ett namn ur listan.")]


@app.command()
def create(
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="ISO", help="Uppgifterna som de var då (utan tidszon: UTC).")
    ] = None,
    reason: Annotated[
        str, typer.Option(metavar="TEXT", help="Varför bilden sparas; en bild med skäl gallras aldrig av sig själv.")
    ] = "",
    out: Annotated[
        Path | None, typer.Option(metavar="FIL", help="Filen; utan den sparas bilden bland de andra.", dir_okay=False)
    ] = None,
) -> None:
    """Frys läget som det var känt vid en tidpunkt, utan val nu, i en fil som kan öppnas utan nät."""
    # imported here: pandas and the database driver take half a second, which reading a file should not wait for
    from lagesbild.cli.snapshot_pages import speaker
    from lagesbild.data.engine import open_database
    from lagesbild.data.source import PgSource
    from lagesbild.freezing.contents import contents
    from lagesbild.freezing.freeze import freeze
    from lagesbild.freezing.moment import moment_now

    settings = load_settings()
    asked = as_of_option(as_of)
    key = _key(settings)
    viewer = Viewer(settings.viewer_role, settings.small_count_threshold)
    store = Store(settings.home)
    _check_first(settings, store, out)
    with output.progress("Fryser", None) as bar:
        task = bar.tasks[0].id

        def told(what: str) -> None:
            bar.update(task, description=f"Fryser: {what}", advance=1)

        with open_database(settings, role="read") as database:
            source = PgSource(database)
            now = moment_now(source, datetime.now(UTC))
            made_by = partial(contents, speaker=speaker(settings))
            bundle = freeze(
                source, asked or now, viewer, now=now, reason=reason, key=key, made_by=made_by, progress=told
            )
        told("packar och sparar")
        _write_down(settings, out, bundle)
        saved = save_as(out, bundle) if out else store.save(bundle)
    typer.echo(saved.path)
    _tell(saved, bundle.checksum, signed=key is not None)
    if mark := unmarked(saved.path, synthetic=bool(bundle.manifest.synthetic)):
        output.say(mark)
    if out is None:
        removed = _prune(settings, spare=saved.path.name)
        if removed:
            output.say(f"Gallrade enligt LAGESBILD_SNAPSHOTS_KEEP: {join_and(removed)}.")


def _check_first(settings: Settings, store: Store, out: Path | None) -> None:
    """What would stop it in the end stops it now: no room, a schema of another time, no right to write the log. All of
    it is checked again where it matters, when the line and the file are written."""
    from lagesbild.data.engine import open_database
    from lagesbild.data.migrate import check_current
    from lagesbild.data.people import PgAudit

    if out:
        check_room_for(out, store)
    else:
        store.check_room()
    with open_database(settings, role="read") as database:
        check_current(database)
        if not _only_replica(settings):
            with open_database(settings, role="write") as writer:
                PgAudit(writer).check()


def _only_replica(settings: Settings) -> bool:
    return bool(settings.read_url and not settings.database_url)


def _write_down(settings: Settings, out: Path | None, bundle: Bundle) -> None:
    """A line in the log before there is a file. A machine that has nothing but a replica has no log: it says so."""
    from lagesbild.cli.written_down import write_down
    from lagesbild.data.engine import open_database
    from lagesbild.data.people import PgAudit, at_command_line

    named = str(out) if out else file_name(bundle.manifest)
    detail = f"{bundle.manifest.role} {bundle.checksum}"
    if _only_replica(settings):
        write_down(settings, "snapshot", named, detail)
        return
    with open_database(settings, role="write") as database:
        PgAudit(database).note(at_command_line("snapshot", named, detail))


@app.command("list")
def list_command(as_json: _Json = False) -> None:
    """Visa de bilder som är sparade, den senaste först."""
    settings = load_settings()
    found = Store(settings.home).listed()
    if as_json:
        _print_json([stored_json(s) for s in found])
        return
    if not found:
        output.say("Inga ögonblicksbilder är sparade. Frys en med: lagesbild snapshot create")
        return
    _print(list_table(found, parse_keep(settings.snapshots_keep)))


@app.command()
def show(which: _Which, as_json: _Json = False) -> None:
    """Visa vad en bild säger om sig själv: tidpunkt, versioner, regler för små tal och filer."""
    path = Store(load_settings().home).find(which)
    bundle = read(path)
    if as_json:
        _print_json(show_json(path.name, bundle))
        return
    _print(show_table(path.name, bundle))


@app.command()
def diff(
    a: Annotated[str, typer.Argument(metavar="A", help="En fil, eller ett namn ur listan.")],
    b: Annotated[str, typer.Argument(metavar="B", help="En annan, från samma eller en annan dator.")],
    limit: _Limit = 5,
    as_json: _Json = False,
) -> None:
    """Jämför två bilder: revideringar, nya data och ny prognos var för sig, störst först."""
    store = Store(load_settings().home)
    first, second = store.find(a), store.find(b)
    found = compare(read(first), read(second), (first.name, second.name))
    if as_json:
        _print_json(difference_json(found, limit))
        return
    _print(difference_table(found, limit))


@app.command()
def verify(
    which: Annotated[str, typer.Argument(metavar="FIL", help="En fil, eller ett namn ur listan.")],
    key: Annotated[
        str | None, typer.Option("--key", metavar="NYCKEL", help="Avsändarens öppna nyckel: en fil, eller base64.")
    ] = None,
    as_json: _Json = False,
) -> None:
    """Pröva att varje fil i en bild är som när den gjordes, och vems signaturen är."""
    public = read_public(key) if key else None
    report = verify_file(Store(load_settings().home).find(which), public)
    if as_json:
        _print_json(report.as_json())
    else:
        _print("\n".join(report.sentences()))
    if not report.genuine:
        raise InputError(
            f"”{report.shown}” är inte äkta.", "Använd den inte. Hämta den på nytt från den som gjorde den."
        )


@app.command("key")
def key_command(
    path: Annotated[Path, typer.Argument(metavar="FIL", help="Den hemliga nyckelns fil; den öppna får ändelsen pub.")],
) -> None:
    """Gör ett nyckelpar för att signera bilder: en hemlig nyckel, och en öppen att dela ut."""
    public = create_pair(path)
    typer.echo(public.base64)
    output.say(
        f"Hemlig nyckel: {path}. Ange den med LAGESBILD_SIGNING_KEY och visa den för ingen.\n"
        f"Öppen nyckel {public.key_id}: {path}.pub, och som text ovan. Dela ut den på en annan väg än bilderna."
    )


@app.command()
def prune(
    also_reasoned: Annotated[
        bool, typer.Option("--also-reasoned", help="Gallra också bilder som har sparats av ett skäl.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Visa bara vilka; ingenting tas bort.")] = False,
) -> None:
    """Gallra bilder som är äldre eller fler än LAGESBILD_SNAPSHOTS_KEEP säger."""
    settings = load_settings()
    rule = parse_keep(settings.snapshots_keep)
    names = _prune(settings, also_reasoned=also_reasoned, dry_run=dry_run)
    for name in names:
        typer.echo(name)
    done = "skulle gallras" if dry_run else "gallrades"
    output.say(f"{count(len(names))} {'bild' if len(names) == 1 else 'bilder'} {done}. {rule.sv}")


def _prune(settings: Settings, **how: Any) -> list[str]:
    """What `Store.prune` does and takes, with a line in the log before anything is removed."""
    store, rule, now = Store(settings.home), parse_keep(settings.snapshots_keep), datetime.now(UTC)
    names = store.prune(rule, now, **{**how, "dry_run": True})
    if not names or how.get("dry_run"):
        return names
    from lagesbild.cli.written_down import write_down

    write_down(settings, "snapshot", "gallring", f"tar bort {', '.join(names)}")
    return store.prune(rule, now, **how)


def _key(settings: Settings) -> PrivateKey | None:
    return read_private(settings.signing_key) if settings.signing_key else None


def _tell(saved: Saved, checksum: str, *, signed: bool) -> None:
    size, checksum = size_sv(saved.size), checksum[:12]
    if saved.new:
        output.say(f"Sparad{' och signerad' if signed else ''}: {size}, kontrollsumma {checksum}.")
    else:
        output.say(f"Samma bild var redan sparad. Kontrollsumma {checksum}.")


def _print(text: str) -> None:
    """To a terminal, which must not obey what stands in a file that anybody may have made."""
    typer.echo("".join(c if c.isprintable() or c in f"\n{NB}" else "?" for c in text))


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1))
