"""Rules about the reports themselves: late, said but not there, there but said to be missing, a care area left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import groupby

from lagesbild.domain.care import CareArea
from lagesbild.domain.periods import Month
from lagesbild.domain.registers import DUE_DAY
from lagesbild.domain.swedish import capital, count, join_and
from lagesbild.views.finding import Draft, Grade, Records
from lagesbild.views.finding_words import DATASET_WORDS, affects
from lagesbild.views.reporting_matrix import Field, Matrix


def reports(matrix: Matrix, areas: Mapping[str, CareArea]) -> Iterator[Draft]:
    """Neighbouring months of a region's register with the same fault are one finding."""
    yield from _late(matrix)
    yield from _runs(
        matrix,
        lambda f: f.said == "complete" and f.status == "missing",
        rule="said_complete",
        grade="review",
        title="Sagd fullständig, men saknas",
        evidence=lambda f: "Rapporteringen säger fullständig, inga tal finns",
        threshold="En månad som sägs vara fullständig ska ha tal.",
    )
    yield from _runs(
        matrix,
        lambda f: f.said == "missing" and f.batch is not None,
        rule="said_missing",
        grade="info",
        title="Sagd saknas, men har tal",
        evidence=lambda f: "Rapporteringen säger att månaden saknas, tal finns",
        threshold="En månad som sägs saknas ska inte ha tal.",
    )
    yield from _runs(
        matrix,
        lambda f: bool(f.lacking) and f.said != "excluded",
        rule="lacking",
        grade="review",
        title="Vårdområde saknas",
        evidence=lambda f: f"{capital(join_and([_name(areas, a) for a in f.lacking]))} saknas, de övriga finns",
        threshold="Ett vårdområde som regionen rapporterar andra månader ska finnas.",
    )


def unknown_providers(records: Records) -> Iterator[Draft]:
    """Rows of a provider that is not, or no longer, in the list of providers."""
    for dataset, rows in records.rows.items():
        mine = rows[(rows["provider"] != "") & ~rows["provider"].isin(list(records.providers))]
        for (region, code), part in mine.groupby(["region", "provider"]):
            yield Draft(
                rule="unknown_provider",
                grade="review",
                title="Okänd vårdgivare",
                dataset=dataset,
                region=str(region),
                care_areas=tuple(sorted(set(part["care_area"]))),
                measure=DATASET_WORDS[dataset],
                months=tuple(sorted({Month.of(p) for p in part["period"]})),
                evidence=f"{count(len(part))} rader har koden {code}, som inte finns bland vårdgivarna",
                covered=f"Koden {code} finns inte bland vårdgivarna",
                threshold="Varje vårdgivare ska finnas i listan över vårdgivare.",
                affects=affects(dataset, records.regions[str(region)].short_name),
                batch=int(part["batch_id"].max()),
            )


def _late(matrix: Matrix) -> Iterator[Draft]:
    for register in matrix.registers:
        for region in matrix.regions:
            for month in matrix.months:
                field = matrix.fields[register, region.code, month]
                if not field.late_days or field.status == "excluded":
                    continue
                days = f"{count(field.late_days)} {'dag' if field.late_days == 1 else 'dagar'} efter sista dag"
                yield _draft(
                    register,
                    region.code,
                    region.short_name,
                    (month,),
                    field,
                    rule="late",
                    grade="info",
                    title="Sent inkommen",
                    evidence=days,
                    threshold=f"Sista dag är den {DUE_DAY}:e månaden efter.",
                    known="inkommen",
                )


def _runs(
    matrix: Matrix,
    wrong: Callable[[Field], bool],
    *,
    evidence: Callable[[Field], str],
    rule: str,
    grade: Grade,
    title: str,
    threshold: str,
) -> Iterator[Draft]:
    for register in matrix.registers:
        for region in matrix.regions:
            hits = [m for m in matrix.months if wrong(matrix.fields[register, region.code, m])]
            told = {m: evidence(matrix.fields[register, region.code, m]) for m in hits}
            # months in a row have the same difference between place and number
            for _, run in groupby(enumerate(hits), key=lambda x: (x[1].ordinal - x[0], told[x[1]])):
                months = tuple(m for _, m in run)
                yield _draft(
                    register,
                    region.code,
                    region.short_name,
                    months,
                    matrix.fields[register, region.code, months[-1]],
                    rule=rule,
                    grade=grade,
                    title=title,
                    evidence=told[months[0]],
                    threshold=threshold,
                )


def _draft(
    register: str,
    region: str,
    name: str,
    months: tuple[Month, ...],
    field: Field,
    *,
    rule: str,
    grade: Grade,
    title: str,
    evidence: str,
    threshold: str,
    known: str = "",
) -> Draft:
    return Draft(
        rule=rule,
        grade=grade,
        title=title,
        dataset=register,
        region=region,
        care_areas=field.lacking,
        measure=DATASET_WORDS[register],
        months=months,
        evidence=evidence,
        covered=evidence,
        threshold=threshold,
        affects=affects(register, name),
        batch=field.batch,
        known=known,
    )


def _name(areas: Mapping[str, CareArea], code: str) -> str:
    name = areas[code].short if code in areas else code
    return name[:1].lower() + name[1:] if name[1:2].islower() else name
