"""A hundred thousand inputs for each parser (a few thousand in CI): a sentence in Swedish or a value, never a crash."""

from __future__ import annotations

import copy
import json
import os
import random
import tempfile
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote_from_bytes

import pytest

from lagesbild.domain.datasets import DATASETS
from lagesbild.domain.errors import SnapshotError
from lagesbild.domain.periods import Month
from lagesbild.domain.scenario_choice import WHAT_IF_PARAMETERS
from lagesbild.domain.selection import BROWSER_PARAMETERS, PARAMETERS, Known, from_query, to_query
from lagesbild.domain.swedish import date_time
from lagesbild.pages.view import View
from lagesbild.snapshots.as_json import difference_json
from lagesbild.snapshots.comparing import compare
from lagesbild.snapshots.packing import pack
from lagesbild.snapshots.reading import read
from lagesbild.snapshots.verifying import verify
from tests.security import fuzzing
from tests.security.fuzzing import TOKENS, budget, mutated, survives, with_cell
from tests.security.parsers import BUNDLE, BUNDLE_TEXT, SAMPLES, read_fhir, read_table, told, workbook, zipped
from tests.snapshots.made import bundle

CLOCK = datetime(9998, 12, 31, tzinfo=UTC)
KNOWN = Known(
    care_areas={"kat", "kna"},
    regions={"01", "03"},
    providers={"P1"},
    months={Month(2024, 1), Month(2024, 2)},
    runs={3},
    statuses={"open"},
    orders={"netto"},
    healthcare_regions={"Norra"},
    registers={"waits"},
    findings={"stop"},
    forecast_months={Month(2024, 3)},
)
WORDS = (
    *TOKENS,
    b"kat",
    b"01",
    b"2024-01",
    b"80",
    b"3",
    b"open",
    b"netto",
    b"stop",
    b"12",
    b"Norra",
    b"a.zip",
    b"2024-03",
)


def test_every_dataset_has_a_sample_that_is_read_without_fault(tmp_path: Path) -> None:
    assert set(SAMPLES) == set(DATASETS)
    for name, table in SAMPLES.items():
        for content, ending in ((table.encode(), "csv"), (zipped(workbook(table)), "xlsx")):
            path = tmp_path / f"{name}.{ending}"
            path.write_bytes(content)
            faults = read_table(name, path)
            assert faults is not None
            assert not faults.shown_errors, name
    path = tmp_path / "b.json"
    path.write_bytes(BUNDLE_TEXT)
    faults = read_fhir(path)
    assert faults is not None
    assert not faults.shown_errors


@pytest.mark.parametrize("dataset", list(DATASETS))
def test_csv(dataset: str, in_memory: Path) -> None:
    corpus = [t.encode() for t in SAMPLES.values()]
    own, path = SAMPLES[dataset].encode(), in_memory / "fil.csv"

    def make(rng: random.Random) -> bytes:
        if rng.random() < 0.5:
            return with_cell(rng, own)
        return mutated(rng, own.replace(b",", b";") if rng.random() < 0.2 else own, corpus)

    def try_it(data: bytes) -> None:
        path.write_bytes(data)
        read_table(dataset, path)

    survives(f"csv {dataset}", budget(2600) // len(DATASETS), make, try_it)


def test_xlsx(in_memory: Path) -> None:
    books = {d: workbook(t) for d, t in SAMPLES.items()}
    path = in_memory / "fil.xlsx"
    named: dict[bytes, str] = {}

    def make(rng: random.Random) -> bytes:
        dataset = rng.choice(list(books))
        parts = books[dataset]
        if rng.random() < 0.3:
            made = mutated(rng, zipped(parts), [zipped(parts)])
        else:
            part = rng.choice(["xl/worksheets/sheet1.xml", "xl/worksheets/sheet1.xml", *parts])
            made = zipped({**parts, part: mutated(rng, parts[part], [parts[part]])})
        named.clear()
        named[made] = dataset
        return made

    def try_it(data: bytes) -> None:
        path.write_bytes(data)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            read_table(named[data], path)

    survives("xlsx", budget(600), make, try_it)


def _shaken(rng: random.Random, node: Any) -> Any:
    """A JSON value with one of its parts replaced by another kind of thing, left out or put twice."""
    odd = [
        None,
        True,
        -1,
        0,
        1.5,
        1e308,
        10**30,
        10**400,
        "",
        "x",
        "\ud800",
        "\x00",
        [],
        {},
        [[]],
        [None],
        {"code": []},
    ]
    if rng.random() < 0.12 or not isinstance(node, (dict, list)) or not node:
        return copy.deepcopy(rng.choice(odd))
    if isinstance(node, dict):
        key = rng.choice(list(node))
        changed = {**node, key: _shaken(rng, node[key])}
        if rng.random() < 0.05:
            del changed[key]
        return changed
    at = rng.randrange(len(node))
    return [*node[:at], _shaken(rng, node[at]), *node[at + rng.choice((0, 1, 1, 1)) :]]


def _shaken_json(rng: random.Random, whole: Any) -> bytes:
    for _ in range(rng.choice((1, 1, 2, 3))):
        whole = _shaken(rng, whole)
    return json.dumps(whole).encode()


def test_fhir(in_memory: Path) -> None:
    path = in_memory / "fil.json"

    def make(rng: random.Random) -> bytes:
        return _shaken_json(rng, BUNDLE) if rng.random() < 0.7 else mutated(rng, BUNDLE_TEXT, [BUNDLE_TEXT])

    def try_it(data: bytes) -> None:
        path.write_bytes(data)
        read_fhir(path)

    survives("fhir", budget(2500), make, try_it)


def _query(rng: random.Random) -> bytes:
    names = [*PARAMETERS.values(), *WHAT_IF_PARAMETERS, *BROWSER_PARAMETERS, "okand"]
    pairs = []
    for _ in range(rng.randrange(1, 6)):
        word = rng.choice(WORDS)
        if rng.random() < 0.3:
            word = mutated(rng, word, WORDS)
        pairs.append(
            f"{rng.choice(names)}={quote_from_bytes(word[:300]) if rng.random() < 0.8 else word.decode('latin-1')}"
        )
    return "&".join(pairs).encode("latin-1", "replace")


def test_query_strings() -> None:
    """Whatever is read is written as an address that reads back as the same, without a note."""

    def try_it(data: bytes) -> None:
        view = View.of({"path": "/vantetider", "search": f"?{data.decode('latin-1')}"})
        selection, notes = from_query(view.search, KNOWN, CLOCK)
        assert all(isinstance(n, str) for n in notes)
        assert from_query(to_query(selection), KNOWN, CLOCK) == (selection, [])
        if selection.as_of is not None:
            date_time(selection.as_of)

    survives("query", budget(20_000), _query, try_it)


@pytest.fixture(scope="module")
def frozen() -> bytes:
    return pack(bundle(extra={"index.html": b"<!doctype html><title>x</title>" * 4}))


def test_snapshot_zips(frozen: bytes) -> None:
    whole = read(frozen)

    def try_it(data: bytes) -> None:
        try:
            assert all(s.replace("\u00a0", "").isprintable() for s in verify(data).sentences())
            difference_json(compare(whole, read(data)))
        except SnapshotError as error:
            told(error)

    survives("snapshot", budget(2500), lambda rng: mutated(rng, frozen, [frozen]), try_it)


def test_snapshot_manifests(frozen: bytes) -> None:
    """The zip is whole, and what stands in it is not."""
    whole = read(frozen)
    manifest = json.loads(whole.manifest_bytes)
    tables = {n: c for n, c in whole.files.items() if n.endswith(".csv")}

    def make(rng: random.Random) -> bytes:
        files = {"manifest.json": whole.manifest_bytes, **whole.files}
        if rng.random() < 0.8 or not tables:
            files["manifest.json"] = (
                _shaken_json(rng, manifest) if rng.random() < 0.8 else mutated(rng, whole.manifest_bytes, [b"{}"])
            )
        else:
            name = rng.choice(list(tables))
            files[name] = with_cell(rng, files[name])
            told_of = dict(manifest["files"])
            told_of[name] = {**told_of[name], **_digest(files[name])}
            files["manifest.json"] = json.dumps({**manifest, "files": told_of}, ensure_ascii=False).encode()
        return zipped(files)

    def try_it(data: bytes) -> None:
        try:
            assert all(s.replace("\u00a0", "").isprintable() for s in verify(data).sentences())
            difference_json(compare(whole, read(data)))
        except SnapshotError as error:
            told(error)

    survives("manifest", budget(2500), make, try_it)


def _digest(content: bytes) -> dict[str, Any]:
    import hashlib

    return {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}


def test_a_failure_says_how_to_repeat_it() -> None:
    def fail(_: bytes) -> None:
        raise ValueError("nej")

    with pytest.raises(AssertionError, match=f"FUZZ_SEED={fuzzing.SEED}"):
        survives("prov", 1, lambda rng: b"x", fail)


@pytest.fixture
def in_memory(tmp_path: Path) -> Iterator[Path]:
    """Where a parser's file is written anew for each input: a disk that others use too made a hundred thousand of
    them take hours, most of it waiting to make the file empty. The file is as real in memory."""
    shared = Path("/dev/shm")
    if not os.access(shared, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(prefix="lagesbild-fuzz-", dir=shared) as directory:
        yield Path(directory)


@pytest.fixture(autouse=True)
def _no_recursion_left_over() -> Iterator[None]:
    """Deep inputs must not leave the interpreter with another limit than it had."""
    import sys

    before = sys.getrecursionlimit()
    yield
    assert sys.getrecursionlimit() == before
