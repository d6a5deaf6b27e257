"""What would have been earned without the rule: by holding, and by entries at random.

Buy and hold puts equal parts of the starting balance into the instruments at their first known
close and takes them out at the last, each side at the fee, spread and slippage that the run's own
fills paid on average; without fills it is before costs. No leverage, no funding: those are choices
of a strategy. Random entries have the same number of trades, holding times and sides
(`entry_significance`); both sides of that comparison are before costs, which are the same.
"""

from collections.abc import Mapping
from math import nan
from typing import Any

import msgspec
import numpy as np

from undertow.backtest.reports.entry_significance import EntrySignificance, entry_significance
from undertow.backtest.reports.equity_measures import equity_measures
from undertow.backtest.result import BacktestResult, EquityCurve

_DRAWS = 2_000_000
"""Trades drawn for a report: many trades are resampled less often."""

_RESAMPLES = (199, 999)


class BuyAndHold(msgspec.Struct, frozen=True):
    """Of the instruments of a run. cost_rate: share of the notional paid on each side; NaN when
    the run had no fills to tell. excess_return: the run's total return less this one's.
    """

    total_return: float
    sharpe: float
    max_drawdown: float
    final_balance: float
    cost_rate: float
    excess_return: float


def buy_and_hold(result: BacktestResult) -> BuyAndHold | None:
    """Holding the instruments over the run; None when no price of them is known."""
    closes = list(_known(result).values())
    if not closes:
        return None
    rate = cost_rate(result)
    side = 0.0 if rate != rate else rate
    start = result.starting_balance
    times = np.unique(np.concatenate([curve.time_ns for curve in closes]))
    worth = np.zeros(len(times))
    for curve in closes:
        place = np.searchsorted(curve.time_ns, times, side="right") - 1
        price = curve.equity[np.maximum(place, 0)] / curve.equity[0]
        # Money until the instrument's first price, the instrument from then on.
        worth += np.where(place < 0, 1.0, price / (1.0 + side))
    equity = start * worth / len(closes)
    equity[0] = start
    equity[-1] *= 1.0 - side
    found = equity_measures(EquityCurve(times, equity, closes[0].step_ns))
    total = float(equity[-1] / start - 1.0)
    return BuyAndHold(
        total_return=total,
        sharpe=found.sharpe,
        max_drawdown=found.max_drawdown,
        final_balance=float(equity[-1]),
        cost_rate=rate,
        excess_return=result.final_balance / start - 1.0 - total,
    )


def cost_rate(result: BacktestResult) -> float:
    """Fees, spread, slippage and impact of the run's fills over their value; NaN without fills."""
    value = sum(
        trade.stake
        * trade.leverage
        * sum(order.qty * order.price for order in trade.orders)
        / (trade.qty * trade.entry_price)
        for trade in result.trades
        if trade.qty and trade.entry_price
    )
    costs = result.costs
    paid = costs.fees + costs.spread + costs.slippage + costs.impact
    return paid / value if value > 0 else nan


def random_entries(result: BacktestResult, resamples: int | None = None) -> EntrySignificance:
    """Entries against random ones, of instruments whose prices are known and above 0."""
    low, high = _RESAMPLES
    count = resamples or min(high, max(low, _DRAWS // max(1, len(result.trades))))
    known = msgspec.structs.replace(result, closes=_known(result))
    return entry_significance(known, resamples=count, seed=result.seed)


def random_entry_p(found: EntrySignificance) -> float | None:
    """One p-value for a whole run: the least of the instruments' after Holm's correction, which
    asks whether any entries were better than random ones; None when nothing could be tested.
    """
    return min(found.adjusted.values(), default=None)


def baselines_part(result: BacktestResult) -> Mapping[str, Any]:
    """For the report: `buy_and_hold` and `random_entries`, those that could be made."""
    part: dict[str, Any] = {}
    held = buy_and_hold(result)
    if held is not None:
        part["buy_and_hold"] = msgspec.structs.asdict(held)
    found = random_entries(result)
    if found.tests:
        part["random_entries"] = {
            "p_value": random_entry_p(found),
            "words": found.words,
            "by_instrument": {
                name: {
                    "p_value": found.adjusted[name],
                    "mean_return": test.actual,
                    "random_mean_return": test.mean,
                    "trades": test.trades,
                    "resamples": test.resamples,
                }
                for name, test in found.tests.items()
            },
        }
    return part


def _known(result: BacktestResult) -> dict[str, EquityCurve]:
    # Closes from the first known price on; instruments with a price of 0 or below are left out.
    found = {}
    for name, curve in result.closes.items():
        is_known = np.isfinite(curve.equity)
        first = int(np.argmax(is_known)) if len(curve.equity) else 0
        prices = curve.equity[first:]
        if len(prices) > 1 and is_known[first:].all() and (prices > 0.0).all():
            found[name] = EquityCurve(curve.time_ns[first:], prices, curve.step_ns)
    return found
