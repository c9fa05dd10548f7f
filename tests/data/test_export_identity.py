"""Import -> export -> import is the identity, for every dataset and every form that can be imported (Hypothesis)."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lagesbild.data.engine import Database
from lagesbild.data.export import Form, export
from lagesbild.domain.dataset_spec import Column, Dataset
from lagesbild.domain.datasets import DATASETS
from lagesbild.jobs.importing import import_file
from tests.data.import_files import Importer

pytestmark = pytest.mark.database
TODAY = date(2026, 11, 22)
REFERENCES = {"regions": ("01", "03", "14"), "care-areas": ("kat", "kna"), "providers": ("P1", "P2")}
# what the rules between cells would make hard to draw is left empty; the rules have tests of their own
LEFT_EMPTY = {
    "waits": {"within_limit", *(c.name for c in DATASETS["waits"].columns if c.name.startswith("waiting_"))},
    "production": {"performed_within_limit"},
    "providers": {"agreement_until"},
    "regions": {"parent"},
    "breaks": {"to"},
}
letters = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"))
text = st.text(letters, min_size=1, max_size=12).map(str.strip).filter(lambda t: t and not t.startswith("'"))


def value(dataset: Dataset, column: Column) -> st.SearchStrategy[str]:
    """A cell in machine form."""
    if column.name in LEFT_EMPTY.get(dataset.name, set()):
        return st.just("")
    if column.name == "provider" or (column.references and column.empty_means):
        return st.just("")  # a region's own rows: parts have rules of their own
    if column.references:
        return st.sampled_from(REFERENCES[column.references])
    optional = (lambda s: s) if column.key or column.required else (lambda s: st.one_of(st.just(""), s))
    match column.kind:
        case "text" | "codes":
            return optional(text)
        case "choice":
            return st.sampled_from([stored for stored, _ in column.choices])
        case "count":
            return st.one_of(st.integers(0, 10**12).map(str), st.integers(1, 99).map("<{}".format))
        case "month":
            return st.dates(date(2021, 1, 1), TODAY).map(lambda d: f"{d:%Y-%m}")
        case "date":
            return optional(st.dates(date(1950, 1, 1), date(2090, 1, 1)).map(date.isoformat))
        case "year":
            return st.integers(1990, 2026).map(str)
        case "number" if column.name in ("lat", "lon"):
            return optional(st.floats(-90, 90, allow_subnormal=False).map(lambda x: repr(round(x, 6))))
        case "days" if not dataset.facts:
            return st.integers(1, 365).map(str)
        case _:
            return optional(st.floats(0, 100, allow_subnormal=False).map(lambda x: repr(round(x, 9))))


@st.composite
def files(draw: st.DrawFn, name: str) -> str:
    dataset = DATASETS[name]
    row = st.tuples(*(value(dataset, c) for c in dataset.columns))
    place = [i for i, c in enumerate(dataset.columns) if c.key]
    rows = draw(st.lists(row, min_size=1, max_size=6, unique_by=lambda r: tuple(r[i].casefold() for i in place)))
    if name in ("out-of-region", "brokering"):
        rows = draw(st.just([r for r in rows if r[1] != r[2]]).filter(bool))  # home and treating region differ
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([c.name for c in dataset.columns])
    writer.writerows(rows)
    return out.getvalue()


@pytest.fixture
def importer(database: Database, tmp_path: Path) -> Importer:
    made = Importer(database, tmp_path)
    made.codes()
    return made


def taken_out(importer: Importer, name: str, form: Form) -> bytes:
    stream = io.BytesIO()
    export(importer.database, name, stream, form=form)
    return stream.getvalue()


def without_source(content: bytes) -> list[list[str]]:
    return [row[:-2] for row in csv.reader(io.StringIO(content.decode(), newline=""))]


@pytest.mark.parametrize("name", DATASETS)
def test_what_comes_out_is_what_went_in_and_goes_in_unchanged(name: str, importer: Importer, open_as: Any) -> None:
    owner = open_as("owner")

    def emptied() -> None:
        kept = 3 if name in REFERENCES else 0  # the batches of the codes that other rows refer to
        with owner.raw() as connection:
            connection.execute(f"DELETE FROM {DATASETS[name].table} WHERE batch_id > {kept}")

    @given(files(name))
    @settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    def there_and_back(content: str) -> None:
        emptied()
        first = importer(name, content)
        assert first.inserted == first.rows
        machine = taken_out(importer, name, "csv")
        wanted = {tuple(r) for r in csv.reader(io.StringIO(content, newline=""))}
        assert len(without_source(machine)) >= len(wanted)
        exported: dict[Form, bytes] = {"csv": machine}
        exported["csv-sv"] = taken_out(importer, name, "csv-sv")
        exported["xlsx"] = taken_out(importer, name, "xlsx")
        for form, file in exported.items():
            again = importer(name, file, f"ut.{'xlsx' if form == 'xlsx' else 'csv'}")
            assert again.inserted == 0, form
        emptied()
        path = importer.file(exported["csv-sv"], "ut.csv")
        import_file(importer.database, name, path)
        assert without_source(taken_out(importer, name, "csv")) == without_source(machine)

    there_and_back()
