"""Bid-ask spread: quoted when the quotes are known, else estimated from trades (FLOW-41)."""

from enum import StrEnum
from math import isfinite, nan

import msgspec

from undertow.domain.errors import CallerError
from undertow.domain.side import Side
from undertow.flow.flow_view import FlowView
from undertow.flow.sufficiency import Shortfall, shortfall
from undertow.stats.roll_estimator import roll_spread

LEAST_MOVES = 30


class SpreadBasis(StrEnum):
    """Where the number comes from."""

    QUOTES = "quotes"
    TRADES = "trades"
    UNKNOWN = "unknown"


class Spread(msgspec.Struct, frozen=True, gc=False):
    """bps of the price; NaN with basis UNKNOWN, for which `shortfall` has the reason."""

    bps: float
    basis: SpreadBasis
    shortfall: Shortfall | None = None

    @property
    def is_sufficient(self) -> bool:
        """Whether the spread is known."""
        return self.basis is not SpreadBasis.UNKNOWN


def spread(flow: FlowView, seconds: int = 300) -> Spread:
    """The quoted spread, or Roll's estimate over the closes of the last closed seconds.

    Roll's estimate uses the seconds in which the price moved or traded, at least 30; it sees the
    spread through the bounce between bid and ask and is unknown in a trend.
    """
    quoted = flow.spread_bps
    if isfinite(quoted):
        return Spread(quoted, SpreadBasis.QUOTES)
    bars = flow.bars(1, seconds)
    traded = bars[(bars["buy_trades"] + bars["sell_trades"]) > 0]
    missing = shortfall("quotes, or seconds with trades", len(traded), LEAST_MOVES + 1)
    if missing is None:
        closes = traded["close_ticks"].astype(float)
        estimate = roll_spread(closes) / abs(float(closes[-1])) * 1e4
        if isfinite(estimate):
            return Spread(estimate, SpreadBasis.TRADES)
        missing = Shortfall("quotes, or prices that bounce", 0, 1)
    return Spread(nan, SpreadBasis.UNKNOWN, missing)


def effective_spread_bps(side: Side, price: float, mid: float) -> float:
    """2 * side * (price - mid) / mid in bps: what a trade paid, twice its distance from the mid.

    Negative for a price better than the mid. The mid is the one just before the trade.
    """
    if not (isfinite(mid) and mid != 0.0):
        raise CallerError(f"expected a known mid price, found {mid!r}")
    return 2.0 * side * (price - mid) / abs(mid) * 1e4
