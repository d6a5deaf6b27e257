"""Everything about one asset at this instant, over all its venues, in one record (EVT-38).

Histories are of closed minutes only, each read at its own time; what is not known is NaN or empty,
with the reason in the measure's `shortfall`. A position and the last score are not the flow's: the
caller hands them in."""

from math import nan

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.domain.errors import UnknownNameError
from undertow.domain.suggestion import did_you_mean
from undertow.flow.asset_flow import AssetFlow
from undertow.flow.asset_series import AssetSeries
from undertow.flow.basis import Basis, basis
from undertow.flow.conviction import Conviction, conviction
from undertow.flow.cvd_divergence import DivergenceReading, cvd_divergence
from undertow.flow.cvd_momentum import CvdMomentum, cvd_momentum
from undertow.flow.funding import Funding, funding
from undertow.flow.instrument_flow import InstrumentFlow
from undertow.flow.minute_flow import Floats
from undertow.flow.oi_regime import OiRegime, oi_regime
from undertow.flow.open_interest import (
    OpenInterestFuel,
    OpenInterestReading,
    open_interest,
    open_interest_fuel,
)
from undertow.flow.pump import Pump, pump
from undertow.flow.venue_trap import VenueTrap, venue_trap
from undertow.flow.whale_trades import WhaleTrade, whale_trades
from undertow.indicators.volatility import atr

HISTORY = 500
OPEN_INTEREST_HISTORY = 240
WHALES = 100
STATS_S = 900
ATR_PERIOD = 14
_EVER_S = 10**9


class TradeStats(msgspec.Struct, frozen=True, gc=False):
    """Aggressive trades of the last 15 minutes over the healthy members; volumes in base coins."""

    buy_vol: float
    sell_vol: float
    buy_trades: int
    sell_trades: int

    @property
    def trades(self) -> int:
        """Of both sides."""
        return self.buy_trades + self.sell_trades


class SymbolState(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """reference: id of the member whose bars are in klines_1m (`kernels.flow.layout.MINUTE`, 500 at
    most), the one with the largest volume in them unless asked for; empty id without any member.
    atr: of those bars, 14, Wilder, in quote money. series: 500 minutes at most, from which the
    histories are taken. whale_trades: the last 100 of the healthy members. active_trade: the
    caller's id of an open trade. last_signal_score: NaN before any.
    """

    asset: str
    time_ns: int
    reference: str
    klines_1m: NDArray[np.void]
    atr: float
    series: AssetSeries
    open_interest: OpenInterestReading
    funding: Funding
    basis: Basis
    whale_trades: tuple[WhaleTrade, ...]
    momentum: CvdMomentum
    divergence: DivergenceReading
    conviction: Conviction
    regime: OiRegime
    trap: VenueTrap
    pump: Pump
    fuel: OpenInterestFuel
    trade_stats: TradeStats
    active_trade: str | None = None
    last_signal_score: float = nan

    @property
    def price_history(self) -> Floats:
        """Price over all venues, dollars, a minute apart."""
        return self.series.price

    @property
    def unified_cvd_history(self) -> Floats:
        """CVD over all venues, dollars, from the first minute of the series."""
        return self.series.total.cvd_usd

    @property
    def unified_oi_history(self) -> Floats:
        """Open interest over all venues, base coins, without jumps by who counts."""
        return self.series.open_interest_path

    @property
    def recent_open_interest(self) -> Floats:
        """The last 240 minutes of it."""
        return self.unified_oi_history[-OPEN_INTEREST_HISTORY:]

    @property
    def unified_funding_rate(self) -> float:
        """Predicted fraction per hour, weighted by open interest."""
        return self.funding.per_hour

    @property
    def bullish_divergence(self) -> bool:
        """Whether CVD refuses a lower low."""
        return self.divergence.side > 0

    @property
    def bearish_divergence(self) -> bool:
        """Whether CVD refuses a higher high."""
        return self.divergence.side < 0


def symbol_state(
    asset: AssetFlow,
    *,
    reference: str | None = None,
    active_trade: str | None = None,
    last_signal_score: float = nan,
) -> SymbolState:
    """The state of an asset now, every measure at its defaults."""
    series = asset.series(HISTORY)
    leader = _leader(asset, reference)
    klines = leader.minutes(HISTORY)
    opened, hour = open_interest(asset), pump(series.path)
    return SymbolState(
        asset=asset.base,
        time_ns=asset.watermark_ns,
        reference=str(leader.instrument.instrument_id),
        klines_1m=klines,
        atr=_atr(leader, klines),
        series=series,
        open_interest=opened,
        funding=funding(asset),
        basis=basis(series),
        whale_trades=whale_trades(asset.healthy(), _EVER_S)[-WHALES:],
        momentum=cvd_momentum(series.total),
        divergence=cvd_divergence(series),
        conviction=conviction(series),
        regime=oi_regime(series),
        trap=venue_trap(series),
        pump=hour,
        fuel=open_interest_fuel(opened.hour_fraction, hour.change),
        trade_stats=_stats(asset),
        active_trade=active_trade,
        last_signal_score=last_signal_score,
    )


def _leader(asset: AssetFlow, reference: str | None) -> InstrumentFlow:
    # Of equal volumes the first in the table's order.
    if reference is None:
        return max(asset.members, key=_volume)
    names = [str(one.instrument.instrument_id) for one in asset.members]
    if reference not in names:
        hint = did_you_mean(reference, names)
        raise UnknownNameError(f"expected a member of this asset, found {reference!r};{hint}")
    return asset.members[names.index(reference)]


def _volume(flow: InstrumentFlow) -> float:
    bars = flow.bars(60, HISTORY)
    return flow.held_usd(float((bars["buy_lots"] + bars["sell_lots"]).sum())) if len(bars) else 0.0


def _atr(flow: InstrumentFlow, klines: NDArray[np.void]) -> float:
    if len(klines) <= ATR_PERIOD:
        return nan
    tick = flow.instrument.price_float(1)
    high, low = klines["high_ticks"] * tick, klines["low_ticks"] * tick
    return float(atr(high, low, klines["close_ticks"] * tick, ATR_PERIOD)[-1])


def _stats(asset: AssetFlow) -> TradeStats:
    bought = sold = 0.0
    buys = sells = 0
    for one in asset.healthy():
        window, (buy, sell) = one.window(STATS_S), one.traded_base(STATS_S)
        bought, sold = bought + buy, sold + sell
        buys, sells = buys + window.buy_trades, sells + window.sell_trades
    return TradeStats(bought, sold, buys, sells)
