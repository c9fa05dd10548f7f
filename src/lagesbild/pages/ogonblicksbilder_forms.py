"""Forms of `/ogonblicksbilder`: freeze now or at a moment, and try a file. assets/68_snapshots.js sends them."""

from __future__ import annotations

from lagesbild.components.html import el
from lagesbild.components.model import Aside


def save_aside() -> Aside:
    """Freezing takes a while; the page says when it is done."""
    body = el(
        "Form",
        [
            el("Label", "Varför sparas bilden?", htmlFor="snap-reason"),
            el("Input", type="text", id="snap-reason", maxLength=200, autoComplete="off", className="bf-s"),
            el("P", "En bild med skäl gallras aldrig av sig själv.", className="src"),
            el("Label", "Läget som det var känt (tomt: nu)", htmlFor="snap-moment"),
            el("Input", type="datetime-local", id="snap-moment", className="bf-s"),
            el("Button", "Spara ny bild", type="button", id="snap-save", className="pri"),
            el("P", "", id="snap-said", className="src", role="status"),
        ],
        className="snap-form",
        aria_label="Spara ny bild",
    )
    return Aside("spara-bild", "Spara ny bild", "Hela läget fryses i en fil.", body, span=6)


def verify_aside() -> Aside:
    """A file from anywhere: it is read, judged and forgotten."""
    body = el(
        "Form",
        [
            el("Label", "En fil från den här eller en annan dator", htmlFor="snap-file"),
            el("Input", type="file", id="snap-file", accept=".zip,application/zip", className="bf-s"),
            el("Button", "Pröva filen", type="button", id="snap-verify", className="pri"),
            el("Div", el("Ul", [], id="snap-verdict", className="bf-checks"), role="status"),
        ],
        className="snap-form",
        aria_label="Pröva fil",
    )
    told = "Äkta: varje fil i bilden har samma kontrollsumma som när den sparades. Filen läses och glöms."
    return Aside("prova-fil", "Pröva fil", told, body, span=6)
