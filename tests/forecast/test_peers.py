"""Peers: absent without the package; with it, seven ordered quantiles on the scale given, or a ValueError."""

from __future__ import annotations

import importlib.util
import pickle
import subprocess
import sys
from types import ModuleType

import numpy as np
import pytest

from lagesbild.forecast import peers
from lagesbild.forecast.intervals import BANDS
from lagesbild.forecast.peers import LEVELS, StatsforecastPeer, available_peers

RNG = np.random.default_rng(3)
SERIES = 6 + 0.1 * np.sin(np.arange(60) * np.pi / 6) + RNG.normal(0, 0.02, 60)
installed = importlib.util.find_spec("statsforecast") is not None


class _Stub:
    """Answers as statsforecast's models do: arrays and pandas series by name, bands that cross."""

    crossing = False

    def __init__(self, season_length: int) -> None:
        assert season_length == 12

    def forecast(self, y, h, level):
        assert list(level) == [50, 80, 95]
        if len(y) < 24:
            raise ZeroDivisionError("too short")
        middle = np.full(h, y[-1])
        out = {"mean": middle}
        for width in level:
            side = -1 if self.crossing and width == 50 else 1
            out[f"lo-{width}"], out[f"hi-{width}"] = middle - side * width, middle + side * width
        return out | ({"mean": np.full(h, np.nan)} if y[0] < 0 else {})


@pytest.fixture
def stub(monkeypatch):
    module = ModuleType("statsforecast.models")
    module.AutoETS = _Stub  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "statsforecast", ModuleType("statsforecast"))
    monkeypatch.setitem(sys.modules, "statsforecast.models", module)
    return _Stub


def test_the_levels_are_those_of_our_bands():
    assert tuple(BANDS.values()) == LEVELS


def test_answers_are_the_seven_quantiles_in_order(stub, monkeypatch):
    made = StatsforecastPeer("AutoETS").quantiles(np.arange(30.0), 5)
    np.testing.assert_array_equal(made[:, 0], 29 + np.array([-95, -80, -50, 0, 50, 80, 95]))
    assert made.shape == (7, 5)
    monkeypatch.setattr(stub, "crossing", True)
    assert (np.diff(StatsforecastPeer("AutoETS").quantiles(np.arange(30.0), 5), axis=0) >= 0).all()


@pytest.mark.parametrize("series", [np.arange(12.0), np.r_[-1.0, np.ones(30)], np.r_[np.nan, np.ones(30)], np.empty(0)])
def test_what_it_cannot_forecast_is_a_value_error(stub, series):
    with pytest.raises(ValueError, match="AutoETS"):
        StatsforecastPeer("AutoETS").quantiles(series, 5)


def test_without_the_package_there_are_none(monkeypatch):
    monkeypatch.setattr(peers.importlib.util, "find_spec", lambda name: None)
    assert available_peers() == []


def test_looking_for_peers_imports_nothing():
    code = (
        "import sys; from lagesbild.forecast.peers import available_peers; available_peers();"
        "sys.exit('statsforecast' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.skipif(not installed, reason="statsforecast finns inte här (make setup-bench)")
def test_the_real_ones_forecast_a_season():
    found = available_peers()
    assert [p.name for p in found] == ["AutoETS", "AutoARIMA", "AutoTheta"]
    for peer in pickle.loads(pickle.dumps(found)):
        made = peer.quantiles(SERIES, 12)
        assert made.shape == (7, 12)
        assert (np.diff(made, axis=0) >= 0).all()
        assert abs(made[3].mean() - 6) < 0.2
