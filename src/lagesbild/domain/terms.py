"""The terms of the field as Lägesbild uses them, each with its definition. In Swedish: they are read on the page about
the service, in briefings and in snapshots."""

from __future__ import annotations

from typing import Final

TERMS: Final[tuple[tuple[str, str], ...]] = (
    (
        "Tre mått som aldrig blandas",
        "Väntande är kön vid månadens slut. Genomförda är de som fått vård under månaden, med den väntan de haft. "
        "Förväntad väntetid är den väntan som den som ställs i kö nu kan räkna med. De visas aldrig på samma axel: "
        "enbart de behandlades väntan säger lite om dem som ännu väntar.",
    ),
    (
        "Andel inom vårdgarantin",
        "Andelen av de väntande som vid månadens slut har väntat högst så många dagar som vårdgarantin anger. "
        "Patientvald väntan (PvV) och medicinskt orsakad väntan (MoV) är borträknade, och antalet borträknade anges.",
    ),
    (
        "Vårdgarantins gräns",
        "90 dagar om inget annat anges. Gränsen är en uppgift i data: den kan skilja mellan vårdområden och regioner "
        "och gäller från ett datum.",
    ),
    (
        "Balans",
        "Väntande nu är väntande månaden före, plus nytillkomna, minus genomförda, minus övriga avslut. Övriga avslut "
        "är de som lämnat kön utan vården. Där övriga avslut inte rapporteras är de dolda i nytillkomna.",
    ),
    (
        "Förväntad väntetid",
        "Hur lång tid det tar tills alla som nu står i kön har opererats eller lämnat den, först in först ut, räknat i "
        "dagar. För månader som varit räknas med den takt som blev, för kommande med prognosens.",
    ),
    (
        "Kapacitet och belastning",
        "Kapacitet är vad regionen rapporterat att den kan göra. Saknas uppgiften används vad den visat sig klara: "
        "den nivå produktionen nått i en av fem månader de senaste två åren, säsongen borträknad. Belastning är "
        "inflödet, utom dem som lämnar kön utan vården, delat med kapaciteten; över 1,00 växer kön.",
    ),
    (
        "Kan förmedlas",
        "Andelen väntande som inte har medicinskt hinder för att få vården i en annan region.",
    ),
    (
        "Utomlänsvård",
        "Vård i en annan region än hemregionen, ur patientregistret, tolv månader i taget. Andelen räknas av "
        "hemregionens egna genomförda. Det är bästa måttet på förmedlad vård, men rymmer även eget val och akut vård. "
        "Tolvmånaderstal för närliggande månader delar månader med varandra. Ett litet tal är därför skyddat i alla "
        "perioder som har någon månad gemensam med den där det är litet.",
    ),
    (
        "Förmedlingsärende",
        "En patient som hemregionen söker vård för i en annan region. Ärendet accepteras eller avböjs av den region "
        "som tillfrågas, eller blir utan plats.",
    ),
    (
        "Riket",
        "Summan av regionerna. Varje figur anger vilka regioner som är inräknade. Publicerade nationella tal visas för "
        "sig, med källa, och läggs aldrig ihop med regionernas.",
    ),
)
