"""The loop itself: warm-up, several venues, the same result however blocks are cut."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.backtest.conftest import Cross

from undertow.backtest.bar_data import bar_data
from undertow.backtest.library import run_result
from undertow.backtest.run import BacktestRun
from undertow.backtest.settings import BacktestSettings
from undertow.backtest.synthetic_data import SyntheticData
from undertow.domain.errors import ConfigurationError
from undertow.domain.market_event import EventArray
from undertow.simulator.market.market_config import MarketConfig
from undertow.strategies.ema_cross import EmaCross
from undertow.timeline.market_data import MarketData

Make = Callable[..., dict[str, Any]]


class Cut:
    """The same data in blocks of so many rows."""

    def __init__(self, data: MarketData, rows: int) -> None:
        self._data = data
        self._rows = rows

    def __getattr__(self, name: str) -> Any:
        return getattr(self._data, name)

    def blocks(self, start_ns: int = 0, stop_ns: int = 2**63 - 1) -> Iterator[EventArray]:
        for block in self._data.blocks(start_ns, stop_ns):
            for first in range(0, len(block), self._rows):
                yield block[first : first + self._rows]


def ran(data: Any, settings: BacktestSettings, *strategies: Any) -> Any:
    run = BacktestRun(strategies or (Cross(),), data, settings)
    run.run()
    return run_result(run)


@pytest.mark.parametrize("rows", [1, 7, 300])
def test_how_blocks_are_cut_changes_nothing(
    make_candles: Make, research: dict[str, Any], rows: int
) -> None:
    data, settings = bar_data(make_candles()), BacktestSettings(**research)
    whole, cut = ran(data, settings), ran(Cut(data, rows), settings)
    assert cut.state_hash == whole.state_hash
    assert cut.trades == whole.trades


def test_progress_is_told_and_grows(make_candles: Make, research: dict[str, Any]) -> None:
    told: list[tuple[int, float]] = []
    run = BacktestRun([Cross()], bar_data(make_candles()), BacktestSettings(**research))
    run.run(lambda rows, share: told.append((rows, share)))
    assert told == sorted(told)
    assert told[-1][0] == 600


def test_two_venues_share_the_money(make_candles: Make, research: dict[str, Any]) -> None:
    data = bar_data(
        {"ABC/USDT@one": make_candles(), "ABC/USDT:USDT@two": make_candles(seed=6)},
        steps=("0.01", "0.001"),
    )
    result = ran(data, BacktestSettings(**research))
    assert result.settings["wallets"] == {"one": {"USDT": "5000"}, "two": {"USDT": "5000"}}
    assert {trade.instrument_id for trade in result.trades} == set(result.instruments)
    assert result.starting_balance == 10_000.0


def test_displayed_books_and_stops_at_the_venue() -> None:
    market = MarketConfig(assets=("BTC",), venues=("aster",))
    data = SyntheticData(market, 2_400, 3)
    result = ran(data, BacktestSettings(seed=3, warm_up_bars=10), EmaCross(fast=2, slow=5))
    assert result.trades
    assert {t.exit_reason for t in result.trades} <= {
        "exit_signal", "stop_loss", "trailing_stop_loss", "force_exit"
    }  # fmt: skip
    assert all(trade.risk > 0 for trade in result.trades)
    assert result.equity.equity[-1] == pytest.approx(result.final_balance, rel=1e-4)


def test_no_strategy_is_refused(make_candles: Make) -> None:
    with pytest.raises(ConfigurationError, match="at least one strategy"):
        BacktestRun([], bar_data(make_candles()), BacktestSettings())
