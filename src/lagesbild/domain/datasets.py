"""The datasets of the contract, once. Tables, importers, exports, documentation and their tests all read this."""

from __future__ import annotations

from typing import Final

from lagesbild.domain.dataset_spec import Column, Dataset


def _count(name: str, sv: str, required: bool = False) -> Column:
    return Column(name, sv, "count", required=required)


_PERIOD = Column("period", "period", "month", key=True, required=True)
_REGION = Column("region", "region", "text", key=True, required=True, references="regions", max_length=20)
_AREA = Column("care_area", "vårdområde", "text", key=True, required=True, references="care-areas", max_length=20)
_PROVIDER = Column(
    "provider", "vårdgivare", "text", key=True, references="providers", empty_means="hela regionen", max_length=60
)
_HOME = Column("home_region", "hemregion", "text", key=True, required=True, references="regions", max_length=20)
_TREATING = Column(
    "treating_region", "utförande region", "text", key=True, required=True, references="regions", max_length=20
)

DATASETS: Final[dict[str, Dataset]] = {
    d.name: d
    for d in (
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
                _AREA,
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
                _REGION,
                _count("population", "befolkning", required=True),
            ),
            facts=False,
        ),
        Dataset(
            "waits",
            "väntande",
            (
                _PERIOD,
                _REGION,
                _AREA,
                _PROVIDER,
                _count("waiting", "väntande", required=True),
                _count("within_limit", "inom vårdgarantin"),
                _count("waiting_0_30", "väntande 0-30"),
                _count("waiting_31_60", "väntande 31-60"),
                _count("waiting_61_90", "väntande 61-90"),
                _count("waiting_91_120", "väntande 91-120"),
                _count("waiting_121_180", "väntande 121-180"),
                _count("waiting_181_365", "väntande 181-365"),
                _count("waiting_366_", "väntande 366-"),
                _count("excluded_patient_choice", "patientvald väntan"),
                _count("excluded_medical", "medicinskt orsakad väntan"),
                Column("wait_days_median", "väntetid median", "days"),
                _count("not_brokerable", "kan inte förmedlas"),
            ),
            facts=True,
        ),
        Dataset(
            "production",
            "produktion",
            (
                _PERIOD,
                _REGION,
                _AREA,
                _PROVIDER,
                _count("added", "nytillkomna", required=True),
                _count("performed", "genomförda", required=True),
                _count("removed_other", "övriga avslut"),
                _count("performed_within_limit", "genomförda inom vårdgarantin"),
                Column("performed_within_limit_pct", "genomförda inom vårdgarantin procent", "percent"),
                Column("wait_days_median", "väntetid median", "days"),
                Column("wait_days_p90", "väntetid p90", "days"),
                _count("planned", "planerade"),
                _count("cancelled", "inställda"),
            ),
            facts=True,
            note="`region` is where the patients live: its own, wherever they were treated, so that out-of-region"
            " care is a part of `performed`. A provider's row is of its own list. `performed_within_limit_pct`"
            " is the share as its source publishes it, also where the counts are not sent: of those performed in"
            " the month, never of those waiting.",
        ),
        Dataset(
            "capacity",
            "kapacitet",
            (
                _PERIOD,
                _REGION,
                _AREA,
                _PROVIDER,
                _count("capacity", "kapacitet", required=True),
                _count("committed", "bokad kapacitet"),
            ),
            facts=True,
        ),
        Dataset(
            "out-of-region",
            "utomlänsvård",
            (
                _PERIOD,
                _HOME,
                _TREATING,
                _AREA,
                _PROVIDER,
                _count("performed", "genomförda", required=True),
            ),
            facts=True,
            note="A part of what `production` has as `performed` of the home region: shares are of that.",
        ),
        Dataset(
            "brokering",
            "vårdförmedling",
            (
                _PERIOD,
                _HOME,
                Column(
                    "treating_region",
                    "utförande region",
                    "text",
                    key=True,
                    required=True,
                    references="regions",
                    empty_means="ingen hittades",
                    max_length=20,
                ),
                _AREA,
                _count("started", "startade", required=True),
                _count("accepted", "accepterade", required=True),
                _count("declined", "avböjda", required=True),
                _count("not_completed", "inte fullföljda", required=True),
                _count("completed", "fullföljda", required=True),
                Column("handling_days_median", "handläggningstid median", "days"),
                Column("cost_sek", "kostnad kr", "amount"),
            ),
            facts=True,
        ),
        Dataset(
            "breaks",
            "avbrott",
            (
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
                Column(
                    "care_area",
                    "vårdområde",
                    "text",
                    key=True,
                    required=True,
                    references="care-areas",
                    empty_means="alla vårdområden",
                    max_length=20,
                ),
                Column("from", "från", "month", key=True, required=True),
                Column("to", "till", "month", key=True, required=True, empty_means="pågår"),
                Column(
                    "kind",
                    "typ",
                    "choice",
                    required=True,
                    choices=(
                        ("mask", "undantas"),
                        ("system_change", "systembyte"),
                        ("definition_change", "definitionsändring"),
                    ),
                ),
                Column("reason", "orsak", "text", required=True, max_length=2000),
            ),
            facts=False,
        ),
        Dataset(
            "reporting",
            "rapportering",
            (
                _PERIOD,
                _REGION,
                Column("register", "register", "text", key=True, required=True, max_length=60),
                Column(
                    "status",
                    "status",
                    "choice",
                    required=True,
                    choices=(
                        ("complete", "fullständig"),
                        ("partial", "ofullständig"),
                        ("missing", "saknas"),
                        ("excluded", "utesluten"),
                    ),
                ),
                Column("reason", "orsak", "text", max_length=2000),
            ),
            facts=True,
        ),
        Dataset(
            "published-shares",
            "publicerade andelar",
            (
                _PERIOD,
                _REGION,
                _AREA,
                Column("within_limit_pct", "inom vårdgarantin procent", "percent", required=True),
            ),
            facts=True,
            # the two shares are never mixed: waiting (a stock, here) and performed (a flow, in production)
            note="Shares published without the numbers behind them: of those waiting at the end of the month. The share"
            " of those performed is `performed_within_limit_pct` in `production`.",
        ),
    )
}
FACT_DATASETS: Final = tuple(d.name for d in DATASETS.values() if d.facts)
