"""`lagesbild forecast` and `lagesbild gaps`."""

from __future__ import annotations

import csv
import json
import sys
from enum import StrEnum
from typing import Annotated, Any

import typer

from lagesbild.cli.console import output
from lagesbild.cli.gap_table import gap_table
from lagesbild.data.engine import open_database
from lagesbild.data.fits import PgFitStore
from lagesbild.data.job_log import JobLog
from lagesbild.data.runs import PgRunStore
from lagesbild.data.source import PgSource
from lagesbild.domain.errors import InputError
from lagesbild.domain.gap_columns import GAP_COLUMNS
from lagesbild.domain.periods import Month
from lagesbild.domain.provenance import SYNTHETIC, source_label
from lagesbild.domain.source import Query, Source
from lagesbild.domain.swedish import count, decimal
from lagesbild.jobs.recorded import recorded
from lagesbild.settings import load_settings


class GapFormat(StrEnum):
    """Forms in which the gaps are printed."""

    table = "table"
    csv = "csv"
    json = "json"


def forecast(
    horizon: Annotated[int, typer.Option(help="Antal månader framåt, 1 till 24.")] = 12,
    until: Annotated[
        str | None, typer.Option(help="Sista månad som används, ÅÅÅÅ-MM; utan värde den senast rapporterade.")
    ] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Antal processer; utan värde en per kärna.")] = None,
    seed: Annotated[int | None, typer.Option(help="Slumptalsfrö; samma frö ger samma prognoser.")] = None,
    records: Annotated[
        int, typer.Option(min=0, max=12, help="Antal tidigare kvartal som också görs om, för facit.")
    ] = 0,
    rerun: Annotated[
        int | None,
        typer.Option(help="Gör om en sparad körning på uppgifterna som de var då, jämför, och spara inget."),
    ] = None,
) -> None:
    """Gör prognoser för alla serier och spara dem som en körning."""
    if rerun is not None:
        _rerun(rerun, jobs)
        return
    # imported here: the statistics packages take a second to load, which no other command should wait for
    from lagesbild.jobs.executors import cluster
    from lagesbild.jobs.forecasting import DEFAULT_SEED, quarterly_origins, run_forecast, run_records
    from lagesbild.views.middles import Middles

    month = _month(until)
    chosen = DEFAULT_SEED if seed is None else seed
    settings = load_settings()
    executor = cluster(settings)
    with open_database(settings, role="write") as database:
        source, store, fits = PgSource(database), PgRunStore(database), PgFitStore(database)
        told = recorded(JobLog(database), "forecast", until or "")
        with told, output.progress("Prognoser", None) as bar:
            run = run_forecast(
                source,
                store,
                horizon=horizon,
                until=month,
                jobs=jobs,
                executor=executor,
                seed=chosen,
                progress=lambda done, total: bar.update(bar.task_ids[0], completed=done, total=total),
                fits=fits,
                middles=Middles(settings.small_count_threshold),
            )
        output.say(
            f"Körning {run.run_id}: {count(run.series)} serier till och med {run.until.sv}, "
            f"{run.horizon} månader framåt, {decimal(run.seconds)} sekunder."
        )
        if records:
            with output.progress("Tidigare prognoser", None) as bar:
                made = run_records(
                    source,
                    store,
                    quarterly_origins(run.until, records),
                    made_by=run,
                    horizon=horizon,
                    jobs=jobs,
                    executor=executor,
                    seed=chosen,
                    fits=fits,
                    progress=lambda done, total: bar.update(bar.task_ids[0], completed=done, total=total),
                )
            output.say(f"{count(len(made))} tidigare utgångspunkter gjordes om på dagens uppgifter.")


def _rerun(run_id: int, jobs: int | None) -> None:
    """Make a stored run again from the data of its time and tell whether it is the same."""
    from lagesbild.jobs.executors import cluster
    from lagesbild.jobs.rerunning import rerun
    from lagesbild.views.middles import Middles

    settings = load_settings()
    with open_database(settings, role="read") as database, output.progress("Prognoser", None) as bar:
        found = rerun(
            lambda moment: PgSource(database, moment),
            run_id,
            jobs=jobs,
            executor=cluster(settings),
            progress=lambda done, total: bar.update(bar.task_ids[0], completed=done, total=total),
            middles=Middles,
        )
    if found.differences:
        told = " ".join(found.differences)
        raise InputError(
            f"Körning {run_id} blev inte densamma: {told}",
            f"Den gjordes med version {found.run.code_version}; uppgifter som importerats senare med ett tidigare "
            "datum kan också ändra den.",
        )
    output.say(f"Körning {run_id} gjordes om och är densamma till sista siffran ({count(found.rows)} rader).")


def gaps(
    form: Annotated[GapFormat, typer.Option("--format", help="table, csv eller json.")] = GapFormat.table,
    target: Annotated[int, typer.Option(help="Gräns i procent för tabellen: 70, 80 eller 90.")] = 80,
) -> None:
    """Visa kapacitetsgapen i den senaste körningen (csv och json: alla gränser)."""
    with open_database(load_settings(), role="read") as database:
        source = PgSource(database)
        runs = source.runs()
        if not runs:
            raise InputError("Det finns ingen prognoskörning än.", "Kör `lagesbild forecast` först.")
        frame = source.gaps(runs[0].run_id)
        marks = _marks(source, runs[0].until)
        if form is GapFormat.table:
            if target not in {round(100 * t) for t in frame["target_share"]} and len(frame):
                raise InputError(f"Gränsen {target} procent är inte beräknad.", "Välj 70, 80 eller 90.")
            regions = {r.code: r.short_name for r in source.regions()}
            areas = {a.code: a.short for a in source.care_areas()}
            typer.echo(gap_table(frame, target / 100, regions, areas, runs[0]))
            if any(m.startswith(SYNTHETIC) for m in marks.values()):
                typer.echo(f"\n{SYNTHETIC}: talen är påhittade.")
            return
    rows = [
        {c: _plain(row[c]) for c in GAP_COLUMNS} | {"x_source": marks.get((row["region"], row["care_area"]), "")}
        for row in frame.to_dict("records")
    ]
    if form is GapFormat.json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    writer = csv.DictWriter(sys.stdout, (*GAP_COLUMNS, "x_source"), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)


def _marks(source: Source, until: Month) -> dict[tuple[str, str], str]:
    """(region, care area) -> where the figures behind a gap come from, made-up ones marked as such."""
    waits = source.facts("waits", Query(first=until - 23, last=until))
    pairs: dict[tuple[str, str], set[str]] = {}
    columns = (waits[c] for c in ("region", "care_area", "source", "synthetic"))
    for region, area, name, synthetic in set(zip(*columns, strict=True)):
        pairs.setdefault((region, area), set()).add(source_label(name, synthetic=bool(synthetic)))
    return {pair: "; ".join(sorted(labels)) for pair, labels in pairs.items()}


def _month(text: str | None) -> Month | None:
    if text is None:
        return None
    try:
        return Month.parse(text)
    except ValueError:
        raise InputError(f"”{text}” är ingen månad.", "Skriv månaden som 2026-10.") from None


def _plain(value: Any) -> Any:
    """A cell as machines read it: months as YYYY-MM, what is unknown as nothing."""
    if value is None or value != value:
        return None
    return f"{value:%Y-%m}" if hasattr(value, "strftime") else value
