"""The offline page as a file: whole, safe, small, the same every time; and its numbers are those of the tables."""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from base64 import b64encode
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.freezing.offline import Told, index_html
from lagesbild.freezing.offline.packing import MARKS, packed
from lagesbild.freezing.offline.page import USED
from lagesbild.freezing.offline.parts import ASSETS, SHEETS, script, style
from lagesbild.views.published_tables import Column, PublishedTable
from tests.snapshots.offline_world import HOSTILE, STAMP, TOLD, tables


@pytest.fixture(scope="module")
def page() -> str:
    return index_html(tables(), TOLD, STAMP).decode()


def data_of(page: str) -> dict:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    return json.loads(found.group(1))


def unpacked(column: dict) -> list:
    """As `web/10_data.js` does it."""
    values = column.get("v")
    if values is None:
        values = [v for v, n in zip(column["r"][::2], column["r"][1::2], strict=True) for _ in range(n)]
    return [column["d"][v] for v in values] if "d" in column else values


def test_the_policy_lets_nothing_but_its_own_script_run(page: str) -> None:
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert policy
    told = dict(part.strip().split(" ", 1) for part in policy.group(1).split(";"))
    code = page[page.rindex("<script>") + 8 : page.rindex("</script>")]
    assert told["default-src"] == "'none'"
    assert told["script-src"] == f"'sha256-{b64encode(hashlib.sha256(code.encode()).digest()).decode()}'"
    assert told["img-src"] == told["font-src"] == "data:"
    assert told["base-uri"] == told["form-action"] == "'none'"
    assert len(re.findall(r"<script", page)) == 2


def test_nothing_is_fetched_from_anywhere(page: str) -> None:
    addresses = set(re.findall(r"https?://[^\s\"'`);]+", page))
    assert addresses <= {"http://www.w3.org/2000/svg"}
    assert not re.findall(r"url\((?!\"?(?:data:|#))", page)
    for way in (
        "fetch(",
        "XMLHttpRequest",
        "WebSocket",
        "import(",
        "sendBeacon",
        "innerHTML",
        "insertAdjacentHTML",
        "eval(",
    ):
        assert way not in script(), way


def test_names_are_text_and_never_markup(page: str) -> None:
    assert HOSTILE not in page
    assert "onerror" in page, "the name is there, escaped"
    assert data_of(page)["told"][1][2] == f"Läget i {HOSTILE}"
    strip = index_html({}, Told(), replace(STAMP, synthetic=HOSTILE, until=HOSTILE)).decode()
    assert HOSTILE not in strip


def test_the_same_input_gives_the_same_bytes() -> None:
    again = dict(reversed(tables().items()))
    told = Told(dict(reversed(TOLD.words.items())))
    assert index_html(tables(), TOLD, STAMP) == index_html(again, told, STAMP)


def test_it_says_what_it_is_without_its_script(page: str) -> None:
    assert '<html lang="sv">' in page
    assert "<title>Lägesbild, fryst ögonblicksbild (syntetiska data)</title>" in page
    for words in ("Syntetiska data", "oktober 2026", STAMP.as_of, STAMP.version, STAMP.protected, "<noscript>"):
        assert words in page
    real = index_html({}, Told(), replace(STAMP, synthetic="")).decode()
    assert "(syntetiska data)</title>" not in real
    assert 'class="syn"' not in real[: real.index('id="data"')]


@pytest.mark.parametrize("name", [n for n in USED if n in tables()])
def test_every_number_and_every_absence_is_that_of_the_table(page: str, name: str) -> None:
    table = tables()[name]
    frame = table.frame
    if "provider" in frame:
        frame = frame[frame["provider"] == ""]
    held = data_of(page)["tables"][name]
    assert held["rows"] == len(frame)
    for column in table.columns:
        if column.name == "provider":
            continue
        values = unpacked(held["data"][column.name])
        assert len(values) == len(frame)
        for value, (_, row) in zip(values, frame.iterrows(), strict=True):
            if column.role == "measure":
                state = row[column.state_column]
                assert value == (row[column.name] if state == "" else MARKS[state])
            elif column.kind == "month":
                expected = row[column.name]
                assert value == (None if pd.isna(expected) else expected.year * 12 + expected.month - 1)
            elif isinstance(row[column.name], str):
                assert value == row[column.name]
            else:
                assert value == row[column.name] or (value is None and pd.isna(row[column.name]))


def test_no_hidden_number_is_in_the_file(page: str) -> None:
    """Of a table whose frame still holds numbers where the state hides them."""
    frame = pd.DataFrame({"n": [3.0, 17.0, 12345678.0], "n_state": ["suppressed", "", "secondary"]})
    table = PublishedTable("waits", "Väntande", (Column("n", "N", "count", "measure"),), frame)
    assert unpacked(packed(table)["data"]["n"]) == ["<", 17, ":"]
    assert b"12345678" not in index_html({"waits": table}, Told(), STAMP)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "suppressed", "secondary", "missing", "excluded"]),
            st.one_of(st.integers(0, 3).map(float), st.floats(-1e9, 1e9)),
            st.sampled_from(["", "R1", "</script>", "Å"]),
            st.booleans(),
        )
    )
)
def test_packing_loses_nothing(rows: list[tuple[str, float, str, bool]]) -> None:
    columns = (Column("key", "Nyckel", role="key"), Column("n", "N", "number", "measure"), Column("early", "Prel."))
    frame = pd.DataFrame(
        {
            "key": pd.array([r[2] for r in rows], dtype="str"),
            "n": np.array([r[1] if r[0] == "" else np.nan for r in rows], float),
            "n_state": pd.array([r[0] for r in rows], dtype="str"),
            "early": np.array([r[3] for r in rows], bool),
        }
    )
    data = json.loads(json.dumps(packed(PublishedTable("x", "X", columns, frame))["data"]))
    assert unpacked(data["key"]) == [r[2] for r in rows]
    assert unpacked(data["n"]) == [r[1] if r[0] == "" else MARKS[r[0]] for r in rows]
    assert unpacked(data["early"]) == [int(r[3]) for r in rows]


def test_zero_and_absence_never_become_one_run() -> None:
    frame = pd.DataFrame({"n": [0.0, 0.0, np.nan, np.nan], "n_state": ["", "", "missing", "suppressed"]})
    table = PublishedTable("x", "X", (Column("n", "N", "count", "measure"),), frame)
    assert unpacked(packed(table)["data"]["n"]) == [0, 0, None, "<"]


def test_sheets_are_the_services_own_with_the_font_in_them() -> None:
    made = style()
    for name in SHEETS:
        kept = (ASSETS / name).read_text(encoding="utf-8")
        assert kept.split('url("fonts/')[0] in made, name
    assert "fonts/" not in made
    assert made.count("data:font/woff2;base64,") == 1


def test_a_sheet_without_the_font_is_an_error(tmp_path: Path) -> None:
    for name in SHEETS:
        (tmp_path / name).write_text(":root{}", encoding="utf-8")
    with pytest.raises(ValueError, match="no style sheet names"):
        style(tmp_path)


def test_twenty_one_regions_and_six_years_stay_small() -> None:
    """Waits and flows of 21 regions, 3 care areas and 72 months with every number another: no run, no repetition."""
    rng = np.random.default_rng(1)
    months = pd.date_range("2020-11-01", periods=72, freq="MS").astype("datetime64[s]")
    places = [f"R{k}" for k in range(28)]
    rows = list(product(("a", "b", "c"), places, months))
    measures = tuple(c for c in tables()["waits"].columns if c.role == "measure")
    keys = tuple(tables()["waits"].column(n) for n in ("period", "level", "region", "care_area"))
    frame = pd.DataFrame(rows, columns=["care_area", "region", "period"]).assign(level="region")
    for c in measures:
        frame[c.name] = rng.integers(0, 5000, len(frame)) / (1000 if c.kind == "share" else 1)
        frame[c.state_column] = ""
    waits = PublishedTable("waits", "Väntande", (*keys, *measures), frame)
    flows = list(product(("a", "b", "c"), places[:21], places[:21], months[12:]))
    travel = pd.DataFrame(flows, columns=["care_area", "home_region", "treating_region", "period"])
    travel["performed"], travel["performed_state"] = rng.integers(0, 300, len(travel)).astype(float), ""
    names = ("period", "home_region", "treating_region", "care_area", "performed")
    columns = tuple(tables()["out-of-region"].column(n) for n in names)
    page = index_html({"waits": waits, "out-of-region": PublishedTable("o", "U", columns, travel)}, TOLD, STAMP)
    assert len(page) < 3_000_000
    assert len(zlib.compress(page)) < 1_000_000
