"""The instruments of a synthetic market and the same facts as arrays, one entry an instrument.

Order: assets, in each its venues, in each spot then perp. So the instruments of an asset are
`GROUP = 2 * venues` neighbours, and arrays reshape to (assets, venues, 2).
"""

import numpy as np
from numpy.typing import NDArray

from undertow.domain.errors import ConfigurationError
from undertow.domain.fixed import Step
from undertow.domain.instrument import FeeSchedule, Instrument, MarketKind
from undertow.domain.instrument_table import InstrumentTable
from undertow.simulator.market.asset_spec import AssetSpec
from undertow.simulator.market.market_config import MarketConfig
from undertow.simulator.market.venue_spec import VenueSpec

QUOTE = "USDT"
MIN_NOTIONAL = "5"
SPOT_FEES = FeeSchedule(maker_ppm=1_000, taker_ppm=1_000)
PERP_FEES = FeeSchedule(maker_ppm=200, taker_ppm=500)
PERP_LEVERAGE = 20
SPAN_BPS = 15.0  # how far from the mid the last level of a book is, where the tick allows it
LEAST_TICKS = 500  # fewer ticks in the reference price and a book would not fit above zero


class Listing:
    """Facts of every instrument that never change; arrays have one entry an instrument."""

    def __init__(self, config: MarketConfig) -> None:
        self.assets = config.chosen_assets()
        self.venues = config.chosen_venues()
        pairs = [
            (a, v, is_perp)
            for a in range(len(self.assets))
            for v in range(len(self.venues))
            for is_perp in (False, True)
        ]
        instruments = [_instrument(self.assets[a], self.venues[v], is_perp=p) for a, v, p in pairs]
        self.table = InstrumentTable(instruments)
        self.sources = tuple(f"{v.name}.{kind}" for v in self.venues for kind in ("spot", "perp"))
        self.count = len(pairs)
        self.asset_count = len(self.assets)
        self.group = 2 * len(self.venues)
        self.asset: NDArray[np.int64] = np.array([a for a, _, _ in pairs])
        self.venue: NDArray[np.int64] = np.array([v for _, v, _ in pairs])
        self.is_perp: NDArray[np.bool_] = np.array([p for _, _, p in pairs])
        self.source: NDArray[np.int64] = 2 * self.venue + self.is_perp
        self.tick = np.array([row.price_float(1) for row in instruments])
        self.lot = np.array([row.qty_step.float(1) for row in instruments])
        self.reference = np.array([self.assets[a].reference_price for a, _, _ in pairs])
        self.weight = np.array([_weight(self.venues[v], is_perp=p) for _, v, p in pairs])
        self.order_rate = self.weight * self._asset_fact("orders_per_s")
        self.order_usd = self._asset_fact("order_usd")
        self.level_usd = self.weight * self._asset_fact("level_usd")
        self.half_spread = 1e-4 * self._asset_fact("half_spread_bps") * self._spread_factor()
        self.clock_skew_ns = np.array([self.venues[v].clock_skew_ns for _, v, _ in pairs])
        self.lag_s = np.array([_lag_s(self.venues[v], is_perp=p) for _, v, p in pairs])
        self.least_lots = np.ceil(float(MIN_NOTIONAL) / (self.reference * self.lot))
        self.spacing = self._spacing(config.book_levels)
        self._check()

    def instruments_of(self, asset: int) -> range:
        """Indexes of an asset's instruments, spot and perp of each venue in turn."""
        return range(asset * self.group, (asset + 1) * self.group)

    def instruments_at(self, venue: int) -> list[int]:
        """Indexes of a venue's instruments."""
        return [i for i in range(self.count) if self.venue[i] == venue]

    def spots_of(self, asset: int) -> list[int]:
        """Indexes of an asset's spot instruments."""
        return list(self.instruments_of(asset))[0::2]

    def perps_of(self, asset: int) -> list[int]:
        """Indexes of an asset's perps."""
        return list(self.instruments_of(asset))[1::2]

    def lots_worth(self, instrument: int, quote_money: float) -> int:
        """Lots worth about that much at the reference price, at least 1."""
        value = self.reference[instrument] * self.lot[instrument]
        return max(1, round(quote_money / float(value)))

    def _asset_fact(self, name: str) -> NDArray[np.float64]:
        return np.array([getattr(self.assets[a], name) for a in self.asset], dtype=np.float64)

    def _spread_factor(self) -> NDArray[np.float64]:
        return np.array([self.venues[v].spread_factor for v in self.venue], dtype=np.float64)

    def _spacing(self, levels: int) -> NDArray[np.float64]:
        span_ticks = SPAN_BPS * 1e-4 * self.reference / self.tick
        return np.asarray(np.maximum(1.0, np.round(span_ticks / levels)))

    def _check(self) -> None:
        ticks = self.reference / self.tick
        for i in np.flatnonzero(ticks < LEAST_TICKS):
            raise ConfigurationError(
                f"expected at least {LEAST_TICKS} ticks in the reference price of "
                f"{self.table[int(i)].instrument_id}, found {ticks[i]:g}"
            )


def _weight(venue: VenueSpec, *, is_perp: bool) -> float:
    return venue.perp_weight if is_perp else venue.spot_weight


def _lag_s(venue: VenueSpec, *, is_perp: bool) -> float:
    return venue.perp_lag_s if is_perp else venue.spot_lag_s


def _instrument(asset: AssetSpec, venue: VenueSpec, *, is_perp: bool) -> Instrument:
    lot = asset.perp_lot if is_perp else asset.spot_lot
    return Instrument(
        symbol=f"{asset.name}/{QUOTE}:{QUOTE}" if is_perp else f"{asset.name}/{QUOTE}",
        venue=venue.name,
        raw_symbol=f"{asset.name}{QUOTE}{'-PERP' if is_perp else ''}",
        kind=MarketKind.LINEAR if is_perp else MarketKind.SPOT,
        base=asset.name,
        quote=QUOTE,
        settle=QUOTE,
        price_step=Step.of(asset.perp_tick if is_perp else asset.spot_tick),
        qty_step=Step.of(lot),
        min_notional=MIN_NOTIONAL,
        fees=PERP_FEES if is_perp else SPOT_FEES,
        max_leverage=PERP_LEVERAGE if is_perp else 1,
    )
