"""Pictures of figures: everything that must follow a figure is in them, whatever screen and theme they were made on."""

from __future__ import annotations

import base64
import re
import struct
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest

from lagesbild.components.model import Page
from lagesbild.pages.registry import all_pages
from tests.browser.checks import english_in, example, wait_for_charts
from tests.browser.conftest import Live, Opened

pytestmark = pytest.mark.browser
Visit = Callable[..., Opened]
SVG = "{http://www.w3.org/2000/svg}"
PNG_WIDTH = 2400
_COMPOSE = """async id => {
    const figure = document.getElementById(id);
    const picture = await window.lagesbildPicture.compose(figure);
    const png = new Uint8Array(await (await window.lagesbildPicture.toPng(picture)).arrayBuffer());
    let text = '';
    for (const byte of png) text += String.fromCharCode(byte);
    return { svg: picture.text, png: btoa(text) };
}"""


def pictures(opened: Opened) -> dict[str, tuple[str, bytes]]:
    """Every figure of a page as SVG text and PNG bytes, by id."""
    wait_for_charts(opened.page)
    made = {}
    for id_ in opened.page.eval_on_selector_all("#main figure", "nodes => nodes.map(n => n.id)"):
        got = opened.page.evaluate(_COMPOSE, id_)
        made[id_] = (got["svg"], base64.b64decode(got["png"]))
    return made


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return int(width), int(height)


def words(svg: str) -> str:
    """All text in the picture in one line."""
    root = ET.fromstring(svg)
    assert root.tag == f"{SVG}svg"
    return plain(" ".join("".join(node.itertext()) for node in root.iter(f"{SVG}text")))


def plain(text: str) -> str:
    """Without soft hyphens, hyphens at a line's end and differences in space."""
    return re.sub(r"\s+", "", text.replace("\u00ad", ""))


def alike(svg: str) -> str:
    """Without the names Plotly and we make up anew for each drawing."""
    ids: dict[str, str] = {}
    svg = re.sub(r"paint-\d+", "paint", svg)
    return re.sub(r"(?<=[a-z0-9-])[0-9a-f]{6}(?=[xy\"')-])", lambda m: ids.setdefault(m[0], f"ID{len(ids)}"), svg)


@pytest.mark.database
@pytest.mark.parametrize("page", all_pages(), ids=lambda p: p.path)
def test_every_figure_of_every_page(visit: Visit, live: Live, page: Page) -> None:
    opened = visit(live.base + example(page))
    made = pictures(opened)
    told = opened.page.evaluate("(document.getElementById('filter-form') || {dataset: {}}).dataset.selection || ''")
    for id_, (svg, png) in made.items():
        said = words(svg)
        figure = opened.page.locator(f"#{id_}")
        assert plain(figure.locator("h2").text_content() or "") in said
        for summary in figure.locator(":scope > .sum").all_text_contents():
            assert plain(summary) in said
        for note in figure.locator(":scope > .src").all_text_contents():
            assert plain(note) in said, "notes and source"
        real = figure.locator(".real").count() > 0
        assert "Syntetiskadata" in said or real
        assert real or (bool(told) and plain(told) in said), "the selection in full"
        assert real or "Senastuppdaterad2" in said
        assert size(png)[0] == PNG_WIDTH
        assert 400 < size(png)[1] < 12_000
        root = ET.fromstring(svg)
        assert "data:font/woff2;base64," in svg
        links = [v for n in root.iter() for k, v in n.attrib.items() if k.endswith("href") and not v.startswith("#")]
        assert not [v for v in links if not v.startswith("data:")], "nothing is fetched from anywhere"
        drawn = sum(1 for tag in ("path", "rect", "line", "circle") for _ in root.iter(f"{SVG}{tag}"))
        assert drawn > 5
        assert english_in(" ".join("".join(n.itertext()) for n in root.iter(f"{SVG}text"))) == set()
    assert opened.console == []
    assert opened.outside(live.base) == []
    assert opened.page.locator("iframe").count() == 0, "the frame it was laid out in is gone"

    phone = pictures(visit(live.base + example(page), width=390, theme="dark"))
    assert {k: alike(v[0]) for k, v in phone.items()} == {k: alike(v[0]) for k, v in made.items()}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pictures_are_downloaded_under_the_files_name(
    visit: Visit, gallery_address: str, theme: str, tmp_path: Path
) -> None:
    page = visit(f"{gallery_address}/?region=21", theme=theme).page
    page.wait_for_selector(".js-plotly-plot .main-svg")
    for figure in ("vantande", "bara-tabell", "celler"):
        for kind in ("svg", "png"):
            page.click(f"#{figure} .dl-open")
            with page.expect_download() as got:
                page.click(f"#{figure}-files [data-picture={kind}]")
            name = got.value.suggested_filename
            assert name == page.get_attribute(f"#{figure}", "data-file") + f".{kind}"  # type: ignore[operator]
            got.value.save_as(tmp_path / name)
            assert (tmp_path / name).stat().st_size > 10_000
            assert not page.is_visible(f"#{figure}-files")
    assert (tmp_path / "lagesbild-lagesbild-vantande-21-2024-01-syntetiska-data.svg").exists()
    real = (tmp_path / "lagesbild-lagesbild-celler-verkliga-tal.svg").read_text(encoding="utf-8")
    assert "Verkligatal,SKR" in words(real)
    assert "Urval" not in words(real)
    assert "Syntetiska" not in words(real)


def test_states_are_drawn_as_states(visit: Visit, gallery_address: str) -> None:
    """Missing is hatched, suppressed has a dashed frame, a level has its tint: absence never looks like zero."""
    svg, _ = pictures(visit(gallery_address, theme="dark"))["celler"]
    root = ET.fromstring(svg)
    repeated = {f"url(#{n.get('id')})" for n in root.iter(f"{SVG}linearGradient") if n.get("spreadMethod") == "repeat"}
    hatched = repeated & {n.get("fill") for n in root.iter(f"{SVG}rect")}
    assert hatched
    assert any(n.get("stroke-dasharray") for n in root.iter(f"{SVG}rect"))
    fills = {n.get("fill") for n in root.iter(f"{SVG}rect")}
    assert {"rgb(28, 67, 80)", "rgb(79, 116, 130)", "rgb(143, 171, 180)"} <= fills, "the light theme's levels"
    assert "rgb(15, 23, 28)" not in fills, "the dark theme's ground"
    said = words(svg)
    assert "saknas" in said
    assert "skyddat,färreän5" in said
    assert "utesluten" in said


def test_a_picture_that_cannot_be_made_is_said(visit: Visit, gallery_address: str) -> None:
    page = visit(gallery_address).page
    page.evaluate("() => { window.lagesbildSvg.draw = () => { throw new Error('prov'); }; }")
    page.click("#celler .dl-open")
    page.click("#celler-files [data-picture=svg]")
    page.wait_for_function("() => document.getElementById('live').textContent.includes('Bilden kunde inte skapas')")
    assert page.locator("iframe").count() == 0
