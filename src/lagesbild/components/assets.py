"""The style sheets and scripts of `assets/` as one file each: thirty small requests in a row cost a first visit more
than their contents. Their address changes with what is in them, so a browser may keep them for ever."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FIRST: Final = "theme.js"  # stands in the document itself, before anything is painted


@dataclass(frozen=True)
class Bundle:
    """One file made of many, in the order of their names."""

    path: str
    body: bytes
    content_type: str

    @property
    def address(self) -> str:
        return f"{self.path}?m={hashlib.sha256(self.body).hexdigest()[:16]}"


def bundles(assets: Path) -> tuple[Bundle, Bundle]:
    """Style and script. A script is closed by a line of its own, so that none runs into the next."""
    style = b"\n".join(p.read_bytes() for p in sorted(assets.glob("*.css")))
    script = b"\n;\n".join(p.read_bytes() for p in sorted(assets.glob("*.js")) if p.name != FIRST)
    return (
        Bundle("/assets/lagesbild.css", style, "text/css; charset=utf-8"),
        Bundle("/assets/lagesbild.js", script, "text/javascript; charset=utf-8"),
    )


def first_script(assets: Path) -> tuple[str, str]:
    """What stands in the document, and the hash by which the policy lets it run."""
    text = (assets / FIRST).read_text(encoding="utf-8")
    return text, f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
