"""Any document: strategies for Hypothesis, with names nobody thought of, months without data and texts that look like
code."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from lagesbild.components.model import Column, KeyFigure, Row, Special, Table
from lagesbild.domain.periods import Month, months_between
from lagesbild.reports.charts import (
    BarRow,
    Breach,
    Columns,
    Fan,
    Limit,
    Line,
    RankedBars,
    StackedBars,
    StackRow,
    TimeLines,
)
from lagesbild.reports.document import Document, Facts, Figure, Point, Prose, Section, Space, Stamp

HOSTILE = (
    '#panic("x")', "#import", "$x^2$", "*b* _i_ `r`", "<label> @ref", '"]}) // /*', "\\u{41} \\", "= rubrik", "- lista",
    "#sys.inputs", "中文 😀 العربية", "\u202eabc\u202c", "a\x00\x07b", "</svg><script>alert(1)</script>", "&amp; ' \"",
    "Ö" * 120, "  ", "\n\n", "≤ ≥ →", "e\u0301 \u0300",
)  # fmt: skip
texts = st.one_of(
    st.sampled_from(HOSTILE), st.text(max_size=60), st.lists(st.sampled_from(HOSTILE), max_size=4).map("".join)
)
values = st.one_of(st.none(), st.floats(-1e6, 1e9), st.floats(0, 1), st.just(float("nan")), st.just(0.0))
_units = st.sampled_from(("share", "count", "days", "number"))
_judgements = st.sampled_from(("", "better", "worse"))
_limits = st.none() | st.builds(Limit, st.floats(-1, 1e6), texts)


@st.composite
def charts(draw: Any) -> Any:
    kind = draw(st.sampled_from(("ranked", "stacked", "lines", "columns")))
    unit = draw(_units)
    if kind == "ranked":
        row = st.builds(BarRow, texts, values, texts, st.booleans(), _judgements, texts)
        return RankedBars(
            draw(texts), tuple(draw(st.lists(row, max_size=8))), unit, draw(st.floats(0, 1e6)), draw(_limits)
        )
    if kind == "stacked":
        n = draw(st.integers(0, 8))
        parts = tuple(draw(st.lists(texts, min_size=n, max_size=n)))
        row = st.builds(StackRow, texts, st.tuples(*[values] * n), st.booleans(), texts)
        return StackedBars(draw(texts), parts, tuple(draw(st.lists(row, max_size=6))), unit)
    first = Month(2020, draw(st.integers(1, 12)))
    n = draw(st.integers(0, 40))
    months = tuple(months_between(first, first + n - 1)) if n else ()
    series = st.lists(values, min_size=n, max_size=n).map(tuple)
    some = st.sampled_from(months) if months else st.just(first)
    if kind == "columns":
        return Columns(
            draw(texts),
            months,
            draw(texts),
            draw(series),
            draw(texts),
            draw(series),
            unit,
            draw(st.frozensets(some, max_size=2)),
        )
    line = st.builds(Line, texts, series, st.sampled_from(("observed", "forecast", "reference")), texts)
    pair = st.tuples(st.floats(0, 1), st.floats(0, 1)).map(lambda p: (min(p), max(p)))
    return TimeLines(
        draw(texts),
        months,
        tuple(draw(st.lists(line, max_size=4))),
        unit,
        draw(st.none() | st.floats(0, 1)),
        draw(_limits),
        tuple(draw(st.lists(st.builds(Fan, st.sampled_from((50, 80, 95)), series, series), max_size=3))),
        draw(st.none() | pair),
        tuple(draw(st.lists(st.builds(Breach, some, _judgements), max_size=3))),
        tuple(draw(st.lists(st.tuples(some, texts), max_size=3))),
        draw(st.frozensets(some, max_size=3)),
    )


@st.composite
def tables(draw: Any) -> Table:
    kinds = st.sampled_from(("text", "count", "signed", "share", "points", "days", "number", "probability"))
    group = st.sampled_from(("", "", "Grupp"))
    columns = draw(
        st.lists(st.builds(Column, st.just("c"), texts, kinds, st.none(), group), min_size=1, max_size=9).map(tuple)
    )
    special = st.builds(
        Special, st.sampled_from(("missing", "suppressed", "secondary", "excluded", "short")), texts, texts
    )
    cell = st.one_of(values, special, texts)
    row = st.builds(
        Row,
        st.tuples(*[cell] * len(columns)),
        st.sampled_from(("", "country", "chosen")),
        st.sampled_from(("", "prel.")),
    )
    return Table(
        draw(texts),
        columns,
        tuple(draw(st.lists(row, max_size=12))),
        footnotes=tuple(draw(st.lists(texts, max_size=2))),
    )


_facts = st.builds(
    KeyFigure,
    texts,
    texts,
    texts,
    texts,
    st.sampled_from(("better", "worse", "noise", "short", "")),
    texts,
    texts,
    st.lists(st.none() | st.floats(-10, 10), max_size=12).map(tuple),
    st.none() | st.just((0.2, 0.8)),
)
figures = st.builds(
    Figure,
    st.just("figur"),
    texts,
    texts,
    tables(),
    texts,
    st.none() | charts(),
    st.lists(texts, max_size=2).map(tuple),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
blocks = st.one_of(
    figures,
    st.builds(Facts, st.lists(_facts, min_size=1, max_size=5).map(tuple)),
    st.builds(Prose, st.lists(texts | st.tuples(texts, texts), max_size=3).map(tuple)),
    st.builds(Space, texts, texts, st.integers(0, 30)),
)
sections = st.builds(Section, st.just("del"), texts, st.lists(blocks, max_size=4).map(tuple), texts, st.booleans())
stamps = st.builds(Stamp, *[texts] * 10)
documents = st.builds(
    Document,
    st.just("council"),
    texts,
    texts,
    texts,
    st.lists(st.builds(Point, texts, texts), max_size=3).map(tuple),
    st.lists(texts, max_size=3).map(tuple),
    st.lists(sections, max_size=3).map(tuple),
    stamps,
)
