"""A whole search on one market and what the gate says to its winner.

Every try is run, its daily returns go to the deflation as the trial ledger would give them, the
best Sharpe ratio is chosen, tested against random entries and for overfitting, and judged with the
gate's own defaults. There are no costs: a worthless strategy loses nothing here, which makes it
harder for the gate than any real market would.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property

import msgspec
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from undertow.backtest.deflation import deflate
from undertow.backtest.gate import Evidence, GateConfig, GateVerdict, judge
from undertow.backtest.honesty.noise_market import diary
from undertow.backtest.instrument_bars import InstrumentBars
from undertow.backtest.result import BacktestResult
from undertow.backtest.result_trial import trial_of
from undertow.backtest.signal_rules import SignalRules
from undertow.backtest.signal_run import SignalRun, run_signals
from undertow.backtest.signal_stake import SignalStake, StakeMode
from undertow.decision.bar_columns import BarColumns
from undertow.decision.signals import Signals
from undertow.decision.strategy import Strategy
from undertow.domain.side import Side
from undertow.indicators.averages import Sma
from undertow.indicators.indicator import Indicator
from undertow.simulator.slippage import Slippage
from undertow.stats.backtest_overfitting import probability_of_backtest_overfitting
from undertow.stats.equity_returns import simple_returns
from undertow.stats.equity_sampling import daily_equity
from undertow.stats.random_entries import random_entry_test
from undertow.stats.sharpe_moments import column_sharpes
from undertow.storage.trial_ledger import Trial

RULES = SignalRules(
    stake=SignalStake(StakeMode.SHARE, 0.25),
    taker_ppm=0,
    slippage=Slippage(0, 0, 0),
    half_spread_ppm=0,
    is_on_grid=False,
)
PBO_BLOCKS = 10
RANDOM_RESAMPLES = 999


class AveragePair(Strategy):
    """Long while one average is above another, short while it is below."""

    fast: int = 20
    slow: int = 60
    timeframe: str = "1h"

    def indicators(self) -> Mapping[str, Indicator]:
        return {"fast": Sma(self.fast), "slow": Sma(self.slow)}

    def signals(self, bars: BarColumns) -> Signals:
        above, below = bars["fast"] > bars["slow"], bars["fast"] < bars["slow"]
        return Signals(long_entry=above, long_exit=below, short_entry=below, short_exit=above)


class DiaryReader(Strategy):
    """Long in the blocks of its key's diary, flat in the others."""

    key: int = 0
    block: int = 24
    timeframe: str = "1h"

    def signals(self, bars: BarColumns) -> Signals:
        # Decided at the close before: the order is filled at the next bar's open.
        wanted = diary(self.key, self.block, len(bars) + 1)[1:]
        return Signals(long_entry=wanted, long_exit=~wanted)


def average_pairs(count: int, rng: Generator) -> list[Strategy]:
    """Different pairs in random order; slow ones of up to three weeks of hours."""
    pairs = [
        (fast, slow)
        for fast in sorted({round(3 * 1.1**step) for step in range(44)})
        for slow in sorted({round(6 * 1.1**step) for step in range(48)})
        if slow >= 1.5 * fast
    ]
    places = rng.permutation(len(pairs))[:count]
    return [AveragePair(fast=pairs[place][0], slow=pairs[place][1]) for place in places]


def coin_tosses(count: int, block: int, rng: Generator) -> list[Strategy]:
    """Readers of diaries that nothing is planted in: independent tries, won as often as lost."""
    first = int(rng.integers(1 << 20, 1 << 40))
    return [DiaryReader(key=first + place, block=block) for place in range(count)]


class MarketSearch:
    """Every strategy run on one market; any first part of the tries is a search of its own."""

    def __init__(self, strategies: Sequence[Strategy], source: InstrumentBars) -> None:
        self._strategies = strategies
        self._source = source
        first = self._run(0)
        model = trial_of(first.result(), "search")
        self._trials = [model]
        for place in range(1, len(strategies)):
            strategy = strategies[place]
            parameters = {name: getattr(strategy, name) for name in strategy.__struct_fields__}
            returns = self._returns(self._run(place))
            self._trials.append(
                msgspec.structs.replace(model, parameters=parameters, returns=returns)
            )

    @cached_property
    def sharpes(self) -> NDArray[np.float64]:
        """Yearly Sharpe ratio of each try, daily returns; NaN for what never traded."""
        return np.asarray(column_sharpes(self._table(len(self._trials))) * np.sqrt(365.0))

    def best(self, tries: int) -> int:
        """The best of the first tries."""
        return int(np.nanargmax(self.sharpes[:tries]))

    def verdict(self, tries: int, rng: Generator) -> GateVerdict:
        """What the gate says to the best of the first tries, with everything there is to know."""
        place = self.best(tries)
        result = self._run(place).result()
        others: list[Trial] = self._trials[:tries]
        overfitting = None
        if tries > 1:
            found = probability_of_backtest_overfitting(self._table(tries), blocks=PBO_BLOCKS)
            overfitting = found.probability
        evidence = Evidence(
            deflation=deflate(self._trials[place], others),
            findings=(),
            random_p=_random_p(result, self._source, rng),
            overfitting=overfitting,
        )
        return judge(result, evidence, GateConfig())

    def _run(self, place: int) -> SignalRun:
        return run_signals(self._strategies[place], [self._source], RULES)

    def _returns(self, run: SignalRun) -> NDArray[np.float64]:
        curve = run.equity()
        return simple_returns(daily_equity(curve.time_ns, curve.equity).equity)

    def _table(self, tries: int) -> NDArray[np.float64]:
        return np.column_stack([trial.returns for trial in self._trials[:tries]])


def _random_p(result: BacktestResult, source: InstrumentBars, rng: Generator) -> float | None:
    if not result.trades:
        return None
    bars = source.bars
    closes = np.concatenate([bars.open[:1], bars.close])
    times = np.concatenate([bars.open_time_ns[:1], bars.close_time_ns])
    entries = np.searchsorted(times, [trade.open_time_ns for trade in result.trades])
    exits = np.searchsorted(times, [trade.close_time_ns for trade in result.trades])
    sides = [1.0 if trade.side is Side.BUY else -1.0 for trade in result.trades]
    trades = (entries, np.minimum(exits, len(closes) - 1), sides)
    return random_entry_test(closes, trades, rng, resamples=RANDOM_RESAMPLES).p_value
