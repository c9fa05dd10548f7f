"""`lagesbild backtest` around a made-up evaluation: which sets it asks for, what it prints, what it stores."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from types import ModuleType

import pandas as pd
import pytest

from lagesbild.cli.backtest_table import backtest_table
from lagesbild.data.source import PgSource
from lagesbild.domain.errors import UnknownCodeError
from lagesbild.domain.source import MEASURES
from lagesbild.forecast.fanout import ProcessExecutor
from lagesbild.jobs.backtesting import chosen_sets, own_set
from lagesbild.jobs.real_sets import RealSet
from tests.forecast.made_up import country
from tests.jobs.importing import import_country
from tests.made_up_backtest import made_up_backtest


@pytest.fixture
def asked(monkeypatch):
    """What the evaluation was asked for; it answers with the made-up one."""
    calls: list = []

    def evaluate(sets, **how):
        how["progress"](1, 1)
        calls.append((sets, how))
        return made_up_backtest()

    module = ModuleType("lagesbild.forecast.backtest")
    module.evaluate = evaluate  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "lagesbild.forecast.backtest", module)
    return calls


@pytest.fixture
def call(monkeypatch, command_line, asked):
    """Runs `lagesbild backtest` against a database: (exit code, standard output, standard error)."""

    def run(*arguments: str, url: str) -> tuple[int, str, str]:
        monkeypatch.setenv("LAGESBILD_DATABASE_URL", url)
        return command_line("backtest", *arguments)

    return run


NOWHERE = "postgresql://lage@127.0.0.1:1/finns_inte"


def _plain(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").split())


def test_the_table_says_all_there_is():
    text = backtest_table(made_up_backtest())
    assert not re.search(r"\bnan\b", text, re.IGNORECASE)
    lines = {_plain(line) for line in text.splitlines()}
    # pooled over both sets: 0,35 / 0,40, 0,35 / 0,45 and (80 + 3 x 84) / 4
    assert "väntande WQL mot bästa andra (AutoETS) 0,87 ≤ 1,00 nås ≤ 0,90 nås" in lines
    assert "väntande träff 80 % 83,0 % 80 ± 5 nås 80 ± 2 nås inte" in lines
    assert "väntande träff 95 %, sämsta året (2019) 93,5 % 95 ± 3 nås 95 ± 1 nås inte" in lines
    assert "genomförda WQL mot bästa andra (naive) 1,00 ≤ 1,00 nås ≤ 0,88 nås inte" in lines
    assert "varningar AUC (a) 0,81 ≥ 0,79 nås ≥ 0,85 nås inte" in lines
    assert "väntande alla verkliga 400 0,87 AutoETS 0,78 83 % 96 % 0,75" in lines
    assert "väntande own 10 9,00 naive 9,00 10 % 20 % 9,00" in lines
    assert not any(line.startswith("genomförda alla verkliga") for line in lines)  # of one set only: said once
    assert "Mått Datamängd 1-3 10-12" in lines
    assert "Mått Datamängd 2019" in lines
    assert "genomförda b –/90 –/90" in lines
    assert "a forecast 0,50 500 20 % 0,81 0,25 67 % 30 % 4 % 3,0 –" in lines
    assert "a forecast 10 % 200 15 % 14 %" in lines


def test_a_table_without_flags_or_peers_is_shorter_and_whole():
    made = made_up_backtest()
    alone = made.scores[made.scores["model"] == "forecast"]
    text = backtest_table(replace(made, scores=alone, flags=made.flags[:0], reliability=made.reliability[:0]))
    assert "Varningar" not in text
    assert "mot bästa andra" not in text
    assert "Per mått och datamängd" in text
    assert backtest_table(replace(made, scores=made.scores[:0], flags=pd.DataFrame(columns=made.flags.columns)))


def test_own_series_are_those_of_the_database_and_say_where_they_come_from():
    made = own_set(country(regions=2))
    assert made is not None
    assert (made.name, len(made.pairs)) == ("own", 2)
    assert set(made.measures) < set(MEASURES)
    assert made.source == "Syntetiska data: provdata"


def test_sets_are_chosen_by_name_and_a_mistyped_one_is_told():
    sets = [RealSet(n, n, "", ("waiting",), []) for n in ("scotland-diagnostics", "ireland-endoscopy")]
    assert chosen_sets(sets, ()) == sets
    assert [s.name for s in chosen_sets(sets, ("ireland-endoscopy", "own"))] == ["ireland-endoscopy"]
    with pytest.raises(UnknownCodeError, match="Menade du ”ireland-endoscopy”"):
        chosen_sets(sets, ("irland-endoscopy",))


def test_without_a_database_the_real_sets_are_evaluated_and_nothing_is_stored(call, asked):
    code, out, err = call("--origins", "4", "--step", "6", "--horizon", "9", "--jobs", "2", "--no-peers", url=NOWHERE)
    assert code == 0
    ((sets, how),) = asked
    assert len(sets) == 9
    assert "own" not in {s.name for s in sets}
    assert (how["origins"], how["step"], how["horizon"], how["peers"]) == (4, 6, 9, [])
    assert isinstance(how["executor"], ProcessExecutor)
    assert how["executor"].jobs == 2
    assert "Mot målen" in out
    assert "sweden-vantetider: Sverige: andel inom 90 dagar, Riket, 2 serier" in out
    assert "Databasen svarar inte" in err
    assert "Ingenting sparades" in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "arguments, said",
    [
        (("--set", "skottland"), "Det finns ingen datamängd ”skottland”"),
        (("--horizon", "25"), "Värdet för --horizon går inte att använda"),
        (("--origins", "0"), "Värdet för --origins går inte att använda"),
        (("--step", "halv"), "Värdet för --step går inte att använda"),
        (("--own",), "inga egna serier"),
        (("--set", "own"), "inga egna serier"),
    ],
)
def test_wrong_calls_exit_2_before_anything_is_evaluated(call, asked, arguments, said):
    code, out, err = call(*arguments, url=NOWHERE)
    assert (code, out) == (2, "")
    assert said in err
    assert "Gör så här" in err
    assert not asked


def test_nothing_long_enough_is_told(call, monkeypatch):
    made = made_up_backtest()
    module = sys.modules["lagesbild.forecast.backtest"]
    monkeypatch.setattr(module, "evaluate", lambda sets, **how: replace(made, scores=made.scores[:0]))
    code, out, err = call(url=NOWHERE)
    assert (code, out) == (2, "")
    assert "Ingen serie är lång nog" in err


@pytest.mark.database
def test_with_a_database_own_series_join_and_the_evaluation_is_stored(call, asked, database, database_url, tmp_path):
    code, _, err = call("--set", "sweden-vantetider", url=database_url)  # migrated, but nothing in it
    assert code == 0
    assert "är sparad" in err
    import_country(database, tmp_path, synthetic=True)
    for arguments, wanted in (
        ((), 10),
        (("--no-own",), 9),
        (("--set", "sweden-vantetider"), 1),
        (("--set", "sweden-vantetider", "--own"), 2),
        (("--set", "own"), 1),
    ):
        asked.clear()
        code, out, _ = call(*arguments, url=database_url)
        assert code == 0
        sets = asked[0][0]
        assert len(sets) == wanted
        has = "own" in {s.name for s in sets}
        assert ("Syntetiska data: talen i own är påhittade." in out) == has
    stored = PgSource(database).backtest()
    assert len(stored) == len(made_up_backtest().scores)


@pytest.mark.database
def test_a_database_without_tables_is_no_obstacle(call, empty_database_url):
    code, out, err = call("--set", "sweden-vantetider", url=empty_database_url)
    assert code == 0
    assert "Mot målen" in out
    assert "lagesbild db upgrade" in err
    assert "Ingenting sparades" in err
