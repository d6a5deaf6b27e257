"""Markets of hourly bars without an edge, or with one of known size and place.

An edge is planted in a diary: blocks of bars, chosen by a key, in which the price drifts up; it
drifts down in all others. Only the strategy with that key knows them: holding through and
every other key earn nothing but luck.
"""

from math import sqrt

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from undertow.backtest.bar_data import bar_data
from undertow.backtest.honesty.noise_law import drawn
from undertow.backtest.instrument_bars import InstrumentBars, read_bars
from undertow.decision.bar_columns import BarColumns

HOURS_A_YEAR = 8_760
VOLATILITY = 0.60
"""Of the markets, a year."""

_HOUR_NS = 3_600 * 10**9
_START_NS = 1_609_459_200 * 10**9
_HOURLY = VOLATILITY / sqrt(HOURS_A_YEAR)
_DIARY = 0xD1A


def diary(key: int, block: int, bars: int) -> NDArray[np.bool_]:
    """Whether each of the bars is one of the key's: half of all blocks, drawn by the key alone."""
    rng = np.random.Generator(np.random.PCG64((_DIARY, key)))
    return np.repeat(rng.random(bars // block + 1) < 0.5, block)[:bars]


def noise_market(
    law: str, bars: int, rng: Generator, recorded: NDArray[np.float64]
) -> InstrumentBars:
    """A random walk of closes that drifts nowhere, opens at the close before."""
    return market_of(_HOURLY * drawn(law, bars, rng, recorded))


def planted_market(sharpe: float, block: int, bars: int, rng: Generator) -> InstrumentBars:
    """Fat tails, and a drift in the bars of key 0's diary: whoever is long in these and flat in
    the others has this yearly Sharpe ratio before costs, apart from a little for the drift's own
    variance.
    """
    moves = _HOURLY * drawn("fat tails", bars, rng, np.empty(0))
    drift = sharpe * _HOURLY / sqrt(0.5 * HOURS_A_YEAR)
    return market_of(moves + np.where(diary(0, block, bars), drift, -drift))


def market_of(moves: NDArray[np.float64]) -> InstrumentBars:
    """Bars whose closes move by these simple returns; no wicks."""
    pair = {
        "date": [_START_NS, _START_NS + _HOUR_NS],
        "open": [1.0, 1.0],
        "high": [1.0, 1.0],
        "low": [1.0, 1.0],
    }
    pair |= {"close": [1.0, 1.0], "volume": [1.0, 1.0]}
    instrument = read_bars(bar_data(pair, "NOISE/USDT:USDT@synthetic", timeframe="1h"))[
        0
    ].instrument
    close = 100.0 * np.cumprod(1.0 + np.maximum(moves, -0.5))
    opened = np.concatenate([[100.0], close[:-1]])
    columns = {
        "open": opened,
        "high": np.maximum(opened, close),
        "low": np.minimum(opened, close),
        "close": close,
        "volume": np.ones(len(close)),
    }
    times = _START_NS + _HOUR_NS * np.arange(len(close))
    return InstrumentBars(instrument, BarColumns(times, columns, "1h"), rows=len(close))
