"""`/ogonblicksbilder` as preparedness uses it: save, list, open, take, try, compare."""

from __future__ import annotations

import json
import logging
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lagesbild.pages import options
from lagesbild.pages.registry import all_pages
from lagesbild.snapshots.store import Store
from tests.auth.service import service, settings, somebody
from tests.browser.checks import sideways, violations
from tests.browser.conftest import Live, Opened, served
from tests.browser.test_places import _batch
from tests.browser.test_print import print_page
from tests.pages.test_place_pages import flagged
from tests.snapshots.made import DECEMBER, FEBRUARY, bundle

OURS = {"X-Lagesbild": "1"}  # what our own scripts send
pytestmark = [pytest.mark.browser, pytest.mark.database]
Visit = Callable[..., Opened]
LONG = 180_000  # milliseconds: freezing takes 15-20 seconds of a quiet machine


def test_a_snapshot_is_saved_opened_taken_and_tried(visit: Visit, live: Live, tmp_path: Path) -> None:
    opened = visit(f"{live.base}/ogonblicksbilder")
    page = opened.page
    page.set_default_timeout(LONG)
    assert violations(page) == []
    page.fill("#snap-reason", "=övning <b>i norr</b>")
    opened.settle(lambda: page.click("#snap-save"))
    row = page.locator(".snaps tbody tr").first
    assert "=övning <b>i norr</b>" in row.inner_text()

    row.locator("button").click()
    page.wait_for_function("() => document.querySelectorAll('#snap-verdict li.ok').length > 0")
    assert "är äkta" in page.inner_text("#snap-verdict")

    with page.expect_download() as taken:
        row.locator("a[download]").click()
    name = taken.value.suggested_filename
    assert name.startswith("lagesbild-")
    assert name.endswith("-syntetisk.zip")
    path = tmp_path / name
    taken.value.save_as(path)
    with zipfile.ZipFile(path) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert {"index.html", "beredskapsblad.pdf", "tabeller.xlsx", "data/waits.csv"} <= set(archive.namelist())
    assert path.stat().st_size < 10_000_000
    assert manifest["role"] == "public"
    assert manifest["synthetic"]

    wrong = tmp_path / "fel.zip"
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 0xFF
    wrong.write_bytes(body)
    page.set_input_files("#snap-file", str(wrong))
    page.click("#snap-verify")
    page.wait_for_function("() => document.querySelectorAll('#snap-verdict li.mind').length > 0")
    assert "fel.zip" in page.inner_text("#snap-verdict")

    with page.context.expect_page() as other:
        row.locator("a[target=_blank]").click()
    snapshot = other.value
    snapshot.wait_for_load_state()
    assert "Lägesbild" in snapshot.title()
    assert snapshot.locator("table:visible, svg:visible").count() > 0

    # another moment, from the command's side of the same store; then the two are set beside each other
    answer = page.request.post(
        f"{live.base}/ogonblicksbilder/spara",
        data=json.dumps({"skal": "före", "tidpunkt": "2026-01-25T10:00:00Z"}),
        headers={"Content-Type": "application/json", "X-Lagesbild": "1"},
        timeout=LONG,
    )
    assert answer.status == 200, answer.text()
    page.reload()
    page.wait_for_selector(".snaps tbody tr:nth-child(2)")
    page.wait_for_selector("#ovrigt")
    assert page.locator(".snaps tbody tr").count() == 2
    assert "mot" in page.inner_text("h1")
    assert page.is_visible("#revidering")
    assert page.is_visible("#ovrigt")
    assert violations(page) == []


def test_what_is_no_snapshot_is_told_so(visit: Visit, live: Live) -> None:
    page = visit(f"{live.base}/ogonblicksbilder").page
    base = f"{live.base}/ogonblicksbilder"
    for name in ("..%2f..%2fetc%2fpasswd", "nagot.zip", "%00.zip"):
        assert page.request.get(f"{base}/fil/{name}").status in (400, 404)
    said = page.request.post(f"{base}/prova?namn=x.zip", data=b"PK\x03\x04 not a zip", headers=OURS).json()
    assert "fel" in said
    foreign = page.request.post(
        f"{base}/spara", data="{}", headers={**OURS, "Content-Type": "application/json", "Sec-Fetch-Site": "cross-site"}
    )
    assert foreign.status == 403


@pytest.fixture
def two_saved(tmp_path: Path) -> Iterator[str]:
    """The address of the page with two snapshots."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    source = flagged()
    source.batch_rows = [_batch()]
    told = settings(tmp_path, "proxy", public_url="")
    for as_of in (DECEMBER, FEBRUARY):
        Store(tmp_path).save(bundle(as_of=as_of))
    parts = {"source": source, "pages": all_pages(), "known": options.known, "filters": options.filters}
    with served(service(told, who=somebody("council"), **parts)) as base:
        yield f"{base}/ogonblicksbilder"


def test_saved_snapshots_on_paper(visit: Visit, two_saved: str) -> None:
    """What is chosen, opened and taken with is not printed, and the rest has room."""
    opened = visit(two_saved)
    print_page(opened)
    table = opened.page.locator(".snaps")
    assert sideways(opened.page) == []
    assert table.locator("input, .snap-links").locator("visible=true").count() == 0
    shown = [len(row.locator("th, td").locator("visible=true").all()) for row in table.locator("tr").all()]
    assert len(shown) == 3
    assert len(set(shown)) == 1, "a heading for each cell"


@pytest.mark.parametrize("width", [390, 768, 1440])
def test_nothing_of_a_saved_snapshot_is_out_of_sight(visit: Visit, two_saved: str, width: int) -> None:
    page = visit(two_saved, width=width).page
    assert page.locator("#snap-save").count() == 0
    assert page.locator(".snaps .snap-links > *").count() == 6
    for part in page.locator(".snaps tbody td, .snaps tbody th, .snaps .snap-links > *").all():
        box = part.bounding_box()
        assert box is not None
        assert 0 <= box["x"] <= box["x"] + box["width"] <= width, part.inner_text()
    if width < 768:
        assert all(part.bounding_box()["height"] >= 44 for part in page.locator(".snap-links > *").all())
        assert page.locator(".stacked td").count() > 0
        for cell in page.locator(".stacked tbody th, .stacked tbody td").all():
            box = cell.bounding_box()
            assert box is not None
            assert 0 <= box["x"] <= box["x"] + box["width"] <= width, cell.inner_text()
        heads = page.locator("#ovrigt thead th").all_inner_texts()[1:]
        row = page.locator("#ovrigt tbody tr").first.locator("td")
        assert [c.get_attribute("data-head") for c in row.all()] == heads, "its heading beside each cell"
    assert violations(page) == []
    assert sideways(page) == []
