"""Columns of the gaps table: the contract's, and what the pages need beside them."""

from typing import Final

GAP_COLUMNS: Final = (
    "run_id",
    "region",
    "care_area",
    "status",  # none | watch (P12 30-49 %) | expected (P12 >= 50 %) | open
    "opens_period",  # expected/watch: median opening month over paths that open; open: the month it opened
    "probability_3m",
    "probability_6m",
    "probability_12m",
    "load",  # inflow / demonstrated (or reported) capacity, last 12 months
    "extra_per_week_to_stabilise",
    "extra_per_week_to_target",  # for an 80 % chance
    "target_period",
    "expected_wait_days",
    "brokerable_share",
    # beyond the contract
    "target_share",
    "opens_lo",  # 10-90 % range of the opening month
    "opens_hi",
    "seasonal_only",  # falls under the target in summer only: shown, never flagged
    "share_now",
    "structural_share_now",
    "capacity_per_month",
    "free_per_month",  # capacity (minus committed) minus performed and own need, >= 0, NaN when unknown
    "extra_per_week_to_target_50",  # for a 50 % chance
    "reason",  # one Swedish sentence: why it is, or is not, flagged
    "paths_share_12m",  # share of the stored paths on which it opens within twelve months, before recalibration
    "lean",  # what recalibration moves the paths by, in spreads of the fan: see domain/gap_probability.py
    "lowest_of_year",  # lowest seasonally adjusted share of the last twelve months
    "list_growth",  # relative change of the list over three months
    "limit_used",  # expected wait over the guarantee's limit; above 1 it is not kept
)

FLAG_COLUMNS: Final = (  # what a list of flags is made of
    "region",
    "care_area",
    "status",
    "opens_period",
    "opens_lo",
    "opens_hi",
    "probability_12m",
    "structural_share_now",
    "extra_per_week_to_target",
    "target_period",
)
