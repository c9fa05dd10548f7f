"""Small files and codes that the import and export tests share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lagesbild.data.engine import Database
from lagesbild.jobs.importing import ImportResult, import_file

CODES = {
    "regions": (
        "code,name,short_name,healthcare_region,parent\n"
        "SE,Riket,Riket,,\n01,Region Stockholm,Stockholm,Sthlm,SE\n03,Uppsala,Uppsala,Mellan,SE\n14,VGR,VGR,Västra,SE\n"
    ),
    "care-areas": (
        "code,name,kind,guarantee_days,kva_prefixes\nkat,Katarakt,operation,90,CJC CJD CJE\nkna,Knä,other,90,\n"
    ),
    "providers": (
        "code,name,region,kind,hsa_id\nP1,Ett,01,public,SE1-E1\nP2,Två,01,private,SE1-E2\nP3,Tre,03,private,\n"
    ),
}
WAITS = "period,region,care_area,provider,waiting,within_limit"


class Importer:
    """Writes a text to a file and imports it."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.folder = folder

    def codes(self) -> None:
        for dataset, text in CODES.items():
            self(dataset, text)

    def file(self, text: str | bytes, name: str = "fil.csv") -> Path:
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def __call__(self, dataset: str, text: str | bytes, name: str = "fil.csv", **how: Any) -> ImportResult:
        return import_file(self.database, dataset, self.file(text, name), **how)

    def waits(self, *rows: str, **how: Any) -> ImportResult:
        return self("waits", "\n".join([WAITS, *rows]), **how)

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        with self.database.raw() as connection:
            return connection.execute(sql).fetchall()  # type: ignore[call-overload]

    def state(self) -> tuple[Any, ...]:
        """Everything an import could have changed."""
        return (
            self.query("SELECT version FROM data_version"),
            self.query("SELECT * FROM batch ORDER BY batch_id"),
            self.query("SELECT * FROM waits ORDER BY period, region, care_area, provider, recorded_at, batch_id"),
        )
