"""The presentation's own theme, master and layouts: ink on white, one rule, titles that are title placeholders.

python-pptx brings a 4:3 template with the look everybody knows; what is used of it is its package. Sizes are inches.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.oxml import parse_xml
from pptx.presentation import Presentation as Deck
from pptx.util import Inches

from lagesbild.figures.theme import colors
from lagesbild.reports.about import SERVICE

WIDTH: Final = 13.333
HEIGHT: Final = 7.5
MARGIN: Final = 0.6
INNER: Final = WIDTH - 2 * MARGIN
FONT: Final = "Source Sans 3"
# the font's class (sans, normal width): what an office program without it chooses a replacement by
_PANOSE: Final = 'panose="020B0503030403020204" pitchFamily="34" charset="0"'
_NS: Final = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
INK: Final = colors("light")
KICKER, LEAD, CONTENT, NOTE = 10, 11, 12, 13  # the layouts' placeholder numbers
ASIDE: Final = (14, 15)  # charts beside the first
BESIDE: Final = "Diagram bredvid varandra"


@dataclass(frozen=True)
class Box:
    """Where something stands, in inches."""

    x: float
    y: float
    w: float
    h: float


@dataclass(frozen=True)
class Holder:
    """A placeholder of a layout: its kind, number, place and type size; `prompt` is what an empty one says."""

    kind: str
    idx: int
    name: str
    box: Box
    size: float
    prompt: str
    bold: bool = False
    color: str = "ink"
    anchor: str = "t"


TITLE: Final = Box(MARGIN, 0.98, INNER, 0.95)
_KICK = Holder("body", KICKER, "Rubrikrad", Box(MARGIN, 0.66, INNER, 0.34), 13, "Avsnitt och urval", color="ink-2")
_LEAD = Holder("body", LEAD, "Sammanfattning", Box(MARGIN, 1.93, INNER, 0.62), 15, "En mening", color="ink-2")
_NOTE = Holder("body", NOTE, "Anmärkning", Box(MARGIN, 6.14, INNER, 0.66), 11, "Källa", color="ink-2", anchor="b")
BODY: Final = Box(MARGIN, 2.58, INNER, 3.54)
TEXT: Final = Box(MARGIN, 2.05, INNER, 4.7)
_TITLE = Holder("title", 0, "Rubrik", TITLE, 26, "Skriv fyndet som rubrik", bold=True, anchor="t")
FOOT: Final = Box(MARGIN, 6.88, INNER - 1.2, 0.46)
NUMBER: Final = Box(WIDTH - MARGIN - 1.1, 6.88, 1.1, 0.46)
MARK: Final = Box(WIDTH - MARGIN - 4.6, 0.1, 4.6, 0.34)
BOTTOM: Final = 6.78  # where the room for content ends
LAYOUTS: Final[dict[str, tuple[Holder, ...]]] = {
    "Inledning": (
        Holder("title", 0, "Rubrik", Box(MARGIN, 1.2, INNER, 1.3), 36, "Skriv fyndet som rubrik", bold=True),
        Holder("body", KICKER, "Rubrikrad", Box(MARGIN, 0.72, INNER, 0.42), 16, "Urval", color="ink-2"),
        Holder("body", LEAD, "Syfte", Box(MARGIN, 2.5, INNER, 0.42), 16, "För vem", color="ink-2"),
    ),
    "Diagram": (_TITLE, _KICK, _LEAD, Holder("chart", CONTENT, "Diagram", BODY, 12, "Diagram"), _NOTE),
    "Tabell": (_TITLE, _KICK, _LEAD, Holder("tbl", CONTENT, "Tabell", BODY, 12, "Tabell"), _NOTE),
    "Text": (_TITLE, _KICK, Holder("body", CONTENT, "Text", TEXT, 17, "Text")),
    "Fritt": (_TITLE, _KICK),
    BESIDE: (
        _TITLE,
        _KICK,
        *(
            Holder("chart", idx, f"Diagram {k + 1}", Box(MARGIN + k * 4.2, 3.2, 3.7, 3.2), 12, "Diagram")
            for k, idx in enumerate((CONTENT, *ASIDE))
        ),
    ),
}


def new_deck() -> Deck:
    """An empty 16:9 presentation in the theme, with the layouts of `LAYOUTS` in that order."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDTH), Inches(HEIGHT)
    size = deck.element.find(".//{*}sldSz")
    del size.attrib["type"]  # "screen4x3"
    master = deck.slide_master
    for layout in list(master.slide_layouts)[len(LAYOUTS) :]:
        master.slide_layouts.remove(layout)
    master.part.part_related_by(RT.THEME)._blob = _theme().encode()
    _replace(master.element, _master())
    for layout, (name, holders) in zip(master.slide_layouts, LAYOUTS.items(), strict=True):
        _replace(layout.element, _layout(name, holders))
    for run in deck.element.iter("{*}defRPr"):
        if "lang" in run.attrib:
            run.set("lang", "sv-SE")
    _drop(deck, RT.PRINTER_SETTINGS)
    for relation in list(deck.part.package._rels.values()):
        if relation.reltype in (RT.THUMBNAIL, RT.EXTENDED_PROPERTIES):  # another presentation's picture and facts
            deck.part.package._rels.pop(relation.rId)
    return deck


def _drop(deck: Deck, kind: str) -> None:
    for relation in list(deck.part.rels.values()):
        if relation.reltype == kind:
            deck.part.rels.pop(relation.rId)


def _replace(old: object, xml: str) -> None:
    """The content of an element, in place: its part keeps it."""
    new = parse_xml(xml)
    kept = [child for child in old if child.tag.endswith("}sldLayoutIdLst")]  # type: ignore[attr-defined]
    for child in list(old):  # type: ignore[call-overload]
        old.remove(child)  # type: ignore[attr-defined]
    for name in list(old.attrib):  # type: ignore[attr-defined]
        del old.attrib[name]  # type: ignore[attr-defined]
    old.attrib.update(new.attrib)  # type: ignore[attr-defined]
    for child in list(new):
        old.append(child)  # type: ignore[attr-defined]
        if child.tag.endswith("}clrMap") and kept:
            old.append(kept[0])  # type: ignore[attr-defined]


def _emu(inches: float) -> int:
    return round(inches * 914400)


def _xfrm(box: Box) -> str:
    return (
        f'<a:xfrm><a:off x="{_emu(box.x)}" y="{_emu(box.y)}"/><a:ext cx="{_emu(box.w)}" cy="{_emu(box.h)}"/></a:xfrm>'
    )


def _fill(color: str) -> str:
    return f'<a:solidFill><a:srgbClr val="{INK[color][1:]}"/></a:solidFill>'


def _holder(number: int, holder: Holder) -> str:
    kind = f'type="{holder.kind}"' + (f' idx="{holder.idx}"' if holder.idx else "")
    bold = ' b="1"' if holder.bold else ""
    style = (
        f'<a:lvl1pPr marL="0" indent="0" algn="l"><a:spcBef><a:spcPts val="0"/></a:spcBef><a:buNone/>'
        f'<a:defRPr sz="{round(holder.size * 100)}"{bold}>{_fill(holder.color)}</a:defRPr></a:lvl1pPr>'
    )
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="{escape(holder.name)}"/>'
        f'<p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph {kind}/></p:nvPr></p:nvSpPr>'
        f'<p:spPr>{_xfrm(holder.box)}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr>'
        f'<p:txBody><a:bodyPr lIns="0" tIns="0" rIns="0" bIns="0" anchor="{holder.anchor}"><a:normAutofit/></a:bodyPr>'
        f"<a:lstStyle>{style}</a:lstStyle>"
        f'<a:p><a:r><a:rPr lang="sv-SE"/><a:t>{escape(holder.prompt)}</a:t></a:r></a:p></p:txBody></p:sp>'
    )


def foot_shapes(first: int, foot: str, number: str) -> str:
    """The foot line and the page number, as placeholders of master, layouts and slides alike."""
    out = []
    for k, (kind, name, box, align, text) in enumerate(
        (("ftr", "Sidfot", FOOT, "l", foot), ("sldNum", "Sidnummer", NUMBER, "r", number))
    ):
        idx = {"ftr": 20, "sldNum": 21}[kind]
        run = (
            f'<a:fld id="{{6D1C1F0B-3C0E-4E39-9C64-0D0F4C7E5A21}}" type="slidenum"><a:rPr lang="sv-SE"/>'
            f"<a:t>{escape(text)}</a:t></a:fld>"
            if kind == "sldNum"
            else f'<a:r><a:rPr lang="sv-SE"/><a:t>{escape(text)}</a:t></a:r>'
        )
        before = '<a:r><a:rPr lang="sv-SE"/><a:t>Sida </a:t></a:r>' if kind == "sldNum" else ""
        out.append(
            f'<p:sp {_NS}><p:nvSpPr><p:cNvPr id="{first + k}" name="{name}"/><p:cNvSpPr><a:spLocks noGrp="1"/>'
            f'</p:cNvSpPr><p:nvPr><p:ph type="{kind}" sz="quarter" idx="{idx}"/></p:nvPr></p:nvSpPr>'
            f'<p:spPr>{_xfrm(box)}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr>'
            f'<p:txBody><a:bodyPr lIns="0" tIns="45720" rIns="0" bIns="0" anchor="t"><a:normAutofit/></a:bodyPr>'
            f'<a:lstStyle><a:lvl1pPr algn="{align}"><a:defRPr sz="1000">{_fill("ink-2")}</a:defRPr></a:lvl1pPr>'
            f"</a:lstStyle><a:p>{before}{run}</a:p></p:txBody></p:sp>"
        )
    return "\n".join(out)


def _line(number: int, y: float, weight: float, color: str) -> str:
    """A rule across the page; it stands on the master, so no slide has it to read out."""
    return (
        f'<p:cxnSp><p:nvCxnSpPr><p:cNvPr id="{number}" name="Linje {number}"/><p:cNvCxnSpPr/><p:nvPr userDrawn="1"/>'
        f'</p:nvCxnSpPr><p:spPr>{_xfrm(Box(MARGIN, y, INNER, 0))}<a:prstGeom prst="line"><a:avLst/></a:prstGeom>'
        f'<a:ln w="{round(weight * 12700)}">{_fill(color)}</a:ln></p:spPr></p:cxnSp>'
    )


def _wordmark(number: int) -> str:
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="Namn"/><p:cNvSpPr txBox="1"/><p:nvPr userDrawn="1"/></p:nvSpPr>'
        f'<p:spPr>{_xfrm(Box(MARGIN, 0.12, 3, 0.36))}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr>'
        '<p:txBody><a:bodyPr wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="b"/><a:lstStyle/>'
        f'<a:p><a:r><a:rPr lang="sv-SE" sz="1500" b="1">{_fill("ink")}</a:rPr><a:t>{SERVICE}</a:t></a:r></a:p>'
        "</p:txBody></p:sp>"
    )


_TREE: Final = (
    '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr><a:xfrm>'
    '<a:off x="0" y="0"/><a:ext cx="0" cy="0"/><a:chOff x="0" y="0"/><a:chExt cx="0" cy="0"/></a:xfrm></p:grpSpPr>'
)


def _master() -> str:
    text = Holder("body", 1, "Text", TEXT, 17, "Text")
    level = (
        '<a:lvl1pPr marL="0" indent="0" algn="l" defTabSz="914400" rtl="0" eaLnBrk="1" latinLnBrk="0" hangingPunct="1">'
        '<a:lnSpc><a:spcPct val="{line}000"/></a:lnSpc><a:spcBef><a:spcPts val="0"/></a:spcBef><a:buNone/>'
        '<a:defRPr lang="sv-SE" sz="{size}" b="{bold}" kern="1200"><a:solidFill><a:schemeClr val="tx1"/></a:solidFill>'
        '<a:latin typeface="+{font}-lt"/><a:ea typeface="+{font}-ea"/><a:cs typeface="+{font}-cs"/></a:defRPr>'
        "</a:lvl1pPr>"
    )
    return (
        f"<p:sldMaster {_NS}><p:cSld><p:bg><p:bgPr>{_fill('bg')}<a:effectLst/></p:bgPr></p:bg><p:spTree>{_TREE}"
        f"{_holder(2, _TITLE)}{_holder(3, text)}{_wordmark(4)}{_line(5, 0.52, 2, 'ink')}"
        f"{_line(6, 6.86, 0.75, 'line-strong')}{foot_shapes(7, '', '‹nr›')}</p:spTree></p:cSld>"
        '<p:clrMap bg1="lt1" tx1="dk1" bg2="lt2" tx2="dk2" accent1="accent1" accent2="accent2" accent3="accent3" '
        'accent4="accent4" accent5="accent5" accent6="accent6" hlink="hlink" folHlink="folHlink"/>'
        f"<p:txStyles><p:titleStyle>{level.format(line=95, size=2600, bold=1, font='mj')}</p:titleStyle>"
        f"<p:bodyStyle>{level.format(line=100, size=1700, bold=0, font='mn')}</p:bodyStyle>"
        f"<p:otherStyle>{level.format(line=100, size=1200, bold=0, font='mn')}</p:otherStyle></p:txStyles>"
        "</p:sldMaster>"
    )


def _layout(name: str, holders: tuple[Holder, ...]) -> str:
    shapes = "".join(_holder(k, holder) for k, holder in enumerate(holders, 2))
    return (
        f'<p:sldLayout {_NS} preserve="1" userDrawn="1"><p:cSld name="{escape(name)}"><p:spTree>{_TREE}{shapes}'
        f"{foot_shapes(2 + len(holders), '', '‹nr›')}</p:spTree></p:cSld>"
        "<p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sldLayout>"
    )


def _theme() -> str:
    palette = {
        "dk1": "ink", "lt1": "bg", "dk2": "series", "lt2": "sunken", "accent1": "series", "accent2": "seq-3",
        "accent3": "better", "accent4": "worse", "accent5": "scenario", "accent6": "context", "hlink": "series",
        "folHlink": "ink-2",
    }  # fmt: skip
    scheme = "".join(f'<a:{slot}><a:srgbClr val="{INK[name][1:]}"/></a:{slot}>' for slot, name in palette.items())
    fonts = f'<a:latin typeface="{FONT}" {_PANOSE.split(" pitch")[0]}/><a:ea typeface=""/><a:cs typeface=""/>'
    plain = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    line = f'<a:ln w="9525" cap="flat" cmpd="sng" algn="ctr">{plain}<a:prstDash val="solid"/></a:ln>'
    effect = "<a:effectStyle><a:effectLst/></a:effectStyle>"
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="{SERVICE}"><a:themeElements>'
        f'<a:clrScheme name="{SERVICE}">{scheme}</a:clrScheme><a:fontScheme name="{SERVICE}">'
        f"<a:majorFont>{fonts}</a:majorFont><a:minorFont>{fonts}</a:minorFont></a:fontScheme>"
        f'<a:fmtScheme name="{SERVICE}"><a:fillStyleLst>{plain * 3}</a:fillStyleLst>'
        f"<a:lnStyleLst>{line * 3}</a:lnStyleLst>"
        f"<a:effectStyleLst>{effect * 3}</a:effectStyleLst><a:bgFillStyleLst>{plain * 3}</a:bgFillStyleLst>"
        "</a:fmtScheme></a:themeElements><a:objectDefaults/><a:extraClrSchemeLst/></a:theme>"
    )
