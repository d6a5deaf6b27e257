"""Many parameter sets of one vectorised strategy over the same bars: numbers, not reports.

Indicators that several sets declare are computed once; the sets run as columns of one compiled
loop, in blocks, so that memory stays bounded. Each column is what `run_signals` gives, to the bit.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.backtest.instrument_bars import InstrumentBars
from undertow.backtest.signal_rules import SignalRules
from undertow.backtest.signal_run import new_accounts, price_columns, wishes_of
from undertow.decision.strategy import Strategy
from undertow.domain.errors import ConfigurationError
from undertow.kernels.backtest import bar_run

_DAYS_PER_YEAR = 365
_BLOCK_BYTES = 32 << 20
_LEVELS = 3

Grid = Mapping[str, Sequence[Any]] | Sequence[Mapping[str, Any]]
"""Values of each parameter, all of them with all, or the sets themselves."""


class SweepTable(msgspec.Struct, frozen=True):
    """One row a parameter set, in the order asked for.

    final: marked equity at the last close. sharpe: of daily returns (UTC days), mean / deviation
    (n - 1) * sqrt(365), NaN for fewer than two days or without deviation (DEFINITIONS perf.sharpe).
    trades: positions opened. drawdown: greatest fall from a peak of equity at closes, as a share.
    """

    parameters: tuple[Mapping[str, Any], ...]
    final: NDArray[np.float64]
    sharpe: NDArray[np.float64]
    trades: NDArray[np.int64]
    drawdown: NDArray[np.float64]

    def best(self) -> int:
        """The row with the greatest final equity. It is the luckiest of all, too."""
        return int(np.argmax(self.final))


def sweep_signals(
    kind: type[Strategy],
    source: InstrumentBars,
    grid: Grid,
    rules: SignalRules | None = None,
    *,
    starting_balance: float = 10_000.0,
    jobs: int = 1,
) -> SweepTable:
    """Run a strategy class under many parameter sets over one instrument's bars.

    jobs: threads; the result does not depend on it. Raises as `run_signals` does, and
    `ConfigurationError` for an empty grid.
    """
    sets = parameter_sets(grid)
    if jobs < 1:
        raise ConfigurationError(f"expected at least one job, found {jobs}")
    row = (rules or SignalRules()).row(source.instrument, source.bars.timeframe_s)
    accounts = new_accounts(source.bars, starting_balance, len(sets))
    strategies = [kind(**one) for one in sets]
    size = max(1, _BLOCK_BYTES // max(1, len(source.bars)) // jobs)
    blocks = [range(first, min(first + size, len(sets))) for first in range(0, len(sets), size)]

    def run(block: range) -> None:
        _run_block(strategies, source, block, row, accounts)

    if jobs == 1:
        for block in blocks:
            run(block)
    else:
        with ThreadPoolExecutor(jobs) as pool:
            list(pool.map(run, blocks))
    return SweepTable(
        parameters=tuple(sets),
        final=accounts["equity"].copy(),
        sharpe=_sharpe(accounts),
        trades=accounts["trades"].copy(),
        drawdown=accounts["drawdown"].copy(),
    )


def parameter_sets(grid: Grid) -> list[Mapping[str, Any]]:
    """Every set of a grid, the last parameter changing fastest."""
    if isinstance(grid, Mapping):
        sets: list[Mapping[str, Any]] = [
            dict(zip(grid, values, strict=True)) for values in product(*grid.values())
        ]
    else:
        sets = list(grid)
    if not sets:
        raise ConfigurationError("expected at least one parameter set, found none")
    return sets


def _run_block(
    strategies: Sequence[Strategy],
    source: InstrumentBars,
    block: range,
    row: NDArray[np.void],
    accounts: NDArray[np.void],
) -> None:
    bars = source.bars
    bits = np.empty((len(block), len(bars)), np.uint8)
    found = [wishes_of(strategies[k], bars) for k in block]
    for place, wishes in enumerate(found):
        bits[place] = wishes.bits
    levels = tuple(
        _stacked([wishes.levels[k] for wishes in found], len(bars)) for k in range(_LEVELS)
    )
    bar_run.run_columns(
        bars.close_time_ns,
        price_columns(bars),
        bits,
        levels,
        source.funding,
        row,
        accounts[block.start : block.stop],
    )


def _stacked(columns: list[NDArray[np.float64]], bars: int) -> NDArray[np.float64]:
    if not any(len(column) for column in columns):
        return np.empty((0, bars))
    nothing = np.full(bars, np.nan)
    return np.stack([column if len(column) else nothing for column in columns])


def _sharpe(accounts: NDArray[np.void]) -> NDArray[np.float64]:
    days = accounts["days"].astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        deviation = np.sqrt(accounts["squares"] / (days - 1.0))
        sharpe = accounts["mean"] / deviation * np.sqrt(_DAYS_PER_YEAR)
    is_known = (days > 1.0) & (deviation > 0.0)
    return np.asarray(np.where(is_known, sharpe, np.nan), np.float64)
