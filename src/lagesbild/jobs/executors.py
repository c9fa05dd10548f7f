"""Where the work of a forecast or an evaluation is done: a Dask cluster when one is configured, else this machine."""

from __future__ import annotations

from lagesbild.forecast.fanout import Executor, local_executor
from lagesbild.settings import Settings


def executor_for(settings: Settings, jobs: int | None, items: int) -> Executor:
    """The cluster of LAGESBILD_DASK_SCHEDULER, or `jobs` processes here (one a core when None); for `items` pieces.

    With a cluster `jobs` is not looked at: how many work is decided where the workers are started. Connecting comes
    with the first piece of work, so that nothing is said about the cluster before the call itself has been checked.
    """
    if settings.dask_scheduler:
        from lagesbild.forecast.dask_executor import DaskExecutor  # a second to load, which only clusters pay

        return DaskExecutor(settings.dask_scheduler)
    return local_executor(jobs, items)
