"""`/ogonblicksbilder`: frozen states of the figures: save, open, take, verify, and what sets two of them apart."""

from __future__ import annotations

from typing import Any, Final

from lagesbild.components.html import el
from lagesbild.components.model import Aside, FigureCard, Page, PageContent
from lagesbild.domain.selection import Selection, to_query
from lagesbild.domain.swedish import capital, date_time, number_word
from lagesbild.pages.context import PageContext
from lagesbild.pages.ogonblicksbilder_apart import apart_cards
from lagesbild.pages.ogonblicksbilder_forms import save_aside, verify_aside
from lagesbild.snapshots.comparing import compare
from lagesbild.snapshots.difference import Difference
from lagesbild.snapshots.manifest import moment_sv, two_moments_sv
from lagesbild.snapshots.naming import period_sv
from lagesbild.snapshots.reading import read
from lagesbild.snapshots.store import Stored
from lagesbild.snapshots.wording import PLAIN, headline, sentences

PATH: Final = "/ogonblicksbilder"
WHAT: Final = "En ögonblicksbild är en fryst fil med datum och kontrollsumma. Den öppnas utan nät och ändras aldrig."
_SPLIT: Final = ". "
_HEAD: Final = (
    "Jämför",
    "Visar, svensk tid",
    "Data till och med",
    "Regioner",
    "Varför",
    "Dataversion",
    "Kontrollsumma",
    "En fil, öppnas utan nät",
)


def build(context: PageContext) -> PageContent:
    """The list, what sets the chosen two apart, and the forms."""
    found = context.snapshots.listed() if context.snapshots is not None else []
    two, notes = _two(found, context.selection)
    apart = _apart(two, context) if two else None
    sections: list[FigureCard | Aside] = [_list(found, two, context)]
    if apart is not None:
        sections += apart_cards(apart, context.theme)
    sections += [save_aside(), verify_aside()] if context.freezes else [verify_aside()]
    return PageContent(
        kicker=_kicker(two),
        sentences=_sentences(found, apart),
        more=f"{PLAIN} {WHAT}" if apart else WHAT,
        sections=tuple(sections),
        notes=(*notes, *(apart.notes if apart else ())),
        title="Ögonblicksbilder",
    )


def _two(found: list[Stored], selection: Selection) -> tuple[tuple[Stored, Stored] | None, tuple[str, ...]]:
    """The two that are compared, the earlier first: those of the address, else the latest and the one before it."""
    whole = {s.name: s for s in found if s.manifest}
    notes = tuple(
        f"Bilden ”{name}” finns inte bland de sparade. De två senaste visas i stället."
        for name in (selection.before, selection.after)
        if name and name not in whole
    )
    if notes or not (selection.before and selection.after):
        chosen = list(whole.values())[:2]
    else:
        chosen = [whole[selection.before], whole[selection.after]]
    if len(chosen) < 2 or chosen[0] is chosen[1]:
        return None, notes
    first, second = sorted(chosen, key=lambda s: (s.manifest.as_of, s.name) if s.manifest else ())
    return (first, second), notes


def _apart(two: tuple[Stored, Stored], context: PageContext) -> Difference:
    """Kept by the checksums of both: a file with another content is another difference."""
    first, second = two

    def make() -> Difference:
        return compare(read(first.path), read(second.path), (first.name, second.name))

    return context.keep(("apart", first.checksum, second.checksum), make)


def _kicker(two: tuple[Stored, Stored] | None) -> str:
    if two is None or two[0].manifest is None or two[1].manifest is None:
        return "Ögonblicksbilder"
    return f"Ögonblicksbilder: {two_moments_sv(two[0].manifest, 'mot', two[1].manifest)}"


def _sentences(found: list[Stored], apart: Difference | None) -> tuple[str, ...]:
    if apart is not None:
        lead = headline(apart)
        if lead:
            return tuple(f"{s.removesuffix('.')}." for s in lead.split(_SPLIT))
        if apart.same:
            return ("Inget skiljer bildernas tal åt.",)
        told = [t for t in sentences(apart)[1:-1] if t not in apart.notes]
        return tuple(told[:2]) or ("Bilderna skiljer sig åt.",)
    if not found:
        return ("Ingen ögonblicksbild är sparad ännu.",)
    return (f"{capital(_how_many(len(found)))} sparad{'e' if len(found) > 1 else ''}.",)


def _how_many(n: int) -> str:
    return "en bild är" if n == 1 else f"{number_word(n)} bilder är"


def _list(found: list[Stored], two: tuple[Stored, Stored] | None, context: PageContext) -> Aside:
    if not found:
        text = "Spara en bild nedan, eller låt den göras varje månad: lagesbild snapshot create."
        if not context.freezes:
            text = "Stödkontor, beredskap och administratörer kan spara bilder."
        return Aside("bilder", "Inga bilder är sparade", text, None, span=12)
    chosen = {s.name for s in two} if two else set()
    body = [_row(s, chosen, two, context.selection) for s in found]
    table = el(
        "Table",
        [
            el("Caption", "Sparade ögonblicksbilder", className="vh"),
            el("Thead", el("Tr", [el("Th", t, scope="col") for t in _HEAD])),
            el("Tbody", body),
        ],
        className="snaps",
    )
    box = el("Div", table, className="scroll", role="region", aria_label="Sparade ögonblicksbilder", tabIndex=0)
    title = f"{capital(_how_many(len(found)).removesuffix(' är'))} sparad{'e' if len(found) > 1 else ''}"
    summary = "Kryssa för två bilder för att jämföra dem." if len(found) > 1 else ""
    return Aside("bilder", title, summary, box, span=12)


def _row(s: Stored, chosen: set[str], two: tuple[Stored, Stored] | None, selection: Selection) -> Any:
    if s.manifest is None:
        told = el("Td", [el("B", "Skadad fil. "), s.fault], colSpan=6)
        return el("Tr", [el("Td", ""), el("Th", s.name, scope="row"), told])
    m = s.manifest
    here = s.name in chosen
    box = el(
        "Input",
        type="checkbox",
        checked=here,
        id=f"bild-{s.checksum[:12]}",
        aria_label=f"Jämför bilden från {moment_sv(m)}",
        data_go=None if here or two is None else _address(selection, two[1].name, s.name),
        disabled=two is None or here,
    )
    why = m.reason or "automatiskt"
    coverage = f"{m.coverage.counted} av {m.coverage.regions}" if m.coverage.counted is not None else "–"
    links = [
        el(
            "A", "Öppna", href=f"{PATH}/oppna/{s.name}", target="_blank", aria_label=f"Öppna bilden från {moment_sv(m)}"
        ),
        " ",
        el(
            "A",
            "Ladda ner",
            href=f"{PATH}/fil/{s.name}",
            download="",
            aria_label=f"Ladda ner bilden från {moment_sv(m)}",
        ),
        " ",
        el(
            "Button",
            "Pröva",
            type="button",
            className="btn",
            data_verify=s.name,
            aria_label=f"Pröva bilden från {moment_sv(m)}",
        ),
    ]
    cells = [
        el("Td", box),
        el("Th", date_time(m.as_of), scope="row"),
        *(
            el("Td", told, data_head=head)  # on a phone the heading stands beside what it is of
            for head, told in zip(_HEAD[2:6], (period_sv(m.until), coverage, why, m.data_version), strict=True)
        ),
        el("Td", " ".join(s.checksum[k : k + 4] for k in (0, 4, 8)), className="mono", data_head=_HEAD[6]),
        el("Td", links, className="snap-links"),
    ]
    return el("Tr", cells, className="me" if here else "")


def _address(selection: Selection, first: str, second: str) -> str:
    return f"{PATH}?{to_query(selection.with_(before=first, after=second))}"


PAGE: Final = Page(path=PATH, name="Ögonblicksbilder", filters=(), build=build, order=85, kept=False)
