"""The accessibility statement that the law (2018:1937) and Digg's regulations (MDFFS) ask for, in their order: who and
what, how far the demands are met, what is not, why and for whom, how to report, who supervises, how and when tested."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from lagesbild.components.html import el
from lagesbild.domain.swedish import date_long
from lagesbild.pages.context import Operator

ASSESSED: Final = date(2026, 11, 25)  # of the last whole self-assessment; the tests run at every change
REPORT: Final = "https://www.digg.se/tdosanmalan"

_AIM: Final = (
    "Lagen (2018:1937) om tillgänglighet till digital offentlig service ställer krav enligt EN 301 549, som bygger på "
    "WCAG 2.1 nivå AA. Alla ska kunna uppfatta, hantera och förstå sidorna, också med hjälpmedel."
)
_MEETS: Final = (
    "Allt går att nå och använda med enbart tangentbord, med synlig markering och utan att man fastnar.",
    "Varje diagram har namn, sammanfattning i ord och en tabell med samma tal, som går att hämta som CSV och XLSX.",
    "Färg bär aldrig ensam ett budskap: bedömningar har pil och ord, lägen har mönster och ord.",
    "Sidorna går att läsa vid 200 procents förstoring, på 320 bildpunkters bredd, i ljust och mörkt utseende, med "
    "datorns egna kontrastfärger och på papper.",
    "Den som bett om mindre rörelse får ingen.",
)
# (for whom, what, why and what to do instead)
_SHORTCOMINGS: Final = (
    (
        "Användning utan synförmåga",
        "Hjälpmedel som skärmläsare har inte prövats av personer som använder dem till vardags. Namn och ordning är "
        "kontrollerade med program, och fel som bara märks i användning kan finnas kvar (EN 301 549 avsnitt 9.4.1.2).",
    ),
    (
        "Användning utan eller med nedsatt synförmåga",
        "Bilder som hämtas som PNG har ingen egen textbeskrivning, eftersom formatet saknar den (avsnitt 10.1.1.1). "
        "SVG har rubrik och beskrivning, och samma tal finns i tabellen.",
    ),
    (
        "Användning med nedsatt rörlighet",
        "Det går inte att flytta mellan ett diagrams punkter med tangentbord; det som visas när man pekar på en punkt "
        "finns i tabellen under Visa som tabell.",
    ),
    (
        "Användning med nedsatt syn",
        "Breda tabeller rullas i sidled i en egen ruta på smala skärmar. Tabeller är undantagna från kravet "
        "(avsnitt 9.1.4.10), men det tar tid att läsa dem.",
    ),
    (
        "Användning med kognitiv nedsättning",
        "Figurerna förutsätter att man är van vid statistik. Varje sida börjar därför med en eller två meningar som "
        "säger det viktigaste.",
    ),
)
_TESTED: Final = (
    "Tjänsten är bedömd av dem som utvecklar den (självskattning). Ingen oberoende granskning är gjord.",
    "Varje gång programmet ändras prövas varje sida i Chromium: med axe i ljust och mörkt utseende, på 1\u00a0440, 390 "
    "och 320 bildpunkter, med menyer, tabeller och filval öppna, tom, med fel och med skyddade tal; med enbart "
    "tangentbord; förstorad; med datorns egna kontrastfärger; utskriven. Kontrasterna är beräknade för alla färger.",
)


def accessibility(operator: Operator) -> list[Any]:
    """Everything under the heading on `/om`."""
    return [
        el("P", _who(operator)),
        el("P", _AIM),
        el("H3", "Hur väl kraven är uppfyllda"),
        el("P", ["Tjänsten är ", el("B", "delvis förenlig"), " med kraven i lagen, på grund av bristerna nedan."]),
        _list(_MEETS),
        el("H3", "Innehåll som inte är tillgängligt"),
        el("Dl", [el(tag, text) for pair in _SHORTCOMINGS for tag, text in zip(("Dt", "Dd"), pair, strict=True)]),
        el("P", "Inget innehåll är undantaget som oskäligt betungande (12 §), och inget ligger utanför lagen (9 §)."),
        el("H3", "Anmäl brister, eller be om uppgifter i annan form"),
        el("P", _report(operator)),
        el("H3", "Tillsyn"),
        el(
            "P",
            [
                "Myndigheten för digital förvaltning (Digg) har tillsyn över lagen. Är du inte nöjd med svaret kan du ",
                el("A", "anmäla det till Digg", href=REPORT),
                ".",
            ],
        ),
        el("H3", "Så har vi testat"),
        *(el("P", line) for line in _TESTED),
        el("P", f"Bedömningen gjordes {date_long(ASSESSED)}. Redogörelsen uppdaterades senast {date_long(ASSESSED)}."),
    ]


def _list(lines: tuple[str, ...]) -> Any:
    return el("Ul", [el("Li", line) for line in lines])


def _who(operator: Operator) -> str:
    if operator.name:
        return f"{operator.name} står bakom webbplatsen Lägesbild och den här redogörelsen."
    return (
        "Redogörelsen gäller webbplatsen Lägesbild. Den som driver den här installationen har ännu inte angett sitt "
        "namn (inställningen LAGESBILD_OPERATOR); lagen kräver det innan tjänsten öppnas."
    )


def _report(operator: Operator) -> list[Any]:
    if not operator.contact:
        return [
            "Den som driver den här installationen har ännu inte angett någon kontaktväg (inställningen "
            "LAGESBILD_CONTACT); lagen kräver det innan tjänsten öppnas."
        ]
    return [
        "Hittar du en brist, eller behöver du något härifrån i en annan form, så hör av dig: ",
        contact_link(operator.contact),
        ". Skriv vilken sida det gäller. Du behöver inte ange varför.",
    ]


def contact_link(contact: str) -> Any:
    """An e-mail or web address as a link, anything else (a telephone number) as it stands."""
    if contact.startswith(("https://", "http://")):
        return el("A", contact, href=contact)
    if "@" in contact and " " not in contact:
        return el("A", contact, href=f"mailto:{contact}")
    return contact
