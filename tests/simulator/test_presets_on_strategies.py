"""Random strategies through the whole engine: entries by chance, stop, target and time exits.

The same that was measured on 150 of them for docs/simulator/presets.md: which fills are assumed may
change what is held and when, and still nobody was better off under worse assumptions.
"""

from typing import Any

import numpy as np
import pytest

import undertow
from undertow import Side, Strategy
from undertow.simulator.fill_preset import Fills

BARS = 1_000


def candles(seed: int) -> dict[str, Any]:
    """Minute bars of a driftless walk of four steps each."""
    steps = np.random.default_rng(seed + 1_000).normal(0, 0.0015, (BARS, 4)).cumsum(1)
    opens = np.concatenate([[0.0], steps[:, -1].cumsum()[:-1]])
    path = 100 * np.exp(np.concatenate([opens[:, None], opens[:, None] + steps], 1))
    return {
        "date": 1_704_067_200 + np.arange(BARS) * 60,
        "open": path[:, 0].round(3),
        "high": path.max(1).round(3),
        "low": path.min(1).round(3),
        "close": path[:, -1].round(3),
        "volume": np.full(BARS, 1e6),
    }


def by_chance(seed: int, leave: float, risk: float) -> type[Strategy]:
    rng = np.random.default_rng(seed)
    enters, leaves = rng.random(BARS) < 0.04, rng.random(BARS) < leave

    class ByChance(Strategy):
        def on_bar(self, ctx: Any, bar: Any) -> Any:
            minute = bar.close_time_ns // (60 * 10**9) % BARS
            if ctx.position is None and enters[minute]:
                price = ctx.instrument.price_float(bar.close_ticks)
                stop, target = price * (1 - risk), price * (1 + 1.5 * risk)
                return ctx.enter(Side.BUY, stop=stop, take_profit=target)
            return ctx.exit("time") if ctx.position is not None and leaves[minute] else None

    return ByChance


@pytest.mark.parametrize(
    ("seed", "leave", "risk"), [(0, 0.0, 0.002), (1, 0.02, 0.006), (2, 0.1, 0.015)]
)
def test_worse_assumptions_never_paid(seed: int, leave: float, risk: float) -> None:
    found = []
    for fills in Fills:
        result = undertow.backtest(
            by_chance(seed, leave, risk)(), candles(seed), instrument="ABC/USDT", stake=1_000.0,
            is_research=True, fills=fills,
        )  # fmt: skip
        assert not result.failures
        assert len(result.trades) > 10
        found.append(result.final_balance)
    assert found[0] < found[1] < found[2]
