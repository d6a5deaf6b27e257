"""The functional face: the same numbers as the indicators themselves, from candles of any form."""

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.domain.errors import CallerError, ConfigurationError
from undertow.indicators import functions
from undertow.indicators.registry import INDICATORS, make_indicator

Columns = dict[str, NDArray[np.float64]]
Bars = Callable[[int, int], Columns]
_PLAIN = ("open", "high", "low", "close", "volume")


@pytest.fixture
def columns(bars: Bars) -> Columns:
    return bars(31, 220)


@pytest.fixture
def candles(columns: Columns) -> NDArray[np.float64]:
    times = np.arange(220.0) * 60.0
    return np.stack([times, *(columns[name] for name in _PLAIN)], axis=1)


@pytest.mark.parametrize("name", sorted(INDICATORS))
def test_each_gives_what_its_indicator_gives(name: str, columns: Columns) -> None:
    function = getattr(functions, name)
    indicator = make_indicator(name)
    expected = indicator.batch(*(columns[key] for key in indicator.inputs))
    whole = function(columns, sequential=True)
    last = function(columns)
    if len(expected) == 1:
        assert whole.tobytes() == expected["value"].tobytes()
        assert np.array_equal(last, expected["value"][-1], equal_nan=True)
        return
    assert whole._fields == last._fields == indicator.outputs
    for key, column in expected.items():
        assert getattr(whole, key).tobytes() == column.tobytes()
        assert np.array_equal(getattr(last, key), column[-1], equal_nan=True)


def test_candles_come_in_three_forms(columns: Columns, candles: NDArray[np.float64]) -> None:
    kinds: list[tuple[str, Any]] = [(name, np.float64) for name in _PLAIN]
    records = np.zeros(220, kinds)
    for name in _PLAIN:
        records[name] = columns[name]
    expected = functions.atr(columns, 10)
    assert functions.atr(candles, 10) == expected
    assert functions.atr(records, 10) == expected
    lists = {name: column.tolist() for name, column in columns.items()}
    assert functions.atr(lists, 10) == expected


def test_means_of_prices_are_made_of_the_candles(candles: NDArray[np.float64]) -> None:
    _, high, low, close = (candles[:, k] for k in (1, 2, 3, 4))
    returns = np.concatenate([[np.nan], np.log(close[1:] / close[:-1])])
    wanted = {"hl2": (high + low) / 2.0, "hlc3": (high + low + close) / 3.0, "log_return": returns}
    for name, column in wanted.items():
        made = functions._column("test", name, candles)
        assert np.allclose(made, column, rtol=1e-15, equal_nan=True)
    assert functions._column("test", "log_return", candles[:0]).shape == (0,)


def test_parameters_go_by_name_or_place_and_sequential_comes_last(columns: Columns) -> None:
    assert functions.sma(columns, 7) == functions.sma(columns, period=7)
    assert functions.sma(columns, 7, True).shape == (220,)
    assert str(inspect.signature(functions.sma)) == "(candles, /, period=20, sequential=False)"
    assert repr(functions.sma) == "sma(candles, /, period=20, sequential=False)"
    assert "Simple moving average" in (functions.sma.__doc__ or "")
    assert functions.sma is functions.sma


def test_too_few_candles_answer_nan(columns: Columns) -> None:
    short = {name: column[:5] for name, column in columns.items()}
    none = {name: column[:0] for name, column in columns.items()}
    assert np.isnan(functions.sma(short))
    assert np.isnan(functions.sma(none))
    assert np.isnan(functions.bollinger(short).upper)


def test_every_name_is_there_and_a_wrong_one_gets_a_hint() -> None:
    assert dir(functions) == sorted(INDICATORS)
    with pytest.raises(AttributeError, match="did you mean 'bollinger'"):
        _ = functions.bolinger
    assert not hasattr(functions, "__wrapped__")


def test_wrong_candles_and_parameters_are_refused(
    columns: Columns, candles: NDArray[np.float64]
) -> None:
    with pytest.raises(CallerError, match=r"found an array of shape \(220, 5\)"):
        functions.sma(candles[:, :5])
    with pytest.raises(CallerError, match="found 7"):
        functions.sma(7)  # type: ignore[arg-type]
    with pytest.raises(CallerError, match="with 'close' for sma, found clos"):
        functions.sma({"clos": columns["close"]})
    with pytest.raises(ConfigurationError, match="did you mean 'period'"):
        functions.sma(columns, perod=3)
    with pytest.raises(ConfigurationError, match="true or false"):
        functions.sma(columns, 3, 4)
    with pytest.raises(ConfigurationError, match="found 3 values"):
        functions.sma(columns, 3, True, 4)
