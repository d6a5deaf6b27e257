"""A backtest's result as a row of the trial ledger: what was tried, on what, and its daily returns.

Daily whatever the run's length: returns of different runs are compared day by day.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec

from undertow.backtest.result import BacktestResult
from undertow.domain.time import NS_PER_DAY
from undertow.stats.equity_returns import simple_returns, until_ruin
from undertow.stats.equity_sampling import daily_equity
from undertow.storage.trial_ledger import Trial, market_name

_NAMES = ("name", "label")
# What names the strategy or the stretch: those have columns of their own.
_APART = ("strategies", "strategy", "start_ns", "stop_ns")


def trial_of(result: BacktestResult, kind: str) -> Trial:
    """The result as a try of its strategies' family; kind: backtest, search, walk_forward."""
    chosen = _strategies(result)
    parameters: dict[str, Any] = {}
    for label, values in chosen.items():
        prefix = f"{label}." if len(chosen) > 1 else ""
        parameters |= {f"{prefix}{name}": values[name] for name in values if name not in _NAMES}
    equity = until_ruin(result.equity.equity)
    days = daily_equity(result.equity.time_ns[: len(equity)], equity)
    return Trial(
        kind=kind,
        family="+".join(sorted(str(values["name"]) for values in chosen.values())),
        market=market_name(result.instruments, result.timeframe),
        parameters=parameters,
        settings_digest=_digest(result),
        data_digest=result.data_digest,
        start_ns=result.start_ns,
        stop_ns=result.stop_ns,
        first_day=int(days.time_ns[0]) // NS_PER_DAY,
        returns=simple_returns(days.equity),
        run_name=result.run_name,
    )


def _strategies(result: BacktestResult) -> Mapping[str, Mapping[str, Any]]:
    several = result.settings.get("strategies")
    if several:
        return dict(several)
    name = result.strategies[0]
    return {name: result.settings.get("strategy", {"name": name})}


def _digest(result: BacktestResult) -> str:
    rest = {name: value for name, value in result.settings.items() if name not in _APART}
    return hashlib.blake2b(msgspec.json.encode(rest, order="sorted"), digest_size=16).hexdigest()
