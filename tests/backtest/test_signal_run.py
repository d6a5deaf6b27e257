"""A vectorised run: a ledger worked by hand, its equity, and wrong strategies."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from tests.backtest.conftest import Cross

from undertow.backtest.bar_data import bar_data
from undertow.backtest.instrument_bars import InstrumentBars
from undertow.backtest.signal_rules import SignalRules
from undertow.backtest.signal_run import run_signals
from undertow.backtest.signal_stake import SignalStake
from undertow.decision.bar_columns import BarColumns
from undertow.decision.signals import Signals
from undertow.decision.strategy import Strategy
from undertow.domain.errors import CallerError, StrategyFault
from undertow.domain.fixed import Step
from undertow.domain.instrument import Instrument, MarketKind
from undertow.simulator.fill_preset import Fills

START_NS = 1_704_067_200_000_000_000
MINUTE_NS = 60_000_000_000
SPOT = Instrument(
    "A/USDT", "x", "A", MarketKind.SPOT, "A", "USDT", "USDT", Step.of("0.01"), Step.of("0.001")
)
FREE = SignalRules(fills=Fills.OPTIMISTIC, taker_ppm=1_000, stake=SignalStake.of("money:500"))


class Given(Strategy):
    """Wants what it was told to."""

    long_entry: tuple[bool, ...] = ()
    long_exit: tuple[bool, ...] = ()

    def signals(self, bars: BarColumns) -> Signals:
        return Signals(long_entry=list(self.long_entry), long_exit=list(self.long_exit))


def bars(closes: list[float]) -> InstrumentBars:
    close = np.array(closes)
    opened = np.concatenate([close[:1], close[:-1]])
    columns = {
        "open": opened, "high": np.maximum(opened, close),
        "low": np.minimum(opened, close), "close": close,
    }  # fmt: skip
    times = START_NS + np.arange(len(close)) * MINUTE_NS
    return InstrumentBars(SPOT, BarColumns(times, columns))


def test_a_ledger_worked_by_hand() -> None:
    """Buy 5 at 100 (fee 0.5), sell 5 at 120 (fee 0.6), buy 4 at 125 and hold: 500.10 - 0.5."""
    strategy = Given(
        long_entry=(True, False, False, True, False), long_exit=(False, True, False, False, False)
    )
    run = run_signals(strategy, [bars([100, 120, 110, 125, 130])], FREE, starting_balance=1_000.0)
    result = run.result()
    first, last = result.trades
    assert (first.qty, first.entry_price, first.exit_price) == (5.0, 100.0, 120.0)
    assert (first.fees, first.pnl) == pytest.approx((1.1, 98.9))
    assert (first.open_time_ns, first.close_time_ns) == (
        START_NS + MINUTE_NS,
        START_NS + 2 * MINUTE_NS,
    )
    assert (first.exit_reason, last.exit_reason, last.is_open) == (
        "exit_signal",
        "force_exit",
        True,
    )
    assert (last.qty, last.entry_price, last.exit_price) == (4.0, 125.0, 130.0)
    expected = [1_000.0, 1_000.0, 1_099.5, 1_098.9, 1_098.9, 1_098.9 + 20.0 - 0.5]
    np.testing.assert_allclose(result.equity.equity, expected)
    assert result.final_balance == pytest.approx(1_000.0 + first.pnl + last.pnl)
    assert result.costs.fees == pytest.approx(1.6)
    assert result.counts.fills == 3


def test_two_instruments_have_half_of_the_money_each_and_holes_keep_the_last_equity() -> None:
    one, other = bars([100, 120, 110, 125, 130]), bars([100, 120, 110, 125, 130])
    other.bars.open_time_ns[3:] += 2 * MINUTE_NS
    strategy = Given(long_entry=(True,) + (False,) * 4, long_exit=(False,) * 5)
    run = run_signals(strategy, [one, other], FREE, starting_balance=2_000.0)
    curve = run.equity()
    assert len(curve.time_ns) == 8
    assert curve.equity[0] == 2_000.0
    assert curve.equity[-1] == pytest.approx(run.final_balance)
    assert curve.equity[4] == pytest.approx(run.runs[0].equity[3] + run.runs[1].equity[2])


def test_equal_runs_have_equal_hashes(make_candles: Callable[..., dict[str, Any]]) -> None:
    class Both(Cross):
        def signals(self, bars: BarColumns) -> Signals:
            above = bars["fast"] > bars["slow"]
            return Signals(long_entry=above, long_exit=~above)

    data = bar_data(make_candles())
    hashes = {run_signals(Both(), data).result().state_hash for _ in range(2)}
    assert len(hashes) == 1
    assert run_signals(Both(fast=4), data).state_hash() not in hashes


def test_own_timeframe_longer_than_the_bars(make_candles: Callable[..., dict[str, Any]]) -> None:
    class Slow(Strategy):
        timeframe: str = "5m"

        def signals(self, bars: BarColumns) -> Signals:
            assert bars.timeframe_s == 300
            return Signals(long_entry=np.arange(len(bars)) % 4 == 0, stop=bars.close - 1.0)

    run = run_signals(Slow(), bar_data(make_candles()), FREE)
    opens = run.runs[0].source.bars.open_time_ns[run.runs[0].trades["open_bar"]]
    assert run.trade_count > 3
    assert (opens % (5 * MINUTE_NS) == 0).all()


def test_an_instrument_without_bars_is_left_out_and_said() -> None:
    empty = InstrumentBars(SPOT, bars([100.0]).bars.head(0))
    strategy = Given(long_entry=(True, False), long_exit=(False, False))
    result = run_signals(strategy, [bars([100, 101]), empty], FREE).result()
    assert [note.kind for note in result.notes] == ["empty"]
    assert result.equity.equity[0] == 10_000.0
    assert len(result.trades) == 1


def test_one_bar_is_enough_for_nothing() -> None:
    strategy = Given(long_entry=(True,), long_exit=(False,))
    result = run_signals(strategy, [bars([100.0])], FREE).result()
    assert result.trades == ()
    assert result.equity.equity.tolist() == [10_000.0, 10_000.0]


def test_what_cannot_run_is_refused() -> None:
    class Numbers(Strategy):
        def signals(self, bars: BarColumns) -> Any:
            return [1, 2]

    given = [bars([100, 101])]
    with pytest.raises(CallerError, match="without"):
        run_signals(Strategy(), given)
    with pytest.raises(StrategyFault, match="expected Signals"):
        run_signals(Numbers(), given)
    with pytest.raises(CallerError, match="expected bars"):
        run_signals(Given(), [])
    with pytest.raises(CallerError, match="starting balance"):
        run_signals(Given(), given, starting_balance=0.0)
