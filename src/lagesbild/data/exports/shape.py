"""The columns of an export: a dataset's own, in the contract's order, and what tells where a row comes from."""

from __future__ import annotations

from typing import Final

from lagesbild.domain.dataset_spec import Column, Kind
from lagesbild.domain.datasets import DATASETS
from lagesbild.domain.gap_columns import GAP_COLUMNS

STATUS_SV: Final = {"reported": "rapporterad", "provisional": "preliminär", "suppressed": "dold vid källan"}
SOURCE: Final = Column("x_source", "x_källa", "text")
STATUS: Final = Column("x_status", "x_status", "choice", choices=tuple(STATUS_SV.items()))

_FORECAST_SV: Final[tuple[tuple[str, str, Kind], ...]] = (
    ("run_id", "prognoskörning", "count"),
    ("data_as_of", "data per", "text"),
    ("until", "data till och med", "month"),
    ("region", "region", "text"),
    ("care_area", "vårdområde", "text"),
    ("measure", "mått", "choice"),
    ("period", "period", "month"),
    ("horizon", "månader framåt", "count"),
    ("mean", "medelvärde", "number"),
    ("p50", "median", "number"),
    ("lo80", "80 % nedre", "number"),
    ("hi80", "80 % övre", "number"),
    ("lo95", "95 % nedre", "number"),
    ("hi95", "95 % övre", "number"),
    ("model", "modell", "text"),
    # beyond the contract
    ("lo50", "50 % nedre", "number"),
    ("hi50", "50 % övre", "number"),
    ("note", "anmärkning", "text"),
)
_MEASURES: Final = (
    ("waiting", "väntande"),
    ("within_limit_share", "andel inom vårdgarantin"),
    ("added", "nytillkomna"),
    ("performed", "genomförda"),
    ("expected_wait_days", "förväntad väntetid"),
)
_GAP_SV: Final[dict[str, tuple[str, Kind]]] = {
    "run_id": ("prognoskörning", "count"),
    "region": ("region", "text"),
    "care_area": ("vårdområde", "text"),
    "status": ("läge", "choice"),
    "opens_period": ("öppnar", "month"),
    "probability_3m": ("sannolikhet 3 månader", "number"),
    "probability_6m": ("sannolikhet 6 månader", "number"),
    "probability_12m": ("sannolikhet 12 månader", "number"),
    "load": ("belastning", "number"),
    "extra_per_week_to_stabilise": ("fler per vecka för balans", "number"),
    "extra_per_week_to_target": ("fler per vecka för målet", "number"),
    "target_period": ("målmånad", "month"),
    "expected_wait_days": ("förväntad väntetid dagar", "number"),
    "brokerable_share": ("andel som kan förmedlas", "number"),
    "target_share": ("målandel", "number"),
    "opens_lo": ("öppnar tidigast", "month"),
    "opens_hi": ("öppnar senast", "month"),
    "seasonal_only": ("bara säsong", "choice"),
    "share_now": ("andel nu", "number"),
    "structural_share_now": ("andel nu säsongrensad", "number"),
    "capacity_per_month": ("kapacitet per månad", "number"),
    "free_per_month": ("ledigt per månad", "number"),
    "extra_per_week_to_target_50": ("fler per vecka för målet, 50 % chans", "number"),
    "reason": ("orsak", "text"),
    "paths_share_12m": ("andel av utfallen 12 månader", "number"),
    "lean": ("omkalibrering", "number"),
    "lowest_of_year": ("lägsta andel på ett år", "number"),
    "list_growth": ("köns ändring på tre månader", "number"),
    "limit_used": ("andel av gränsen", "number"),
}
_BACKTEST_SV: Final[tuple[tuple[str, str, Kind], ...]] = (
    ("backtest_id", "utvärdering", "count"),
    ("created_at", "gjord", "text"),
    ("data_set", "datamängd", "text"),
    ("measure", "mått", "choice"),
    ("model", "modell", "text"),
    ("block", "månader framåt", "choice"),
    ("origin_year", "utgångsår", "count"),
    ("forecasts", "antal prognoser", "count"),
    ("mae", "medelfel", "number"),
    ("mase", "MASE", "number"),
    ("wql", "WQL", "number"),
    ("wql_ratio", "WQL mot naiv", "number"),
    ("coverage_80", "träff 80 %", "number"),
    ("coverage_95", "träff 95 %", "number"),
)
_CHOICES: Final = {
    "measure": _MEASURES,
    "status": (("none", "inget"), ("watch", "bevaka"), ("expected", "väntas"), ("open", "öppet")),
    "seasonal_only": (("true", "ja"), ("false", "nej")),
    "block": (("all", "alla"),),
}
FORECAST_SHAPE: Final = tuple(Column(n, sv, kind, choices=_CHOICES.get(n, ())) for n, sv, kind in _FORECAST_SV)
BACKTEST_SHAPE: Final = tuple(Column(n, sv, kind, choices=_CHOICES.get(n, ())) for n, sv, kind in _BACKTEST_SV)
GAP_SHAPE: Final = tuple(Column(n, *_GAP_SV[n], choices=_CHOICES.get(n, ())) for n in GAP_COLUMNS)


def shape_of(name: str) -> tuple[Column, ...]:
    """The columns of an export, in order."""
    if name == "forecasts":
        return (*FORECAST_SHAPE, SOURCE)
    if name == "gaps":
        return (*GAP_SHAPE, SOURCE)
    if name == "backtest":
        return (*BACKTEST_SHAPE, SOURCE)
    return (*DATASETS[name].columns, SOURCE, STATUS)
