"""Style and script of the page: the service's own sheets, so that both look the same, and what is read from `web/`."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from importlib.resources import files
from pathlib import Path
from typing import Final

ASSETS: Final = Path(__file__).resolve().parents[4] / "assets"
FONT: Final = "fonts/source-sans-3-latin-wght-normal.woff2"
# of assets/, in order; sheets of single pages that the snapshot has no parts of are left out
SHEETS: Final = (
    "10_tokens.css",
    "20_icons.css",
    "30_base.css",
    "35_shell.css",
    "40_components.css",
    "45_matrix.css",
    "49_quality.css",
    "90_phone.css",
    "95_print.css",
    "96_forced.css",
)


def style(assets: Path = ASSETS) -> str:
    """The style sheets with the font in them. Raises ValueError when the font is named in no sheet."""
    text = "\n".join((assets / name).read_text(encoding="utf-8") for name in SHEETS)
    named = f'url("{FONT}")'
    if named not in text:
        raise ValueError(f"no style sheet names {FONT}")
    font = b64encode((assets / FONT).read_bytes()).decode()
    text = text.replace(named, f'url("data:font/woff2;base64,{font}")')
    own = [p.read_text(encoding="utf-8") for p in _own(".css")]
    return "\n".join([text, *own])


def script() -> str:
    """The files of `web/` in the order of their names, in one scope of their own."""
    parts = "\n".join(p.read_text(encoding="utf-8") for p in _own(".js"))
    return f'(function () {{\n"use strict";\n{parts}\n}})();'


def script_hash(text: str) -> str:
    """By which the policy lets a script run, and no other."""
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _own(ending: str) -> list[Path]:
    folder = Path(str(files(__package__ or "") / "web"))
    return sorted(p for p in folder.iterdir() if p.name.endswith(ending))
