"""Where the work of a forecast or an evaluation is done: a Dask cluster when one is configured, else this machine."""

from __future__ import annotations

from lagesbild.forecast.fanout import Executor, local_executor
from lagesbild.settings import Settings


def cluster(settings: Settings) -> Executor | None:
    """The cluster of LAGESBILD_DASK_SCHEDULER, or None when none is configured.

    It is connected to with the first piece of work, so that a wrong call is told before anything about the cluster is.
    """
    if not settings.dask_scheduler:
        return None
    from lagesbild.forecast.dask_executor import DaskExecutor  # a second to load, which only clusters pay

    return DaskExecutor(settings.dask_scheduler)


def executor_for(settings: Settings, jobs: int | None, items: int) -> Executor:
    """The cluster when there is one, or `jobs` processes here (one a core when None); for `items` pieces of work.

    With a cluster `jobs` is not looked at: how many work is decided where the workers are started.
    """
    return cluster(settings) or local_executor(jobs, items)
