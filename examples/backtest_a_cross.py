"""A backtest in one file, offline: a crossover over invented candles, under three sets of fills.

python examples/backtest_a_cross.py
"""

import numpy as np

import undertow
from undertow import Bar, Context, Ema, Side, Signal, Strategy
from undertow.indicators.indicator import Indicator

MINUTES = 3_000


class Cross(Strategy):
    """Long while the fast average is above the slow one."""

    fast: int = 20
    slow: int = 60

    def indicators(self) -> dict[str, Indicator]:
        return {"fast": Ema(self.fast), "slow": Ema(self.slow)}

    def on_bar(self, ctx: Context, bar: Bar) -> Signal | None:
        if ctx["fast"] > ctx["slow"]:
            return ctx.enter(Side.BUY) if ctx.position is None else None
        return ctx.exit("crossed back") if ctx.position is not None else None


def candles() -> dict[str, np.ndarray]:
    """A random walk with a slow wave in it."""
    steps = np.random.default_rng(1).normal(0, 0.05, MINUTES)
    close = np.round(100 + np.cumsum(steps) + 3 * np.sin(np.arange(MINUTES) / 120), 2)
    opened = np.concatenate([close[:1], close[:-1]])
    return {
        "date": 1_704_067_200 + 60 * np.arange(MINUTES),
        "open": opened,
        "high": np.maximum(opened, close) + 0.02,
        "low": np.minimum(opened, close) - 0.02,
        "close": close,
        "volume": np.full(MINUTES, 1e5),
    }


def main() -> None:
    results = undertow.backtest(
        Cross(), candles(), instrument="ABC/USDT", stake="unlimited", is_research=True, fills="all"
    )
    for fills, result in results.items():
        print(
            f"{fills}: {len(result.trades)} trades, fees {result.costs.fees:.2f}, "
            f"slippage {result.costs.slippage:.2f}, final {result.final_balance:.2f}"
        )


if __name__ == "__main__":
    main()
