"""A stand-in for an instrument's flow with numbers of the test's choosing, and bars to fill it."""

from collections.abc import Callable, Mapping, Sequence
from math import nan

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.domain.bar import BAR
from undertow.domain.time import NS_PER_S

Bars = NDArray[np.void]


class FakeWindow(msgspec.Struct, frozen=True):
    buy_lots: int = 0
    sell_lots: int = 0
    buy_trades: int = 0
    sell_trades: int = 0
    large_buy_lots: int = 0
    large_sell_lots: int = 0

    def mirrored(self) -> "FakeWindow":
        return FakeWindow(
            self.sell_lots,
            self.buy_lots,
            self.sell_trades,
            self.buy_trades,
            self.large_sell_lots,
            self.large_buy_lots,
        )


class FakeFlow(msgspec.Struct, frozen=True):
    windows: Mapping[int, FakeWindow]
    closed: Mapping[int, Bars]
    last_ticks: int
    spread_bps: float

    def window(self, seconds: int) -> FakeWindow:
        return self.windows.get(seconds, FakeWindow())

    def bars(self, timeframe_s: int, count: int) -> Bars:
        return self.closed.get(timeframe_s, np.zeros(0, dtype=BAR))[-count:]

    def mirrored(self) -> "FakeFlow":
        return FakeFlow(
            {seconds: window.mirrored() for seconds, window in self.windows.items()},
            {length: _mirrored(bars) for length, bars in self.closed.items()},
            -self.last_ticks,
            self.spread_bps,
        )


def _mirrored(bars: Bars) -> Bars:
    # The same market seen upside down: prices negated, buyers and sellers exchanged.
    found = bars.copy()
    for name in ("open_ticks", "close_ticks", "tick_lots"):
        found[name] = -bars[name]
    found["high_ticks"], found["low_ticks"] = -bars["low_ticks"], -bars["high_ticks"]
    for one, other in (("buy_lots", "sell_lots"), ("buy_trades", "sell_trades")):
        found[one], found[other] = bars[other], bars[one]
    return found


def _bars_of(rows: Sequence[Sequence[int]], length_s: int = 60) -> Bars:
    found = np.zeros(len(rows), dtype=BAR)
    for i, (opened, high, low, close, buy, sell) in enumerate(rows):
        trades = (min(buy, 7), min(sell, 7))
        value = (high + low + close) / 3.0 * (buy + sell)
        found[i] = (i * length_s * NS_PER_S, opened, high, low, close, buy, sell, *trades, value)
    return found


def _random_bars(seed: int, count: int, length_s: int = 60) -> Bars:
    rng = np.random.default_rng(seed)
    close = 100_000 + np.cumsum(rng.integers(-90, 91, count))
    opened = np.concatenate([[100_000], close[:-1]])
    high = np.maximum(opened, close) + rng.integers(0, 120, count)
    low = np.minimum(opened, close) - rng.integers(0, 120, count)
    buy, sell = rng.geometric(0.02, count), rng.geometric(0.02, count)
    columns = (opened, high, low, close, buy, sell)
    return _bars_of(np.stack(columns, axis=1).tolist(), length_s)


@pytest.fixture
def bars_of() -> Callable[..., Bars]:
    """Bars from rows of (open, high, low, close, buy lots, sell lots)."""
    return _bars_of


@pytest.fixture
def random_bars() -> Callable[..., Bars]:
    """Random consistent bars of a seed and a count."""
    return _random_bars


@pytest.fixture
def mirrored() -> Callable[[Bars], Bars]:
    """The same bars upside down."""
    return _mirrored


@pytest.fixture
def flow_of() -> Callable[..., FakeFlow]:
    """A flow with windows {seconds: (buy lots, sell lots, buy trades, sell trades, ...)}."""

    def make(
        windows: Mapping[int, Sequence[int]] | None = None,
        closed: Mapping[int, Bars] | None = None,
        last_ticks: int = 0,
        spread_bps: float = nan,
    ) -> FakeFlow:
        made = {seconds: FakeWindow(*row) for seconds, row in (windows or {}).items()}
        return FakeFlow(made, closed or {}, last_ticks, spread_bps)

    return make
