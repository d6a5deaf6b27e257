from collections.abc import Callable
from math import nan
from typing import Any

import numpy as np
import pytest

from undertow.domain.errors import CallerError
from undertow.domain.side import Side
from undertow.flow.spread import SpreadBasis, effective_spread_bps, spread

FlowOf = Callable[..., Any]


def test_quotes_come_first(flow_of: FlowOf) -> None:
    found = spread(flow_of(spread_bps=1.5))
    assert (found.bps, found.basis, found.is_sufficient) == (1.5, SpreadBasis.QUOTES, True)


def test_without_quotes_the_bounce_of_trades_tells(
    flow_of: FlowOf, bars_of: Callable[..., Any]
) -> None:
    closes = 100_000 + 10 * np.random.default_rng(1).integers(0, 2, 300)
    bars = bars_of([(c, c, c, c, 1, 1) for c in closes.tolist()], 1)
    found = spread(flow_of(closed={1: bars}))
    assert found.basis is SpreadBasis.TRADES
    assert found.bps == pytest.approx(1.0, rel=0.1)
    assert spread(flow_of(closed={1: bars}).mirrored()).bps == pytest.approx(found.bps)


def test_few_moves_or_a_trend_leave_it_unknown(
    flow_of: FlowOf, bars_of: Callable[..., Any]
) -> None:
    quiet = bars_of([(5, 5, 5, 5, 0, 0)] * 100, 1)
    trend = bars_of([(k * k, k * k, k * k, k * k, 1, 1) for k in range(1, 100)], 1)
    for bars in (quiet, trend):
        assert spread(flow_of(closed={1: bars})).basis is SpreadBasis.UNKNOWN
    assert not spread(flow_of()).is_sufficient


def test_effective_spread_is_twice_the_distance_paid() -> None:
    assert effective_spread_bps(Side.BUY, 100.05, 100.0) == pytest.approx(10.0)
    assert effective_spread_bps(Side.SELL, 99.95, 100.0) == pytest.approx(10.0)
    assert effective_spread_bps(Side.BUY, 99.95, 100.0) == pytest.approx(-10.0)
    with pytest.raises(CallerError, match="mid"):
        effective_spread_bps(Side.BUY, 100.0, nan)
