"""What is wrong, as RFC 9457 problem documents: Swedish, with every faulty parameter named at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import orjson
from flask import Response, request
from pydantic import BaseModel, ConfigDict, Field

MEDIA: Final = "application/problem+json"
TYPE: Final = "urn:lagesbild:problem:"
_SHOWN: Final = 120  # characters of a value that are given back


class Fault(BaseModel):
    """One parameter that cannot be used."""

    model_config = ConfigDict(frozen=True)

    parameter: str = Field(description="Parameterns namn.")
    value: str = Field(description="Värdet som skickades, högst 120 tecken av det.")
    allowed: str = Field(description="Vad som är tillåtet.")


class ProblemDocument(BaseModel):
    """The body of every answer that is not what was asked for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: str = Field(description="Vilket slags fel: ett namn som inte ändras.")
    title: str = Field(description="Felets namn.")
    status: int = Field(ge=400, le=599, description="HTTP-status.")
    detail: str = Field(description="Vad som är fel och vad man gör åt det.")
    instance: str = Field(description="Adressen som anropades, utan parametrar.")
    errors: list[Fault] = Field(default=[], description="En rad för varje parameter som är fel.")


class ProblemError(Exception):
    """Raised where a question cannot be answered; `response` is what is sent."""

    def __init__(
        self,
        status: int,
        kind: str,
        title: str,
        detail: str,
        errors: Sequence[Fault] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.kind, self.title, self.detail = status, kind, title, detail
        self.errors, self.headers = tuple(errors), dict(headers or {})

    def response(self) -> Response:
        """Never kept by anybody: the next try may go well."""
        document = ProblemDocument(
            type=TYPE + self.kind,
            title=self.title,
            status=self.status,
            detail=self.detail,
            instance=request.path,
            errors=list(self.errors),
        )
        body = orjson.dumps(document.model_dump())
        response = Response(body, status=self.status, content_type=MEDIA, headers=self.headers)
        response.headers["Cache-Control"] = "no-store"
        return response


def fault(parameter: str, value: object, allowed: str) -> Fault:
    """One line of `errors`."""
    text = str(value)
    return Fault(
        parameter=parameter[:_SHOWN], value=text if len(text) <= _SHOWN else f"{text[:_SHOWN]} …", allowed=allowed
    )


def wrong_parameters(errors: Sequence[Fault]) -> ProblemError:
    """400: one or more parameters."""
    names = ", ".join(dict.fromkeys(f"”{e.parameter}”" for e in errors))
    return ProblemError(
        400,
        "parameter",
        "Fel i frågan",
        f"Frågan kan inte besvaras: {names}. Se errors för vad som är tillåtet.",
        errors,
    )


def changed_data() -> ProblemError:
    """410: the cursor's data version is no more."""
    return ProblemError(
        410,
        "changed-data",
        "Uppgifterna har ändrats",
        "Uppgifterna har ändrats sedan första sidan. Börja om utan cursor, så att alla sidor är ur samma version.",
    )


def not_acceptable(forms: Sequence[str]) -> ProblemError:
    """406: none of the forms that are asked for."""
    return ProblemError(
        406,
        "not-acceptable",
        "Formatet finns inte",
        f"Adressen kan svara med {' eller '.join(forms)}. Ange ett av dem i Accept, eller utelämna Accept.",
    )


def not_found(path: str) -> ProblemError:
    """404: no such address."""
    return ProblemError(
        404,
        "not-found",
        "Adressen finns inte",
        f"Det finns inget på ”{path[:_SHOWN]}”. /api/v1/ räknar upp de adresser som finns.",
    )


def not_allowed(allowed: Sequence[str]) -> ProblemError:
    """405: nothing can be changed here."""
    methods = ", ".join(allowed)
    return ProblemError(
        405,
        "method",
        "Metoden kan inte användas",
        f"Här kan man bara läsa. Tillåtna metoder: {methods}.",
        headers={"Allow": methods},
    )


def too_long(most: int) -> ProblemError:
    """414: the question is longer than anybody needs."""
    return ProblemError(
        414, "too-long", "Frågan är för lång", f"Frågan får vara högst {most} tecken. Dela upp den i flera."
    )


def no_database() -> ProblemError:
    """503: a while later it may go well."""
    return ProblemError(
        503,
        "database",
        "Databasen svarar inte",
        "Databasen svarar inte just nu. Försök igen om en stund.",
        headers={"Retry-After": "5"},
    )


def busy() -> ProblemError:
    """503: others' answers are being made, as many as may be at a time."""
    return ProblemError(
        503,
        "busy",
        "Upptaget",
        "Så många svar som får göras på en gång görs redan. Försök igen om en stund, och ställ färre frågor samtidigt.",
        headers={"Retry-After": "2"},
    )


def unforeseen(number: str) -> ProblemError:
    """500: a fault of ours, which is in the log."""
    return ProblemError(
        500, "internal", "Internt fel", f"Frågan kunde inte besvaras. Felet är loggat med nummer {number}."
    )
