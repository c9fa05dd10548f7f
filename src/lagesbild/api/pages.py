"""One page of a table as JSON or CSV, with what must be known beside the rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, Literal
from urllib.parse import quote

import orjson
from pydantic import BaseModel, ConfigDict, Field, create_model

from lagesbild.api.fields import lists_of, names_of, row_model
from lagesbild.domain.viewer import Viewer
from lagesbild.views.published_tables import Column, PublishedTable

JSON: Final = "application/json"
CSV: Final = "text/csv"
EDITION: Final = (
    "Dataversionen som sidor, underlag och ögonblicksbilder skriver den, vid tidpunkten som frågan gällde: dagen för "
    "den senaste inläsningen och dess nummer; tom när inget är inläst. Ändras inte av prognoser."
)
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


class Envelope(BaseModel):
    """What stands around the rows of every table."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    dataset: str = Field(description="Tabellens namn.")
    title: str = Field(description="Tabellens rubrik.")
    data_version: int = Field(ge=0, description="Ökar varje gång uppgifterna ändras.")
    data_edition: str = Field(description=EDITION)
    as_of: datetime | None = Field(description="Tidpunkten som frågan gällde; null är nu.")
    recorded_at: datetime | None = Field(description="När den senaste av uppgifterna bakom blev känd.")
    synthetic: bool = Field(description="Sant när någon av uppgifterna bakom är påhittad.")
    sources: list[str] = Field(description="Var uppgifterna kommer från.")
    viewer: Literal["public", "exact"] = Field(description="public = små tal är skyddade; exact = alla tal visas.")
    notes: list[str] = Field(description="Vad i frågan som inte väljer något här, och vad som inte är känt.")
    count: int = Field(ge=0, description="Antal rader i allt, på alla sidor.")
    next: str | None = Field(description="Adressen till nästa sida; null när det inte finns fler.")


@lru_cache(maxsize=64)
def envelope_model(name: str, columns: tuple[Column, ...]) -> type[BaseModel]:
    """The type of a table's answer."""
    row = row_model(name, columns)
    title = row.__name__.removesuffix("Row")
    return create_model(f"{title}Page", __base__=Envelope, data=(list[row], Field(description="Raderna.")))  # type: ignore[valid-type]


@dataclass(frozen=True)
class Page:
    """Rows `first` to `last` of a table, and what is told of them. `version` is raised by every change, `edition` is
    what people are told; `next`: the address of the next page, or ""."""

    table: PublishedTable
    first: int
    last: int
    version: int
    edition: str
    as_of: datetime | None
    viewer: Viewer
    notes: tuple[str, ...]
    next: str

    @property
    def headers(self) -> Mapping[str, str]:
        """The envelope in the head of the answer, which is all that CSV has."""
        table = self.table
        found = {
            "Lagesbild-Data-Version": str(self.version),
            "Lagesbild-Data-Edition": self.edition,
            "Lagesbild-Synthetic": "true" if table.synthetic else "false",
            "Lagesbild-Viewer": self.viewer.role,
            "Lagesbild-Count": str(len(table.frame)),
            "Lagesbild-Sources": ", ".join(quote(s, safe=" ()") for s in table.sources),
        }
        if self.as_of is not None:
            found["Lagesbild-As-Of"] = self.as_of.isoformat()
        if table.recorded_at is not None:
            found["Lagesbild-Recorded-At"] = table.recorded_at.isoformat()
        if self.notes:
            found["Lagesbild-Notes"] = " ".join(quote(n, safe=" ,:") for n in self.notes)
        if self.next:
            found["Link"] = f'<{self.next}>; rel="next"'
        return found


def as_json(page: Page) -> bytes:
    """The page as `envelope_model` describes it."""
    table = page.table
    names = names_of(table.columns)
    rows = zip(*lists_of(table.columns, table.frame.iloc[page.first : page.last]), strict=True)
    told: dict[str, Any] = {
        "dataset": table.dataset,
        "title": table.title,
        "data_version": page.version,
        "data_edition": page.edition,
        "as_of": _moment(page.as_of),
        "recorded_at": _moment(table.recorded_at),
        "synthetic": bool(table.synthetic),
        "sources": list(table.sources),
        "viewer": page.viewer.role,
        "notes": list(page.notes),
        "count": len(table.frame),
        "next": page.next or None,
        "data": [dict(zip(names, row, strict=True)) for row in rows],
    }
    return orjson.dumps(told)


def _moment(moment: datetime | None) -> str | None:
    """As text, whether it is Python's or pandas' own."""
    return None if moment is None else moment.isoformat()


def as_csv(page: Page) -> bytes:
    """UTF-8, comma, decimal point, one heading row; empty where there is no number, and the state beside says why."""
    table = page.table
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names_of(table.columns))
    rows = zip(*lists_of(table.columns, table.frame.iloc[page.first : page.last]), strict=True)
    writer.writerows([_cell(v) for v in row] for row in rows)
    return out.getvalue().encode()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        # no cell can start a formula when somebody opens the answer in a spreadsheet
        return f"'{value}" if value.startswith(_FORMULA) else value
    return repr(value)
