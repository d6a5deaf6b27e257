"""What a search makes as small as it can: each loss is a pure function of one result.

Built on the measures of `backtest.reports`. A measure that is undefined (no trade, a curve that
never moves, a run too short to be told by the year) gives `WORST`, a finite number: no sampler is
led by a NaN, and none is led away from the rest of the space by an infinity (D-96).
"""

import importlib.util
import math
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

import msgspec

from undertow.backtest.reports.equity_measures import equity_measures
from undertow.backtest.reports.measures import measures
from undertow.backtest.result import BacktestResult
from undertow.backtest.result_trial import trial_of
from undertow.domain.errors import ConfigurationError, StrategyFault, UnknownNameError
from undertow.domain.suggestion import did_you_mean
from undertow.stats.annualisation import DAYS_PER_YEAR
from undertow.stats.sharpe_ratio import sharpe

WORST = 1e6
"""The loss of what cannot be measured."""

MOST_DRAWDOWN = 0.2
_TOO_DEEP = 10_000.0
_LOSING = 1_000.0

Loss = Callable[[BacktestResult], float]
"""Smaller is better."""


def sharpe_loss(result: BacktestResult) -> float:
    """Minus the yearly Sharpe ratio of the result's returns (daily where it is long enough)."""
    return _or_worst(-equity_measures(result.equity).sharpe)


def sharpe_daily_loss(result: BacktestResult) -> float:
    """Minus the yearly Sharpe ratio of daily returns, whatever the length of the run."""
    returns = trial_of(result, "loss").returns
    if len(returns) < 2:
        return WORST
    return _or_worst(-float(sharpe(returns, DAYS_PER_YEAR)))


def sortino_loss(result: BacktestResult) -> float:
    """Minus the yearly Sortino ratio."""
    return _or_worst(-equity_measures(result.equity).sortino)


def calmar_loss(result: BacktestResult) -> float:
    """Minus yearly growth over the deepest drawdown; undefined below 30 days."""
    return _or_worst(-equity_measures(result.equity).calmar)


def only_profit_loss(result: BacktestResult) -> float:
    """Minus the total return, whatever it took."""
    return _or_worst(-_profit(result))


def max_drawdown_loss(result: BacktestResult) -> float:
    """BT-23: -profit + 100 drawdown, in percent points of the starting balance; drawdown is the
    deepest as a share of its peak. A loss counts 1000 - profit. Deeper than 20 % counts
    10000 + 100 drawdown: rejected, but the less deep is still the better (D-96).
    """
    profit, depth = 100.0 * _profit(result), _depth(result)
    if depth > MOST_DRAWDOWN:
        return _or_worst(_TOO_DEEP + 100.0 * depth)
    if profit <= 0.0:
        return _or_worst(_LOSING - profit)
    return _or_worst(-profit + 100.0 * depth)


def profit_drawdown_loss(result: BacktestResult) -> float:
    """Minus the total return times (1 - drawdown); a loss counts times (1 + drawdown)."""
    profit, depth = _profit(result), _depth(result)
    return _or_worst(-profit * (1.0 - depth if profit > 0.0 else 1.0 + depth))


def multi_metric_loss(result: BacktestResult) -> float:
    """Minus the mean of five measures, each squeezed to -1 .. 1 by x / (1 + |x|): Sharpe ratio,
    ten times the total return, profit factor - 1, expectancy ratio, and minus ten times the
    drawdown. One that is undefined counts -1. Without a trade it is `WORST`.
    """
    found = measures(result)
    if not found["total_trades"]:
        return WORST
    parts = (
        found["sharpe"],
        10.0 * found["total_return"],
        found["profit_factor"] - 1.0,
        found["expectancy_ratio"],
        10.0 * found["max_drawdown"],
    )
    return -sum(_squeezed(float(part)) for part in parts) / len(parts)


LOSSES: Mapping[str, Loss] = MappingProxyType(
    {
        "sharpe": sharpe_loss,
        "sharpe-daily": sharpe_daily_loss,
        "sortino": sortino_loss,
        "calmar": calmar_loss,
        "max-drawdown": max_drawdown_loss,
        "profit-drawdown": profit_drawdown_loss,
        "multi-metric": multi_metric_loss,
        "only-profit": only_profit_loss,
    }
)

_OTHER_NAMES = MappingProxyType({name.replace("-", ""): name for name in LOSSES})


@cache
def find_loss(name: str) -> Loss:
    """A loss by its name (`sharpe`, also `SharpeHyperOptLoss`), or a function by `FILE.py:name`."""
    path, colon, function = name.rpartition(":")
    if colon and path.endswith(".py"):
        return _users(Path(path), function)
    short = name.lower().replace("_", "-").removesuffix("loss").removesuffix("hyperopt")
    short = _OTHER_NAMES.get(short.replace("-", ""), short)
    if short not in LOSSES:
        raise UnknownNameError(
            f"expected a loss of {', '.join(LOSSES)}, or FILE.py:function, found {name!r};"
            f"{did_you_mean(short, LOSSES)}"
        )
    return LOSSES[short]


def loss_of(name: str, result: BacktestResult) -> float:
    """What a loss says; NaN and infinities become `WORST`. Raises `StrategyFault` for no number."""
    found = find_loss(name)(result)
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise StrategyFault(f"expected a number from the loss {name}, found {found!r}")
    return _or_worst(float(found))


def _users(path: Path, function: str) -> Loss:
    if not path.is_file():
        raise UnknownNameError(f"expected a file of losses, found nothing at {path}")
    spec = importlib.util.spec_from_file_location(f"undertow_loss_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise ConfigurationError(f"expected a Python file, found {path}")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise ConfigurationError(
            f"expected {path} to load, found {type(error).__name__}: {error}"
        ) from error
    found = vars(module).get(function)
    if not callable(found):
        known = [name for name, value in vars(module).items() if callable(value)]
        raise UnknownNameError(
            f"expected a function in {path}, found {function!r};{did_you_mean(function, known)}"
        )
    loss: Loss = found
    return loss


def _profit(result: BacktestResult) -> float:
    return result.final_balance / result.starting_balance - 1.0


def _depth(result: BacktestResult) -> float:
    # Measured depths are negative fractions of the peak.
    depth = equity_measures(result.equity).max_drawdown
    return abs(depth) if math.isfinite(depth) else 0.0


def _squeezed(value: float) -> float:
    return value / (1.0 + abs(value)) if math.isfinite(value) else -1.0


def _or_worst(value: float) -> float:
    return value if math.isfinite(value) and value < WORST else WORST


def headline(result: BacktestResult) -> dict[str, float]:
    """The few measures that a table of tries shows beside the loss; undefined ones are NaN."""
    equity = msgspec.structs.asdict(equity_measures(result.equity))
    found = measures(result)
    row = {name: float(equity[name]) for name in ("sharpe", "sortino", "calmar", "max_drawdown")}
    return {
        "total_return": _profit(result),
        **row,
        "total_trades": float(found["total_trades"]),
        "win_rate": float(found["win_rate"]),
        "profit_factor": float(found["profit_factor"]),
    }
