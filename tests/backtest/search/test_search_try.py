"""One try: the stretch that is traded, strategies that fail, the vectorised face's bars."""

import numpy as np
import pytest
from tests.backtest.search.search_strategies import Plain, Searched

from undertow.backtest.bar_data import BarData
from undertow.backtest.instrument_bars import read_bars
from undertow.backtest.search.losses import WORST
from undertow.backtest.search.search_settings import Face, SearchSettings
from undertow.backtest.search.search_try import (
    GivenStrategy,
    TryItem,
    run_try,
    search_task,
    try_result,
    whole_span,
)
from undertow.backtest.settings import BacktestSettings
from undertow.backtest.signal_run import run_signals
from undertow.domain.errors import ConfigurationError, DataError
from undertow.domain.time import NS_PER_DAY

SOURCE = GivenStrategy(Searched())
SEARCH = SearchSettings()
FAST = SearchSettings(face=Face.SIGNALS)


def test_only_the_stretch_is_traded(hours: BarData, open_settings: BacktestSettings) -> None:
    start_ns, stop_ns = whole_span(hours, open_settings)
    middle = (start_ns + 5 * NS_PER_DAY, start_ns + 15 * NS_PER_DAY)
    for search in (SEARCH, FAST):
        task = search_task(SOURCE, hours, open_settings, search)
        part = try_result(task, TryItem({"fast": 2}, *middle))
        assert part.trades
        assert all(middle[0] <= trade.open_time_ns <= middle[1] for trade in part.trades)
        whole = try_result(task, TryItem({"fast": 2}, start_ns, stop_ns))
        assert len(whole.trades) > len(part.trades)


def test_the_vectorised_face_is_that_run(hours: BarData, open_settings: BacktestSettings) -> None:
    task = search_task(SOURCE, hours, open_settings, FAST)
    assert task.data is None
    assert task.rules.taker_ppm == 200
    item = TryItem({"slow": 12}, *whole_span(hours, open_settings))
    own = run_signals(Searched(slow=12), read_bars(hours, 3_600), task.rules).result()
    found = try_result(task, item)
    assert found.final_balance == own.final_balance
    assert np.array_equal(found.equity.equity, own.equity.equity)
    with pytest.raises(ConfigurationError, match="plain without"):
        search_task(GivenStrategy(Plain()), hours, open_settings, FAST)


def test_too_few_trades_are_the_worst(hours: BarData, open_settings: BacktestSettings) -> None:
    item = TryItem({}, *whole_span(hours, open_settings))
    few = SearchSettings(least_trades=10_000, losses=("sharpe", "only-profit"))
    assert run_try(search_task(SOURCE, hours, open_settings, few), item).losses == (WORST, WORST)


def test_no_data_in_the_stretch(hours: BarData) -> None:
    with pytest.raises(DataError, match="found none"):
        whole_span(hours, BacktestSettings(start_ns=hours.span_ns[1] + 1))
