"""What the pages about one region and one care area share: the way back, which care areas are shown, counts, gaps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from lagesbild.components.flag import FLAG_WORDS, flag
from lagesbild.components.html import el
from lagesbild.components.model import Column, Drawn, Special
from lagesbild.domain.care import CareArea, Region
from lagesbild.domain.periods import Month
from lagesbild.domain.selection import PER_INHABITANTS, Selection
from lagesbild.domain.swedish import NB, capital, number_word, percent
from lagesbild.pages.context import PageContext
from lagesbild.pages.filter_places import country_name
from lagesbild.pages.links import to_area, to_page, to_region
from lagesbild.pages.phrases import hidden_cell, noun
from lagesbild.pages.waits_text import group_words
from lagesbild.views.cell_count import CellCount
from lagesbild.views.flags import Flag, Flags
from lagesbild.views.out_of_region import FlowMatrix, flow_matrix
from lagesbild.views.pair_gaps import PairGap
from lagesbild.views.population import Population, population
from lagesbild.views.travel import Travel, read_travel
from lagesbild.views.wait_counts import Counts, told_counts
from lagesbild.views.waits import Waits

PER_TEXT: Final = f"per 100{NB}000 invånare"


def region_crumbs(
    region: Region, area: CareArea | None, selection: Selection, country: str
) -> tuple[tuple[str, str], ...]:
    """Country, healthcare region (the page of the care area, over its regions), region."""
    inside = selection.with_(region="", provider="", compare="")
    way = [(country, to_page("/", inside))]
    if region.healthcare_region and area is not None:
        where = inside.with_(healthcare_region=region.healthcare_region)
        way.append((region.healthcare_region, to_area(area.code, where)))
    return (*way, (region.short_name, ""))


def area_crumbs(area: CareArea, selection: Selection, country: str) -> tuple[tuple[str, str], ...]:
    """Country, care area, and the healthcare region when one is chosen."""
    whole = selection.with_(region="", healthcare_region="", provider="", compare="")
    way = [(country, to_page("/", whole.with_(care_area="")))]
    if not selection.healthcare_region:
        return (*way, (area.name, ""))
    return (*way, (area.name, to_area(area.code, whole)), (selection.healthcare_region, ""))


def way_back(path: str, regions: Sequence[Region], context: PageContext) -> tuple[tuple[str, str], ...]:
    """On one page: country, healthcare region, region and provider, as far as they are chosen; none for the country.
    `regions`: all that the country is made of there."""
    if len(regions) < 2:
        return ()
    selection = context.selection
    provider = next((p for p in context.source.providers() if p.code == selection.provider), None)
    code = selection.region or (provider.region if provider else "")
    region = next((r for r in regions if r.code == code), None)
    group = region.healthcare_region if region is not None else selection.healthcare_region
    whole = selection.with_(region="", provider="", healthcare_region="")
    way = [(country_name(context.source), to_page(path, whole))]
    if group and len({r.healthcare_region for r in regions}) > 1:
        way.append((capital(group_words(group)), to_page(path, whole.with_(healthcare_region=group))))
    if region is not None:
        way.append((region.short_name, to_page(path, whole.with_(region=region.code))))
    if provider is not None:
        way.append((provider.name, ""))
    return (*way[:-1], (way[-1][0], "")) if len(way) > 1 else ()


def region_link(region: Region, selection: Selection) -> str:
    """The region's page, from a page that may show a healthcare region."""
    return to_region(region.code, selection.with_(compare=""))


def inhabitants(source: Any, selection: Selection, month: Month) -> Population | None:
    """The population when counts are asked for per inhabitants; None for counts as they are."""
    return population(source, month) if selection.per == PER_INHABITANTS else None


def count_column(name: str, title: str, people: Population | None, **more: Any) -> Column:
    """A column of counts, or of counts per 100 000 inhabitants with one decimal."""
    if people is None:
        return Column(name, title, "count", **more)
    return Column(f"{name}_per_100000", title, "number", **more)


def count_value(cell: CellCount, threshold: int, people: Population | None, *regions: str) -> Any:
    """The count, or what it is per 100 000 inhabitants of the regions, or why there is no number.

    A rate is the count itself to whoever knows the population, so a protected count has none."""
    if cell.value is None:
        return hidden_cell(cell.state, threshold)
    if people is None:
        return cell.value
    rate = people.per_100_000(cell.value, *regions)
    return Special("missing", reason="Folkmängden är inte känd.") if rate is None else rate


def gap_value(gap: PairGap | None, end: Month) -> Any:
    """The flag with its month, in words for files; `inget` only when the run could judge it."""
    if gap is None:
        return Special("missing", "inte bedömt", "Ingen prognos är gjord på uppgifter till och med månaden.")
    if gap.status in FLAG_WORDS:
        word = FLAG_WORDS[gap.status]
        if gap.status == "open":
            return Drawn(f"öppet sedan {gap.opens.sv}" if gap.opens else word, flag("open", word))
        text = gap.opens.sv_short if gap.opens else word
        return Drawn(f"{word} {gap.opens.sv}" if gap.opens else word, flag(gap.status, text))
    return "inget" if gap.judged else Special("short", "kan inte bedömas", gap.reason)


def flag_rows(found: Flags, names: dict[str, str], hrefs: dict[str, str]) -> list[Any]:
    """One line per flag, most urgent first: the flag, what it is about and when. Keys of both: care area or region."""
    rows = []
    for f in found.flags:
        key = f.care_area if f.care_area in names else f.region
        link = el("A", names[key], href=hrefs[key])
        rows.append(
            el(
                "Div",
                [
                    el("Span", className=f"flag flag-{f.status}", aria_hidden="true"),
                    el("Span", [link, f", {flag_when(f)}"]),
                ],
                className="flag-row",
            )
        )
    return rows


def flag_when(f: Flag) -> str:
    """`öppet sedan april 2023`, `väntas maj 2027`, `bevakas`."""
    word = FLAG_WORDS[f.status]
    if f.opens is None:
        return word
    return f"{word} {'sedan ' if f.status == 'open' else ''}{f.opens.sv}"


def needed(f: Flag, area: CareArea, target: float, end: Month) -> str:
    """`Sexton fler operationer i månaden når 80 % i juli.`; says so when nothing would."""
    if f.protected:
        return "Små tal är skyddade, så antalet visas inte."
    n = f.extra_per_month
    if n is None:
        return f"Fler {noun(area)} räcker inte till {percent(target, 0)} inom prognosen."
    verb = "når" if f.status == "open" else "håller"
    when = ""
    if f.target_month:
        when = f" i {f.target_month.name if f.target_month.year == end.year else f.target_month.sv}"
    if not n:
        return none_needed(f, area, f"{percent(target, 0)}{when}")
    return f"{capital(number_word(n))} fler {noun(area, n)} i månaden {verb} {percent(target, 0)}{when}."


def none_needed(f: Flag, area: CareArea, goal: str) -> str:
    """`Inga fler operationer behövs för 80 % i april, men risken gäller tolv månader.` As in the list of gaps: that
    none are needed is said of one month, and the flag of any of twelve."""
    risk = "" if f.status == "open" else ", men risken gäller tolv månader"
    return f"Inga fler {noun(area)} behövs för {goal}{risk}."


def kept_counts(waits: Waits, area: int, context: PageContext) -> Counts:
    """The protected waits of one care area: the same whatever else is chosen, so made once."""
    code = waits.areas[area].code
    return context.keep(("wait counts", code, waits.end), lambda: told_counts(waits, area, context.viewer))


def kept_travel(context: PageContext) -> tuple[Travel | None, FlowMatrix | None]:
    """Flows of the chosen care area (else the first with any) and what may be shown of them, made once."""
    selection = context.selection
    about = Selection(care_area=selection.care_area, month=selection.month, as_of=selection.as_of)

    def made() -> tuple[Travel | None, FlowMatrix | None]:
        travel = read_travel(context.source, about)
        return travel, flow_matrix(travel, context.viewer) if travel else None

    return context.keep(("travel", about), made)


def names_of(areas: Sequence[CareArea]) -> list[str]:
    """Short names in a sentence, the first with a capital."""
    return [a.short if k == 0 else a.short[:1].lower() + a.short[1:] for k, a in enumerate(areas)]
