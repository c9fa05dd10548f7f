"""On a care area's page: the share's control chart, the largest providers, travel, limits and definition."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from lagesbild.components.html import el
from lagesbild.components.model import Aside, Column, Drawn, FigureCard, Row, Special, Table
from lagesbild.domain.care import CareArea
from lagesbild.domain.periods import Month
from lagesbild.domain.swedish import count, date_long, join_and, percent
from lagesbild.figures.xmr import Change, Mark, xmr_figure, xmr_height
from lagesbild.pages.context import PageContext
from lagesbild.pages.drawing import drawn
from lagesbild.pages.links import to_page
from lagesbild.pages.phrases import empty, frame_months, month_range, noun, or_missing, persons, small
from lagesbild.pages.place_parts import PER_TEXT, region_link
from lagesbild.pages.provider_rows import MEASURES_NOTE, measure_columns, measures, own_pages
from lagesbild.pages.signal_words import numbered, signal_items
from lagesbild.pages.waits_text import group_words, source_line, told_share, within
from lagesbild.views.guarantee_limits import AreaLimits
from lagesbild.views.healthcare_regions import Group
from lagesbild.views.out_of_region import FlowMatrix
from lagesbild.views.population import Population
from lagesbild.views.provider_work import YEAR, Work
from lagesbild.views.share_chart import ShareChart
from lagesbild.views.waits import Waits

LARGEST: Final = 10
_CHANGES: Final = {"system_change": "byte av system", "definition_change": "ändrad definition"}


def chart_card(
    waits: Waits, area: int, found: ShareChart, where: str, context: PageContext, group: Group | None = None
) -> FigureCard:
    """The judgement that stands on the whole page, month by month."""
    frame = found.frame
    columns = (
        Column("period", "Månad", "month"),
        Column("within_limit_share", "Andel", "share"),
        Column("adjusted", "Säsongen borträknad", "share"),
        Column("lower_limit", "Nedre gräns", "share"),
        Column("mean", "Medel", "share"),
        Column("upper_limit", "Övre gräns", "share"),
        Column("rule", "Regel utlöst"),
    )
    words = {"": "", "better": "bättre än normalt", "worse": "sämre än normalt"}
    rows, numbers = [], numbered(found.signals)
    for k, month in enumerate(frame_months(frame)):
        r = frame.iloc[k]
        share = told_share(r["share"], coarse=bool(r["coarse"]))
        # with the season taken out it is the same number: hidden for the same reason
        hidden = isinstance(share, Special) and share.state == "secondary" and r["adjusted"] != r["adjusted"]
        adjusted = share if hidden else or_missing(r["adjusted"])
        values = [share, adjusted, *(or_missing(r[n]) for n in ("lower", "mean", "upper"))]
        rule = words[r["breach"]] + (f" ({numbers[month]})" if r["breach"] and month in numbers else "")
        rows.append(Row((month, *values, rule), note="prel." if r["provisional"] else ""))
    changes = [Change(b.first, f"{_CHANGES.get(b.kind, 'ändring')}, nya gränser") for b in found.rebases]
    marks = [Mark(s.first, s.number, s.judgement == "better") for s in found.signals if not s.hidden]
    fired = " Större punkter i färg: regel utlöst, numrerade som i listan." if marks else ""
    return FigureCard(
        id="andel",
        title=_chart_title(found, where),
        summary=(
            f"Andel som väntat {within(waits.usual_days(area))}, säsongen borträknad. Bandet rymmer den normala "
            f"variationen.{fired}"
        ),
        graphic=drawn(
            xmr_figure,
            frame, theme=context.theme, title="Andel inom gränsen, säsongen borträknad, procent", marks=marks,
            changes=changes, share=True,
        ),
        graphic_height=xmr_height(bool(changes)),
        graphic_label=f"Andel inom gränsen i {where} per månad med gränser för normal variation",
        table=Table(f"Andel inom gränsen per månad, {where}", columns, tuple(reversed(rows))),
        legend=_fired(found) if marks else None,
        source=f"{_method(found)} {source_line(waits, area=area, group=group)}",
        span=8,
    )  # fmt: skip


def _fired(found: ShareChart) -> Any:
    """What broke the rules, in words; the shares in per cent."""
    changes = [(b.first, _CHANGES.get(b.kind, "ändringen")) for b in found.rebases]
    last = Month.of(found.frame["period"].iloc[-1])
    return signal_items(found.signals, last, changes, number=percent, look="warn rb flat")


def _method(found: ShareChart) -> str:
    """All months set the limits, so those before a change lie outside them on the other side: then it is said."""
    n = int(found.chart.observed)
    text = (
        "Styrdiagram (XmR): medel ± 2,66 gånger den genomsnittliga skillnaden mellan två månader, ur "
        f"{count(n)} månader."
    )
    if len({s.direction for s in found.signals}) > 1:
        text += " Också månaderna före en förändring är med i medlet, därför kan de ligga på andra sidan om det."
    return text


def _chart_title(found: ShareChart, where: str) -> str:
    last = found.frame.iloc[-1]
    if last["coarse"] and last["share"] != last["share"]:
        return f"Andelen i {where} visas inte för {Month.of(last['period']).sv}: små tal är skyddade"
    if found.judgement == "short":
        return f"Andelen i {where} kan inte bedömas ännu: det finns {count(found.observed)} månader"
    if found.judgement == "noise":
        return f"Andelen i {where} ryms i den normala variationen"
    word = "försämring" if found.judgement == "worse" else "förbättring"
    since = f" sedan {found.since.sv}" if found.since else ""
    return f"Säkerställd {word} i {where}{since}"


def largest_card(
    waits: Waits, area: CareArea, rows_found: Sequence[Work], end: Month | None, people: Population | None, where: str,
    context: PageContext, group: Group | None = None,
) -> FigureCard | Aside:  # fmt: skip
    """The ten with most performed in a year. Those whose number is protected have no place in the order."""
    if not rows_found or end is None:
        why = "Ingen region har rapporterat per vårdgivare för urvalet."
        return empty("vardgivare", "Vårdgivare redovisas inte", why)
    threshold = context.viewer.threshold
    columns = (
        Column("provider", "Vårdgivare"),
        Column("region", "Region"),
        *measure_columns(people, rows_found),
    )
    rows = []
    for w in rows_found:
        place = w.region.short_name
        rows.append(
            Row(
                (
                    w.provider.name,
                    Drawn(place, el("A", place, href=region_link(w.region, context.selection))),
                    *measures(w, people, threshold, context.selection),
                )[: len(columns)],
                note="prel." if w.provisional else "",
                href=to_page("/vantetider", own_pages(w, context.selection)),
            )
        )
    top = rows_found[0]
    unit = "" if people is None else f" Antal {PER_TEXT} i vårdgivarens region, folkmängd {people.year}."
    made = count(top.performed.value)
    return FigureCard(
        id="vardgivare",
        title=f"Flest {noun(area)} hos {top.provider.name}: {made} på ett år",
        summary=(
            f"De {len(rows)} största vårdgivarna i {where}. Genomförda {month_range(end - (YEAR - 1), end)}, väntande "
            f"i {waits.end.sv}.{unit}"
        ),
        table=Table(
            f"De största vårdgivarna, {small(area.name)}", columns, tuple(rows), period=f"{end - (YEAR - 1)}/{end}"
        ),
        source=f"{MEASURES_NOTE} {source_line(waits, with_excluded=False, group=group)}",
    )


def travel_aside(matrix: FlowMatrix | None, area: CareArea, country: str, context: PageContext) -> Aside | None:
    """How many were treated outside their home region; None when it is not reported."""
    if matrix is None:
        return None
    group = context.selection.healthcare_region
    where = group_words(group) if group else "riket" if country == "Riket" else country
    # a healthcare region's own share is not told, its persons and its regions' shares are
    share = None if group else matrix.country_share
    all_ = matrix.shown("sent", group) if group else matrix.shown("all")
    rows: list[Any] = []
    if share is not None:
        rows.append(("Andel av de behandlade", percent(share)))
    if all_ is not None:
        rows.append(("Personer", count(all_)))
    regions = [(matrix.share(r.code), r) for r in matrix.regions if group in ("", r.healthcare_region)]
    known = sorted(((s, r.sort_order, r) for s, r in regions if s is not None), reverse=True)
    if len(known) > 2:
        high, low = known[0], known[-1]
        rows.append((f"Högst: {high[2].short_name}", percent(high[0])))
        rows.append((f"Lägst: {low[2].short_name}", percent(low[0])))
    if not rows:
        return None
    table = el(
        "Table", el("Tbody", [el("Tr", [el("Th", k, scope="row"), el("Td", v)]) for k, v in rows]), className="duo"
    )
    selection = context.selection.with_(care_area=area.code, region="", compare="")
    link = el(
        "P", el("A", "Alla flöden mellan regioner", href=to_page("/utomlansvard", selection)), className="more-link"
    )
    many = percent(share) if share is not None else f"{persons(all_)} från {where}" if group and all_ else ""
    title = f"{many} behandlades utanför sin hemregion" if many else "Behandlade i annan region"
    summary = f"{area.name} i {where}, {month_range(matrix.first, matrix.end)}."
    return Aside("utomlans", title, summary, [table, link], span=4)


def definition_aside(area: CareArea, limits: AreaLimits, end: Month) -> Aside:
    """What is counted, and within how many days."""
    kinds = {"operation": "operationer", "first_visit": "första besök"}
    facts = [("Räknas", f"{area.name}, {kinds.get(area.kind, 'besök och åtgärder')}")]
    if area.kva_prefixes:
        facts.append(("Åtgärdskoder (KVÅ) som börjar på", join_and(area.kva_prefixes.split())))
    if area.icd10_prefixes:
        facts.append(("Diagnoskoder (ICD-10) som börjar på", join_and(area.icd10_prefixes.split())))
    facts.append(("Ålder", f"{area.min_age} år och äldre" if area.min_age else "alla"))
    since = f", sedan {date_long(limits.since)}" if limits.since else ""
    facts.append(("Vårdgarantins gräns", f"{count(limits.days)} dagar{since}"))
    for own in limits.own:
        when = f", sedan {date_long(own.since)}" if own.since else ""
        facts.append((f"{own.region.short_name}, egen gräns", f"{count(own.days)} dagar{when}"))
    facts += [(f"Från {date_long(row.valid_from)}", f"{count(row.days)} dagar") for row in limits.coming]
    body = [
        _pairs(facts, "duo left"),
        el("P", el("A", "Alla definitioner och källor", href="/om"), className="more-link"),
    ]
    return Aside("definition", "Vad som räknas och inom vilken tid", f"Gäller {end.sv}.", body, span=12)


def _pairs(rows: Sequence[tuple[str, str]], look: str) -> Any:
    return el(
        "Table",
        el("Tbody", [el("Tr", [el("Th", k, scope="row"), el("Td", v)]) for k, v in rows]),
        className=look,
    )
