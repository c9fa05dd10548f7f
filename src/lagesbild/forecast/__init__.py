"""Forecasts as sample paths. What one stored run holds, for whoever reads it through `Source`:

- `forecasts`, role "forecast": per (region, care_area), one row a month of `waiting`, `within_limit_share`, `added`,
  `performed` and `expected_wait_days`; `model` names the members of the pool ("cohort + avgETS + UC + naive"),
  "constant", or a baseline's name when it beat the pool or everything else failed. Role "baseline": models "naive" (as
  the last month) and "seasonal_naive" (as the same month last year) beside each.
- region "" (COUNTRY): the leaf regions' paths summed path by path; model "sum"; the note says which are counted.
- A series that cannot be forecast has ONE row: model "none", period and horizon of the first month, all numbers NaN,
  and the reason in `note`. A measure that was never reported has no row.
- A non-empty `note` on a row with numbers is something the reader must know (fallback, missing tail, system change).
- `paths`: (paths, horizon) of `waiting`, `within_limit_share`, `added` and `performed`, calibrated; region "" too. A
  "record" run stores none, and only `within_limit_share`.
- `gaps`: one row per (region, care_area, target 0.7, 0.8, 0.9), leaf regions only; read off the stored paths, moved by
  `lean` (domain.gap_probability).
- `pair_facts`: what scenarios need beside the paths. `gap_record`: what would have been warned of at earlier months.
- `Run.calibration`: factors, their history for the share, recalibration, losses of pool and baselines.

Bands are quantiles of the paths: p50, lo50/hi50 (25-75 %), lo80/hi80 (10-90 %), lo95/hi95 (2.5-97.5 %).
"""
