"""docs/api.md names every address, parameter and field of the API, and its examples run."""

from __future__ import annotations

import contextlib
import io
import json
import re
import shutil
import subprocess
import threading
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

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


@pytest.fixture
def served():
    """The address of a service with a small country."""
    server = make_server("127.0.0.1", 0, service(small()), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def examples(language: str, here: str) -> list[str]:
    return [c.replace("http://127.0.0.1:8050", here) for c in re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)]


def country():
    frame = published_table("waits", small(), Asked(regions=("",)), Viewer()).frame
    return frame[frame["waiting_state"] == ""]


def test_the_python_example_runs_and_tells_the_country_s_numbers(served):
    (code,) = examples("python", served)
    printed = io.StringIO()
    space: dict = {}
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "docs/api.md", "exec"), space)
    assert [row["waiting"] for row in space["country"]] == list(country()["waiting"])
    assert len(printed.getvalue().splitlines()) == len(country()) > 10  # more than one page


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
@pytest.mark.parametrize("which", [0, 1], ids=["jsonlite", "alone"])
def test_the_r_examples_run_and_tell_the_country_s_numbers(served, which, tmp_path):
    code = examples("r", served)[which]
    if "jsonlite" in code and subprocess.run(["Rscript", "-e", "library(jsonlite)"], capture_output=True).returncode:
        pytest.skip("jsonlite is not installed")
    script = tmp_path / "example.R"
    script.write_text(code + '\nwriteLines(as.character(country$waiting), "told.txt")\n', encoding="utf-8")
    done = subprocess.run(
        ["Rscript", "--vanilla", script], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    told = (tmp_path / "told.txt").read_text(encoding="utf-8").split()
    assert [float(x) for x in told] == list(country()["waiting"])


def test_the_power_query_example_asks_for_what_there_is_and_reads_what_is_told():
    (code,) = re.findall(r"^```\n(let\n.*?)```", TEXT, re.DOTALL | re.MULTILINE)
    (address,) = re.findall(r'Page\("([^"]+)"\)', code)
    described = description(ENDPOINTS)["paths"][urlsplit(address).path]["get"]
    assert {name for name, _ in parse_qsl(urlsplit(address).query, keep_blank_values=True)} <= {
        p["name"] for p in described["parameters"]
    }
    answer = service(small()).test_client().get(address)
    assert answer.status_code == 200
    read = set(re.findall(r"\[(\w+)\]", code))
    assert read == {"data", "next"}
    assert read <= set(answer.get_json())


def test_the_description_is_json_and_has_the_same_words():
    told = json.dumps(description(ENDPOINTS), ensure_ascii=False)
    for words in re.findall(r"^\| `[a-z_]+` \| ([^|]+) \| [^|]+ \|$", TEXT, re.MULTILINE)[:3]:
        assert words.strip() in told
