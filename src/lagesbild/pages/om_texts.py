"""The words of `/om`. Formulas are said as the code computes them; what is not so yet is said to be missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

CONTENTS: Final = (
    ("definitioner", "Definitioner"),
    ("vardomraden", "Vårdområden"),
    ("kallor", "Källor"),
    ("kvalitet", "Kvalitetsdeklaration"),
    ("prognoser", "Så görs prognoserna"),
    ("gap", "Så bedöms kapacitetsgap"),
    ("bedomning", "Så bedöms förändring"),
    ("tillganglighet", "Tillgänglighetsredogörelse"),
    ("ansvar", "Ansvar och kontakt"),
)

SOURCES: Final = (
    "Listan nedan skapas ur inläsningarna: varje inläsning har en källa och en tidpunkt, och ingenting skrivs över. "
    "Ett senare värde ersätter det tidigare, och det tidigare går att läsa med ett äldre uttag."
)
REAL: Final = (
    "Publicerade uppgifter. De får användas när källan anges om inget annat sägs; villkoren för varje fil står i "
    "filens följedokument."
)
SYNTHETIC: Final = (
    "Påhittade tal, gjorda för att visa tjänsten. De är anpassade till landets volymer, befolkning och säsong men "
    "säger ingenting om någon verklig region eller vårdgivare. De är märkta på varje sida och i varje fil."
)

QUALITY: Final = (
    "Enligt Statistiska centralbyråns föreskrifter (SCB-FS 2016:17) beskrivs kvaliteten i fem komponenter. Lägesbild "
    "är inte officiell statistik, men följer samma ordning så att den går att jämföra."
)


@dataclass(frozen=True)
class Facts:
    """What the declaration says about the data at hand, already in Swedish form."""

    regions: str
    latest: str
    recorded: str
    revised: int
    masks: tuple[str, ...]


def quality_components(facts: Facts, threshold: int) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The five components of SCB-FS 2016:17, each a title and paragraphs."""
    reach = f"Uppgifterna når till och med {facts.latest}. " if facts.latest else ""
    taken = f"De senaste lästes in {facts.recorded}. " if facts.recorded else ""
    revised = (
        "Tal har reviderats efter första inläsningen. "
        if facts.revised
        else "Inga tal har reviderats sedan inläsningen. "
    )
    masks = f"Undantagna perioder: {'; '.join(m.rstrip('.') for m in facts.masks)}. " if facts.masks else ""
    return (
        (
            "Relevans",
            (
                "Användare är regionernas gemensamma råd, det nationella stödkansliet, produktionsplanerare, beredskap "
                "och system som förmedlar vård. Objekten är väntande, nytillkomna, genomförda och övriga avslut per "
                "månad, region, vårdområde och, där det rapporteras, vårdgivare.",
            ),
        ),
        (
            "Tillförlitlighet",
            (
                f"Uppgifterna täcker högst {facts.regions} regioner; en region som inte rapporterat saknas i "
                "summan och "
                "anges. Varje fil kontrolleras vid inläsning: typer, rimliga värden, koder, dubbletter och att delar "
                "inte överstiger helheten. En fil med fel avvisas i sin helhet.",
                "Osäkerheten i prognoser visas som band.",
                f"Antal från 1 till {threshold - 1} är skyddade (<{threshold}). Till varje månad räknas ett tänkt land "
                "fram, där varje litet antal är ett annat men summorna så långt det går desamma. Ett tal visas bara om "
                "det är detsamma i båda; annars står två punkter (..) eller en andel i hela procent. Därför kan ingen "
                "räkna fram ett litet antal ur de tal som visas.",
            ),
        ),
        (
            "Aktualitet och punktlighet",
            (
                f"{reach}{taken}Den senaste månaden kan vara preliminär och är då märkt prel. {revised}"
                "Publicerade andelar ändras ofta med omkring en procentenhet.",
            ),
        ),
        (
            "Tillgänglighet och tydlighet",
            (
                "Varje figur har rubrik, sammanfattning, tabell, källa och uttag, och kan hämtas som CSV, XLSX och "
                "bild. Hela vyn ligger i adressen och kan sparas, delas och skrivas ut.",
            ),
        ),
        (
            "Jämförbarhet och samanvändbarhet",
            (
                "Byte av journalsystem eller definition delar serien: nya gränser räknas och skillnaden över brottet "
                f"bedöms inte. {masks}Nationella tal före 2020 bygger på en annan definition än de från 2023 och läggs "
                "aldrig i samma kurva.",
            ),
        ),
    )


FORECASTS: Final = (
    "Väntande, nytillkomna, genomförda och andelen inom vårdgarantin prognosticeras tolv månader framåt, en serie per "
    "region och vårdområde. Prognosen är en sammanvägning av modeller på logaritmerade antal och "
    "arcsinustransformerade andelar: exponentiell utjämning (den bästa av fyra former enligt AICc, och ett viktat "
    "medelvärde över många), en nivåmodell med månadsprofil, ”som senaste månaden”, och för köer med "
    "väntetidsintervall en modell där de som väntar blir en månad äldre. Slår den inte både ”som senaste månaden” och "
    "”samma som i fjol” på alla egna serier tillsammans visas den enklare i stället, och det sägs. För en enskild "
    "serie kan den enklare ändå ha träffat bättre; det står på sidan Prognos.",
    "Ur modellerna dras tusen möjliga utfall. Band, sannolikheter, väntetid, gap och ”vad händer om” räknas på samma "
    "utfall och kan därför inte säga emot varandra. Hela landet är summan av regionernas utfall.",
    "Banden är kalibrerade: samma prognoser görs om för tidigare månader, på det som var känt då, och banden görs så "
    "breda att de skulle ha hållit vad de lovar. Hur ofta utfallet hamnat inom banden visas på sidan Prognos.",
    "En serie med färre än 24 månader får ingen prognos. Saknas de senaste månaderna ser prognosen längre fram och "
    "banden blir bredare. Pandemins månader räknas som saknade i produktion och inflöde, och ett systembyte ger en ny "
    "början, där de är angivna i tabellen över avbrott.",
    "Förväntad väntetid är hur lång tid det tar tills alla som nu står i kön har opererats eller lämnat den, först in "
    "först ut, i den takt som prognosen anger.",
)
GAPS: Final = (
    "Ett gap är öppet när andelen, säsongen borträknad, har legat under gränsen två månader i rad, eller när "
    "genomsnittet för tolv månader är under gränsen. Gränsen är 80 % om inget annat väljs.",
    "Ett gap väntas när sannolikheten att det öppnar inom tolv månader är minst 50 %, och bevakas när den är 30 till "
    "49 %. En flagga tas bort först när sannolikheten är under 20 %. Månaden är den mittersta bland utfallen; linjen "
    "rymmer 80 % av dem.",
    "Sannolikheten är andelen av utfallen, omräknad efter hur tidigare prognoser slog in, hur nära gränsen andelen är "
    "och har varit det senaste året, och hur kön växer. Omräkningen flyttar utfallen, så att sannolikhet, månad och "
    "antalet operationer som behövs alltid hör ihop.",
    "En serie som faller under gränsen bara på sommaren räknas som säsong och flaggas inte. En serie med färre än 24 "
    "månader, eller utan den senaste månaden, bedöms inte.",
    "Fler operationer är det antal extra i veckan som i åtta av tio utfall räcker för att vara vid gränsen om "
    "ett halvår, om de som väntat längst opereras först.",
)
CHANGE: Final = (
    "En förändring kallas säkerställd bara när en regel i styrdiagrammet (XmR) utlöses på värden med säsongen "
    "borträknad: "
    "en månad utanför gränserna, sju i rad på samma sida om medel, sju i rad åt samma håll, eller två av tre nära en "
    "gräns. Gränserna är medel plus och minus 2,66 gånger den genomsnittliga skillnaden mellan två månader, där "
    "skillnader på minst 3,267 gånger genomsnittet först räknas bort. Nära en gräns är över två tredjedelar av vägen "
    "dit. Andelar och köer bedöms efter de senaste 24 månaderna, genomförda efter de första 24 av 36.",
    "Allt annat är normal variation och beskrivs utan ord för förändring. En serie med färre än 24 månader "
    "bedöms inte.",
)

PRIVACY: Final = ("Ingenting hämtas från eller skickas till andra webbplatser, och inga kakor används för spårning.",)
