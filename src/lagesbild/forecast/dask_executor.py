"""Spreads work over a Dask cluster. Imported only when one is configured: distributed takes a second to load.

Scheduler and workers need Lägesbild and its packages in the same versions; the cluster is asked before work is sent.
Start workers with one thread each (`dask worker ADDRESS --nworkers auto --nthreads 1`): a fit is Python and numpy, and
two threads of one process only wait for each other.
"""

from __future__ import annotations

import itertools
import logging
import os
import warnings
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

import distributed
from distributed import CancelledError, KilledWorker, WorkerPlugin

from lagesbild.domain.errors import ConfigError, ForecastError
from lagesbild.forecast.fanout import ONE_THREAD, Answer, Item

CONNECT_SECONDS: Final = 10
_LOST_SECONDS: Final = 60  # without any worker; one that is restarted comes back within this
_POLL_SECONDS: Final = 2
_AHEAD: Final = 4  # pieces in flight for each thread: enough that none waits, few enough that memory does not grow
_CLIENT: Final[Any] = distributed.Client  # half of its methods have no types
_ALIKE: Final = ("lagesbild", "distributed", "dask", "msgpack", "cloudpickle", "numpy", "pandas", "scipy")


class OneThread(WorkerPlugin):
    """One thread for linear algebra on every worker, also on those that join later, whoever started them."""

    name = "lagesbild-one-thread"

    def setup(self, worker: object) -> None:
        """numpy reads these when it is loaded, which is with the first piece of work; Dask's nannies set them too."""
        os.environ.update(dict.fromkeys(ONE_THREAD, "1"))


class DaskExecutor:
    """An `Executor` on the cluster whose scheduler is at `address` (`tcp://host:8786`, `tls://...`).

    `map` raises ConfigError (before any work) when the scheduler does not answer within CONNECT_SECONDS, has no workers
    or runs other versions, and ForecastError when the cluster is lost on the way. A worker that dies is made up for by
    the others, with the same answers: a piece of work depends on nothing but its item.
    """

    def __init__(self, address: str) -> None:
        self.address = address

    def map(self, function: Callable[[Item], Answer], items: Sequence[Item]) -> Iterator[Answer]:
        """Answers in the items' order as they come in; what is still under way is cancelled when the caller stops."""
        if not items:
            return
        with _hushed(), self._client() as client:
            client.register_plugin(OneThread())
            pending = deque[Any]()
            try:
                yield from self._work(client, function, iter(items), pending)
            except KilledWorker as error:
                raise ForecastError(
                    "Flera arbetare i Dask-klustret dog med samma uppgift; ingenting har sparats.",
                    "Kontrollera arbetarnas minne och loggar, och kör igen.",
                ) from error
            except _OfTheWorkError as error:
                raise error.cause from None
            except (CancelledError, OSError) as error:
                raise ForecastError(
                    f"Dask-schemaläggaren på {self.address} försvann under körningen; ingenting har sparats.",
                    "Starta den och arbetarna igen, och kör om.",
                ) from error
            finally:
                if client.status == "running":
                    client.cancel(list(pending))

    def _work(
        self, client: Any, function: Callable[[Item], Answer], items: Iterator[Item], pending: deque[Any]
    ) -> Iterator[Answer]:
        """Keeps `pending` filled while there is more to do, and gives the answer at its head."""
        while True:
            if len(pending) <= (limit := _limit(client)) // 2:
                more = itertools.islice(items, limit - len(pending))
                pending.extend(client.submit(function, item, pure=False) for item in more)
            if not pending:
                return
            yield self._answer(client, pending[0])
            pending.popleft()

    def _answer(self, client: Any, future: Any) -> Any:
        """The answer of one piece of work, or its exception. Watches that somebody is there to do it."""
        alone = 0
        while not future.done():
            try:
                return _result(future, _POLL_SECONDS)
            except TimeoutError:
                alone = 0 if client.nthreads() else alone + _POLL_SECONDS
            if alone >= _LOST_SECONDS:
                raise ForecastError(
                    f"Dask-klustret på {self.address} har inga arbetare kvar; ingenting har sparats.",
                    "Starta arbetare med `dask worker` och kör igen.",
                )
        return _result(future, _LOST_SECONDS)

    @contextmanager
    def _client(self) -> Iterator[Any]:
        """A connection to a cluster that can do the work."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # what it warns of, other versions, is looked into below
                client = _CLIENT(self.address, timeout=CONNECT_SECONDS, set_as_default=False)
        except Exception as error:  # OSError, TimeoutError, ValueError for an address, and what other versions answer
            raise ConfigError(
                f"Dask-schemaläggaren {self.address} svarar inte.",
                "Kontrollera att den är igång och att LAGESBILD_DASK_SCHEDULER är tcp://värd:8786, eller ta bort den.",
            ) from error
        try:
            self._check(client)
            yield client
        finally:
            client.close(timeout=CONNECT_SECONDS)

    def _check(self, client: Any) -> None:
        try:
            client.wait_for_workers(1, timeout=CONNECT_SECONDS)
        except TimeoutError as error:
            raise ConfigError(
                f"Dask-klustret på {self.address} har inga arbetare.",
                "Starta dem med `dask worker` på maskiner där Lägesbild är installerat.",
            ) from error
        told = client.get_versions(packages=list(_ALIKE))
        ours = _versions(told["client"])
        others = {"schemaläggaren": told["scheduler"], **{f"arbetaren {a}": v for a, v in told["workers"].items()}}
        for who, answer in others.items():
            theirs = _versions(answer)
            unlike = [f"{p} {theirs[p] or 'saknas'} (här {v})" for p, v in ours.items() if theirs[p] != v]
            if unlike:
                raise ConfigError(
                    f"Dask-klustret har andra versioner än den här datorn: {who} har {', '.join(unlike)}.",
                    "Installera samma version av Lägesbild med samma requirements.lock på alla maskiner i klustret.",
                )


class _OfTheWorkError(Exception):
    """The work itself raised `cause`, an OSError that must not be taken for one of the connection."""

    def __init__(self, cause: OSError) -> None:
        super().__init__(str(cause))
        self.cause = cause


def _result(future: Any, seconds: float) -> Any:
    """The answer, if it comes within that time; else TimeoutError."""
    try:
        return future.result(timeout=seconds)
    except OSError as error:  # TimeoutError is one
        if future.status == "error":
            raise _OfTheWorkError(error) from error
        raise


def _versions(answer: Mapping[str, Any]) -> dict[str, str | None]:
    """Package -> version, Python by its minor version: a fit does not depend on more."""
    packages = answer["packages"]
    python = ".".join(str(packages["python"]).split(".")[:2])
    return {"python": python, **{name: packages.get(name) for name in _ALIKE}}


def _limit(client: Any) -> int:
    """Pieces in flight; asked again as the work goes on, since workers come and go."""
    return max(_AHEAD, _AHEAD * int(sum(client.nthreads().values())))


@contextmanager
def _hushed() -> Iterator[None]:
    """What Dask has to say about lost connections is said by us, once and in Swedish."""
    names = [n for n in logging.root.manager.loggerDict if n.split(".")[0] in ("distributed", "tornado")]
    before = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)
