"""Key figures with their judgements: what a reader with one minute gets, beside the document's own headline."""

from __future__ import annotations

import re
from typing import Final

from lagesbild.domain.swedish import capital
from lagesbild.reports.document import Facts, Point, Prose, Section
from lagesbild.reports.from_card import key_figure
from lagesbild.reports.looking import Reader
from lagesbild.reports.summed_up import all_of_group, summed_up

MOST_FACTS: Final = 5
_WHOLE: Final = re.compile(r"(\d+) av \1 regioner ingår\.")  # nothing to be careful of


def summary(reader: Reader) -> Section:
    """Key figures, and the sentences that do not stand in the headline."""
    content = summed_up(reader)
    more = content.more.replace(content.coverage, "").strip() if content.coverage else content.more
    rest = [s for s in (*content.sentences[1:], more) if s]
    facts = tuple(key_figure(k) for k in content.key_figures[:MOST_FACTS])
    blocks = (*((Prose(tuple(rest)),) if rest else ()), *((Facts(facts),) if facts else ()))
    return Section("sammanfattning", "Läget i korthet", blocks)


def headline(reader: Reader) -> str:
    """The page's first sentence, as a title: without its full stop."""
    content = summed_up(reader)
    return (content.sentences[0] if content.sentences else content.kicker).removesuffix(".")


def points(reader: Reader) -> tuple[Point, ...]:
    """How it is, where capacity is missing, and what closes that."""
    content = summed_up(reader)
    facts = [key_figure(k) for k in content.key_figures]
    out = []
    if facts and reader.care_area is not None:
        share = facts[0]
        known = any(c.isdigit() for c in share.value)
        told = ": ".join(t.removesuffix(".") for t in (share.judgement_text, share.change) if t)
        heading = f"Läget: {share.value} inom gränsen" if known else "Läget"
        out.append(Point(heading, f"{told or capital(share.value)}."))
    elif reader.published_only:
        titles = [c.title for c in map(reader.base.card, ("balans", "publicerade-andelar")) if c is not None]
        out += [Point("Publicerat för helheten", f"{'. '.join(titles)}.")] if titles else []
    elif content.more:
        out.append(Point("Läget", content.more))
    gap = next((k for k in facts if k.name == "Kapacitetsgap"), None)
    whole = all_of_group(reader) and reader.run is not None  # no number of its gaps stands anywhere
    if (gap is None and not whole) or reader.run_apart:  # no forecast from the month: another's gaps are no news of it
        return tuple(out)
    gaps = reader.page("/kapacitetsgap").content.sentences
    told = gaps[0] if gaps else gap.judgement_text if gap is not None else ""
    if told:
        heading = f"Kapacitetsgap: {gap.value}" if gap is not None else "Kapacitetsgap"
        out.append(Point(heading, told if told.endswith(".") else f"{told}."))
    if len(gaps) > 1:
        out.append(Point("Vad som stänger dem", gaps[1]))
    return tuple(out)


def warnings(reader: Reader, *, forecast: bool, saved: bool = False) -> tuple[str, ...]:
    """What must be known before the figures are used: who is in, what is early, what the choices could not give, and,
    of a briefing with a `forecast`, that it is not the month's own. A `saved` one shows the state it was saved in, as
    its stamp says, and not an earlier one that somebody chose."""
    content, status = summed_up(reader), reader.base.status
    whole = bool(status.coverage) and not reader.selection.healthcare_region and not reader.published_only
    told = [content.coverage or (f"{status.coverage} ingår." if whole else "")]
    if status.historic and not saved:
        told.append(f"Tidigare läge: underlaget visar det som var känt {status.as_of}.")
    if forecast:
        told.append(reader.run_words)
    told += [n for n in content.notes if not n.startswith("Tidigare läge")]
    return tuple(t for t in told if t and not _WHOLE.fullmatch(t))
