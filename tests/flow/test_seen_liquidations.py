"""Forced orders of a state, by price."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from undertow.domain.errors import CallerError
from undertow.domain.market_event import EVENT, EventKind
from undertow.flow.seen_liquidations import seen_liquidations

Make = Callable[..., Any]
START = 1_700_000_000 * 10**9


def rows(*forced: tuple[int, int, int, int]) -> Any:
    """LIQUIDATION rows of (instrument, side, ticks, lots), a second apart."""
    out = np.zeros(len(forced), EVENT)
    out["kind"] = EventKind.LIQUIDATION
    out["event_time_ns"] = START + np.arange(len(forced)) * 10**9
    out["receive_time_ns"] = out["event_time_ns"]
    for k, name in enumerate(("instrument", "side", "price_ticks", "qty_lots")):
        out[name] = [one[k] for one in forced]
    return out


def test_forced_sells_are_longs(make_state: Make) -> None:
    state = make_state()
    events = rows((1, -1, 100_000, 500), (1, 1, 101_000, 300), (2, -1, 100_005, 40), (1, 1, 0, 9))
    state.advance(events, 0, len(events), 2**62)
    found = seen_liquidations((state[1], state[2]), 10.0)
    # Linear: 0.5 coins at 10,000; inverse: 40 contracts of 100 dollars.
    assert found.long_usd.sum() == pytest.approx(5_000.0 + 4_000.0)
    assert found.short_usd.sum() == pytest.approx(0.3 * 10_100.0)
    assert (found.lows[0], found.as_of_ns) == (10_000.0, START + 2 * 10**9)
    late = seen_liquidations((state[1],), 10.0, since_ns=START + 1)
    assert late.long_usd.sum() == 0.0
    assert late.short_usd.sum() == pytest.approx(3_030.0)


def test_nothing_seen_is_an_empty_map(make_state: Make) -> None:
    assert len(seen_liquidations((make_state()[0],), 10.0).lows) == 0
    with pytest.raises(CallerError, match="one or more instruments"):
        seen_liquidations((), 10.0)


def test_the_oldest_go(make_state: Make) -> None:
    state = make_state()
    events = rows(*((1, -1, 100_000, 1 + k) for k in range(100)))
    state.advance(events, 0, len(events), 2**62)
    kept = state[1].liquidations()
    assert kept["lots"].tolist() == list(range(37, 101))
    again = make_state()
    again.restore(state.snapshot())
    assert again[1].liquidations().tolist() == kept.tolist()
