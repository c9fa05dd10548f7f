"""`/api/v1/`: what there is to ask, for people who look and programs that find their way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from flask import request
from pydantic import BaseModel, ConfigDict, Field

from lagesbild.api.origins import edition
from lagesbild.api.pages import EDITION, JSON
from lagesbild.api.parameters import NoParameters
from lagesbild.api.reading import read_question
from lagesbild.api.tables import Ask

FORMS: Final = (JSON,)


class Address(BaseModel):
    """One address."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str = Field(description="Adressen.")
    title: str = Field(description="Vad den heter.")
    summary: str = Field(description="Vad den svarar med.")
    forms: list[str] = Field(description="Format som kan begäras med Accept; det första är det vanliga.")
    parameters: list[str] = Field(description="Parametrar som kan anges.")


class Index(BaseModel):
    """All of them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = Field(description="Tjänstens namn.")
    version: str = Field(description="Programmets version.")
    data_version: int = Field(description="Ökar varje gång uppgifterna ändras.")
    data_edition: str = Field(description=EDITION)
    addresses: list[Address] = Field(description="Adresserna.")


def index_maker(addresses: Sequence[Address], version: str) -> Callable[[str, Ask], tuple[bytes, Mapping[str, str]]]:
    """What makes the body."""

    def make(form: str, ask: Ask) -> tuple[bytes, Mapping[str, str]]:
        read_question(NoParameters, request.args)
        now = ask.source.version().version
        told = Index(
            title="Lägesbilds API",
            version=version,
            data_version=now,
            data_edition=edition(ask.source),
            addresses=list(addresses),
        )
        return told.model_dump_json().encode(), {"Lagesbild-Data-Version": str(now)}

    return make
