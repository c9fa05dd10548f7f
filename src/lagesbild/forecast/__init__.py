"""Forecasts as sample paths. What one stored run holds, for whoever reads it through `Source`:

- `forecasts`, role "forecast": per (region, care_area), 12 rows each of `waiting`, `within_limit_share`, `added`,
  `performed` and `expected_wait_days`; `model` is "ETS(A,Ad,A)" and so on, "UC" (months missing inside the series),
  "constant", or a baseline's name when everything else failed. Role "baseline": models "naive" (as the last month) and
  "seasonal_naive" (as the same month last year) beside each.
- region "" (COUNTRY): the leaf regions' paths summed path by path; model "sum"; the note names how many are counted.
- A series that cannot be forecast has ONE row: model "none", period and horizon of the first month, all numbers NaN,
  and the reason in `note`. A measure that was never reported has no row.
- A non-empty `note` on a row with numbers is something the reader must know (fallback, missing tail, system change).
- `paths`: (paths, horizon) of `waiting` and `within_limit_share`, region "" too; a "record" run stores none and only
  `within_limit_share`.
- `gaps`: one row per (region, care_area, target 0.7, 0.8, 0.9), leaf regions only.

Bands are quantiles of the paths: p50, lo50/hi50 (25-75 %), lo80/hi80 (10-90 %), lo95/hi95 (2.5-97.5 %).
"""
