"""The codes that rows may refer to, as the database knows them when a file is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property


@dataclass(frozen=True)
class Codes:
    """Known codes. `providers` maps a provider to its region; `hsa` an HSA-id to its provider."""

    regions: frozenset[str] = frozenset()
    care_areas: frozenset[str] = frozenset()
    providers: dict[str, str] = field(default_factory=dict)
    hsa: dict[str, str] = field(default_factory=dict)
    kva_prefixes: dict[str, str] = field(default_factory=dict)  # care area -> its KVÅ prefixes, space-separated

    @cached_property
    def by_dataset(self) -> dict[str, frozenset[str]]:
        """`Column.references` -> the codes that exist."""
        return {"regions": self.regions, "care-areas": self.care_areas, "providers": frozenset(self.providers)}


_WHAT = {"regions": "en region", "care-areas": "ett vårdområde", "providers": "en vårdgivare"}


def expected_code(references: str) -> str:
    return f"koden för {_WHAT[references]} som finns i databasen"


def code_remedy(references: str, code: str, known: frozenset[str]) -> str:
    """What to do about an unknown code, with the likely right one: Excel drops leading zeros, people mistype."""
    if not known:
        return f"Inga koder finns ännu; importera datamängden {references} först."
    padded = next((k for k in (code.zfill(2), code.zfill(3), code.zfill(4)) if k in known), None)
    if padded is not None and padded != code:
        return f"Menades ”{padded}”? Excel tar bort inledande nollor; formatera kolumnen som text."
    folded = {k.casefold(): k for k in sorted(known)}
    near = get_close_matches(code.casefold(), list(folded), n=1, cutoff=0.7)
    hint = f"Menades ”{folded[near[0]]}”? " if near else ""
    return f"{hint}Rätta koden, eller importera den i datamängden {references} först."
