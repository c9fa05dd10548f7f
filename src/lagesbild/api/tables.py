"""The endpoints that are tables: a dataset as its published table has it, and what each of the choices means there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from lagesbild.api.origins import behind
from lagesbild.api.parameters import EVERY, Paged, TableParameters
from lagesbild.api.reading import Codes, codes_of_tables
from lagesbild.domain.care import leaf_regions
from lagesbild.domain.datasets import DATASETS
from lagesbild.domain.earlier import source_at
from lagesbild.domain.periods import Month
from lagesbild.domain.source import COUNTRY, Source
from lagesbild.domain.swedish import join_and
from lagesbild.domain.viewer import Viewer
from lagesbild.snapshots.store import Store
from lagesbild.views.published_tables import COLUMNS, Asked, Column, PublishedTable, published_table

_LAST_OF_ALL: Final = Month(2099, 12)
_NO_MONTHS: Final = ("regions", "care-areas", "providers", "guarantee-limits", "breaks", "population", "gaps")
_NO_REGIONS: Final = ("care-areas",)
_NO_AREAS: Final = ("regions", "providers", "population")
_WITH_PROVIDERS: Final = ("waits", "production", "capacity", "providers")
_REGION_COLUMNS: Final = ("region", "home_region", "treating_region", "code")
_SUMMARIES: Final = {
    "waits": "Vilka som väntar vid månadens slut, inom och över vårdgarantin, och hur länge.",
    "production": "Nytillkomna, genomförda och avslutade månad för månad, med kön de förklarar.",
    "capacity": "Hur många som kunde genomföras varje månad, och hur mycket som användes.",
    "out-of-region": "Vård utanför hemregionen, summor över tolv månader.",
    "brokering": "Vårdförmedlingens ärenden, summor över tolv månader.",
    "reporting": "Vilken region som har rapporterat vad, för vilken månad.",
    "forecasts": "Den senaste prognosen med sina intervall.",
    "gaps": "Kapacitetsgap: läge, när de öppnar och vad som krävs för att stänga dem.",
    "published-totals": "Tal som landet självt har publicerat.",
    "published-shares": "Andelar som publicerats utan talen bakom.",
    "regions": "Regioner: koder, namn, sjukvårdsregion och läge på kartan.",
    "care-areas": "Vårdområden: koder, namn och vårdgarantins gräns.",
    "providers": "Vårdgivare: koder, namn, region och HSA-id.",
    "guarantee-limits": "Vårdgarantins gränser och från när de gäller.",
    "population": "Invånare per region och år.",
    "breaks": "Månader som inte kan jämföras med andra, och varför.",
}


@dataclass(frozen=True)
class Ask:
    """Who asks of what: the data, the viewer, and where snapshots are kept."""

    source: Source
    viewer: Viewer
    snapshots: Store | None = None


@dataclass(frozen=True)
class Told:
    """What a table endpoint answers with. `notes`: Swedish sentences about choices that choose nothing here."""

    table: PublishedTable
    notes: tuple[str, ...] = ()

    @property
    def weight(self) -> int:
        """Bytes, for whoever keeps it; states are references to a few texts."""
        return int(self.table.frame.memory_usage(index=False).sum())


@dataclass(frozen=True)
class TableEndpoint:
    """`/api/v1/<name>`. `lasting`: whether an answer is the same as long as the data are. `codes`: what may
    be chosen."""

    name: str
    title: str
    summary: str
    columns: tuple[Column, ...]
    parameters: type[Paged]
    make: Callable[[Ask, Paged], Told]
    lasting: bool = True
    codes: Callable[[Source], Codes] = codes_of_tables


def dataset_endpoints() -> tuple[TableEndpoint, ...]:
    """One for each published table."""
    return tuple(
        TableEndpoint(name, _title(name), _SUMMARIES[name], COLUMNS[name], TableParameters, _maker(name))
        for name in COLUMNS
    )


def _title(name: str) -> str:
    title = {"forecasts": "Prognoser", "gaps": "Kapacitetsgap", "published-totals": "Publicerade rikstal"}.get(name)
    text = title or DATASETS[name].sv
    return text[:1].upper() + text[1:]


def _maker(name: str) -> Callable[[Ask, Paged], Told]:
    def make(ask: Ask, question: Paged) -> Told:
        assert isinstance(question, TableParameters)
        table = published_table(name, ask.source, asked(name, ask.source, question), ask.viewer)
        if question.provider and name not in _WITH_PROVIDERS:
            table = replace(table, frame=table.frame.iloc[:0])
        notes = [*_notes(name, question), *_without_rows(table, ask.source, question.region)]
        if name in ("forecasts", "gaps"):
            notes += without_forecast(name, ask.source, question.as_of, question.care_area)
        return Told(marked(table, ask.source, question), tuple(notes))

    return make


def asked(name: str, source: Source, question: TableParameters) -> Asked:
    """The question as the tables take it. Months that nothing can have been reported for yet are not looked through."""
    first, last = question.from_, question.to
    if name == "forecasts":
        last = last or (first and _LAST_OF_ALL)  # months ahead are all after the last that is reported
    elif last is not None:
        latest = source_at(source, question.as_of).latest_month()
        last = min(last, latest) if latest is not None else last
    return Asked(
        regions=question.region,
        care_areas=question.care_area,
        providers=None if EVERY in question.provider and name != "providers" else _providers(name, question),
        first=first,
        last=last,
        as_of=question.as_of,
    )


def _providers(name: str, question: TableParameters) -> tuple[str, ...]:
    if name not in _WITH_PROVIDERS:
        return ()
    return () if EVERY in question.provider else question.provider


def marked(table: PublishedTable, source: Source, question: Paged) -> PublishedTable:
    """With sources and the mark of invented data also where the table has none of its own: those of the imports that
    its rows were made of."""
    if table.sources:
        return table
    found = behind(table.dataset, source_at(source, question.as_of))
    return replace(
        table,
        sources=found.sources,
        synthetic=table.synthetic or found.synthetic,
        recorded_at=table.recorded_at or found.recorded_at,
    )


def without_forecast(name: str, source: Source, as_of: datetime | None, care_areas: Sequence[str]) -> list[str]:
    """What no forecast has been made of, of `forecasts` or `gaps`: said, so that no rows are not read as no gap, or as
    nobody who has room."""
    then = source_at(source, as_of)
    runs = then.runs("forecast")
    nothing = "att rader saknas säger inget om läget"
    if not runs:
        return [f"Ingen prognos {'är gjord än' if as_of is None else 'var gjord vid den tidpunkten'}: {nothing}."]
    # one at a time, for no more than is asked for: a care area has rows for every region, target and month
    latest = runs[0].run_id
    left_out = [
        code
        for code in care_areas
        if (
            then.gaps(latest, care_areas=(code,)) if name == "gaps" else then.forecasts((latest,), care_areas=(code,))
        ).empty
    ]
    return [f"Prognosen omfattar inte {join_and(left_out)}: {nothing} där."] if left_out else []


def _without_rows(table: PublishedTable, source: Source, regions: Sequence[str]) -> list[str]:
    """Codes of what regions are parts of, asked for where only the parts have rows."""
    leaves = {r.code for r in leaf_regions(source.regions())}
    told = {str(v) for c in table.columns if c.name in _REGION_COLUMNS for v in table.frame[c.name]}
    sums = any(c.name == "level" for c in table.columns) or table.dataset == "forecasts"
    how = ": summan av alla regioner är region= utan värde" if sums else ""
    return [
        f"{code} består av regioner och har inga egna rader här{how}."
        for code in dict.fromkeys(regions)
        if code != COUNTRY and code not in leaves and code not in told
    ]


def _notes(name: str, question: TableParameters) -> tuple[str, ...]:
    """What was asked for and chooses nothing among the rows of this table: said, so that nobody believes it did."""
    choices: Sequence[tuple[bool, bool, str]] = (
        (bool(question.region), name in _NO_REGIONS, "region väljer inget här: raderna gäller alla regioner."),
        (bool(question.care_area), name in _NO_AREAS, "care_area väljer inget här: raderna gäller alla vårdområden."),
        (
            bool(question.provider),
            name not in _WITH_PROVIDERS,
            "provider ger inga rader här: tabellen har inga tal för vårdgivare.",
        ),
        (
            question.from_ is not None or question.to is not None,
            name in _NO_MONTHS,
            "from och to väljer inget här: raderna är inte månader.",
        ),
        (
            question.as_of is not None,
            name in _NO_MONTHS and name != "gaps",
            "as_of väljer inget här: koder, namn och gränser visas som de är nu.",
        ),
    )
    return tuple(text for given, without, text in choices if given and without)
