"""`/om`: what is counted, where it comes from, how good it is, and how the pages can be used by everybody."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from lagesbild.components.html import el
from lagesbild.components.model import Page, PageContent
from lagesbild.domain.swedish import count, date_long, join_and, swedish_time
from lagesbild.domain.terms import TERMS
from lagesbild.pages import om_texts as texts
from lagesbild.pages.context import Operator, PageContext
from lagesbild.pages.om_accessibility import accessibility, contact_link
from lagesbild.views.definitions import Definitions, SourceUse, definitions


def build(context: PageContext) -> PageContent:
    """Definitions, sources from the imports, quality declaration, methods, accessibility statement."""
    told = definitions(context.source)
    sections = [
        _contents(),
        *_section("definitioner", "Definitioner", [_terms(TERMS)]),
        *_section("vardomraden", "Vårdområden", [_areas(told)]),
        *_section("kallor", "Källor", _sources(told)),
        *_section("kvalitet", "Kvalitetsdeklaration", _quality(told, context.viewer.threshold)),
        *_section("prognoser", "Så görs prognoserna", _paragraphs(texts.FORECASTS) + _run(told)),
        *_section("gap", "Så bedöms kapacitetsgap", _paragraphs(texts.GAPS)),
        *_section("bedomning", "Så bedöms förändring", _paragraphs(texts.CHANGE)),
        *_section("tillganglighet", "Tillgänglighetsredogörelse", accessibility(context.operator)),
        *_section("ansvar", "Ansvar och kontakt", _responsible(context.operator)),
    ]
    return PageContent(
        kicker="Om Lägesbild",
        sentences=(
            "Lägesbild visar köer, produktion och väntade kapacitetsgap i den planerade specialiserade vården.",
        ),
        more=_synthetic(told),
        prose=sections,
        title="Om",
    )


def _section(id_: str, title: str, body: list[Any]) -> list[Any]:
    return [el("H2", title, id=id_), *body]


def _contents() -> Any:
    links = [el("Li", el("A", title, href=f"#{id_}")) for id_, title in texts.CONTENTS]
    return el("Nav", el("Ul", links), aria_label="Innehåll på sidan", className="toc")


def _paragraphs(lines: tuple[str, ...]) -> list[Any]:
    return [el("P", line) for line in lines]


def _terms(terms: tuple[tuple[str, str], ...]) -> Any:
    return el("Dl", [el(tag, text) for pair in terms for tag, text in zip(("Dt", "Dd"), pair, strict=True)])


def _areas(told: Definitions) -> Any:
    kinds = {"operation": "operation", "first_visit": "första besök", "other": "annat"}
    head = ("Vårdområde", "Typ", "Vårdgaranti, dagar", "KVÅ", "ICD-10", "Lägsta ålder")
    rows = [
        (
            a.name,
            kinds.get(a.kind, a.kind),
            count(a.guarantee_days),
            a.kva_prefixes.replace(" ", ", ") or "–",
            a.icd10_prefixes.replace(" ", ", ") or "–",
            f"{a.min_age} år" if a.min_age else "–",
        )
        for a in told.care_areas
    ]
    return _table("Vårdområden och vad som räknas till dem", head, rows)


def _sources(told: Definitions) -> list[Any]:
    out: list[Any] = [el("P", texts.SOURCES)]
    for title, uses, what in (
        ("Verkliga tal", told.real, texts.REAL),
        ("Syntetiska data", told.synthetic, texts.SYNTHETIC),
    ):
        if uses:
            out += [el("H3", title), el("P", what), _source_table(title, uses)]
    if not told.real and not told.synthetic:
        out.append(el("P", "Inga uppgifter är inlästa ännu."))
    return out


def _source_table(title: str, uses: tuple[SourceUse, ...]) -> Any:
    head = ("Källa", "Innehåll", "Rader", "Inläst")
    rows = [(u.source or "utan angiven källa", join_and(u.datasets), count(u.rows), _recorded(u)) for u in uses]
    return _table(f"{title}: källor", head, rows)


def _recorded(u: SourceUse) -> str:
    first, last = (f"{swedish_time(d):%Y-%m-%d}" for d in (u.first, u.last))
    return first if first == last else f"{first} till {last}"


def _table(caption: str, head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Any:
    body = [el("Tr", [el("Th", r[0], scope="row"), *(el("Td", c) for c in r[1:])]) for r in rows]
    table = el(
        "Table",
        [
            el("Caption", caption),
            el("Thead", el("Tr", [el("Th", h, scope="col") for h in head])),
            el("Tbody", body),
        ],
        className="om",
    )
    return el("Div", table, className="scroll", role="region", aria_label=caption, tabIndex=0)


def _quality(told: Definitions, threshold: int) -> list[Any]:
    out: list[Any] = [el("P", texts.QUALITY)]
    for title, lines in texts.quality_components(_facts(told), threshold):
        out += [el("H3", title), *_paragraphs(lines)]
    return out


def _facts(told: Definitions) -> texts.Facts:
    return texts.Facts(
        regions=count(told.regions),
        latest=told.latest.sv if told.latest else "",
        recorded=date_long(told.recorded_at) if told.recorded_at else "",
        revised=told.revised,
        masks=told.masks,
    )


def _run(told: Definitions) -> list[Any]:
    run = told.run
    if run is None:
        return [el("P", "Ingen prognos är gjord ännu.")]
    return [
        el(
            "P",
            f"Den senaste prognosen gjordes {date_long(run.created_at)} på data till och med {run.until.sv}, för "
            f"{count(run.series)} serier och {count(run.horizon)} månader framåt. Slumpfrö {run.seed}, programversion "
            f"{run.code_version}: samma data ger samma prognos.",
        )
    ]


def _synthetic(told: Definitions) -> str:
    if not told.synthetic:
        return ""
    if told.real:
        return "Tal om regioner är påhittade. Tal med märket Verkliga tal är publicerad statistik."
    return "Alla tal är påhittade."


def _responsible(operator: Operator) -> list[Any]:
    if operator.name:
        who: list[Any] = [f"{operator.name} driver den här installationen."]
    else:
        who = ["Vem som driver tjänsten anges av den som installerat den. Här är inget namn inlagt."]
    who += [" Kontakt: ", contact_link(operator.contact), "."] if operator.contact else [" Ingen kontaktväg är inlagd."]
    return [el("P", who), *_paragraphs(texts.PRIVACY)]


PAGE: Final = Page(path="/om", name="Om", filters=(), build=build, order=90, needs_data=False)
