"""What else could have happened to a result's trades and returns: percentiles, kind by kind.

Each kind answers one question, which `meaning` says in words; all of them inherit the look-ahead
and the luck in being chosen that the run itself has. The kinds are those of `stats.scenarios`.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import msgspec
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from undertow.backtest.reports.equity_measures import period_equity
from undertow.backtest.result import BacktestResult, EquityCurve
from undertow.domain.errors import CallerError
from undertow.domain.suggestion import did_you_mean
from undertow.domain.time import NS_PER_DAY
from undertow.stats.annualisation import DAYS_PER_YEAR
from undertow.stats.scenarios import (
    PERCENTILES,
    Scenarios,
    ScenarioSpread,
    noisy_costs,
    permuted_trades,
    resampled_returns,
    resampled_trades,
    ruin_probability,
    share_below_zero,
    skipped_trades,
    summarised,
)

LEAST = 10
"""Trades or returns below which drawing them again says nothing."""

_Floats = NDArray[np.float64]


class ScenarioTable(msgspec.Struct, frozen=True):
    """One kind. spreads: total_return, max_drawdown, sharpe, calmar, each with the run's own value,
    mean, deviation and percentiles 5, 25, 50, 75, 95. loss_share: scenarios that end with a loss;
    ruin_share: that lose half of a peak.
    """

    name: str
    meaning: str
    scenarios: int
    spreads: Mapping[str, ScenarioSpread]
    loss_share: float
    ruin_share: float

    def rows(self) -> list[list[str]]:
        """A line a measure as texts: name, own value, mean, deviation, percentiles."""
        return [
            [name, *(_text(value) for value in (one.actual, one.mean, one.deviation)),
             *(_text(value) for value in one.percentiles)]
            for name, one in self.spreads.items()
        ]  # fmt: skip


COLUMNS = ("measure", "run", "mean", "deviation", *(f"{level:g} %" for level in PERCENTILES))


def monte_carlo(
    result: BacktestResult, *, scenarios: int = 1_000, seed: int = 7, kinds: tuple[str, ...] = ()
) -> list[ScenarioTable]:
    """Every kind (or those named) that the result has enough trades or returns for; at least
    `LEAST`. A trade's return is its net P&L over the equity at its entry. Each kind has random
    numbers of its own: leaving one out changes no other. Raises `CallerError` for an unknown kind.
    """
    for name in kinds:
        if name not in KINDS:
            hint = did_you_mean(name, KINDS)
            raise CallerError(f"expected a kind of {', '.join(KINDS)}, found {name!r};{hint}")
    found = []
    for place, (name, (make, is_of_trades)) in enumerate(KINDS.items()):
        count = len(result.trades) if is_of_trades else len(period_equity(result.equity).returns)
        if count >= LEAST and (not kinds or name in kinds):
            rng = np.random.Generator(np.random.PCG64((seed, place)))
            found.append(scenario_table(make(result, rng, scenarios)))
    return found


def scenario_table(found: Scenarios) -> ScenarioTable:
    """Scenarios as a table."""
    return ScenarioTable(
        found.name,
        found.meaning,
        len(found.total_return),
        summarised(found),
        share_below_zero(found),
        ruin_probability(found),
    )


def trade_returns(result: BacktestResult) -> tuple[_Floats, _Floats]:
    """Net P&L and costs inside it (fees, spread, slippage, impact) of each trade in order of entry,
    over the equity that was marked when it was entered; shape (n,) each.
    """
    trades = sorted(result.trades, key=lambda trade: (trade.open_time_ns, trade.trade_id))
    money = _equity_at(result.equity, np.array([trade.open_time_ns for trade in trades], np.int64))
    gains = np.array([trade.pnl for trade in trades])
    costs = np.array([one.fees + one.spread + one.slippage + one.impact for one in trades])
    return gains / money, costs / money


def _permuted(result: BacktestResult, rng: Generator, scenarios: int) -> Scenarios:
    per_year = _trades_per_year(result)
    return permuted_trades(
        trade_returns(result)[0], rng, trades_per_year=per_year, scenarios=scenarios
    )


def _resampled(result: BacktestResult, rng: Generator, scenarios: int) -> Scenarios:
    per_year = _trades_per_year(result)
    return resampled_trades(
        trade_returns(result)[0], rng, trades_per_year=per_year, scenarios=scenarios
    )


def _skipped(result: BacktestResult, rng: Generator, scenarios: int) -> Scenarios:
    per_year = _trades_per_year(result)
    return skipped_trades(
        trade_returns(result)[0], rng, trades_per_year=per_year, scenarios=scenarios
    )


def _costs(result: BacktestResult, rng: Generator, scenarios: int) -> Scenarios:
    per_year = _trades_per_year(result)
    gains, costs = trade_returns(result)
    return noisy_costs(gains, costs, rng, trades_per_year=per_year, scenarios=scenarios)


def _returns(result: BacktestResult, rng: Generator, scenarios: int) -> Scenarios:
    periods = period_equity(result.equity)
    return resampled_returns(
        periods.returns, rng, periods_per_year=periods.per_year, scenarios=scenarios
    )


_Make = Callable[[BacktestResult, Generator, int], Scenarios]

KINDS: Mapping[str, tuple[_Make, bool]] = MappingProxyType(
    {
        "permuted trades": (_permuted, True),
        "resampled trades": (_resampled, True),
        "skipped trades": (_skipped, True),
        "noisy costs": (_costs, True),
        "resampled returns": (_returns, False),
    }
)
"""Each kind, and whether it is of trades (else of the equity's returns)."""


def _trades_per_year(result: BacktestResult) -> float:
    days = (result.stop_ns - result.start_ns) / NS_PER_DAY
    return len(result.trades) / days * DAYS_PER_YEAR


def _equity_at(curve: EquityCurve, times: NDArray[np.int64]) -> _Floats:
    places = np.searchsorted(curve.time_ns, times, side="right") - 1
    return np.asarray(curve.equity[np.maximum(places, 0)], np.float64)


def _text(value: float) -> str:
    return f"{value:.4f}" if np.isfinite(value) else "-"
