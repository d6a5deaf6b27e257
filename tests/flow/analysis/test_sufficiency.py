from collections.abc import Callable
from math import nan
from typing import Any

import numpy as np
import pytest

from undertow.domain.bar import BAR
from undertow.domain.side import Side
from undertow.flow.absorption import absorption
from undertow.flow.book_imbalance import book_imbalance
from undertow.flow.bounce import bounce
from undertow.flow.cascade import cascade, cascade_reversal
from undertow.flow.exhaustion import exhaustion
from undertow.flow.flow_flip import flow_flip
from undertow.flow.imbalance import imbalance
from undertow.flow.institutional_exit import institutional_exit
from undertow.flow.large_trades import large_trades
from undertow.flow.ofi_pressure import ofi_pressure
from undertow.flow.spread import spread
from undertow.flow.sufficiency import shortfall, trades_of, trades_shortfall
from undertow.flow.sweep import sweep
from undertow.flow.trade_window import TradeWindow
from undertow.flow.volume_reversal import volume_reversal
from undertow.flow.volume_surge import volume_surge


def test_too_few_is_said_with_what_was_expected() -> None:
    found = shortfall("samples", 59, 60)
    assert found is not None
    assert found.reason == "expected at least 60 samples, found 59"
    assert shortfall("samples", 60, 60) is None


def test_trades_of_both_sides_count(flow_of: Callable[..., Any]) -> None:
    flow = flow_of({30: (9, 9, 3, 1), 60: (9, 9, 3, 2)})
    assert trades_of(flow.window(60)) == 5
    assert trades_shortfall(flow, 60) is None
    found = trades_shortfall(flow, 30)
    assert found is not None
    assert (found.metric, found.found, found.required) == ("trades in 30 s", 4, 5)


class _Nothing:
    """A flow of which nothing is known yet."""

    last_ticks = 0
    spread_bps = nan

    def window(self, seconds: int) -> TradeWindow:
        return TradeWindow(seconds, 0, 0, 0, 0, 0, 0.0, 0, 0)

    def bars(self, timeframe_s: int, count: int) -> Any:
        return np.zeros(0, BAR)

    def ofi_by_second(self, seconds: int) -> Any:
        return np.zeros(0, np.int64)

    def best_sizes(self) -> Any:
        return np.zeros(0, np.float32)

    def imbalances(self) -> Any:
        return np.zeros(0, np.float32)

    def depth(self, side: Side, levels: int) -> Any:
        return np.zeros((0, 2), np.int64)


NOTHING, BARS = _Nothing(), np.zeros(0, BAR)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (imbalance(NOTHING), "5 trades in 30 s, found 0"),
        (imbalance(NOTHING, least_trades=0), "1 lots in 30 s, found 0"),
        (cascade(NOTHING), "5 trades in the window to 60 s, found 0"),
        (cascade_reversal(NOTHING, Side.BUY), "5 trades in the window to 60 s, found 0"),
        (flow_flip(NOTHING), "5 trades in each of two times 30 s, found 0"),
        (large_trades(NOTHING), "5 trades in 300 s, found 0"),
        (exhaustion(NOTHING, Side.BUY), "5 closed minutes, found 0"),
        (absorption(NOTHING, 1, 1.0), "300 earlier seconds, found 0"),
        (bounce(NOTHING, Side.BUY, 1, 2, 1.0), "1 closed minutes, found 0"),
        (institutional_exit(NOTHING), "5 trades in 60 s, found 0"),
        (volume_reversal(BARS, Side.BUY), "4 closed bars, found 0"),
        (volume_surge(BARS), "21 closed bars, found 0"),
        (ofi_pressure(NOTHING), "61 steps of 1 s, found 0"),
        (book_imbalance(NOTHING), "60 earlier looks at a synced book, found 0"),
        (spread(NOTHING), "31 quotes, or seconds with trades, found 0"),
        (sweep(BARS), "30 earlier seconds with trades, found 0"),
    ],
)
def test_every_measure_says_what_was_missing(answer: Any, reason: str) -> None:
    assert not answer.is_sufficient
    assert answer.shortfall is not None
    assert answer.shortfall.reason == f"expected at least {reason}"
    assert getattr(answer, "side", 0) == 0
