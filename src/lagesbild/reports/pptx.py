"""A document as a presentation: native charts, real tables, notes with sources. Equal documents give equal bytes."""

from __future__ import annotations

import io
import uuid
import zipfile
from typing import Final
from xml.sax.saxutils import quoteattr

from pptx.oxml import parse_xml
from pptx.presentation import Presentation as Deck

from lagesbild.reports import pptx_content as content
from lagesbild.reports.about import SERVICE, cleaned, moment, one_line
from lagesbild.reports.document import Document, Facts, Figure, Prose, Space
from lagesbild.reports.pptx_figures import figure
from lagesbild.reports.pptx_short import short
from lagesbild.reports.pptx_slides import Slides
from lagesbild.reports.pptx_theme import new_deck

_START: Final = (1980, 1, 1, 0, 0, 0)  # the first moment a zip file knows
_P14: Final = "http://schemas.microsoft.com/office/powerpoint/2010/main"
_NOTES: Final = {"Click to edit Master text styles": "Anteckningar", "Second level": "", "Third level": ""}


def pptx(document: Document) -> bytes:
    """16:9; a slide for every figure, key figures, texts and spaces in the document's order, then sources. With
    `few_slides` charts stand beside each other and what has no picture is told in words."""
    document = cleaned(document)
    slides = Slides(new_deck(), document)
    content.opening(slides)
    if document.few_slides:
        short(slides)
    else:
        _every_figure(slides)
    _sections(slides)
    _properties(slides.deck, document)
    _swedish_notes(slides.deck)
    out = io.BytesIO()
    slides.deck.save(out)
    return timeless(out.getvalue())


def _every_figure(slides: Slides) -> None:
    for section in slides.document.sections:
        slides.section(section.title)
        for block in section.blocks:
            match block:
                case Figure():
                    figure(slides, section.title, block)
                case Facts():
                    if block.items:
                        content.facts(slides, section, block)
                case Prose():
                    content.prose(slides, section, block)
                case Space():
                    content.spaces(slides, section, [block])
        if section.comment.strip():
            content.comment(slides, section)
    content.sources(slides)


def timeless(packed: bytes) -> bytes:
    """The same package without the time it was written: entries in the same order, all of 1980."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            info = zipfile.ZipInfo(entry.filename, _START)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            new.writestr(info, old.read(entry.filename))
    return out.getvalue()


def _sections(slides: Slides) -> None:
    """The document's sections as those of the list of slides. Their ids are made from their order, not by chance."""
    made = ""
    for k, (title, ids) in enumerate(slides.sections):
        if not ids:
            continue
        name = quoteattr(one_line(title) or f"Avsnitt {k}")
        key = str(uuid.uuid5(uuid.NAMESPACE_URL, f"lagesbild/{k}")).upper()
        members = "".join(f'<p14:sldId id="{i}"/>' for i in ids)
        made += f'<p14:section name={name} id="{{{key}}}"><p14:sldIdLst>{members}</p14:sldIdLst></p14:section>'
    namespace = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
    xml = (
        f'<p:extLst {namespace}><p:ext uri="{{521415D9-36F7-43E2-AB2F-B90AF26B5E84}}">'
        f'<p14:sectionLst xmlns:p14="{_P14}">{made}</p14:sectionLst></p:ext></p:extLst>'
    )
    element = slides.deck.element
    for old in element.findall("{*}extLst"):
        element.remove(old)
    element.append(parse_xml(xml))


def _properties(deck: Deck, document: Document) -> None:
    stamp, facts = document.stamp, deck.core_properties
    facts.title = document.title[:255]
    facts.subject = document.kicker[:255]
    facts.author = facts.last_modified_by = SERVICE
    facts.category = document.purpose[:255]
    facts.comments = " ".join(t for t in (stamp.synthetic, stamp.selection) if t)[:255]
    facts.keywords = f"dataversion {stamp.version}"[:255]
    facts.language = "sv-SE"
    facts.revision = 1
    facts.created = facts.modified = facts.last_printed = moment(stamp)


def _swedish_notes(deck: Deck) -> None:
    """python-pptx's notes pages speak English."""
    for part in (deck.notes_master, *(s.notes_slide for s in deck.slides)):
        for node in part.element.iter("{*}rPr", "{*}endParaRPr", "{*}defRPr"):
            if "lang" in node.attrib:
                node.set("lang", "sv-SE")
        for text in part.element.iter("{*}t"):
            if text.text in _NOTES:
                text.text = _NOTES[text.text]
