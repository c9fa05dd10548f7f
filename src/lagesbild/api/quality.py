"""`/api/v1/quality`: the quality declaration as JSON, and as triples of the Data Quality Vocabulary (W3C DQV)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from flask import request
from pydantic import BaseModel, ConfigDict, Field

from lagesbild.api.answering import Counter, Make
from lagesbild.api.origins import edition
from lagesbild.api.pages import EDITION, JSON
from lagesbild.api.parameters import MomentParameters
from lagesbild.api.reading import last_known, read_question
from lagesbild.api.tables import Ask
from lagesbild.views.quality_declaration import Declaration, quality_declaration

FORMS: Final = (JSON,)
_STRICT: Final = ConfigDict(frozen=True, extra="forbid")


class RegisterQuality(BaseModel):
    """One register."""

    model_config = _STRICT

    register_name: str = Field(alias="register", description="Datamängden som registret fyller.")
    fields: int = Field(description="Antal fält: en region och månad vardera.")
    reported: float = Field(ge=0, le=1, description="Andel fält som är rapporterade, även sena och preliminära.")
    late: float = Field(ge=0, le=1, description="Andel fält som kom för sent.")
    missing: float = Field(ge=0, le=1, description="Andel fält som saknas.")
    excluded: float = Field(ge=0, le=1, description="Andel fält som är uteslutna.")
    late_days_median: float | None = Field(description="Median dagar för sent, av dem som kom för sent.")
    undated: int = Field(description="Rapporterade fält vars första inrapporteringsdag inte är känd.")


class FigureCoverage(BaseModel):
    """One national figure."""

    model_config = _STRICT

    figure: str = Field(description="Vilket nationellt tal.")
    care_areas: list[str] = Field(description="Vårdområdenas koder.")
    regions: int | None = Field(description="Regioner i talet; null när källan inte säger det.")
    regions_total: int = Field(description="Regioner i allt.")
    population_share: float | None = Field(description="Andel av befolkningen, 0–1.")


class RevisionQuality(BaseModel):
    """How much a care area's national share moves after its first publication."""

    model_config = _STRICT

    care_area: str = Field(description="Vårdområdets kod.")
    months: int = Field(description="Månader som har publicerats mer än en gång.")
    median_points: float | None = Field(description="Median av förändringen utan tecken, procentenheter.")
    largest_points: float | None = Field(description="Största förändringen utan tecken, procentenheter.")


class KnownFault(BaseModel):
    """Something that the rules find."""

    model_config = _STRICT

    grade: Literal["stop", "review", "info"] = Field(
        description="stop = fel, review = granskas, info = att känna till."
    )
    rule: str = Field(description="Regelns namn.")
    title: str = Field(description="Vad som är fel.")
    dataset: str = Field(description="Datamängden.")
    region: str = Field(description="Regionens kod.")
    care_areas: list[str] = Field(description="Vårdområdenas koder; tom när det gäller alla.")
    months: list[str] = Field(description="Månaderna.")
    said: str = Field(description="Vad som har hittats, med skyddade tal utelämnade.")
    affects: str = Field(description="Vilka nationella tal som berörs.")
    known: str = Field(description="Vad regionen redan har sagt om det.")


class QualityDeclaration(BaseModel):
    """The whole declaration, of the last twelve months."""

    model_config = _STRICT

    data_version: int = Field(description="Ökar varje gång uppgifterna ändras.")
    data_edition: str = Field(description=EDITION)
    as_of: datetime | None = Field(description="Tidpunkten som frågan gällde; null är nu.")
    recorded_at: datetime | None = Field(description="När den senaste av uppgifterna bakom blev känd.")
    synthetic: bool = Field(description="Sant när någon av uppgifterna bakom är påhittad.")
    sources: list[str] = Field(description="Var uppgifterna kommer från.")
    first: str | None = Field(description="Första månaden som bedöms.")
    last: str | None = Field(description="Sista månaden som bedöms.")
    registers: list[RegisterQuality] = Field(description="Täckning och punktlighet per register.")
    coverage: list[FigureCoverage] = Field(description="Vad varje nationellt tal täcker.")
    revisions: list[RevisionQuality] = Field(description="Hur mycket publicerade andelar ändras i efterhand.")
    fault_counts: dict[str, int] = Field(description="Antal kända fel efter allvar.")
    faults_withheld: int = Field(description="Fel som inte får berättas för den som frågar.")
    faults: list[KnownFault] = Field(description="Kända fel, de allvarligaste först, högst 200.")


def declared(counter: Counter, ask: Ask, as_of: datetime | None) -> QualityDeclaration:
    """What is told; made once for the declaration and the catalogue record."""
    version = ask.source.version()
    kept: _Kept = counter.tables(
        (version, "quality", as_of, ask.viewer), lambda: _Kept(quality_declaration(ask.source, ask.viewer, as_of))
    )
    return _declared(kept.found, version.version, edition(ask.source, as_of), as_of)


@dataclass(frozen=True)
class _Kept:
    """`weight`: of a few hundred faults, in bytes."""

    found: Declaration | None
    weight: int = 500_000


def _declared(found: Declaration | None, version: int, edition_then: str, as_of: datetime | None) -> QualityDeclaration:
    if found is None:
        return _nothing(version, edition_then, as_of)
    return QualityDeclaration(
        data_version=version,
        data_edition=edition_then,
        as_of=as_of,
        recorded_at=found.recorded_at,
        synthetic=found.synthetic,
        sources=list(found.sources),
        first=str(found.first),
        last=str(found.last),
        registers=[
            RegisterQuality(
                register=r.name,
                fields=r.fields,
                reported=r.reported,
                late=r.late,
                missing=r.missing,
                excluded=r.excluded,
                late_days_median=r.late_days,
                undated=r.undated,
            )
            for r in found.registers
        ],
        coverage=[
            FigureCoverage(
                figure=c.figure,
                care_areas=[a.code for a in c.care_areas],
                regions=None if c.counted is None else len(c.counted),
                regions_total=found.regions,
                population_share=None if c.share is None else round(c.share, 4),
            )
            for c in found.covered
        ],
        revisions=[
            RevisionQuality(
                care_area=m.care_area,
                months=m.months,
                median_points=m.median_points,
                largest_points=m.largest_points,
            )
            for m in found.moved
        ],
        fault_counts=dict(found.fault_counts),
        faults_withheld=found.withheld,
        faults=[
            KnownFault(
                grade=f.grade,
                rule=f.rule,
                title=f.title,
                dataset=f.dataset,
                region=f.region.code,
                care_areas=[a.code for a in f.care_areas],
                months=[str(m) for m in f.months],
                said=f.said,
                affects=f.affects,
                known=f.known,
            )
            for f in found.faults
        ],
    )


def _nothing(version: int, edition_then: str, as_of: datetime | None) -> QualityDeclaration:
    return QualityDeclaration(
        data_version=version,
        data_edition=edition_then,
        as_of=as_of,
        recorded_at=None,
        synthetic=False,
        sources=[],
        first=None,
        last=None,
        registers=[],
        coverage=[],
        revisions=[],
        fault_counts={},
        faults_withheld=0,
        faults=[],
    )


def quality_maker(counter: Counter) -> Make:
    """What makes the body."""

    def make(form: str, ask: Ask) -> tuple[bytes, Mapping[str, str]]:
        question = read_question(MomentParameters, request.args, last=lambda: last_known(ask.source))
        told = declared(counter, ask, question.as_of)
        return told.model_dump_json(by_alias=True).encode(), {"Lagesbild-Data-Version": str(told.data_version)}

    return make
