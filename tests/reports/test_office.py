"""LibreOffice opens what we make: presentations become PDFs with every slide and its words."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pdfplumber
import pytest

from lagesbild.domain.selection import Selection
from lagesbild.reports.about import cleaned, source_words
from lagesbild.reports.document import Document
from lagesbild.reports.pptx import pptx
from tests.golden.situations import REGION
from tests.golden.test_briefings import composed_for
from tests.golden.test_briefings import made as composed
from tests.reports import office_documents as made
from tests.reports.reading import opened

pytestmark = pytest.mark.office
SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
DOCUMENTS: dict[str, Callable[[], Document]] = {
    "council": made.council,
    "assessment": made.assessment,
    "hostile": made.hostile,
    "composed": lambda: composed("saknas", "hela landet"),  # as the service makes one
    "region": lambda: composed("skyddat", "en region"),
    "region, all": lambda: composed_for("försämring", Selection(region=REGION, kind="region")),
}
MARGIN = 2  # points that a letter may reach outside the page by its own shape


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All documents in one start of the program (most of the time is its start), with a home of its own."""
    assert SOFFICE, "LibreOffice saknas: make office"
    folder = tmp_path_factory.mktemp("office")
    for name, document in DOCUMENTS.items():
        (folder / f"{name}.pptx").write_bytes(pptx(document()))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    files = [str(folder / f"{name}.pptx") for name in DOCUMENTS]
    command = [SOFFICE, "--headless", profile, "--convert-to", "pdf", "--outdir", str(folder), *files]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return folder


def squeezed(text: str) -> str:
    """Without any white space: where lines are broken is the reader's matter."""
    return "".join(text.split())


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_slide_becomes_a_page_with_its_title_mark_number_and_source(converted: Path, name: str) -> None:
    document = cleaned(DOCUMENTS[name]())
    slides = list(opened(DOCUMENTS[name]()).slides)
    with pdfplumber.open(converted / f"{name}.pdf") as pdf:
        assert len(pdf.pages) == len(slides)
        for number, (page, slide) in enumerate(zip(pdf.pages, slides, strict=True), 1):
            said = squeezed(page.extract_text())
            assert squeezed(slide.shapes.title.text) in said
            assert squeezed(document.stamp.synthetic) in said
            assert f"Sida{number}" in said
            assert squeezed(source_words(document.stamp))[:40] in said


@pytest.mark.parametrize("name", DOCUMENTS)
def test_nothing_is_written_outside_a_page_or_over_the_foot(converted: Path, name: str) -> None:
    """The fonts here are wider than the one we name: what has room here has room anywhere."""
    with pdfplumber.open(converted / f"{name}.pdf") as pdf:
        for page in pdf.pages:
            for c in page.chars:
                assert c["x0"] >= -MARGIN, (page.page_number, c["text"])
                assert c["x1"] <= page.width + MARGIN, (page.page_number, c["text"])
                assert c["bottom"] <= page.height + MARGIN, (page.page_number, c["text"])


def test_charts_are_drawn_with_swedish_numbers_and_months(converted: Path) -> None:
    with pdfplumber.open(converted / "council.pdf") as pdf:
        said = [p.extract_text().replace("\u00a0", " ") for p in pdf.pages]
    titles = [f.title for f in made.council().figures]
    pages = {title: next(t for t in said if title in t) for title in titles}
    bars = pages["Gävleborg och Värmland ligger under 80 %"]
    assert all(n in bars for n in ("Jönköping", "93,1 %", "73,9 %", "gräns för gap, 80 %", "Örebro: rapport saknas"))
    lines = pages["Riket väntas sjunka men hålla sig över gränsen"]
    assert all(n in lines for n in ("feb 2022", "aug 2024", "86,2 %", "95 %", "gräns för gap"))
    columns = pages["Genomförda följer nytillkomna"]
    assert all(n in columns for n in ("Genomförda", "Nytillkomna", "2 000", "maj 2023"))
    assert not any("93.1" in p or "2,000" in p for p in said)


@pytest.mark.parametrize("name", ["council", "region", "region, all"])
def test_charts_and_tables_do_not_cover_each_others_words(converted: Path, name: str) -> None:
    """Words of the page's title, sentence and note never stand on top of other words."""
    with pdfplumber.open(converted / f"{name}.pdf") as pdf:
        for page in pdf.pages:
            words: list[Any] = page.extract_words()
            for k, a in enumerate(words):
                for b in words[k + 1 :]:
                    across = min(a["x1"], b["x1"]) - max(a["x0"], b["x0"])
                    down = min(a["bottom"], b["bottom"]) - max(a["top"], b["top"])
                    smaller = min(a["bottom"] - a["top"], b["bottom"] - b["top"])
                    assert across <= 1 or down <= 0.5 * smaller, (page.page_number, a["text"], b["text"])
