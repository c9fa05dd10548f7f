"""Forecasts over a real Dask cluster: the same to the last digit as here, whoever dies on the way."""

from __future__ import annotations

import os
import socket
import sys
import time

import numpy as np
import pandas as pd
import pytest

from lagesbild.cli import main as run_main
from lagesbild.data.source import PgSource
from lagesbild.domain.errors import ConfigError, ForecastError
from lagesbild.forecast import dask_executor
from lagesbild.forecast.dask_executor import DaskExecutor
from lagesbild.forecast.fanout import ProcessExecutor, SerialExecutor
from lagesbild.jobs.executors import executor_for
from lagesbild.jobs.forecasting import run_forecast
from lagesbild.settings import Settings
from tests.forecast.made_up import MemoryStore, country
from tests.jobs.dask_cluster import Cluster
from tests.jobs.dask_work import refuse_at_three, slow_square, threads, time_out_at_three
from tests.jobs.importing import import_country

COUNTRY = country(regions=4, months=28)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """Two workers, shared by the tests that leave it alive."""
    made = Cluster(tmp_path_factory.mktemp("dask"), workers=2)
    yield made
    made.stop()


def _run(executor, progress=None):
    store = MemoryStore()
    run_forecast(COUNTRY, store, n_paths=50, executor=executor, progress=progress)
    return store.stored[0]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_the_setting_chooses_the_cluster():
    chosen = executor_for(Settings(dask_scheduler="tcp://127.0.0.1:1"), 2, 100)
    assert isinstance(chosen, DaskExecutor)
    assert chosen.address == "tcp://127.0.0.1:1"
    here = executor_for(Settings(dask_scheduler=None), 2, 100)
    assert isinstance(here, ProcessExecutor)
    assert isinstance(executor_for(Settings(dask_scheduler=None), 2, 3), SerialExecutor)


def test_answers_come_in_order_from_other_processes_with_one_thread_each(cluster):
    assert list(DaskExecutor(cluster.address).map(slow_square, range(20))) == [n * n for n in range(20)]
    told = list(DaskExecutor(cluster.address).map(threads, range(12)))
    assert {pid for pid, _ in told} == {w.pid for w in cluster.workers}
    assert os.getpid() not in {pid for pid, _ in told}
    assert {value for _, value in told} == {"1"}
    assert list(DaskExecutor(cluster.address).map(slow_square, [])) == []


def test_answers_come_as_they_are_made_and_little_is_under_way(cluster, monkeypatch):
    given = []

    class Watched(list):
        def __iter__(self):
            for item in super().__iter__():
                given.append(item)
                yield item

    answers = DaskExecutor(cluster.address).map(slow_square, Watched(range(200)))
    assert next(answers) == 0
    assert len(given) <= 2 * 4
    assert next(answers) == 1
    answers.close()
    assert len(given) <= 2 * 4
    # what was under way is cancelled: nothing stands before the next work
    started = time.monotonic()
    assert list(DaskExecutor(cluster.address).map(slow_square, [5])) == [25]
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("work, kind", [(time_out_at_three, TimeoutError), (refuse_at_three, ConnectionError)])
def test_an_error_of_the_work_itself_comes_back_as_it_is_whatever_it_looks_like(cluster, work, kind):
    answers = DaskExecutor(cluster.address).map(work, range(9))
    assert [next(answers) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(kind, match="tre"):
        next(answers)


@pytest.fixture(scope="module")
def here():
    """The run made in this process."""
    return _run(SerialExecutor())


def _assert_same(one, two):
    for place in (1, 3):
        pd.testing.assert_frame_equal(one[place], two[place], check_exact=True)
    assert one[2].keys() == two[2].keys()
    for key, paths in one[2].items():
        np.testing.assert_array_equal(paths, two[2][key])


def test_a_run_over_the_cluster_is_the_same_to_the_last_digit(cluster, here):
    _assert_same(here, _run(DaskExecutor(cluster.address)))


def test_a_worker_killed_in_the_middle_changes_nothing(tmp_path, here):
    cluster = Cluster(tmp_path, workers=2)
    done = []

    def progress(count, total):
        done.append(count)
        if len(done) == 2:
            cluster.workers[0].kill()

    try:
        _assert_same(here, _run(DaskExecutor(cluster.address), progress))
        assert cluster.workers[1].poll() is None
    finally:
        cluster.stop()


def test_a_scheduler_that_dies_is_a_swedish_error_and_nothing_is_stored(tmp_path, capfd):
    cluster, store = Cluster(tmp_path, workers=1), MemoryStore()

    def progress(count, total):
        cluster.scheduler.kill()

    try:
        with pytest.raises(ForecastError) as told:
            run_forecast(COUNTRY, store, n_paths=50, executor=DaskExecutor(cluster.address), progress=progress)
    finally:
        cluster.stop()
    assert "schemaläggaren" in str(told.value)
    assert not store.stored
    assert "Traceback" not in capfd.readouterr().err


def test_a_cluster_whose_last_worker_dies_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(dask_executor, "_POLL_SECONDS", 1)
    monkeypatch.setattr(dask_executor, "_LOST_SECONDS", 1)
    cluster = Cluster(tmp_path, workers=1)
    try:
        answers = DaskExecutor(cluster.address).map(slow_square, range(99))
        assert next(answers) == 0
        cluster.workers[0].kill()
        with pytest.raises(ForecastError, match="inga arbetare kvar"):
            list(answers)
    finally:
        cluster.stop()


def test_a_scheduler_that_is_not_there_is_told_in_time(monkeypatch, capfd):
    monkeypatch.setattr(dask_executor, "CONNECT_SECONDS", 1)
    for address in (f"tcp://127.0.0.1:{_free_port()}", "inte en adress", "tcp://finns.inte.invalid:8786"):
        store = MemoryStore()
        with pytest.raises(ConfigError) as told:
            run_forecast(COUNTRY, store, executor=DaskExecutor(address))
        assert address in told.value.message
        assert "LAGESBILD_DASK_SCHEDULER" in told.value.remedy
        assert not store.stored
    assert "Traceback" not in capfd.readouterr().err


def test_a_cluster_without_workers_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(dask_executor, "CONNECT_SECONDS", 1)
    cluster = Cluster(tmp_path, workers=0)
    try:
        with pytest.raises(ConfigError, match="inga arbetare"):
            list(DaskExecutor(cluster.address).map(slow_square, [1]))
    finally:
        cluster.stop()


def test_other_versions_in_the_cluster_are_told_before_any_work(cluster, monkeypatch):
    real, asked = dask_executor._versions, []

    def older(answer):
        asked.append(answer)  # ours first, then the others'
        return real(answer) | ({"lagesbild": "0.0.1", "scipy": None} if len(asked) > 1 else {})

    monkeypatch.setattr(dask_executor, "_versions", older)
    with pytest.raises(ConfigError) as told:
        list(DaskExecutor(cluster.address).map(slow_square, [1]))
    assert "schemaläggaren har lagesbild 0.0.1 (här " in told.value.message
    assert "scipy saknas (här " in told.value.message
    assert "requirements.lock" in told.value.remedy


@pytest.mark.database
def test_the_command_says_what_is_wrong_with_the_cluster_and_stores_nothing(
    database, database_url, tmp_path, monkeypatch, capsys
):
    import_country(database, tmp_path)
    address = f"tcp://127.0.0.1:{_free_port()}"
    monkeypatch.setattr(dask_executor, "CONNECT_SECONDS", 1)
    monkeypatch.setattr(sys, "argv", ["lagesbild", "forecast"])
    monkeypatch.setenv("LAGESBILD_DATABASE_URL", database_url)
    monkeypatch.setenv("LAGESBILD_DASK_SCHEDULER", address)
    with pytest.raises(SystemExit) as stopped:
        run_main()
    said = capsys.readouterr()
    assert (stopped.value.code, said.out) == (2, "")
    assert f"Dask-schemaläggaren {address} svarar inte" in said.err
    assert "Traceback" not in said.err
    assert PgSource(database).runs() == []
