"""Pieces of DrawingML charts as text: series with their cells, labels, fills, axes. Office's schema fixes the order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from xml.sax.saxutils import escape

from lagesbild.domain.periods import Month
from lagesbild.reports.pptx_theme import INK
from lagesbild.reports.pptx_workbook import MONTH_CODE, SHEET, DataColumn, letter, serial

NS: Final = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
CATEGORY_AXIS, VALUE_AXIS = 111, 222
_OVERLAP: Final = '<c:overlap val="100"/>'
_FLAT: Final = '<c:bubble3D val="0"/>'
# a single point: how a bar is filled comes last, the marker of a line first
_POINT: Final = {"bar": f'<c:invertIfNegative val="0"/>{_FLAT}{{}}', "line": f"{{}}{_FLAT}", "area": f"{_FLAT}{{}}"}


def color(name: str) -> str:
    """A token's name, or six digits, as a fill."""
    return f'<a:solidFill><a:srgbClr val="{INK[name][1:] if name in INK else name}"/></a:solidFill>'


def line(name: str, points: float = 0.75, dash: str = "") -> str:
    """A line; without a name there is none."""
    if not name:
        return "<a:ln><a:noFill/></a:ln>"
    dashed = f'<a:prstDash val="{dash}"/>' if dash else ""
    return f'<a:ln w="{round(points * 12700)}" cap="flat">{color(name)}{dashed}<a:round/></a:ln>'


def shape(fill: str = "", edge: str = "<a:ln><a:noFill/></a:ln>") -> str:
    return f"<c:spPr>{color(fill) if fill else '<a:noFill/>'}{edge}</c:spPr>"


def hatched() -> str:
    """A provisional column."""
    return (
        f'<c:spPr><a:pattFill prst="wdUpDiag"><a:fgClr><a:srgbClr val="{INK["hatch"][1:]}"/></a:fgClr><a:bgClr>'
        f'<a:srgbClr val="FFFFFF"/></a:bgClr></a:pattFill>{line("hatch")}</c:spPr>'
    )


def text_style(size: float, name: str = "ink-2", *, bold: bool = False, turn: bool = False) -> str:
    """How an axis or a label is written; `turn` forbids slanted text."""
    rotation = ' rot="0" vert="horz"' if turn else ""
    return (
        f'<c:txPr><a:bodyPr{rotation}/><a:lstStyle/><a:p><a:pPr><a:defRPr lang="sv-SE" sz="{round(size * 100)}" '
        f'b="{int(bold)}">{color(name)}<a:latin typeface="+mn-lt"/></a:defRPr></a:pPr>'
        '<a:endParaRPr lang="sv-SE"/></a:p></c:txPr>'
    )


def literal(text: str) -> str:
    """Words as part of a number format; a quote in them would end it.

    >>> literal('troligast "')
    '"troligast "'
    """
    plain = " ".join(text.replace('"', "").split(" "))[:60].replace("\n", " ")
    return f'"{plain}"' if plain else ""


@dataclass(frozen=True)
class Mark:
    """A label at one point. `code` is a number format: the number stays the cell's, whatever words stand around it."""

    code: str
    size: float = 11
    color: str = "ink"
    bold: bool = False
    name: bool = False  # the series' name before the number
    value: bool = True
    where: str = "r"
    shift: float = 0.0  # down, as a part of the chart's height
    covers: bool = False  # what lies behind it: a line through a number makes it another


@dataclass(frozen=True)
class Series:
    """One series as drawn: its cells, what it looks like, its odd points and its labels (None: all but `hidden`)."""

    column: DataColumn
    look: str  # spPr
    marker: str = ""
    points: Mapping[int, str] = field(default_factory=dict)  # spPr or marker of single points
    marks: Mapping[int, Mark] = field(default_factory=dict)
    errors: str = ""


def series_xml(index: int, series: Series, categories: Sequence[str | Month], kind: str) -> str:
    """`kind`: bar, line or area."""
    end = len(categories) + 1
    col = letter(index)
    points = "".join(
        f'<c:dPt><c:idx val="{k}"/>{_POINT[kind].format(xml)}</c:dPt>' for k, xml in sorted(series.points.items())
    )
    return (
        f'<c:ser><c:idx val="{index}"/><c:order val="{index}"/>'
        f"<c:tx>{_strings(f'{SHEET}!${col}$1', [series.column.name])}"
        f"</c:tx>{series.look}"
        + ('<c:invertIfNegative val="0"/>' if kind == "bar" else "")
        + (series.marker or '<c:marker><c:symbol val="none"/></c:marker>' if kind == "line" else "")
        + points
        + _labels(series.marks)
        + series.errors
        + f"<c:cat>{_categories(f'{SHEET}!$A$2:$A${end}', categories)}</c:cat>"
        + f"<c:val>{_numbers(f'{SHEET}!${col}$2:${col}${end}', series.column)}</c:val>"
        + ('<c:smooth val="0"/>' if kind == "line" else "")
        + "</c:ser>"
    )


def _categories(ref: str, values: Sequence[str | Month]) -> str:
    """Names, or months as dates."""
    months = tuple(float(serial(v)) for v in values if isinstance(v, Month))
    if months:
        return _numbers(ref, DataColumn("", months, MONTH_CODE))
    return _strings(ref, [str(v) for v in values])


def _strings(ref: str, values: Sequence[str]) -> str:
    cells = "".join(f'<c:pt idx="{k}"><c:v>{escape(v)}</c:v></c:pt>' for k, v in enumerate(values))
    return f'<c:strRef><c:f>{ref}</c:f><c:strCache><c:ptCount val="{len(values)}"/>{cells}</c:strCache></c:strRef>'


def _numbers(ref: str, column: DataColumn) -> str:
    cells = "".join(f'<c:pt idx="{k}"><c:v>{v!r}</c:v></c:pt>' for k, v in enumerate(column.values) if v is not None)
    return (
        f"<c:numRef><c:f>{ref}</c:f><c:numCache><c:formatCode>{escape(column.code)}</c:formatCode>"
        f'<c:ptCount val="{len(column.values)}"/>{cells}</c:numCache></c:numRef>'
    )


def _labels(marks: Mapping[int, Mark]) -> str:
    if not marks:
        return ""
    made = []
    for k, m in sorted(marks.items()):
        moved = f'<c:layout><c:manualLayout><c:x val="0"/><c:y val="{m.shift:.4f}"/></c:manualLayout></c:layout>'
        made.append(
            f'<c:dLbl><c:idx val="{k}"/>{moved if m.shift else ""}<c:numFmt formatCode="{_attribute(m.code)}" '
            f'sourceLinked="0"/>{shape("bg" if m.covers else "")}'
            f"{text_style(m.size, m.color, bold=m.bold)}"
            f'<c:dLblPos val="{m.where}"/><c:showLegendKey val="0"/><c:showVal val="{int(m.value)}"/>'
            f'<c:showCatName val="0"/><c:showSerName val="{int(m.name)}"/><c:showPercent val="0"/>'
            '<c:showBubbleSize val="0"/><c:separator> </c:separator></c:dLbl>'
        )
    off = "".join(
        f'<c:{name} val="0"/>'
        for name in ("showLegendKey", "showVal", "showCatName", "showSerName", "showPercent", "showBubbleSize")
    )
    return f"<c:dLbls>{''.join(made)}{off}</c:dLbls>"


def _attribute(text: str) -> str:
    return escape(text, {'"': "&quot;"})


def category_axis(size: float) -> str:
    """Names at the left, the first on top."""
    return (
        f'<c:catAx><c:axId val="{CATEGORY_AXIS}"/><c:scaling><c:orientation val="maxMin"/></c:scaling>'
        f'<c:delete val="0"/><c:axPos val="l"/><c:numFmt formatCode="General" sourceLinked="0"/>'
        f'<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>'
        f'<c:spPr>{line("line-strong")}</c:spPr>{text_style(size, "ink")}<c:crossAx val="{VALUE_AXIS}"/>'
        '<c:crosses val="autoZero"/><c:auto val="0"/><c:lblAlgn val="ctr"/><c:lblOffset val="60"/>'
        '<c:noMultiLvlLbl val="1"/></c:catAx>'
    )


_NAMED: Final = (9, 4, 2)  # months of an axis


def month_axis(months: int, across: int = 1) -> str:
    """Months along the foot, nine of them named at most; fewer where `across` charts share a slide, lest they lean."""
    most = _NAMED[across - 1]
    every = next((s for s in (1, 2, 3, 6, 12) if months <= most * s), 24)
    return (
        f'<c:dateAx><c:axId val="{CATEGORY_AXIS}"/><c:scaling><c:orientation val="minMax"/></c:scaling>'
        f'<c:delete val="0"/><c:axPos val="b"/><c:numFmt formatCode="{MONTH_CODE}" sourceLinked="0"/>'
        f'<c:majorTickMark val="out"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>'
        f'<c:spPr>{line("line-strong")}</c:spPr>{text_style(12, "ink", turn=True)}<c:crossAx val="{VALUE_AXIS}"/>'
        '<c:crosses val="autoZero"/><c:auto val="0"/><c:lblOffset val="100"/><c:baseTimeUnit val="months"/>'
        f'<c:majorUnit val="{every}"/><c:majorTimeUnit val="months"/></c:dateAx>'
    )


def value_axis(
    low: float, high: float, step: float, code: str, *, place: str = "l", grid: str = "grid", weight: float = 0.75,
    mid: bool = False, size: float = 11, shown: bool = True,
) -> str:  # fmt: skip
    """From `low` to `high` with a line and a label every `step`. `mid`: points stand on the ticks, as areas need."""
    lines = f"<c:majorGridlines><c:spPr>{line(grid, weight)}</c:spPr></c:majorGridlines>" if grid else ""
    return (
        f'<c:valAx><c:axId val="{VALUE_AXIS}"/><c:scaling><c:orientation val="minMax"/><c:max val="{high!r}"/>'
        f'<c:min val="{low!r}"/></c:scaling><c:delete val="{int(not shown)}"/><c:axPos val="{place}"/>{lines}'
        f'<c:numFmt formatCode="{_attribute(code)}" sourceLinked="0"/><c:majorTickMark val="none"/>'
        f'<c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/><c:spPr>{line("")}</c:spPr>'
        f"{text_style(size, 'ink-2')}"
        f'<c:crossAx val="{CATEGORY_AXIS}"/><c:crosses val="{"autoZero" if low <= 0 <= high else "min"}"/>'
        f'<c:crossBetween val="{"midCat" if mid else "between"}"/><c:majorUnit val="{step!r}"/></c:valAx>'
    )


def chart_space(
    plots: str, axes: str, *, legend: bool = False, inner: tuple[float, float, float, float] | None = None
) -> bytes:
    """The whole part. `inner`: where the plot itself lies (x, y, width, height as parts of the chart)."""
    layout = ""
    if inner:
        x, y, w, h = inner
        layout = (
            '<c:layout><c:manualLayout><c:layoutTarget val="inner"/><c:xMode val="edge"/><c:yMode val="edge"/>'
            f'<c:x val="{x}"/><c:y val="{y}"/><c:w val="{w}"/><c:h val="{h}"/></c:manualLayout></c:layout>'
        )
    key = f'<c:legend><c:legendPos val="t"/><c:overlay val="0"/>{text_style(12, "ink")}</c:legend>' if legend else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><c:chartSpace {NS}><c:date1904 val="0"/>'
        '<c:lang val="sv-SE"/><c:roundedCorners val="0"/><c:chart><c:autoTitleDeleted val="1"/>'
        f"<c:plotArea>{layout}{plots}{axes}<c:spPr><a:noFill/></c:spPr></c:plotArea>{key}"
        '<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
        f"<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>{text_style(12)}</c:chartSpace>"
    ).encode()


def plot(kind: str, body: str, *, stacked: bool = False, across: bool = False, gap: int = 45) -> str:
    """One group of series: `kind` bar, line or area."""
    axes = f'<c:axId val="{CATEGORY_AXIS}"/><c:axId val="{VALUE_AXIS}"/>'
    if kind == "bar":
        grouping = "stacked" if stacked else "clustered"
        return (
            f'<c:barChart><c:barDir val="{"bar" if across else "col"}"/><c:grouping val="{grouping}"/>'
            f'<c:varyColors val="0"/>{body}<c:gapWidth val="{gap}"/>'
            f"{_OVERLAP if stacked else ''}{axes}</c:barChart>"
        )
    grouping = "stacked" if stacked else "standard"
    end = '<c:marker val="1"/>' if kind == "line" else ""
    return f'<c:{kind}Chart><c:grouping val="{grouping}"/><c:varyColors val="0"/>{body}{end}{axes}</c:{kind}Chart>'


def marker(symbol: str, size: int, fill: str, edge: str, points: float = 1.5) -> str:
    filled = color(fill) if fill else "<a:noFill/>"
    look = f"<c:spPr>{filled}{line(edge, points)}</c:spPr>"
    return f'<c:marker><c:symbol val="{symbol}"/><c:size val="{size}"/>{look}</c:marker>'
