"""Bar builders of an instrument with ticks of 1 and lots of 1, and random trades."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from undertow.domain.fixed import Step
from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.market_event import EVENT, EventArray, EventKind
from undertow.flow.bar_builder import BarBuilder
from undertow.flow.bar_kinds import BarKind

S = 1_000_000_000
Trade = tuple[int, int, int, int]


@pytest.fixture(scope="session")
def make_builder() -> Callable[..., BarBuilder]:
    """A builder for an instrument whose numbers are plain integers."""

    def make(kind: BarKind, market: MarketKind = MarketKind.SPOT, **options: Any) -> BarBuilder:
        one = Step(1, 0)
        names = ("A/B", "alpha", "AB", market, "A", "B", "B")
        return BarBuilder(kind, Instrument(*names, one, one), **options)

    return make


@pytest.fixture(scope="session")
def rows_of() -> Callable[[Sequence[Trade]], EventArray]:
    """EVENT rows of (event time in ns, ticks, lots, side)."""

    def make(trades: Sequence[Trade]) -> EventArray:
        kind = int(EventKind.TRADE)
        rows = [
            (t, t, ticks, lots, 0, 0, 0, 0, 0, kind, side, 0) for t, ticks, lots, side in trades
        ]
        return np.array(rows, EVENT)

    return make


@pytest.fixture(scope="session")
def random_trades() -> Callable[..., list[Trade]]:
    """A random walk of small integers, with jumps in price, time and size."""

    def make(seed: int, count: int, price: int = 1000) -> list[Trade]:
        rng = np.random.default_rng(seed)
        steps = rng.choice(
            [-40, -3, -1, 0, 1, 3, 40], count, p=[0.01, 0.1, 0.2, 0.38, 0.2, 0.1, 0.01]
        )
        ticks = np.maximum(price + np.cumsum(steps), 1)
        gaps = rng.choice([0, 1000, S // 3, 7 * S], count, p=[0.2, 0.4, 0.35, 0.05])
        times = 1_700_000_000 * S + np.cumsum(gaps)
        lots = rng.choice([1, 2, 5, 9, 30], count, p=[0.3, 0.3, 0.2, 0.15, 0.05])
        side = rng.choice([-1, 1], count)
        return list(zip(times.tolist(), ticks.tolist(), lots.tolist(), side.tolist(), strict=True))

    return make
