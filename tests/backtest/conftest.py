"""Small invented candles, and strategies whose trades can be counted by hand."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from undertow.decision.context import Context
from undertow.decision.strategy import Strategy
from undertow.domain.bar import Bar
from undertow.domain.intent import Signal
from undertow.domain.side import Side
from undertow.indicators.averages import Sma
from undertow.indicators.indicator import Indicator

START_S = 1_704_067_200  # 2024-01-01

Columns = dict[str, Any]


class Cross(Strategy):
    """Long while the fast average is above the slow one."""

    fast: int = 3
    slow: int = 8

    def indicators(self) -> dict[str, Indicator]:
        return {"fast": Sma(self.fast), "slow": Sma(self.slow)}

    def on_bar(self, ctx: Context, bar: Bar) -> Signal | None:
        if ctx["fast"] > ctx["slow"]:
            return ctx.enter(Side.BUY, tag="up") if ctx.position is None else None
        return ctx.exit("down") if ctx.position is not None else None


class Turn(Strategy):
    """Always in: an entry against the position at each crossing."""

    fast: int = 3
    slow: int = 8

    def indicators(self) -> dict[str, Indicator]:
        return {"fast": Sma(self.fast), "slow": Sma(self.slow)}

    def on_bar(self, ctx: Context, bar: Bar) -> Signal | None:
        side = ctx.cross("fast", "slow")
        return ctx.enter(side) if side else None


class Breaks(Cross):
    """Raises at the thirtieth bar."""

    def on_bar(self, ctx: Context, bar: Bar) -> Signal | None:
        if bar.open_time_ns == (START_S + 30 * 60) * 10**9:
            raise ValueError("no more")
        return super().on_bar(ctx, bar)


def candles(count: int = 300, step_s: int = 60, seed: int = 3, price: float = 100.0) -> Columns:
    """A random walk in cents with volumes of whole units."""
    rng = np.random.default_rng(seed)
    close = np.round(price + np.cumsum(rng.normal(0, 0.3, count)), 2)
    opened = np.round(np.concatenate([[price], close[:-1]]) + rng.normal(0, 0.05, count), 2)
    high = np.round(np.maximum(opened, close) + rng.random(count) * 0.2, 2)
    low = np.round(np.minimum(opened, close) - rng.random(count) * 0.2, 2)
    return {
        "date": (START_S + np.arange(count) * step_s) * 10**9,
        "open": opened,
        "high": high,
        "low": low,
        "close": close,
        "volume": rng.integers(1_000, 5_000, count).astype(float),
    }


@pytest.fixture
def make_candles() -> Callable[..., Columns]:
    """See `candles`."""
    return candles


@pytest.fixture
def research() -> dict[str, Any]:
    """Settings of a run without stops, all in, filled at the open without slippage."""
    return {
        "stake": "unlimited",
        "is_research": True,
        "tradable_ratio": 1.0,
        "size_at_open": True,
        "fills": "optimistic",
        "fee": (0.001, 0.001),
        "exchange": {"participation_ppm": 1_000_000},
    }
