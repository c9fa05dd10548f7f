"""Figure 2 of `/utomlansvard`: the share treated outside the home region over time, and which changes are certain."""

from __future__ import annotations

from typing import Any, Final

from lagesbild.components.model import Column, FigureCard, Row, Table
from lagesbild.domain.swedish import capital, count
from lagesbild.figures.travel_share import HEIGHT, Line, Tone, travel_share_figure
from lagesbild.pages.context import PageContext
from lagesbild.pages.drawing import drawn
from lagesbild.pages.links import to_page, to_region
from lagesbild.pages.phrases import treated
from lagesbild.pages.travel_text import NB, cell, travel_source
from lagesbild.pages.waits_text import group_words, named
from lagesbild.views.travel import Travel
from lagesbild.views.travel_share import ShareLine, ShareTrend, Way

WAYS: Final = {
    "up": "Säkerställd ökning",
    "down": "Säkerställd minskning",
    "noise": "Ingen säkerställd förändring",
    "short": "Kan inte bedömas ännu",
}
_COLOURED: Final = 2
_CERTAIN: Final[tuple[Way, ...]] = ("up", "down")
_NOUNS: Final = {"up": "ökning", "down": "minskning"}


def share_card(travel: Travel, trend: ShareTrend, context: PageContext, country: str, group: str = "") -> FigureCard:
    """Grey lines of all regions, the country in ink, what is chosen in colour: a region, or a `group` as the sum over
    its home regions, and then nothing else is named."""
    mine = trend.group(group)
    focus = [mine] if mine else _focus(trend, context)
    highest = None if mine else trend.highest
    lines = []
    for x in (*trend.lines, *([mine] if mine else [])):
        tone: Tone = "grey"
        if x in focus:
            tone = "second" if focus.index(x) else "first"
        elif x.region is None:
            tone = "country"
        elif x is highest:
            tone = "named"
        # the healthcare region alone is named among grey lines: its name needs no more
        lines.append(Line(x.group or _name(x, country), x.shares.tolist(), tone))
    early = [m in travel.provisional for m in trend.months]
    done = treated(travel.area)
    measure = f"Andel som {done} utanför hemregionen, tolv månader till och med varje månad."
    return FigureCard(
        id="andel",
        title=share_title(trend, context, group),
        summary=f"{measure} {_summary(trend, country, alone=mine is not None)}",
        table=_table(trend, context, country, group),
        source=f"{_method(trend)} {travel_source(travel)}",
        graphic=drawn(
            travel_share_figure,
            [m.first_day for m in trend.months],
            lines,
            measure="Andel utanför hemregionen",
            provisional=early,
            theme=context.theme,
        ),
        graphic_height=HEIGHT,
        graphic_label="Andel behandlade utanför hemregionen per region, över tid",
        span=6,
    )


def _name(x: ShareLine, country: str) -> str:
    return x.region.short_name if x.region else capital(group_words(x.group)) if x.group else country


def _focus(trend: ShareTrend, context: PageContext) -> list[ShareLine]:
    """At most two regions in colour: the chosen one, and those whose change is certain, the largest first."""
    mine = [x for x in trend.regions if x.region and x.region.code == context.selection.region and x.last is not None]
    certain = sorted([*trend.going("up"), *trend.going("down")], key=lambda x: -abs(x.year_change or 0.0))
    return list(dict.fromkeys([*mine, *certain]))[:_COLOURED]


def share_title(trend: ShareTrend, context: PageContext, group: str = "") -> str:
    """Of the chosen region or healthcare region, else of all; a change is told only when the rule has fired."""
    of_group = trend.group(group)
    if of_group is not None:
        return _one_title(of_group, group_words(group))
    mine = next((x for x in trend.regions if x.region and x.region.code == context.selection.region), None)
    if mine is not None and mine.region is not None:
        return _one_title(mine, mine.region.short_name)
    if not any(x.way in ("up", "down", "noise") for x in trend.regions):
        return "Förändringen kan inte bedömas ännu"
    return certain_text(trend) or "Ingen region har en säkerställd förändring"


def _one_title(x: ShareLine, name: str) -> str:
    if x.state:
        return f"Andelen i {name} kan inte visas"
    return f"{WAYS[x.way]} i {name}" if x.way in ("up", "down") else f"I {name}: {WAYS[x.way].lower()}"


def certain_text(trend: ShareTrend) -> str:
    """`Säkerställd ökning i Gävleborg, minskning i Skåne`; empty when no change is certain."""
    parts = []
    for way in _CERTAIN:
        names = [x.region.short_name for x in trend.going(way) if x.region]
        if names:
            parts.append(f"{_NOUNS[way]} i {named(names)}")
    return f"Säkerställd {', '.join(parts)}" if parts else ""


def _summary(trend: ShareTrend, country: str, *, alone: bool) -> str:
    """`alone`: no region has a line in colour."""
    whole, grey = trend.country, f"Grå linjer: {'regionerna' if alone else 'övriga regioner'}."
    if whole is None:
        return grey
    riket = "Riket" if country == "Riket" else country
    told = f"{riket}: {WAYS[whole.way].lower()}." if whole.last is not None else f"{riket} kan inte visas."
    return f"{grey} {told}"


def _method(trend: ShareTrend) -> str:
    text = (
        "Linjerna är tolvmånadersandelar, utan säsong. Bedömningen görs på månaderna, med säsongen borträknad "
        "(XmR), och säger inte om mer eller mindre är bra."
    )
    if trend.left_out:
        names = named([r.short_name for r in trend.left_out])
        text += f" Utan andel: {names}, där månader saknas bland genomförda eller i patientregistret."
    counted, every = len(trend.counted), len(trend.regions)
    return f"{text} {count(counted)} av {count(every)} regioner ingår i andelen för alla." if every > 1 else text


def _table(trend: ShareTrend, context: PageContext, country: str, group: str) -> Table:
    threshold = context.viewer.threshold
    columns = (
        Column("region", "Region"),
        Column("sent_share", f"Till och med {trend.months[-1].sv_short}", "share"),
        Column("sent_share_year_ago", "Ett år före", "share"),
        Column("year_change", "Säkerställd skillnad", "points"),
        Column("judgement", "Bedömning"),
        *(Column(f"share_{str(m).replace('-', '_')}", m.sv_short, "share", group="Tidigare") for m in _earlier(trend)),
    )
    rows = []
    sums = [x for x in trend.groups if group in ("", x.group)] if len(trend.groups) > 1 else []
    country_line = [trend.country] if trend.country else []
    for x in (*country_line, *sums, *trend.inside(group)):
        at = {m: float(v) for m, v in zip(trend.months, x.shares, strict=True)}
        before = at.get(trend.months[-1] - 12)
        # noise has no change to tell of
        change: Any = x.year_change * 100 if x.year_change is not None and x.way in _CERTAIN else "–"
        cells = (
            _name(x, country),
            cell(x.last, x.state, threshold),
            "–" if before is None or before != before else before,
            change,
            "–" if x.state else WAYS[x.way].replace(" ", NB),  # one line: the rows are many
            *("–" if at[m] != at[m] else at[m] for m in _earlier(trend)),
        )
        me = x.group == group != "" or (x.region is not None and x.region.code == context.selection.region)
        rows.append(Row(cells, "chosen" if me else "" if x.region or x.group else "country", href=_to(x, context)))
    caption = f"Andel behandlade utanför hemregionen, tolv månader, {percent_note(trend)}"
    note = "– : visas inte, för att månader saknas eller små tal är skyddade."
    return Table(caption, columns, tuple(rows), footnotes=(note,))


def _to(x: ShareLine, context: PageContext) -> str:
    """A region's own page; this page for a healthcare region, or from one back to the country."""
    if x.region is not None:
        return to_region(x.region.code, context.selection)
    selection = context.selection
    here = selection.with_(region="", provider="", healthcare_region=x.group)
    return "" if x.group == selection.healthcare_region else to_page("/utomlansvard", here)


def _earlier(trend: ShareTrend) -> list[Any]:
    """Every third month but the last, oldest first: the line in figures."""
    return [m for k, m in enumerate(reversed(trend.months)) if k and k % 3 == 0][::-1]


def percent_note(trend: ShareTrend) -> str:
    return f"{trend.months[0].sv}–{trend.months[-1].sv}"


def share_sentence(trend: ShareTrend, country: str, group: str = "") -> str:
    """About the country, the `group`, and the regions (of the group) whose change is certain."""
    whole = trend.country
    parts = []
    if whole is not None and whole.last is not None:
        where = "riket" if country == "Riket" else country
        if whole.way in ("up", "down"):
            parts.append(f"I {where} är {_NOUNS[whole.way]}en av andelen säkerställd.")
        elif whole.way == "noise":
            parts.append(f"Andelen i {where} visar ingen säkerställd förändring.")
    mine = trend.group(group)
    if mine is not None and not mine.state and mine.way in ("up", "down"):
        parts.append(f"I {group_words(group)} är {_NOUNS[mine.way]}en säkerställd.")
    elif mine is not None and not mine.state and mine.way == "noise":
        parts.append(f"I {group_words(group)} visar den ingen säkerställd förändring.")
    for way in _CERTAIN:
        inside = trend.inside(group)
        names = [x.region.short_name for x in trend.going(way) if x.region and x in inside]
        if names:
            parts.append(f"I {named(names)} är {_NOUNS[way]}en säkerställd.")
    return " ".join(parts)
