"""docs/api.md names every address, parameter and field of the API, and its Python example runs."""

from __future__ import annotations

import contextlib
import io
import json
import re
import threading
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from lagesbild.api.openapi import description
from lagesbild.api.parameters import ALLOWED
from lagesbild.api.problems import ProblemDocument
from lagesbild.api.routes import ENDPOINTS, addresses
from lagesbild.domain.viewer import Viewer
from lagesbild.views.published_tables import Asked, published_table
from tests.api.world import service, small

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"`([^`\s]+)`", TEXT))


def test_every_address_and_no_other():
    told = set(re.findall(r"^\| `(/api/v1/[^`]*)`", TEXT, re.MULTILINE))
    assert told == {a.path for a in addresses()} == set(description(ENDPOINTS)["paths"])


def test_every_parameter_is_named_and_said_to_be_allowed():
    asked = {p for a in addresses() for p in a.parameters}
    assert asked == set(ALLOWED)
    assert asked <= NAMED


def test_every_field_of_every_table():
    for e in ENDPOINTS:
        section = TEXT.split(f"\n### `{e.name}`\n", 1)[1].split("\n### ", 1)[0]
        told = re.findall(r"^\| \**`([^`]+)`", section, re.MULTILINE)
        assert told == [c.name for c in e.columns]


@pytest.mark.parametrize("schema", ["Envelope", "QualityDeclaration", "RegisterQuality", "KnownFault", "Problem"])
def test_every_field_beside_the_rows(schema):
    from lagesbild.api import pages, quality

    model = ProblemDocument if schema == "Problem" else getattr(pages, schema, None) or getattr(quality, schema)
    fields = {f.alias or name for name, f in model.model_fields.items()}
    assert fields <= NAMED


def test_every_kind_of_problem():
    source = (ROOT / "src" / "lagesbild" / "api" / "problems.py").read_text(encoding="utf-8")
    kinds = set(re.findall(r"^        \d{3},\n        \"([a-z-]+)\"", source, re.MULTILINE))
    kinds |= set(re.findall(r"\d{3}, \"([a-z-]+)\"", source))
    assert len(kinds) == 9
    assert kinds <= NAMED


def test_every_header():
    from lagesbild.api.openapi import _HEADERS, _TABLE_HEADERS

    assert {*_HEADERS, *_TABLE_HEADERS} <= NAMED


def test_the_python_example_runs_and_tells_the_country_s_numbers():
    (code,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    source = small()
    server = make_server("127.0.0.1", 0, service(source), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    printed = io.StringIO()
    try:
        here = code.replace("http://127.0.0.1:8050", f"http://127.0.0.1:{server.server_port}")
        space: dict = {}
        with contextlib.redirect_stdout(printed):
            exec(compile(here, "docs/api.md", "exec"), space)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    frame = published_table("waits", source, Asked(regions=("",)), Viewer()).frame
    shown = frame[frame["waiting_state"] == ""]
    assert [row["waiting"] for row in space["country"]] == list(shown["waiting"])
    assert len(printed.getvalue().splitlines()) == len(shown) > 10  # more than one page


def test_the_description_is_json_and_has_the_same_words():
    told = json.dumps(description(ENDPOINTS), ensure_ascii=False)
    for words in re.findall(r"^\| `[a-z_]+` \| ([^|]+) \| [^|]+ \|$", TEXT, re.MULTILINE)[:3]:
        assert words.strip() in told
