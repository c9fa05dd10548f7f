"""What `lagesbild.forecast.priors` holds, learnt anew from the real series in data/real:

    python -m examples.learn_priors

Takes a few minutes. Prints the two constants as Python.
"""

from __future__ import annotations

import numpy as np

from lagesbild.domain.recalibration import IDENTITY
from lagesbild.forecast.backtest import PATHS, factors_of, replayed
from lagesbild.forecast.calibration import pooled, prior_of
from lagesbild.forecast.fanout import local_executor
from lagesbild.forecast.recalibrating import cases_of, fit
from lagesbild.forecast.replay import SHARE
from lagesbild.forecast.scoring import FLAG_TARGETS, together
from lagesbild.jobs.real_sets import read_real_sets

HORIZON, STEP = 12, 3
FEW = 10  # pairs: a smaller set tells nothing of a 95 % quantile


def main() -> None:
    """Replay every set and print what is learnt."""
    sets = [s for s in read_real_sets() if len(s.pairs) >= FEW]
    executor = local_executor(None, sum(len(s.pairs) for s in sets))
    found = replayed(sets, horizon=HORIZON, step=STEP, origins=None, executor=executor)
    replays = [[done.replay for done in mine] for mine in found]
    print(f"# {sum(len(r) for r in replays)} pairs, {PATHS} paths")
    for measure in ("waiting", SHARE, "performed"):
        errors = [
            pooled([r.errors[measure] for r in mine if measure in r.errors])
            for mine in replays
            if any(measure in r.errors for r in mine)
        ]
        prior = prior_of(errors)
        assert prior is not None
        print(f'    "{measure}": np.array({np.round(prior, 2).tolist()}),')
    factors = factors_of(found)
    cases = [
        cases_of(mine, FLAG_TARGETS, dict(f[SHARE]), HORIZON)
        for mine, f in zip(replays, factors, strict=True)
        if SHARE in f
    ]
    every = together(cases)
    learnt = fit(every.where(every.decided_in_time), IDENTITY)
    rounded = tuple(round(float(c), 3) for c in learnt.coefficients)
    print(f"PRIOR_RECALIBRATION: {rounded}, {learnt.cases} cases, {learnt.events} openings")


if __name__ == "__main__":
    main()
