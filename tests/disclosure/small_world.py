"""Random small countries for the attack on disclosure control: small counts, zeros, holes, providers, other regions.

What a forecast run would have stored is made to repeat the data (last month, same month a year ago), so that a page
that shows more of it than of the counts behind is found out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from lagesbild.domain.care import CareArea, Provider, Region
from lagesbild.domain.dataset_spec import WAIT_BANDS
from lagesbild.domain.gap_columns import GAP_COLUMNS
from lagesbild.domain.periods import Month
from lagesbild.domain.source import TOLD, Batch, GuaranteeLimit
from lagesbild.views.middles import Middles
from tests.country import forecast_frame, run
from tests.fakes import RECORDED, FakeSource

LAST = Month(2026, 10)
WEIGHTS = np.array([0.38, 0.26, 0.18, 0.08, 0.06, 0.03, 0.01])
RUN, TOLD_RUN = 3, 4
COUNTED = ("waiting", "within_limit", *WAIT_BANDS[:3], "added", "performed", "removed_other")
KEYS = ["period", "region", "care_area", "provider"]


@dataclass(frozen=True)
class Shape:
    """What is drawn: how many, how small, how much is missing."""

    seed: int
    regions: int = 4
    areas: int = 1
    months: int = 15
    size: float = 6.0
    missing: float = 0.03
    providers: int = 2
    own_limit: bool = False

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(f"R{k}" for k in range(1, self.regions + 1))


def country(shape: Shape) -> FakeSource:
    """The whole country as a source. Balances, bands and providers add up, as the contract says."""
    rng = np.random.default_rng(shape.seed)
    regions = [Region("LAND", "Riket", "Riket", sort_order=99)]
    for k, code in enumerate(shape.codes):
        group = "Norra" if k < (shape.regions + 1) // 2 else "Södra"
        regions.append(Region(code, f"Region {code}", code, group, lat=57.0 + k, lon=14.0, sort_order=k, parent="LAND"))
    areas = [
        CareArea(f"A{k}", f"Vårdområde {k}", "operation", 90, sort_order=k, short_name=f"Område {k}")
        for k in range(1, shape.areas + 1)
    ]
    months = [LAST - (shape.months - 1) + k for k in range(shape.months)]
    limits = [GuaranteeLimit("A1", "R1", pd.Timestamp("2020-01-01").date(), 60)] if shape.own_limit else []
    frames: dict[str, list[dict]] = {
        "waits": [],
        "production": [],
        "capacity": [],
        "out-of-region": [],
        "brokering": [],
    }
    providers = [
        Provider(f"{code}-P{k}", f"Sjukhuset {code} {k}", code, "public" if k == 1 else "private")
        for code in shape.codes[:2]
        for k in range(1, shape.providers + 1)
    ]
    for area in areas:
        for code in shape.codes:
            own = [p.code for p in providers if p.region == code]
            size = shape.size * float(rng.choice([0.3, 1.0, 3.0, 8.0]))
            _series(rng, frames, area.code, code, own, months, size, shape)
        _travel(rng, frames, area.code, shape, months)
        _cases(rng, frames, area.code, shape, months)
    made = {name: _frame(name, rows) for name, rows in frames.items()}
    made["population"] = pd.DataFrame(
        {"year": 2025, "region": list(shape.codes), "population": [50_000 + 10_000 * k for k in range(shape.regions)]}
    )
    source = FakeSource(
        regions,
        areas,
        made,
        provider_rows=providers,
        limit_rows=limits,
        batch_rows=[
            Batch(k, name, "Påhittade data", RECORDED, 100, True, False, f"{name}.csv") for k, name in enumerate(frames)
        ],
    )
    with_forecasts(source)
    with_told(source)
    return source


def _frame(name: str, rows: list[dict]) -> pd.DataFrame:
    frame = pd.DataFrame(rows)
    if frame.empty:
        return pd.DataFrame(columns=KEYS)
    frame["period"] = frame["period"].map(str)
    return frame


def _series(rng, frames, area, region, providers, months, size, shape) -> None:
    """One region's care area. Each provider has a list and a balance of its own; the region is their sum and what no
    provider reports, which is nothing in every other region."""
    parts = [*providers, ""] if not providers or rng.random() < 0.5 else list(providers)
    late = {p: float(rng.choice([0.4, 1.0])) for p in parts}
    lists = {p: rng.poisson(size * WEIGHTS * 5 * late[p]) for p in parts}
    rate = {p: size * late[p] * 0.8 for p in parts}
    for month in months:
        gone = rng.random() < shape.missing
        waits, made = {}, {}
        for p in parts:
            now = rng.poisson(size * WEIGHTS * 5 * late[p])
            before = int(lists[p].sum())
            summer = 0.4 if month.month == 7 else 1.0
            performed, removed = int(rng.poisson(rate[p] * summer)), int(rng.poisson(rate[p] * 0.15))
            added = int(now.sum()) - before + performed + removed
            if added < 0:
                performed, added = performed - added, 0
            lists[p] = now
            waits[p], made[p] = now, (added, performed, removed)
        if gone:
            continue
        excluded = {p: rng.poisson([size * 0.2, size * 0.1]) for p in parts}
        for p in [*providers, "total"]:
            mine = parts if p == "total" else [p]
            bands = sum(waits[x] for x in mine)
            out = sum(excluded[x] for x in mine)
            cut = 2 if shape.own_limit and region == "R1" and area == "A1" else 3
            key = {"period": month, "region": region, "care_area": area, "provider": "" if p == "total" else p}
            total = int(bands.sum())
            stay = int(rng.binomial(total, 0.3)) if p == "total" else np.nan
            frames["waits"].append(
                key
                | {"waiting": total, "within_limit": int(bands[:cut].sum()), "not_brokerable": stay}
                | {b: int(n) for b, n in zip(WAIT_BANDS, bands, strict=True)}
                | {"excluded_patient_choice": int(out[0]), "excluded_medical": int(out[1])}
            )
            flows = np.sum([made[x] for x in mine], axis=0)
            frames["production"].append(
                key
                | {"added": int(flows[0]), "performed": int(flows[1]), "removed_other": int(flows[2])}
                | {"planned": round(size), "wait_days_median": float(rng.integers(20, 90))}
            )
            frames["capacity"].append(key | {"capacity": round(size * 1.2), "committed": 0})


def _travel(rng, frames, area, shape, months) -> None:
    for month in months:
        for home in shape.codes:
            for treating in shape.codes:
                if home == treating or rng.random() < 0.3:
                    continue
                n = int(rng.poisson(shape.size * float(rng.choice([0.05, 0.3]))))
                frames["out-of-region"].append(
                    {"period": month, "home_region": home, "treating_region": treating, "care_area": area}
                    | {"provider": "", "performed": n}
                )


def _cases(rng, frames, area, shape, months) -> None:
    """Brokering: every case accepted, declined or without a place. One handling time, which is no count."""
    for month in months:
        for home in shape.codes:
            for treating in (*(c for c in shape.codes if c != home), ""):
                done, broken, declined, none = (
                    int(x) for x in rng.poisson(shape.size * np.array([0.08, 0.02, 0.04, 0.06]))
                )
                counts = (0, 0, 0, none) if treating == "" else (done, broken, declined, 0)
                if sum(counts):
                    frames["brokering"].append(
                        {"period": month, "home_region": home, "treating_region": treating, "care_area": area}
                        | {"started": sum(counts), "accepted": counts[0] + counts[1], "declined": counts[2]}
                        | {"not_completed": counts[1], "completed": counts[0], "handling_days_median": 20.0}
                    )


def with_forecasts(source: FakeSource) -> None:
    """A run whose numbers repeat the counts: forecasts at the last value, load, amounts and statuses straight from
    them."""
    months = source.frames["waits"]["period"].nunique()
    runs = [run(RUN, "forecast", LAST), *([run(10, "record", LAST - 4)] if months > 17 else [])]
    totals = _totals(source)
    source.run_rows = runs
    source.forecast_rows = forecast_frame(runs, _whole(totals))
    source.gap_rows = _gap_frame(_gaps(totals, RUN))


def with_told(source: FakeSource) -> None:
    """What goes with the run of `with_forecasts`: the same of the middle between the country and its twin."""
    beside = replace(run(TOLD_RUN, TOLD, LAST), previous_run=RUN, calibration={"threshold": 5})
    source.run_rows = [*(r for r in source.run_rows if r.kind != TOLD), beside]
    months = sorted(Month.parse(str(p)[:7]) for p in source.frames["waits"]["period"].unique())
    moves = Middles(5)(source, months[0], LAST)
    totals = _totals(source)
    for name in ("waits", "production"):
        frame = totals[name] = totals[name].astype({c: float for c in COUNTED if c in totals[name]})
        when = [Month.parse(str(p)[:7]) - months[0] for p in frame["period"]]
        for column in (c for c in COUNTED if c in frame):
            mine = zip(frame["region"], frame["care_area"], when, strict=True)
            frame[column] += [moves[r, a][column][t] if (r, a) in moves else 0.0 for r, a, t in mine]
    own = source.gap_rows[source.gap_rows["run_id"] == RUN]
    others = _gap_frame([row for row in _gaps(totals, TOLD_RUN) if (row["region"], row["care_area"]) in moves])
    source.gap_rows = pd.concat([own, others], ignore_index=True) if len(others) else own


def _totals(source: FakeSource) -> dict[str, pd.DataFrame]:
    """The regions' own rows."""
    found = {n: f[f["provider"] == ""] for n, f in source.frames.items() if n in ("waits", "production", "capacity")}
    found["waits"] = found["waits"].drop(columns=["provider"])
    found["production"] = found["production"].drop(columns=["provider", "wait_days_median"])
    return found


def _gap_frame(rows: list[dict]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(GAP_COLUMNS))
    for c in ("opens_period", "opens_lo", "opens_hi", "target_period"):
        frame[c] = pd.to_datetime(frame[c])
    return frame


def _whole(totals: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Every region and month in a row, missing ones as the mean: the forecasts must have something to repeat."""
    out = {}
    for name in ("waits", "production"):
        frame = totals[name]
        keys = pd.MultiIndex.from_product(
            [frame["period"].unique(), frame["region"].unique(), frame["care_area"].unique()],
            names=["period", "region", "care_area"],
        )
        numbers = frame.set_index(["period", "region", "care_area"]).reindex(keys)
        out[name] = numbers.groupby(["region", "care_area"]).transform(lambda x: x.fillna(x.mean())).reset_index()
        out[name] = out[name].sort_values(["period", "region", "care_area"])
    return out


def _gaps(totals: dict[str, pd.DataFrame], run_id: int) -> list[dict]:
    """One row a pair and target. Status, probabilities and months follow from the exact shares of the year."""
    wide = totals["waits"].merge(totals["production"], on=["period", "region", "care_area"])
    wide = wide.merge(totals["capacity"].drop(columns="provider"), on=["period", "region", "care_area"])
    rows = []
    for (region, area), part in wide.groupby(["region", "care_area"]):
        year, last = part.iloc[-12:], part.iloc[-1]
        waiting = max(float(last["waiting"]), 1.0)
        share = float((year["within_limit"] / year["waiting"].where(year["waiting"] > 0)).mean())
        of_pair = {
            "run_id": run_id,
            "region": region,
            "care_area": area,
            "load": float((year["added"] - year["removed_other"]).sum() / max(year["capacity"].sum(), 1)),
            "extra_per_week_to_target": float(waiting - last["within_limit"]) / 10 + 0.05,
            "extra_per_week_to_target_50": float(waiting - last["within_limit"]) / 20 + 0.05,
            "extra_per_week_to_stabilise": float((year["added"] - year["removed_other"]).sum()) / 10,
            "share_now": float(last["within_limit"]) / waiting,
            "limit_used": float(waiting / max(last["performed"], 1) * 30 / 90),
            "expected_wait_days": float(waiting / max(last["performed"], 1) * 30),
            "brokerable_share": max(0.0, 1 - float(last["not_brokerable"]) / waiting),
            "capacity_per_month": float(last["capacity"]),
            "free_per_month": max(0.0, float(last["capacity"] - last["performed"])),
        }
        empty = dict.fromkeys(GAP_COLUMNS)
        rows += [empty | of_pair | {"target_share": t} | _judged(share, t) for t in (0.7, 0.8, 0.9)]
    return rows


def _judged(share: float, target: float) -> dict:
    """As exact as can be: what tells the share from a neighbouring one is a leak, if it is told."""
    above = share - target
    if not np.isfinite(share):
        unknown = {f"probability_{n}m": np.nan for n in (3, 6, 12)}
        return {"status": "none", "seasonal_only": False, "reason": "Ingen andel.", **unknown}
    status = ("open", "expected", "watch", "none")[int(np.searchsorted([0.0, 0.04, 0.08], above, side="right"))]
    p = 1.0 if status == "open" else float(1 / (1 + np.exp(40 * (above - 0.05))))
    opens = {"open": LAST - round(100 * share) % 7, "none": None}.get(status, LAST + 1 + round(100 * share) % 9)
    return {
        "status": status,
        "seasonal_only": status == "none" and above < 0.1,
        "reason": f"Andelen är {share:.4f}.",
        "opens_period": None if opens is None else pd.Timestamp(opens.first_day),
        "probability_3m": p / 3,
        "probability_6m": p / 2,
        "probability_12m": p,
        "structural_share_now": share,
    }
