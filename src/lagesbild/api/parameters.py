"""What may be asked, as types: they validate the query string, and the OpenAPI description is made of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, ClassVar, Final, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from lagesbild.domain.periods import Month
from lagesbild.domain.selection import parse_as_of
from lagesbild.views.free_capacity import NEAR_KM

MOST_ROWS: Final = 10_000
USUAL_ROWS: Final = 1_000
MOST_CODES: Final = 100
EVERY: Final = "*"
_AS_OF: Final = (
    "Uppgifterna som de var kända då: en svensk dag (hela dagen räknas med) eller en tidpunkt, utan zon i UTC."
)
_MONTH: Final = r"^20\d\d-(0[1-9]|1[0-2])$"
_DAY: Final = r"20\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_MOMENT: Final = rf"^{_DAY}(T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{{1,6}})?)?(Z|[+-](0\d|1[0-4]):[0-5]\d)?)?$"


_CURSOR: Final = r"^[A-Za-z0-9_-]{34}$"  # 25 bytes: see cursors.py


def _month(value: Any) -> Month:
    if not isinstance(value, str) or not re.fullmatch(_MONTH, value, re.ASCII):
        raise ValueError(value)
    return Month.parse(value)


def read_moment(value: Any) -> datetime:
    """What `as_of` says. Raises ValueError."""
    if not isinstance(value, str) or not re.fullmatch(_MOMENT, value, re.ASCII):
        raise ValueError(value)
    return parse_as_of(value)


def _digits(value: Any) -> int:
    if not isinstance(value, str) or not re.fullmatch(r"\d{1,6}", value, re.ASCII):
        raise ValueError(value)
    return int(value)


Code = Annotated[str, Field(max_length=20)]
MonthText = Annotated[
    Month,
    BeforeValidator(_month),
    WithJsonSchema({"type": "string", "pattern": _MONTH, "examples": ["2026-01"]}),
]
Moment = Annotated[
    datetime,
    BeforeValidator(read_moment),
    WithJsonSchema({"type": "string", "pattern": _MOMENT, "examples": ["2026-03-31", "2026-03-31T12:00:00Z"]}),
]
Codes = Annotated[tuple[Code, ...], Field(max_length=MOST_CODES)]


class Parameters(BaseModel):
    """What every question has. A parameter that a model does not have is a fault, never left out."""

    # what `allowed` of a problem says in this question, where it is not as in ALLOWED
    allowed: ClassVar[Mapping[str, str]] = {}
    # Month is a dataclass of ours, with a check and a schema of its own
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Paged(Parameters):
    """A question whose rows come page by page."""

    as_of: Moment | None = Field(None, description=_AS_OF)
    limit: Annotated[
        int, BeforeValidator(_digits), WithJsonSchema({"type": "integer", "minimum": 1, "maximum": MOST_ROWS})
    ] = Field(USUAL_ROWS, ge=1, le=MOST_ROWS, description="Högst så många rader i svaret.")
    cursor: str | None = Field(
        None,
        pattern=_CURSOR,
        description="Var nästa sida börjar, som förra svarets next säger. Gäller samma fråga och samma dataversion.",
    )


class TableParameters(Paged):
    """Of every table: the choices of the contract."""

    region: Codes = Field(
        (), description="Regionens kod; upprepas för flera. Tomt värde är riket. Utan region: alla regioner och summor."
    )
    care_area: Codes = Field((), description="Vårdområdets kod; upprepas för flera. Utan: alla.")
    provider: Codes = Field(
        (), description="Vårdgivarens kod; upprepas för flera. * är alla vårdgivare. Utan: regionernas egna tal."
    )
    from_: MonthText | None = Field(
        None, alias="from", description="Första månaden. Utan: sex år före den sista, eller allt som finns."
    )
    to: MonthText | None = Field(None, description="Sista månaden. Utan: den senaste som finns.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.from_ is not None and self.to is not None and self.from_ > self.to:
            raise ValueError("to")
        return self


class NearParameters(Paged):
    """Of `/free-capacity`."""

    allowed: ClassVar[Mapping[str, str]] = {
        "care_area": "en kod ur /api/v1/care-areas",
        "region": "koden för en region ur /api/v1/regions, inte riket",
        "provider": "en kod ur /api/v1/providers",
    }

    care_area: Code = Field(description="Vårdområdets kod.")
    region: Code = Field(
        description="Koden för den region som söker plats. Den och regioner med öppet gap räknas inte upp."
    )
    provider: Code | None = Field(
        None, description="Vårdgivaren som avståndet räknas från. Utan: den punkt som regionen har."
    )
    sort: Literal["expected_wait", "distance", "capacity"] = Field(
        "expected_wait", description="Kortast förväntad väntetid, närmast, eller mest ledigt först."
    )
    max_km: Annotated[
        int, BeforeValidator(_digits), WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 2_000})
    ] = Field(NEAR_KM, ge=1, le=2_000, description="Högst så långt bort, i kilometer fågelvägen.")


class ReportParameters(TableParameters):
    """Of `/fhir/MeasureReport`."""

    allowed: ClassVar[Mapping[str, str]] = {
        "care_area": "koden för det vårdområde som har KVÅ-prefix för kataraktoperation"
    }

    care_area: Codes = Field((), description="Vårdområdets kod. Meddelandet finns bara för kataraktoperation.")
    provider: Codes = Field((), description="Vårdgivarens kod; upprepas för flera. Utan: alla med HSA-id.")


class MomentParameters(Parameters):
    """Of what is not told in rows: the quality declaration."""

    as_of: Moment | None = Field(None, description=_AS_OF)


class NoParameters(Parameters):
    """Of what is always the same: nothing can be asked."""


# what stands in `allowed` of a problem, by name of the parameter
ALLOWED: Final = {
    "region": f"koder ur /api/v1/regions, högst {MOST_CODES}; tomt värde är riket",
    "care_area": f"koder ur /api/v1/care-areas, högst {MOST_CODES}",
    "provider": f"koder ur /api/v1/providers, högst {MOST_CODES}; * är alla",
    "from": "en månad, ÅÅÅÅ-MM, från 2000-01 till 2099-12",
    "to": "en månad, ÅÅÅÅ-MM, från 2000-01 till 2099-12, som inte är före from",
    "as_of": "en dag, ÅÅÅÅ-MM-DD, eller en tidpunkt enligt ISO 8601, inte efter i dag; skriv + som %2B",
    "limit": f"ett heltal från 1 till {MOST_ROWS}",
    "cursor": "det som förra svarets next har, med samma fråga",
    "sort": "expected_wait, distance eller capacity",
    "max_km": "ett heltal från 1 till 2000",
}
