"""What the numbers mean: codes, limits, breaks and sources, as tables that a later snapshot can be held against."""

from __future__ import annotations

from collections.abc import Iterator

from lagesbild.domain.datasets import DATASETS
from lagesbild.domain.source import Source
from lagesbild.freezing.machine_table import MachineTable, Value, machine_table
from lagesbild.freezing.moment import Known
from lagesbild.snapshots.manifest import Measure


def definition_tables(source: Source, known: Known) -> Iterator[MachineTable]:
    """Lists of codes, guarantee limits, breaks, and the sources known at the moment.

    Lists of codes have no history in the database: they are as they are when the snapshot is made.
    """
    for dataset, rows in (("regions", source.regions()), ("care-areas", source.care_areas())):
        spec = DATASETS[dataset]
        yield machine_table(
            dataset,
            spec.sv.capitalize(),
            [c.name for c in spec.keys],
            [Measure(name=c.name, title=c.sv, form="text") for c in spec.values],
            [[_plain(getattr(r, c.name)) for c in (*spec.keys, *spec.values)] for r in rows],
            kind="reference",
        )
    yield machine_table(
        "guarantee-limits",
        "Gränser i vårdgarantin",
        ("care_area", "region", "valid_from"),
        (Measure(name="days", title="gräns", form="count", unit="dagar"),),
        [[x.care_area, x.region, str(x.valid_from), x.days] for x in source.guarantee_limits()],
        kind="reference",
    )
    yield machine_table(
        "breaks",
        "Avbrott i serierna",
        ("region", "care_area", "from", "to"),
        (Measure(name="kind", title="slag", form="text"), Measure(name="reason", title="skäl", form="text")),
        [[b.region, b.care_area, str(b.first), str(b.last or ""), b.kind, b.reason] for b in source.breaks()],
        kind="reference",
    )
    yield _sources(known)


def _sources(known: Known) -> MachineTable:
    """Every source by dataset, with the rows it has given by the moment and when it last did."""
    found: dict[tuple[str, str], list[Value]] = {}
    for b in known.batches:
        row = found.setdefault((b.dataset, b.source), [0, "", ""])
        row[0] = int(row[0] or 0) + b.rows
        row[1] = b.recorded_at.isoformat()
        row[2] = "yes" if b.synthetic or row[2] == "yes" else "no"
    return machine_table(
        "sources",
        "Källor",
        ("dataset", "source"),
        (
            Measure(name="rows", title="rader", form="count"),
            Measure(name="recorded_at", title="senast inlästa", form="text"),
            Measure(name="synthetic", title="syntetiska", form="text"),
        ),
        [[*key, *row] for key, row in found.items()],
        kind="reference",
    )


def _plain(value: object) -> Value:
    return value if value is None or isinstance(value, str | float) else str(value)
