"""Who is in the simulation: regions, care areas and providers. Built-in Swedish ones first, then neutral ones."""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass, replace
from importlib import resources
from typing import Final

from lagesbild.domain.care import CareArea, Provider, Region
from lagesbild.jobs.seed.queue import Rates

# code, name, short name, healthcare region, secondary, latitude, longitude, population 2023-12-31 (SCB); north to south
_REGIONS: Final = (
    ("25", "Region Norrbotten", "Norrbotten", "Norra", "", 66.96, 20.104, 248_480),
    ("24", "Region Västerbotten", "Västerbotten", "Norra", "", 64.878, 17.826, 278_729),
    ("23", "Region Jämtland Härjedalen", "Jämtland Härjedalen", "Norra", "", 63.271, 14.311, 132_572),
    ("22", "Region Västernorrland", "Västernorrland", "Norra", "", 63.109, 17.273, 242_148),
    ("21", "Region Gävleborg", "Gävleborg", "Mellansverige", "", 61.465, 16.289, 285_642),
    ("20", "Region Dalarna", "Dalarna", "Mellansverige", "", 60.971, 14.356, 287_253),
    ("17", "Region Värmland", "Värmland", "Mellansverige", "", 59.871, 13.124, 283_548),
    ("18", "Region Örebro län", "Örebro", "Mellansverige", "", 59.378, 14.947, 308_116),
    ("19", "Region Västmanland", "Västmanland", "Mellansverige", "", 59.778, 16.143, 280_813),
    ("03", "Region Uppsala", "Uppsala", "Mellansverige", "", 60.068, 17.592, 404_589),
    ("04", "Region Sörmland", "Sörmland", "Mellansverige", "", 59.069, 16.682, 301_944),
    ("01", "Region Stockholm", "Stockholm", "Stockholm", "", 59.513, 18.161, 2_454_821),
    ("09", "Region Gotland", "Gotland", "Stockholm", "", 57.512, 18.518, 61_029),
    ("14", "Västra Götalandsregionen", "Västra Götaland", "Västra", "", 58.271, 12.787, 1_767_016),
    ("13", "Region Halland", "Halland", "Västra", "Södra", 56.962, 12.85, 343_746),
    ("05", "Region Östergötland", "Östergötland", "Sydöstra", "", 58.367, 15.703, 472_298),
    ("06", "Region Jönköpings län", "Jönköping", "Sydöstra", "", 57.518, 14.412, 368_856),
    ("08", "Region Kalmar län", "Kalmar", "Sydöstra", "", 57.26, 16.048, 246_667),
    ("07", "Region Kronoberg", "Kronoberg", "Södra", "", 56.802, 14.565, 203_686),
    ("10", "Region Blekinge", "Blekinge", "Södra", "", 56.288, 15.189, 157_973),
    ("12", "Region Skåne", "Skåne", "Södra", "", 55.955, 13.606, 1_421_781),
)
COUNTRY: Final = Region("SE", "Riket", "Riket", "Riket")


@dataclass(frozen=True)
class SeedArea:
    """A care area and what the simulation needs to know about it."""

    area: CareArea
    operations_a_year: int  # performed in the whole country in `volume_year`
    volume_year: int
    rates: Rates
    not_brokerable: float  # share of those waiting who cannot be sent elsewhere (high ASA class and the like)
    out_of_region: float  # factor on the regions' usual share treated elsewhere
    price_sek: int


@dataclass(frozen=True)
class SeedRegion:
    region: Region
    population: int


@dataclass(frozen=True)
class SeedProvider:
    """A provider and its part of its region's list. `areas` None = every care area."""

    provider: Provider
    weight: float
    areas: tuple[str, ...] | None

    @property
    def sells(self) -> bool:
        """Whether other regions buy from it: the invented private ones."""
        return self.provider.kind == "private" and self.provider.name.startswith("Exempel")


_AREAS: Final = (
    SeedArea(
        CareArea("katarakt", "Kataraktoperation", "operation", 90, "CJC CJD CJE", "H25 H26", None, 1, "Katarakt"),
        159_000, 2022, Rates(0.020, 0.006, 0.002), 0.06, 1.0, 9_500,
    ),
    SeedArea(
        CareArea("knaprotes", "Knäprotesoperation", "operation", 90, "NGB", "M17", None, 2, "Knäprotes"),
        20_500, 2023, Rates(0.020, 0.009, 0.007), 0.17, 1.5, 92_000,
    ),
    SeedArea(
        CareArea("ljumskbrack", "Ljumskbråcksoperation", "operation", 90, "JAB", "K40", 15, 3, "Ljumskbråck"),
        16_000, 2023, Rates(0.016, 0.008, 0.003), 0.09, 1.1, 27_000,
    ),
)  # fmt: skip

# Invented private providers; the names say so. (region, name, care areas, weight against an ordinary hospital's 1)
_INVENTED: Final = (
    ("01", "Exempel Ögonklinik Stockholm", ("katarakt",), 6.0),
    ("01", "Exempel Ortopedi Stockholm", ("knaprotes",), 4.0),
    ("01", "Exempel Bråckcentrum Stockholm", ("ljumskbrack",), 4.0),
    ("14", "Exempel Ögonklinik Göteborg", ("katarakt",), 5.0),
    ("14", "Exempel Ortopedi Göteborg", ("knaprotes",), 2.5),
    ("12", "Exempel Ögonklinik Malmö", ("katarakt",), 4.0),
    ("12", "Exempel Kirurgi Malmö", ("knaprotes", "ljumskbrack"), 2.0),
    ("03", "Exempel Ögonklinik Uppsala", ("katarakt",), 1.5),
    ("05", "Exempel Ögonklinik Linköping", ("katarakt",), 1.2),
    ("06", "Exempel Ortopedi Jönköping", ("knaprotes",), 1.0),
    ("13", "Exempel Ortopedi Halland", ("knaprotes", "ljumskbrack"), 1.2),
    ("19", "Exempel Dagkirurgi Västerås", ("katarakt", "ljumskbrack"), 0.8),
    ("21", "Exempel Ögonklinik Gävle", ("katarakt",), 0.7),
    ("24", "Exempel Dagkirurgi Umeå", ("katarakt", "ljumskbrack"), 0.7),
)
_PRIVATELY_RUN: Final = ("Capio", "Sophiahemmet", "Ersta", "Elisabethsjukhuset")
_SUFFIX: Final = re.compile(
    r"\b(universitets?sjukhus\w*|sjukhus\w*|l[äa]nssjukhus|centralsjukhus|lasarett|n[äa]rsjukhus)\b", re.I
)


def regions(count: int) -> list[SeedRegion]:
    """The `count` most populous Swedish regions, in map order; invented ones after the 21st."""
    built = [
        SeedRegion(Region(c, n, s, h, h2, lat, lon, order, COUNTRY.code), people)
        for order, (c, n, s, h, h2, lat, lon, people) in enumerate(_REGIONS, 1)
    ]
    kept = {r.region.code for r in sorted(built, key=lambda r: -r.population)[:count]}
    extra = [
        SeedRegion(
            Region(f"R{k:03d}", f"Region {k}", f"Region {k}", "Påhittad", "", None, None, k, COUNTRY.code),
            120_000 + 37_000 * (k % 11),
        )
        for k in range(len(built) + 1, count + 1)
    ]
    return [r for r in built if r.region.code in kept] + extra


def care_areas(count: int) -> list[SeedArea]:
    """The first `count` of the three built-in care areas, then invented ones of varying size."""
    extra = [
        replace(
            _AREAS[k % 3],
            area=CareArea(f"omrade-{k:03d}", f"Vårdområde {k}", "operation", 90, "", "", None, k, f"Område {k}"),
            operations_a_year=6_000 + 3_700 * (k % 13),
        )
        for k in range(len(_AREAS) + 1, count + 1)
    ]
    return [*_AREAS[:count], *extra]


def slug(name: str) -> str:
    """A short code from a name.

    >>> slug("Blekingesjukhuset Karlskrona"), slug("S:t Eriks Ögonsjukhus")
    ('blekingesjukhuset-karlskrona', 's-t-eriks-ogonsjukhus')
    """
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def _short(name: str) -> str:
    rest = _SUFFIX.sub("", name).strip()
    return slug(rest if len(rest) > 3 else name)


def _hospital(region: str, name: str) -> SeedProvider:
    small = "närsjukhus" in name.lower()
    eyes = "ögon" in name.lower()
    weight = 4.0 if eyes else 2.5 if "niversitet" in name else 2.0 if re.search("länssj|centralsj", name, re.I) else 1.0
    kind = "private" if name.startswith(_PRIVATELY_RUN) else "public"
    areas = ("katarakt",) if small or eyes else None
    return SeedProvider(Provider(f"{region}-{_short(name)}", name, region, kind), 0.5 if small else weight, areas)


def providers(of: list[SeedRegion]) -> list[SeedProvider]:
    """Hospitals of the open list and invented private providers; two neutral ones for an invented region."""
    text = resources.files("lagesbild.jobs.seed").joinpath("hospitals.csv").read_text(encoding="utf-8")
    known = [_hospital(row["region"], row["name"]) for row in csv.DictReader(text.splitlines())]
    known += [
        SeedProvider(Provider(f"{region}-{slug(' '.join(name.split()[:2]))}", name, region, "private"), weight, areas)
        for region, name, areas, weight in _INVENTED
    ]
    wanted = [r.region.code for r in of]
    out = [p for code in wanted for p in known if p.provider.region == code]
    for code in wanted:
        if code.startswith("R"):
            out.append(SeedProvider(Provider(f"{code}-sjukhus", f"Exempelsjukhuset {code}", code, "public"), 3.0, None))
            out.append(SeedProvider(Provider(f"{code}-privat", f"Exempelkliniken {code}", code, "private"), 1.0, None))
    return out
