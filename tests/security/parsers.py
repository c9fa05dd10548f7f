"""The parsers as the program calls them, and what they are given before it is mutated."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date
from pathlib import Path

from openpyxl import Workbook

from lagesbild.data.importers.checks import check_rows
from lagesbild.data.importers.codes import Codes
from lagesbild.data.importers.csv_rows import csv_blocks
from lagesbild.data.importers.faults import Faults, faults_csv
from lagesbild.data.importers.fhir import production_rows
from lagesbild.data.importers.files import inspect_file
from lagesbild.data.importers.typed import read_block
from lagesbild.data.importers.xlsx_rows import xlsx_blocks
from lagesbild.data.staging import as_csv
from lagesbild.domain.datasets import DATASETS
from lagesbild.domain.errors import InputError, LagesbildError

TODAY = date(2026, 11, 1)
CODES = Codes(
    regions=frozenset({"SE", "01", "03", "14"}),
    care_areas=frozenset({"kat", "kna"}),
    providers={"P1": "01", "P2": "01", "P3": "03"},
    hsa={"SE1-E1": "P1", "SE1-E2": "P2"},
    kva_prefixes={"kat": "CJC CJD CJE"},
)
SAMPLES = {
    "regions": "code,name,short_name,healthcare_region,lat,lon,parent\n"
    "01,Region A,A,Norra,59.3,18.1,SE\nSE,Riket,Riket,,,,",
    "care-areas": "code,name,kind,guarantee_days,kva_prefixes,min_age\n"
    "kat,Katarakt,operation,90,CJC CJD,18\nkna,Knä,other,90,,",
    "providers": "code,name,region,kind,hsa_id,lat,lon,agreement_from,agreement_until\n"
    "P1,Ett,01,public,SE1-E1,59,18,2024-01-01,",
    "guarantee-limits": "care_area,region,valid_from,days\nkat,,2005-11-01,90\nkat,01,2020-01-01,60",
    "population": "year,region,population\n2024,01,2 400 000\n2025,01,2410000",
    "waits": (
        "period,region,care_area,provider,waiting,within_limit,waiting_0_30,waiting_31_60,waiting_61_90,wait_days_median\n"
        "2024-01,01,kat,,100,80,40,20,20,45.5\n2024-01,01,kat,P1,<5,,,,,\n2024-02,03,kna,,12,9,,,,"
    ),
    "production": (
        "period,region,care_area,provider,added,performed,removed_other,performed_within_limit,performed_within_limit_pct,"
        "wait_days_median,planned,cancelled\n2024-01,01,kat,,50,45,5,40,88.9,40,48,3\n2024-01,01,kat,P1,<5,4,,,,,,"
    ),
    "capacity": "period,region,care_area,provider,capacity,committed\n2024-01,01,kat,,60,40\n2024-02,01,kat,P1,10,<5",
    "out-of-region": "period,home_region,treating_region,care_area,performed\n"
    "2024-01,01,03,kat,7\n2024-01,03,01,kat,<5",
    "brokering": (
        "period,home_region,treating_region,care_area,started,accepted,declined,not_completed,completed,cost_sek\n"
        "2024-01,01,03,kat,7,5,1,1,4,120000.5\n2024-01,01,,kat,2,0,2,0,0,"
    ),
    "breaks": "region,care_area,from,to,kind,reason\n"
    "01,kat,2024-01,2024-03,mask,Nytt system\n,,2023-05-01,,system_change,Allt",
    "reporting": "period,region,register,status,reason\n2024-01,01,waits,complete,\n2024-01,03,waits,missing,Sent",
    "published-shares": "period,region,care_area,within_limit_pct\n2024-01,01,kat,81.4\n2024-02,01,kat,79",
}  # fmt: skip


def _report(measure: str, code: str, value: float, unit: str, month: str = "2026-02") -> dict[str, object]:
    counts = {"initial-population": 100, "denominator": 90, "numerator": 72}
    population = [{"code": {"coding": [{"code": c}]}, "count": n} for c, n in counts.items()]
    group = {
        "code": {"coding": [{"code": code}]},
        "population": population,
        "measureScore": {"value": value, "unit": unit, "code": unit},
    }
    return {
        "resourceType": "MeasureReport",
        "status": "complete",
        "measure": f"https://example.org/Measure/{measure}",
        "reporter": {"identifier": {"value": "SE1-E1"}},
        "period": {"start": f"{month}-01", "end": f"{month}-28"},
        "group": [group],
    }


BUNDLE = {
    "resourceType": "Bundle",
    "entry": [
        {"resource": _report("vantetid-vardgaranti", "andel_inom_90", 80.0, "%")},
        {"resource": _report("vantetid-median", "median_vantetid", 45.0, "d")},
    ],
}


def workbook(table: str) -> dict[str, bytes]:
    """The parts of a workbook that holds a CSV table."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for line in table.split("\n"):
        sheet.append([float(c) if c.replace(".", "").isdigit() and len(c) > 2 else c for c in line.split(",")])
    out = io.BytesIO()
    book.save(out)
    with zipfile.ZipFile(out) as archive:
        return {n: archive.read(n) for n in archive.namelist()}


def zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), content)
    return out.getvalue()


def told(error: LagesbildError) -> None:
    """Every refusal is a sentence that can be printed."""
    assert error.message
    assert error.message.isprintable(), error.message


def read_table(dataset: str, path: Path) -> Faults | None:
    """Read a file as an import does, up to where the database begins. None: refused as a whole, in Swedish."""
    spec, faults = DATASETS[dataset], Faults(path.name)
    try:
        file = inspect_file(path)
        if file.kind == "json":
            return None
        header, blocks = (xlsx_blocks if file.kind == "xlsx" else csv_blocks)(file, spec, faults)
        if header is not None:
            for block in blocks:
                typed = read_block(spec, block, header, CODES, TODAY, faults)
                check_rows(typed, CODES, faults)
                as_csv(typed, False)
    except InputError as error:
        told(error)
        return None
    faults_csv(faults.shown_errors)
    return faults


def read_fhir(path: Path) -> Faults | None:
    faults = Faults(path.name)
    try:
        found = production_rows(inspect_file(path), CODES, faults)
    except InputError as error:
        told(error)
        return None
    if found is not None:
        header, block = found
        typed = read_block(DATASETS["production"], block, header, CODES, TODAY, faults)
        check_rows(typed, CODES, faults)
        as_csv(typed, False)
    faults_csv(faults.shown_errors + faults.shown_warnings)
    return faults


BUNDLE_TEXT = json.dumps(BUNDLE).encode()
