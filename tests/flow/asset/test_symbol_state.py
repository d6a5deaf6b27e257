"""The unified state of an asset."""

from collections.abc import Callable
from math import isnan
from typing import Any

import numpy as np
import pytest

from undertow.domain.errors import UnknownNameError
from undertow.domain.market_event import MarkPrice, OpenInterest
from undertow.flow.symbol_state import SymbolState, symbol_state

Make = Callable[..., Any]
S = 10**9
T0 = 1_700_000_040 * S


@pytest.fixture(scope="module")
def tape(make_tape: Make) -> Any:
    """Nine hours of a trade every eight seconds on each member, open interest each minute."""
    rng, tape = np.random.default_rng(3), make_tape()
    price = 500_000
    for second in range(0, 60 * 540, 8):
        price += int(rng.integers(-20, 21))
        for member, size in enumerate((200, 60, 20, 30)):
            side, lots = int(rng.choice([-1, 1])), int(rng.integers(1, size))
            tape.trade(member, second + 0.1 * member, side, lots, price)
        if second % 64 == 0:
            t = T0 + second * S
            tape.events.append(OpenInterest(1, 0, t, t + 1, 10_000 + int(rng.integers(100))))
            mark = price * 10**7
            tape.events.append(MarkPrice(1, 0, t, t + 1, mark, 1, 10**8, T0 + 10**14))
    tape.play()
    return tape


def test_every_history_is_there(tape: Any) -> None:
    state = symbol_state(tape.asset, active_trade="t1", last_signal_score=0.7)
    assert isinstance(state, SymbolState)
    assert len(state.klines_1m) == len(state.price_history) == 500
    assert len(state.unified_cvd_history) == len(state.unified_oi_history) == 500
    assert len(state.recent_open_interest) == 240
    assert np.isfinite(state.price_history).all()
    assert state.unified_funding_rate == pytest.approx(1e-4 / 8)
    assert (state.active_trade, state.last_signal_score) == ("t1", 0.7)
    for name in ("open_interest", "funding", "basis", "momentum", "divergence"):
        assert getattr(state, name).is_sufficient, name
    for name in ("conviction", "regime", "trap", "pump"):
        assert getattr(state, name).is_sufficient, name
    assert state.fuel.fuel == state.fuel.fuel
    assert state.bullish_divergence == (state.divergence.side > 0)
    assert state.bearish_divergence == (state.divergence.side < 0)
    assert len(state.whale_trades) <= 100


def test_bars_are_those_of_the_busiest_member_or_the_one_named(tape: Any) -> None:
    state = symbol_state(tape.asset)
    assert state.reference == "BTC/USDT:USDT@alpha"
    assert (state.klines_1m["close_ticks"] == tape.state[1].bars(60, 500)["close_ticks"]).all()
    named = symbol_state(tape.asset, reference="BTC/USDT@alpha")
    assert named.reference == "BTC/USDT@alpha"
    with pytest.raises(UnknownNameError, match="expected a member of this asset"):
        symbol_state(tape.asset, reference="BTC/USDT@alfa")


def test_the_range_is_wilders_over_closed_bars(tape: Any) -> None:
    bars = tape.state[1].bars(60, 500)
    high, low, close = (bars[f"{name}_ticks"] / 10 for name in ("high", "low", "close"))
    ranges = [max(high[k], close[k - 1]) - min(low[k], close[k - 1]) for k in range(1, len(bars))]
    mean = sum(ranges[:14]) / 14
    for value in ranges[14:]:
        mean = (13 * mean + value) / 14
    assert symbol_state(tape.asset).atr == pytest.approx(mean)


def test_trade_stats_are_of_the_last_quarter_of_an_hour(tape: Any) -> None:
    stats = symbol_state(tape.asset).trade_stats
    windows = [one.window(900) for one in tape.asset.members]
    assert stats.trades == sum(window.trades for window in windows)
    assert stats.buy_trades == sum(window.buy_trades for window in windows)
    assert stats.buy_vol - stats.sell_vol == pytest.approx(tape.asset.cvd_base(900))


def test_an_asset_never_heard_has_an_empty_state(make_tape: Make) -> None:
    state = symbol_state(make_tape().asset)
    assert (len(state.klines_1m), len(state.price_history), state.trade_stats.trades) == (0, 0, 0)
    assert isnan(state.atr)
    assert state.active_trade is None
    assert not state.momentum.is_sufficient
