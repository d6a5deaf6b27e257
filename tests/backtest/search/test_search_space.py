"""Spaces and grids of a strategy whose parameters are counted by hand."""

import sys

import pytest
from tests.backtest.search.search_strategies import Plain, Searched

from undertow.backtest.search.search_space import (
    distributions,
    grid_sets,
    grid_size,
    on_grid,
    optuna_library,
    search_space,
)
from undertow.domain.errors import ConfigurationError
from undertow.domain.parameter import decimal_range, integer_range


def test_what_is_searched() -> None:
    assert list(search_space(Searched)) == ["fast", "slow", "margin", "average"]
    assert list(search_space(Searched, ("sell",))) == ["slow", "average"]
    assert list(search_space(Searched, ("sell", "all"))) == ["fast", "slow", "margin", "average"]
    with pytest.raises(ConfigurationError, match="did you mean 'sell'"):
        search_space(Searched, ("sel",))
    with pytest.raises(ConfigurationError, match="found none to search in plain"):
        search_space(Plain)


def test_bounds_lie_on_the_grid() -> None:
    space = {
        "n": integer_range(1, 10, step=4),
        "x": decimal_range(0.0, 0.025, decimals=2),
        "one": decimal_range(0.5, 0.5, decimals=2),
    }
    found = distributions(space)
    assert (found["n"].low, found["n"].high, found["n"].step) == (1, 9, 4)
    assert (found["x"].low, found["x"].high, found["x"].step) == (0.0, 0.02, 0.01)
    assert found["one"].single()
    assert on_grid({"x": space["x"]}, {"x": 0.020000000000000004}) == {"x": 0.02}


def test_the_grid_in_order() -> None:
    space = search_space(Searched, ("sell",))
    assert grid_size(space) == 8
    assert grid_size(search_space(Searched)) == 5 * 4 * 3 * 2
    assert grid_sets(space, 0, 3) == [
        {"slow": 8, "average": "sma"},
        {"slow": 8, "average": "ema"},
        {"slow": 12, "average": "sma"},
    ]
    assert len(grid_sets(space, 6, 20)) == 2


def test_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(ConfigurationError, match=r"pip install undertow\[search\]"):
        optuna_library()
