"""Freezing: the same moment gives the same bytes, whatever comes later; what is not known yet is not frozen."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.domain.earlier import source_at
from lagesbild.domain.errors import InputError, LagesbildError
from lagesbild.domain.periods import Month
from lagesbild.domain.source import Batch, Break, GuaranteeLimit, Query, Run
from lagesbild.domain.viewer import Viewer
from lagesbild.freezing.contents import contents
from lagesbild.freezing.freeze import freeze
from lagesbild.freezing.machine_table import machine_table
from lagesbild.freezing.moment import asked_once, known_at
from lagesbild.freezing.published import published
from lagesbild.pages.data_status import ALL_SYNTHETIC, MIXED
from lagesbild.snapshots.bundle import seal
from lagesbild.snapshots.comparing import compare
from lagesbild.snapshots.keys import PrivateKey
from lagesbild.snapshots.manifest import Measure
from lagesbild.snapshots.packing import pack
from lagesbild.snapshots.tables import read_rows
from lagesbild.snapshots.verifying import check
from lagesbild.views.published_tables import TABLES
from tests.fakes import RECORDED
from tests.forecast.made_up import FIRST, country
from tests.waits_world import END, calm_rows, row, world

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
DAY = datetime(2026, 11, 15, 6, 10, tzinfo=UTC)
VIEWER = Viewer()


def _batch(n: int, at: datetime, dataset: str = "waits", *, synthetic: bool = False) -> Batch:
    return Batch(n, dataset, "Region X", at, 10, synthetic, False, f"{n}.csv")


def _run(n: int, at: datetime) -> Run:
    return Run(n, "forecast", at, 1, at, FIRST + 47, 12, 1, "0.1.0", 10, 1.0)


@pytest.fixture
def source():
    made = country(regions=3)
    return replace(
        made,
        limit_rows=[GuaranteeLimit(made.area_rows[0].code, "", date(2005, 11, 1), 90)],
        break_rows=[Break("01", "", Month(2024, 1), None, "mask", "Byte av system, ”nytt”")],
        batch_rows=[_batch(1, DAY - timedelta(days=1)), _batch(2, DAY), _batch(3, DAY + timedelta(days=3))],
        run_rows=[_run(2, DAY + timedelta(days=1)), _run(1, DAY - timedelta(hours=1))],
    )


def _freeze(source, at: datetime = DAY, **how):
    return freeze(source, at, VIEWER, now=NOW, **how)


def test_the_same_moment_is_the_same_bytes_whatever_came_after(source):
    before = pack(_freeze(source))
    later = replace(
        source,
        version_number=99,
        batch_rows=[*source.batch_rows, _batch(4, NOW)],
        run_rows=[_run(3, NOW), *source.run_rows],
    )
    assert pack(_freeze(later)) == before
    assert pack(freeze(source, DAY, VIEWER, now=NOW + timedelta(days=400))) == before
    assert pack(_freeze(source, at=NOW)) != before


def test_the_manifest_says_what_was_known(source):
    m = _freeze(source, reason="  storm i   Norrland ").manifest
    assert (m.as_of, m.created) == (DAY, DAY)
    assert m.data_version == "2026-11-15.2"
    assert m.forecast_run is not None
    assert m.forecast_run.run_id == 1
    assert (m.role, m.threshold, m.reason) == ("public", 5, "storm i Norrland")
    assert m.until == str(FIRST + 47)
    assert m.coverage.regions == 3
    assert m.title == "Lägesbild 2026-11-15 kl. 07.10 svensk tid"
    assert set(m.tables) == {"coverage", "sources", "definitions", *TABLES}
    assert {"beredskapsblad.pdf", "index.html", "tabeller.xlsx"} < set(m.files)


def test_the_page_says_what_the_pages_said_and_the_moment(source):
    frozen = _freeze(source)
    page = frozen.files["index.html"].decode()
    held = json.loads(re.search(r'id="data">(.*?)</script>', page, re.DOTALL)[1])
    assert held["stamp"]["version"] == frozen.manifest.data_version == "2026-11-15.2"
    assert held["stamp"]["forecast_run"].startswith("Prognos 1, data till och med ")
    assert {(t[0], t[1]) for t in held["told"]} >= {("", ""), (source.region_rows[-1].code, "")}
    assert all(t[3] for t in held["told"]), "every place has a sentence"
    pairs = {(t[0], t[1]): t for t in held["told"] if t[0] and t[1]}
    regions = {t[0] for t in held["told"] if t[0]}
    areas = {a for _, a in pairs}
    assert areas
    assert set(pairs) == {(r, a) for r in regions for a in areas}, "each care area in each region"
    assert set(held["tables"]) <= set(frozen.manifest.tables)


def test_a_backdated_import_changes_the_version_of_the_moment(source):
    late = replace(source, batch_rows=[*source.batch_rows, _batch(9, DAY - timedelta(hours=1))])
    assert _freeze(late).manifest.data_version == "2026-11-15.9"


def test_before_any_forecast_there_is_none(source):
    assert _freeze(source, at=DAY - timedelta(hours=12)).manifest.forecast_run is None


def test_every_table_can_be_read_as_the_manifest_says_and_compared(source):
    first, second = _freeze(source), _freeze(source, at=NOW)
    for dataset, table in first.manifest.tables.items():
        rows = read_rows(first, dataset, "x")
        assert rows.cells or not first.files[table.file].splitlines()[1:], dataset
        assert table.file == f"data/{dataset}.csv"
    limits = read_rows(first, "guarantee-limits", "x")
    assert [c[0].number for c in limits.cells.values()] == [90]
    breaks = read_rows(first, "breaks", "x")
    assert breaks.at(("01", "", "2024-01", ""), "reason").text == "Byte av system, ”nytt”"
    told = compare(first, second)
    assert {(c.dataset, c.kind) for c in told.changes} == {("sources", "definition")}


@pytest.mark.parametrize("marks, mark", [([False, False], ""), ([True, True], ALL_SYNTHETIC), ([True, False], MIXED)])
def test_what_is_invented_is_marked(source, marks, mark):
    batches = [_batch(k, DAY, synthetic=s) for k, s in enumerate(marks)]
    known = known_at(replace(source, batch_rows=batches), DAY)
    assert known.synthetic == mark
    made = _freeze(replace(source, batch_rows=batches))
    assert made.manifest.synthetic == mark


def test_a_moment_that_has_not_been_is_not_frozen(source):
    with pytest.raises(InputError, match="inte varit än"):
        _freeze(source, at=NOW + timedelta(seconds=1))


def test_a_moment_before_all_data_is_told_so(source):
    with pytest.raises(InputError, match="Ingenting var känt"):
        _freeze(source, at=datetime(2020, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("reason", ["x" * 201, "a\x1b[31m", "a\u202eb"])
def test_a_reason_that_is_no_line_is_refused(source, reason):
    with pytest.raises(InputError, match="Skälet"):
        _freeze(source, reason=reason)


def test_with_a_key_it_is_signed(source):
    key = PrivateKey(bytes(32))
    assert check(_freeze(source, key=key), "x", key.public).signature == "valid"


def test_the_content_is_made_by_what_is_passed_in(source):
    def mine(source, as_of, viewer, progress):
        _, facts = contents(source, as_of, viewer)
        return {"index.html": viewer.role.encode()}, facts.model_copy(update={"tables": {}})

    told: list[str] = []
    made = _freeze(source, made_by=mine, progress=told.append)
    assert made.files == {"index.html": b"public"}
    assert told == ["hämtar uppgifter", "räknar kontrollsummor"]


class _Busy:
    """A source that an import changes while it is read, `times` times."""

    def __init__(self, source, times: int) -> None:
        self._source, self._left = source, times

    def __getattr__(self, name):
        return getattr(self._source, name)

    def regions(self):
        if self._left:
            self._left -= 1
            self._source = replace(self._source, version_number=self._source.version_number + 1)
        return self._source.regions()


def test_what_changed_while_it_was_read_is_read_again(source):
    assert pack(_freeze(_Busy(source, 1))) == pack(_freeze(source))
    with pytest.raises(LagesbildError, match="ändrades medan"):
        _freeze(_Busy(source, 10_000))


def test_views_are_asked_of_the_state_at_the_moment_and_know_what_is_hidden_now(source):
    seen = []

    def mine(then, as_of, viewer, progress):
        seen.append((then.current, [b.batch_id for b in then.batches()], [r.run_id for r in then.runs()]))
        return contents(then, as_of, viewer)

    _freeze(source, made_by=mine)
    assert seen == [(source, [1, 2], [1])]


@dataclass
class _Revised:
    """A country where the last month's figures were others before they were revised at NOW."""

    before: object
    now: object

    def __getattr__(self, name):
        return getattr(self.now, name)

    def facts(self, dataset, query):
        return (self.before if query.as_of else self.now).facts(dataset, query)

    def batches(self):
        return [*self.before.batches(), _batch(9, NOW)]


def test_a_number_that_is_hidden_now_is_hidden_in_a_snapshot_of_a_moment_before():
    rows = [r for r in calm_rows() if r["care_area"] == "kna"]
    small = row("R6", "kna", END, over=3, waiting=500)
    revised = [small if (r["region"], r["period"]) == ("R6", END) else r for r in rows]

    def cell(source):
        frame = published(asked_once(source_at(source, RECORDED), RECORDED), VIEWER)["waits"].frame
        mine = frame[(frame["region"] == "R6") & (frame["period"] == str(END)) & (frame["level"] == "region")]
        return mine["over_limit_state"].tolist()

    before = world(rows)
    assert set(cell(before)) == {""}
    assert set(cell(_Revised(before, world(revised)))) <= {"suppressed", "secondary"}
    assert set(cell(_Revised(before, before))) == {""}, "hidden for the revised number's sake alone"


class _Counting:
    def __init__(self, source):
        self.source, self.asked = source, Counter()

    def __getattr__(self, name):
        self.asked[name] += 1
        return getattr(self.source, name)


@pytest.mark.parametrize("later", [True, False])
def test_each_thing_is_asked_of_the_database_once(source, later):
    at = DAY if later else NOW
    counting = _Counting(source)
    kept = asked_once(source_at(counting, at), at)
    assert hasattr(kept, "current") == later, "where nothing came since, the moment is the present"
    counting.asked.clear()
    for _ in range(3):
        kept.facts("waits", Query())
        if later:
            kept.current.facts("waits", Query())
    assert counting.asked == {"facts": 2 if later else 1}


COUNT = Measure(name="n", title="antal", form="number", state="n_state")


@given(
    rows=st.dictionaries(
        st.tuples(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=5), st.sampled_from(["a", "b"])),
        st.one_of(st.none(), st.integers(-(10**12), 10**12), st.floats(allow_nan=False, allow_infinity=False)),
        max_size=8,
    ),
    order=st.randoms(),
)
def test_a_table_is_read_back_as_it_was_written_in_any_order(rows, order):
    given_rows = [[*k, v, "" if v is not None else "suppressed"] for k, v in rows.items()]
    made = machine_table("t", "T", ("x", "y"), (COUNT,), given_rows)
    order.shuffle(given_rows)
    assert machine_table("t", "T", ("x", "y"), (COUNT,), given_rows).content == made.content
    whole = seal({made.file: made.content}, _facts(made.told))
    cells = read_rows(whole, "t", "x").cells
    assert {k: c[0].number for k, c in cells.items()} == rows
    assert all(c[0].state == ("" if rows[k] is not None else "suppressed") for k, c in cells.items())


def _facts(table):
    from tests.snapshots.made import facts

    return facts(tables={"t": table})


def test_numpy_numbers_are_written_as_plain_ones():
    rows = [["a", "b", np.float64(0.1), ""], ["a", "c", np.float64(3.0), ""], ["a", "d", np.int64(7), ""]]
    made = machine_table("t", "T", ("x", "y"), (COUNT,), rows)
    assert [r["n"] for r in csv.DictReader(io.StringIO(made.content.decode()))] == ["0.1", "3", "7"]


def test_a_row_of_the_wrong_length_is_a_fault_of_ours():
    with pytest.raises(ValueError, match="3 values for 4 columns"):
        machine_table("t", "T", ("x", "y"), (COUNT,), [["a", "b", 1]])
