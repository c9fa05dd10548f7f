"""The datasets of the contract, once. Tables, importers, exports, documentation and their tests all read this."""

from __future__ import annotations

from typing import Final

from lagesbild.domain.dataset_spec import Column, Dataset
from lagesbild.domain.reference_datasets import (
    AREA,
    HOME,
    PROVIDER,
    REFERENCE_DATASETS,
    REGION,
    TREATING,
    count_column,
)

_PERIOD = Column("period", "period", "month", key=True, required=True)

DATASETS: Final[dict[str, Dataset]] = {
    d.name: d
    for d in (
        *REFERENCE_DATASETS,
        Dataset(
            "waits",
            "väntande",
            (
                _PERIOD,
                REGION,
                AREA,
                PROVIDER,
                count_column("waiting", "väntande", required=True),
                count_column("within_limit", "inom vårdgarantin"),
                count_column("waiting_0_30", "väntande 0-30"),
                count_column("waiting_31_60", "väntande 31-60"),
                count_column("waiting_61_90", "väntande 61-90"),
                count_column("waiting_91_120", "väntande 91-120"),
                count_column("waiting_121_180", "väntande 121-180"),
                count_column("waiting_181_365", "väntande 181-365"),
                count_column("waiting_366_", "väntande 366-"),
                count_column("excluded_patient_choice", "patientvald väntan"),
                count_column("excluded_medical", "medicinskt orsakad väntan"),
                Column("wait_days_median", "väntetid median", "days"),
                count_column("not_brokerable", "kan inte förmedlas"),
            ),
            facts=True,
        ),
        Dataset(
            "production",
            "produktion",
            (
                _PERIOD,
                REGION,
                AREA,
                PROVIDER,
                count_column("added", "nytillkomna", required=True),
                count_column("performed", "genomförda", required=True),
                count_column("removed_other", "övriga avslut"),
                count_column("performed_within_limit", "genomförda inom vårdgarantin"),
                Column("performed_within_limit_pct", "genomförda inom vårdgarantin procent", "percent"),
                Column("wait_days_median", "väntetid median", "days"),
                Column("wait_days_p90", "väntetid p90", "days"),
                count_column("planned", "planerade"),
                count_column("cancelled", "inställda"),
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
                REGION,
                AREA,
                PROVIDER,
                count_column("capacity", "kapacitet", required=True),
                count_column("committed", "bokad kapacitet"),
            ),
            facts=True,
        ),
        Dataset(
            "out-of-region",
            "utomlänsvård",
            (
                _PERIOD,
                HOME,
                TREATING,
                AREA,
                PROVIDER,
                count_column("performed", "genomförda", required=True),
            ),
            facts=True,
            note="A part of what `production` has as `performed` of the home region: shares are of that.",
        ),
        Dataset(
            "brokering",
            "vårdförmedling",
            (
                _PERIOD,
                HOME,
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
                AREA,
                count_column("started", "startade", required=True),
                count_column("accepted", "accepterade", required=True),
                count_column("declined", "avböjda", required=True),
                count_column("not_completed", "inte fullföljda", required=True),
                count_column("completed", "fullföljda", required=True),
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
                REGION,
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
                REGION,
                AREA,
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
