"""tools/plotly_bundle.py: fetched, checked, and never a reason to stop; and nothing is drawn that it cannot draw."""

from __future__ import annotations

import hashlib
import importlib.util
import io
import json
import tarfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from plotly.offline import get_plotlyjs_version

from lagesbild.dash_frame import plotly_address
from lagesbild.domain.viewer import Viewer
from lagesbild.pages import options
from lagesbild.pages.registry import all_pages
from lagesbild.pages.render import Renderer
from lagesbild.pages.view import View
from tests.country import country

ROOT = Path(__file__).resolve().parents[1]
LOCK = json.loads((ROOT / "tools" / "plotly_bundle.json").read_text(encoding="utf-8"))
DRAWN = {"scatter", "bar", "heatmap"}  # of what the cartesian bundle holds
BODY = b"window.Plotly = {};"


@pytest.fixture
def tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script, with a folder of its own to write to and a hash of its own to expect."""
    spec = importlib.util.spec_from_file_location("plotly_bundle", ROOT / "tools" / "plotly_bundle.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    lock = tmp_path / "tools" / "plotly_bundle.json"
    lock.parent.mkdir()
    lock.write_text(json.dumps({**LOCK, "sha256": hashlib.sha256(BODY).hexdigest()}), encoding="utf-8")
    monkeypatch.setattr(module, "__file__", str(lock.with_name("plotly_bundle.py")))
    monkeypatch.setattr(module, "TARGET", tmp_path / "assets" / "plotly")
    (tmp_path / "assets").mkdir()
    return module


def packed(folder: Path, body: bytes, name: str = f"package/{LOCK['file']}") -> list[str]:
    with tarfile.open(folder / "plotly.tgz", "w:gz") as archive:
        about = tarfile.TarInfo(name)
        about.size = len(body)
        archive.addfile(about, io.BytesIO(body))
    return ["--from", str(folder)]


def test_the_locked_version_is_the_installed_one() -> None:
    assert get_plotlyjs_version() == LOCK["version"]
    assert f"{LOCK['package']}@{LOCK['version']}" in (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert "assets/plotly/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_a_right_package_is_put_in_place_once(tool: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    tool.TARGET.mkdir()
    (tool.TARGET / "plotly-cartesian-0.0.1.min.js").write_text("old")
    assert tool.main(packed(tmp_path, BODY)) == 0
    assert [p.name for p in tool.TARGET.iterdir()] == [f"plotly-cartesian-{LOCK['version']}.min.js"]
    assert next(tool.TARGET.iterdir()).read_bytes() == BODY
    capsys.readouterr()
    assert tool.main(["--from", str(tmp_path / "nowhere")]) == 0  # it is there: nothing is fetched or said
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("body", "name", "why"),
    [
        (BODY + b" ", f"package/{LOCK['file']}", "kontrollsumman"),
        (BODY, "package/other.js", "innehåller inte"),
        (BODY, f"../{LOCK['file']}", "innehåller inte"),
    ],
)
def test_a_wrong_package_is_left_out(
    tool: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture, body: bytes, name: str, why: str
) -> None:
    assert tool.main(packed(tmp_path, body, name)) == 0
    assert not tool.TARGET.exists()
    said = capsys.readouterr().out
    assert why in said
    assert "Hela Plotly serveras" in said


def test_without_npm_set_up_goes_on(tool: ModuleType, monkeypatch: Any, capsys: pytest.CaptureFixture) -> None:
    monkeypatch.setenv("PATH", "")
    assert tool.main([]) == 0
    assert "npm finns inte" in capsys.readouterr().out


def test_npm_that_cannot_fetch_is_no_error(
    tool: ModuleType, tmp_path: Path, monkeypatch: Any, capsys: pytest.CaptureFixture
) -> None:
    npm = tmp_path / "bin" / "npm"
    npm.parent.mkdir()
    npm.write_text("#!/bin/sh\nexit 1\n")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", f"{npm.parent}:/bin:/usr/bin")
    assert tool.main([]) == 0
    assert "npm kunde inte hämta" in capsys.readouterr().out


def test_the_address_is_the_bundles_when_it_is_there_and_else_the_whole(tmp_path: Path) -> None:
    whole = plotly_address(tmp_path)
    assert whole.startswith("/_dash-component-suites/plotly/package_data/plotly.v")
    bundle = tmp_path / "plotly" / f"plotly-cartesian-{get_plotlyjs_version()}.min.js"
    bundle.parent.mkdir()
    bundle.write_bytes(BODY)
    assert plotly_address(tmp_path).startswith(f"/assets/plotly/{bundle.name}?m=")
    bundle.rename(bundle.with_name("plotly-cartesian-0.0.1.min.js"))
    assert plotly_address(tmp_path) == whole


def charts(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, (list, tuple)):
        for child in node:
            yield from charts(child)
    elif isinstance(node, dict) and "props" in node:
        if node["type"] == "Graph":
            yield node["props"]["figure"]
        yield from charts(node["props"].get("children"))


def test_no_page_draws_what_the_bundle_cannot() -> None:
    source = country()
    renderer = Renderer(source, Viewer(), all_pages(), known=options.known, filters=options.filters)
    codes = {"region": next(r.code for r in source.region_rows if r.parent), "care_area": source.area_rows[0].code}
    kinds: dict[str, set[str]] = {}
    for page in all_pages():
        answer = renderer.answer(View(page.address(codes.get(page.parameter, ""))))
        kinds[page.path] = {t.get("type", "scatter") for f in charts(answer.main) for t in f["data"]}
    assert set().union(*kinds.values()) <= DRAWN, kinds
    assert len([path for path, drawn in kinds.items() if drawn]) >= 4, kinds
