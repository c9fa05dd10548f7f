"""An evaluation of the forecasts as text for the terminal: targets, sets, months ahead, years and warnings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import pandas as pd

from lagesbild.domain.backtest import (
    ALL_BLOCKS,
    ALL_YEARS,
    COVERAGE_TARGETS,
    FLAG_TARGETS,
    FORECAST,
    NAIVE,
    OWN,
    POOLED,
    WQL_TARGETS,
    Backtest,
    Target,
    best_other,
    pooled,
)
from lagesbild.domain.swedish import count, decimal, percent

_MEASURES: Final = {"waiting": "väntande", "within_limit_share": "andel inom gränsen", "performed": "genomförda"}
_POOLED_SV: Final = "alla verkliga"
_NONE: Final = "–"
_ENOUGH: Final = 20  # forecasts in a year, under which its coverage says nothing
_WORDS: Final = (
    "WQL: kvantilförlust, här delad med en annan prognos på samma serier; under 1 är bättre. MASE: medelfel delat med\n"
    "säsongsnaivt fel. Träff: andel av det som kom som låg i bandet. Brier: vinst mot att alltid säga basandelen.\n"
    "Försprång: månader från rätt varning till öppning; månadsfel: hur långt från öppningsmånaden den pekade."
)


def backtest_table(made: Backtest) -> str:
    """Everything an evaluation says, in Swedish. Rows of what was not evaluated are left out."""
    scores = made.scores
    both = scores if scores.empty else pd.concat([pooled(scores), scores[scores["data_set"] != POOLED]])
    parts = [
        f"Utvärdering av prognoserna: {count(made.origins)} utgångspunkter med {made.step} månader emellan, "
        f"{made.horizon} månader framåt, {decimal(made.seconds)} sekunder."
    ]
    for title, rows, texts in (
        ("Mot målen, alla verkliga datamängder", list(_targets(made, both)), 2),
        ("Per mått och datamängd", list(_sets(both)), 2),
        ("Träff i 80/95 %-banden per månader framåt", _coverage(both, "block"), 2),
        ("Träff i 80/95 %-banden per utgångsår", _coverage(both, "origin_year"), 2),
        ("Varningar för gap, tolv månader framåt", list(_flags(made.flags)), 2),
        ("Sagd sannolikhet och hur ofta det kom", list(_reliability(made.reliability)), 2),
    ):
        if len(rows) > 1:
            parts.append("\n".join([title, "", *_aligned(rows, texts)]))
    return "\n\n".join([*parts, _WORDS])


def _targets(made: Backtest, scores: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    yield "Mått", "Vad", "Utfall", "Godtas", "", "Mål", ""
    for measure, target in WQL_TARGETS.items():
        rows = _all(scores, POOLED, measure)
        best = best_other(rows) if len(rows) else None
        if best:
            name, ratio = best
            yield _MEASURES[measure], f"WQL mot bästa andra ({name})", decimal(ratio, 2), *_judged(ratio, target, "")
        for width, off in COVERAGE_TARGETS.items():
            yield from _coverage_targets(scores, measure, width, off)
    for rule, rows in made.flags.groupby("rule"):
        if rule == FORECAST:
            real = rows[rows["data_set"] == POOLED] if POOLED in set(rows["data_set"]) else rows
            for name, target in FLAG_TARGETS.items():
                for data_set, value in real.groupby("data_set")[name].first().dropna().items():
                    what = f"{'AUC' if name == 'auc' else 'Brier'} ({_set(str(data_set))})"
                    yield "varningar", what, decimal(value, 2), *_judged(value, target, "")


def _coverage_targets(scores: pd.DataFrame, measure: str, width: int, target: Target) -> Iterator[tuple[str, ...]]:
    """The band as a whole, and in the year of origins where it was furthest from what it promises."""
    column, mine = f"coverage_{width}", scores[(scores["data_set"] == POOLED) & (scores["measure"] == measure)]
    mine = mine[(mine["model"] == FORECAST) & (mine["block"] == ALL_BLOCKS) & mine[column].notna()]
    years = mine[mine["origin_year"] != ALL_YEARS]
    for what, rows in (
        (f"träff {width} %", mine[mine["origin_year"] == ALL_YEARS]),
        (f"träff {width} %, sämsta året", years[years["forecasts"] >= _ENOUGH]),
    ):
        if len(rows):
            off, held, year = max(
                (abs(h - width / 100), h, y) for h, y in zip(rows[column], rows["origin_year"], strict=True)
            )
            told = what if year == ALL_YEARS else f"{what} ({year})"
            yield _MEASURES[measure], told, percent(held), *_judged(off, target, f"{width} ± ")


def _judged(value: float, target: Target, spread: str) -> tuple[str, str, str, str]:
    """Limit and whether it is met, for what is accepted and for what is aimed at. `spread`: "80 ± " for coverage."""
    sign = "≤" if target.at_most else "≥"
    limits = [f"{spread}{count(100 * x)}" if spread else f"{sign} {decimal(x, 2)}" for x in (target.reach, target.aim)]
    met = ["nås" if target.reached(round(value, 6), aim=aim) else "nås inte" for aim in (False, True)]
    return limits[0], met[0], limits[1], met[1]


def _sets(scores: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    yield "Mått", "Datamängd", "Prognoser", "WQL mot bästa", "bästa andra", "WQL mot naiv", "80 %", "95 %", "MASE"
    for measure, data_set in _pairs(scores):
        rows = _all(scores, data_set, measure)
        ours = rows[rows["model"] == FORECAST]
        if ours.empty:
            continue
        our, best = ours.iloc[0], best_other(rows)
        naive = rows.loc[rows["model"] == NAIVE, "wql"]
        yield (
            _MEASURES.get(measure, measure),
            _set(data_set),
            count(our["forecasts"]),
            decimal(best[1], 2) if best else _NONE,
            best[0] if best else _NONE,
            decimal(our["wql"] / naive.iloc[0], 2) if len(naive) and naive.iloc[0] > 0 else _NONE,
            _share(our["coverage_80"]),
            _share(our["coverage_95"]),
            _number(our["mase"], 2),
        )


def _coverage(scores: pd.DataFrame, by: str) -> list[tuple[str, ...]]:
    """One row for measure and set, one column for each block or year: `81/95`."""
    if scores.empty:
        return []
    every, other = (ALL_BLOCKS, "origin_year") if by == "block" else (ALL_YEARS, "block")
    whole = ALL_YEARS if other == "origin_year" else ALL_BLOCKS
    rows = scores[(scores["model"] == FORECAST) & (scores[other] == whole) & (scores[by] != every)]
    heads = sorted(set(rows[by]), key=lambda b: int(str(b).split("-")[0]))
    out = [("Mått", "Datamängd", *(str(h) for h in heads))]
    for measure, data_set in _pairs(rows):
        mine = rows[(rows["measure"] == measure) & (rows["data_set"] == data_set)].set_index(by)
        cells = [
            f"{_bare(mine.loc[h, 'coverage_80'])}/{_bare(mine.loc[h, 'coverage_95'])}" if h in mine.index else _NONE
            for h in heads
        ]
        out.append((_MEASURES.get(measure, measure), _set(data_set), *cells))
    return out


def _flags(flags: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    yield (
        "Datamängd", "Regel", "Gräns", "Fall", "Bas", "AUC", "Brier", "Rätt", "Fångade", "Falsklarm", "Försprång",
        "Månadsfel",
    )  # fmt: skip
    if flags.empty:
        return
    for row in flags.sort_values(["data_set", "rule", "threshold"]).to_dict("records"):
        yield (
            _set(row["data_set"]),
            row["rule"],
            decimal(row["threshold"], 2),
            count(row["cases"]),
            _share(row["base_rate"]),
            _number(row["auc"], 2),
            _number(row["brier_skill"], 2),
            *(_share(row[name]) for name in ("precision", "recall", "false_alarm_rate")),
            *(_number(row[name], 1) for name in ("lead_months", "month_error")),
        )


def _reliability(rows: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    yield "Datamängd", "Regel", "Från", "Fall", "Sagt", "Kom"
    if rows.empty:
        return
    for row in rows.sort_values(["data_set", "rule", "bin"]).to_dict("records"):
        said, came = _share(row["probability"]), _share(row["observed"])
        yield _set(row["data_set"]), row["rule"], _share(row["bin"]), count(row["cases"]), said, came


def _pairs(scores: pd.DataFrame) -> list[tuple[str, str]]:
    """(measure, data set) in the order to show: measures as we list them, what is pooled of several sets first."""
    found = set(zip(scores.get("measure", []), scores.get("data_set", []), strict=True))
    real = Counter(measure for measure, data_set in found if data_set not in (POOLED, OWN))
    found = {(measure, data_set) for measure, data_set in found if data_set != POOLED or real[measure] != 1}
    order = list(_MEASURES)
    return sorted(found, key=lambda p: (order.index(p[0]) if p[0] in order else len(order), p[0], p[1] != POOLED, p[1]))


def _all(scores: pd.DataFrame, data_set: str, measure: str) -> pd.DataFrame:
    """All months ahead and all years of one set and measure, one row for each model."""
    if scores.empty:
        return scores
    keep = (scores["data_set"] == data_set) & (scores["measure"] == measure)
    return scores[keep & (scores["block"] == ALL_BLOCKS) & (scores["origin_year"] == ALL_YEARS)]


def _set(name: str) -> str:
    return _POOLED_SV if name == POOLED else name


def _share(x: float | None) -> str:
    return _NONE if x is None or pd.isna(x) else percent(x, 0)


def _bare(x: float | None) -> str:
    return _NONE if x is None or pd.isna(x) else count(100 * x)


def _number(x: float | None, n: int) -> str:
    return _NONE if x is None or pd.isna(x) else decimal(x, n)


def _aligned(rows: Sequence[Sequence[str]], texts: int) -> list[str]:
    """Columns as wide as their widest cell, the first `texts` to the left and the rest to the right."""
    widths: Mapping[int, int] = {k: max(len(row[k]) for row in rows) for k in range(len(rows[0]))}
    return [
        "  ".join(cell.ljust(widths[k]) if k < texts else cell.rjust(widths[k]) for k, cell in enumerate(row)).rstrip()
        for row in rows
    ]
