"""What facts are about: regions, care areas, providers, limits and inhabitants, and the columns that refer to them."""

from __future__ import annotations

from typing import Final

from lagesbild.domain.dataset_spec import Column, Dataset


def count_column(name: str, sv: str, required: bool = False) -> Column:
    """Of persons or operations."""
    return Column(name, sv, "count", required=required)


REGION = Column("region", "region", "text", key=True, required=True, references="regions", max_length=20)
AREA = Column("care_area", "vårdområde", "text", key=True, required=True, references="care-areas", max_length=20)
PROVIDER = Column(
    "provider", "vårdgivare", "text", key=True, references="providers", empty_means="hela regionen", max_length=60
)
HOME = Column("home_region", "hemregion", "text", key=True, required=True, references="regions", max_length=20)
TREATING = Column(
    "treating_region", "utförande region", "text", key=True, required=True, references="regions", max_length=20
)

REFERENCE_DATASETS: Final = (
    Dataset(
        "regions",
        "regioner",
        (
            Column("code", "kod", "text", key=True, required=True, max_length=20),
            Column("name", "namn", "text", required=True),
            Column("short_name", "kortnamn", "text", required=True),
            Column("healthcare_region", "sjukvårdsregion", "text", required=True),
            Column("healthcare_region_secondary", "sekundär sjukvårdsregion", "text"),
            Column("lat", "latitud", "number"),
            Column("lon", "longitud", "number"),
            Column("sort_order", "sorteringsordning", "number"),
            Column("parent", "överordnad", "text", max_length=20),
        ),
        facts=False,
    ),
    Dataset(
        "care-areas",
        "vårdområden",
        (
            Column("code", "kod", "text", key=True, required=True, max_length=20),
            Column("name", "namn", "text", required=True),
            Column(
                "kind",
                "typ",
                "choice",
                required=True,
                choices=(("operation", "operation"), ("first_visit", "första besök"), ("other", "annat")),
            ),
            Column("guarantee_days", "vårdgaranti dagar", "days", required=True),
            Column("kva_prefixes", "KVÅ-prefix", "codes"),
            Column("icd10_prefixes", "ICD-10-prefix", "codes"),
            Column("min_age", "lägsta ålder", "number"),
            Column("sort_order", "sorteringsordning", "number"),
            Column("short_name", "kortnamn", "text"),
        ),
        facts=False,
    ),
    Dataset(
        "providers",
        "vårdgivare",
        (
            Column("code", "kod", "text", key=True, required=True, max_length=60),
            Column("name", "namn", "text", required=True),
            Column("region", "region", "text", required=True, references="regions", max_length=20),
            Column(
                "kind",
                "driftsform",
                "choice",
                required=True,
                choices=(("public", "offentlig"), ("private", "privat")),
            ),
            Column("hsa_id", "HSA-id", "text"),
            Column("lat", "latitud", "number"),
            Column("lon", "longitud", "number"),
            Column("agreement_from", "avtal från", "date"),
            Column("agreement_until", "avtal till", "date"),
            Column("conditions", "villkor", "text", max_length=2000),
        ),
        facts=False,
    ),
    Dataset(
        "guarantee-limits",
        "vårdgarantigränser",
        (
            AREA,
            Column(
                "region",
                "region",
                "text",
                key=True,
                required=True,
                references="regions",
                empty_means="alla regioner",
                max_length=20,
            ),
            Column("valid_from", "giltig från", "date", key=True, required=True),
            Column("days", "dagar", "days", required=True),
        ),
        facts=False,
        note="A new limit moves the share by itself: give its month in `breaks` too, as `definition_change`, so"
        " that no change is judged across it.",
    ),
    Dataset(
        "population",
        "befolkning",
        (
            Column("year", "år", "year", key=True, required=True),
            REGION,
            count_column("population", "befolkning", required=True),
        ),
        facts=False,
    ),
)
