"""A sweep gives what single runs give, however many threads run it."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from tests.backtest.conftest import Cross

from undertow.backtest.bar_data import bar_data
from undertow.backtest.instrument_bars import read_bars
from undertow.backtest.signal_run import run_signals
from undertow.backtest.signal_sweep import parameter_sets, sweep_signals
from undertow.decision.bar_columns import BarColumns
from undertow.decision.signals import Signals
from undertow.domain.errors import ConfigurationError


class Both(Cross):
    """Both faces, with a stop for some parameters."""

    def signals(self, bars: BarColumns) -> Signals:
        above = bars["fast"] > bars["slow"]
        stop = bars.close - 0.5 if self.fast == 4 else None
        return Signals(long_entry=above, long_exit=~above, stop=stop)


def test_rows_are_single_runs(make_candles: Callable[..., dict[str, Any]]) -> None:
    source = read_bars(bar_data(make_candles(6_000)))[0]
    grid = {"fast": [2, 3, 4], "slow": [8, 13]}
    table = sweep_signals(Both, source, grid)
    assert [tuple(one.values()) for one in table.parameters[:3]] == [(2, 8), (2, 13), (3, 8)]
    for k, chosen in enumerate(table.parameters):
        run = run_signals(Both(**chosen), [source])
        assert table.final[k] == run.final_balance
        assert table.trades[k] == run.trade_count
        curve = run.equity()
        falls = 1.0 - curve.equity / np.maximum.accumulate(curve.equity)
        assert table.drawdown[k] == pytest.approx(falls.max())
        daily = curve.equity[::1_440]
        returns = daily[1:] / daily[:-1] - 1.0
        expected = returns.mean() / returns.std(ddof=1) * np.sqrt(365)
        assert table.sharpe[k] == pytest.approx(expected)
    assert table.final[table.best()] == table.final.max()
    threaded = sweep_signals(Both, source, grid, jobs=2)
    np.testing.assert_array_equal(threaded.final, table.final)


def test_undefined_is_not_a_number_and_empty_is_refused(
    make_candles: Callable[..., dict[str, Any]],
) -> None:
    source = read_bars(bar_data(make_candles(100)))[0]
    assert np.isnan(sweep_signals(Both, source, [{"fast": 3}]).sharpe[0])
    with pytest.raises(ConfigurationError, match="parameter set"):
        parameter_sets([])
    with pytest.raises(ConfigurationError, match="job"):
        sweep_signals(Both, source, [{}], jobs=0)
