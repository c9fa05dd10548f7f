"""`/`: how is it now, what has changed beyond noise, where are the warnings?"""

from __future__ import annotations

from typing import Final

from lagesbild.components.judgement import changes
from lagesbild.components.model import Aside, FigureCard, KeyFigure, Page, PageContent
from lagesbild.domain.care import Region
from lagesbild.domain.selection import Selection
from lagesbild.domain.swedish import capital, count, decimal, number_word
from lagesbild.pages.context import PageContext
from lagesbild.pages.filter_places import country_name
from lagesbild.pages.overview_flags import flags_aside, flags_key_figure, flags_sentence, judged_words
from lagesbild.pages.overview_maps import maps_card
from lagesbild.pages.overview_matrix import matrix_card
from lagesbild.pages.phone_line import area_words, phone_line, region_words
from lagesbild.pages.phrases import place, small
from lagesbild.pages.published_area import nothing_reported
from lagesbild.pages.share_figure import share_figure, untold
from lagesbild.pages.side_by_side import side_by_side
from lagesbild.pages.waits_text import named, share_text
from lagesbild.views.flag_changes import flag_changes
from lagesbild.views.flags import Flags
from lagesbild.views.new_signals import new_signals
from lagesbild.views.published_totals import Total, published_totals
from lagesbild.views.signals import Tally
from lagesbild.views.status_matrix import StatusMatrix, status_matrix

FILTERS: Final = ("care_area", "region", "month", "as_of")


def build(context: PageContext) -> PageContent:
    """Sentence, key figures, matrix, flags and maps."""
    chosen = context.selection.region if any(r.code == context.selection.region for r in context.regions) else ""
    shown = side_by_side(context, chosen)
    waits, selection, flagged = shown.waits, context.selection, shown.flags
    if waits is None:
        return nothing_reported(context, "Lägesbild", "Inga väntande är rapporterade för urvalet.")
    country = country_name(context.source)
    order = {r.code: k for k, r in enumerate(waits.regions)}
    here = (tuple(a.code for a in waits.areas), waits.end, selection.target)  # the same whichever region is chosen
    matrix = context.keep(
        ("matrix", *here),
        lambda: status_matrix(waits, range(len(waits.areas)), context.viewer, flagged.by_cell if flagged else {}),
    )
    news = context.keep(("news", *here), lambda: _news(matrix))
    region = next((r for r in waits.regions if r.code == selection.region), None)
    found = flagged.found if flagged else None
    within = {chosen} if chosen else None
    changes = flag_changes(context.source, selection, found.run, order, context.viewer, within) if found else None
    first_area = _first_area(matrix, found)
    sections: list[FigureCard | Aside] = [
        matrix_card(matrix, selection, country, first_area, span=9),
        flags_aside(
            found,
            _share_texts(matrix),
            {a.code: a for a in waits.all_areas},
            {r.code: r for r in waits.regions},
            selection,
            waits.end,
            changes,
        ),
    ]
    maps = maps_card(matrix, selection, country, first_area, theme=context.theme)
    if maps is not None:
        sections.append(maps)
    where = place(region, country)
    return PageContent(
        kicker=f"Lägesbild för {waits.end.sv}, jämfört med normal variation de senaste två åren",
        sentences=_sentences(matrix, region, found, where),
        more=_more(matrix, None if region else found, shown.left_out, news),
        key_figures=_key_figures(matrix, region, country, found, context.selection),
        sections=tuple(sections),
        title=f"Lägesbild {waits.end.sv}",
    )


def _first_area(matrix: StatusMatrix, found: Flags | None) -> str:
    """The care area that a phone shows first: the one with most flags, else the lowest."""
    codes = [a.code for a in matrix.areas]
    if found and found.flags:
        counts = [f.care_area for f in found.flags if f.care_area in codes]
        if counts:
            return max(codes, key=counts.count)
    lowest = matrix.lowest(1)
    return lowest[0][1].code if lowest else codes[0]


def _share_texts(matrix: StatusMatrix) -> dict[tuple[str, str], str]:
    return {
        (r, a): share_text(c.signal.share, coarse=c.coarse)
        for a, column in matrix.cells.items()
        for r, c in column.items()
        if not c.state
    }


def _sentences(matrix: StatusMatrix, region: Region | None, found: Flags | None, where: str) -> tuple[str, ...]:
    by: dict[str, list[str]] = {}
    for area in matrix.areas:
        judged = matrix.cells[area.code][region.code] if region else matrix.country[area.code]
        by.setdefault(judged.judgement, []).append(area.short)
    worse, better = by.get("worse", []), by.get("better", [])
    if worse or better:
        first = changes(worse, better, where)
    elif by.get("noise"):
        subject = by["noise"][0] if len(matrix.areas) == 1 else "Inget vårdområde"
        verb = "har ingen" if len(matrix.areas) == 1 else "har någon"
        first = f"{subject} {verb} säkerställd förändring i {where}."
    elif region and (gone := untold(matrix, region)):
        first = gone
    else:
        first = f"Förändringen i {where} kan inte bedömas ännu: det krävs 24 månader."
    second = flags_sentence(found, matrix.waits.end, f" i {where}" if region else "")
    return (first, second) if second else (first,)


def _more(matrix: StatusMatrix, found: Flags | None, left_out: int, news: str) -> str:
    t = matrix.tally
    parts = []
    if t.judged == t.noise > 0:
        which = f"Ingen av {count(t.judged)} serier visar någon säkerställd förändring." if t.judged > 1 else ""
        parts += [which, "Skillnaderna ryms i den normala variationen."]
    elif t.judged:
        parts.append(_judged(t, f"av {count(t.judged)} serier"))
        if t.noise:
            rest = "den övriga" if t.noise == 1 else f"de övriga {count(t.noise)}"
            parts.append(f"I {rest} ryms skillnaderna i den normala variationen.")
    if news:
        parts.append(news)
    if t.short:
        subject = "En serie" if t.short == 1 else f"{capital(number_word(t.short))} serier"
        parts.append(f"{subject} kan inte bedömas ännu: det krävs 24 månader.")
    if counted := judged_words(found, matrix):
        parts.append(counted)
    if left_out:
        parts.append(
            f"De {number_word(len(matrix.areas))} vårdområden som har flest flaggor visas. "
            f"{capital(number_word(left_out))} till finns i urvalet."
        )
    return " ".join(p for p in parts if p)


def _news(matrix: StatusMatrix) -> str:
    """`Sedan september är försämring säkerställd för knäprotes i Skåne.` A sentence for each way: both in one had an
    "och" between the series and another between the ways."""
    told, news = "", new_signals(matrix)
    for judgement, word in (("worse", "försämring"), ("better", "förbättring")):
        found = [f"{small(s.area.short)} i {s.region.short_name}" for s in news if s.judgement == judgement]
        if found and told:
            told += f" Under samma tid har {word} blivit säkerställd för {named(found)}."
        elif found:
            told = f"Sedan {(matrix.waits.end - 1).name} är {word} säkerställd för {named(found)}."
    return told


def _judged(t: Tally, of: str) -> str:
    """How many are worse and better. "None" never stands beside a number of others: whose none would it be?"""
    if t.worse and t.better:
        both = f"{number_word(t.worse)} {of} visar säkerställd försämring och {number_word(t.better)}"
        return capital(f"{both} säkerställd förbättring.")
    which, other = ("försämring", "förbättring") if t.worse else ("förbättring", "försämring")
    return capital(f"{number_word(t.worse or t.better)} {of} visar säkerställd {which}, ingen {other}.")


def _key_figures(
    matrix: StatusMatrix, region: Region | None, country: str, found: Flags | None, selection: Selection
) -> tuple[KeyFigure, ...]:
    out = [share_figure(matrix, area, region, country, selection) for area in matrix.areas]
    if region is None:
        out += [_total_figure(t) for t in published_totals(matrix.waits)[:1]]
    if found is not None:
        out.append(flags_key_figure(found, selection))
    return tuple(out)


def _total_figure(total: Total) -> KeyFigure:
    """Published, so never judged beside our own sums; the month stands with it because it may be another one."""
    real = "" if total.synthetic else ", verkliga tal"
    return KeyFigure(
        name=total.area.name,
        what=f"väntande i riket, {total.end.sv}{real}",
        value=decimal(total.waiting, 0),
        judgement="short" if total.too_short else "",
        change="Serien är för kort." if total.too_short else "",
        spark=total.line,
        first_label=total.first.sv_short,
        last_label=total.end.sv_short,
    )


def _phone_line(context: PageContext) -> str:
    """`Alla vårdområden, hela riket, oktober 2026`"""
    return phone_line(context, area_words(context, "Alla vårdområden"), region_words(context))


PAGE: Final = Page(
    path="/",
    name="Lägesbild",
    filters=FILTERS,
    build=build,
    order=0,
    phone_selection=_phone_line,
    also=("target",),
    own="rows",
)
