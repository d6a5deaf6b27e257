"""How often each flow measure is asked for in a live run, and how it is asked.

Cadences are those the requirements name (the 30 s analyser every 5 s, reversals every 2 s where a
position is open, the market profile every 5 minutes, OFI every 50 ms); where they name none: the
second for what watches the book, 5 s (the slowest check of a strategy) for what watches trades,
the close of the bar for what reads bars, the minute for what reads minutes, 5 minutes for maps of
price that take long to change.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from undertow.domain.instrument import MarketKind
from undertow.domain.market_event import EventArray
from undertow.domain.side import Side
from undertow.flow.absorption import absorption
from undertow.flow.adverse_moves import adverse_moves
from undertow.flow.asset_heatmap import asset_heatmap
from undertow.flow.asset_series import AssetSeries
from undertow.flow.asset_walls import asset_walls
from undertow.flow.bar_builder import BarBuilder
from undertow.flow.bar_kinds import DollarBars
from undertow.flow.basis import basis
from undertow.flow.behaviour import behaviour
from undertow.flow.book_imbalance import book_imbalance
from undertow.flow.bounce import bounce
from undertow.flow.cascade import cascade, cascade_reversal
from undertow.flow.change_of_character import change_of_character
from undertow.flow.close_strength import close_strength
from undertow.flow.consolidated_book import consolidated_book
from undertow.flow.conviction import conviction
from undertow.flow.cvd_divergence import cvd_divergence
from undertow.flow.cvd_momentum import cvd_momentum
from undertow.flow.exhaustion import exhaustion
from undertow.flow.fair_value_gap import find_fair_value_gaps
from undertow.flow.flow_flip import flow_flip
from undertow.flow.flow_state import FlowState
from undertow.flow.footprint import FootprintBuilder
from undertow.flow.funding import funding
from undertow.flow.imbalance import imbalance
from undertow.flow.institutional_exit import institutional_exit
from undertow.flow.instrument_flow import InstrumentFlow
from undertow.flow.large_trades import large_trades
from undertow.flow.liquidation_estimate import estimate_liquidations, positions_of
from undertow.flow.liquidation_map import LiquidationMap
from undertow.flow.magnetic_levels import magnetic_levels
from undertow.flow.momentum_breakdown import momentum_breakdown
from undertow.flow.ofi_pressure import ofi_pressure
from undertow.flow.oi_regime import oi_regime
from undertow.flow.open_interest import open_interest, open_interest_fuel
from undertow.flow.price_impact import amihud, kyle_lambda_of_bars
from undertow.flow.pump import pump
from undertow.flow.rejection import rejection
from undertow.flow.resistance_rejection import resistance_rejection
from undertow.flow.seen_liquidations import seen_liquidations
from undertow.flow.speed import speed
from undertow.flow.spread import spread
from undertow.flow.stable_levels import stable_levels
from undertow.flow.sweep import sweep
from undertow.flow.swings import swings
from undertow.flow.trade_intensity import TradeIntensity
from undertow.flow.trade_sizes import trade_sizes
from undertow.flow.venue_trap import venue_trap
from undertow.flow.volume_profile import volume_profile
from undertow.flow.volume_reversal import volume_reversal
from undertow.flow.volume_spike import volume_spike, volume_trend
from undertow.flow.volume_surge import volume_surge
from undertow.flow.vpin import Vpin
from undertow.flow.vwap import vwap_bands
from undertow.flow.whale_trades import whale_activity, whale_bursts
from undertow.flow.zones import Zone, find_zones
from undertow.indicators.volatility import atr

HISTORY = 500
POSITIONS = 5
"""Instruments with an open position."""


class Scope(StrEnum):
    """What a measure is asked of: all instruments at once, or each instrument, each one with a
    position, each asset."""

    ALL = "all instruments at once"

    INSTRUMENT = "each instrument"
    POSITION = "each position"
    ASSET = "each asset"


class Desk:
    """What a live run keeps between calls: the flow, one series an asset and minute for all of its
    measures, and what changes with a bar's close only."""

    def __init__(self, flow: FlowState, names: tuple[str, ...]) -> None:
        self.flow = flow
        flows = [flow[i] for i in range(len(flow))]
        self.assets = tuple(flow.asset(name) for name in names)
        self.series: list[AssetSeries] = [asset.series(HISTORY) for asset in self.assets]
        self.maps: list[LiquidationMap | None] = [None] * len(names)
        self.zones: list[tuple[Zone, ...]] = [find_zones(one.bars(900, 192)) for one in flows]
        self.atr_ticks: list[float] = [_atr_ticks(one) for one in flows]
        self.seconds: list[EventArray] = []  # of each instrument, the trades of the last second
        self.streams = [_Streams(one) for one in flows]

    def load(self, rows: EventArray) -> None:
        """Have everything loaded and compiled: each measure once, streams on spare ones."""
        for measure in MEASURES:
            measure.call(self, 0)
        spare = _Streams(self.flow[0])
        for stream in (spare.vpin, spare.bars, spare.footprint, spare.intensity):
            stream.push(rows)

    def zone(self, index: int) -> tuple[int, int]:
        """The newest zone of an instrument, else a band of 5 bps around its price."""
        zones, ticks = self.zones[index], self.flow[index].last_ticks
        if zones:
            return zones[-1].low_ticks, zones[-1].high_ticks
        return ticks - ticks // 2000, ticks + ticks // 2000


class _Streams:
    # What reads the trades themselves, one instrument each.
    def __init__(self, flow: InstrumentFlow) -> None:
        index, instrument = flow.index, flow.instrument
        self.vpin = Vpin(instrument, 50, index=index)
        self.bars = BarBuilder(DollarBars(100_000), instrument, index)
        self.footprint = FootprintBuilder(index=index)
        self.intensity = TradeIntensity(index=index)


class Measure(NamedTuple):
    """A measure with its cadence. every_s: seconds between calls, or of the bar whose close it
    waits for (then is_on_close)."""

    name: str
    rows: str
    scope: Scope
    every_s: float
    call: Callable[[Desk, int], object]
    is_on_close: bool


def _atr_ticks(flow: InstrumentFlow) -> float:
    bars = flow.bars(60, 112)
    if len(bars) < 15:
        return float("nan")
    high, low, close = (
        bars[name].astype(np.float64) for name in ("high_ticks", "low_ticks", "close_ticks")
    )
    return float(atr(high, low, close, 14)[-1])


def _new_atr(desk: Desk, i: int) -> None:
    desk.atr_ticks[i] = _atr_ticks(desk.flow[i])


def _new_zones(desk: Desk, i: int) -> None:
    desk.zones[i] = find_zones(desk.flow[i].bars(900, 192))


def _new_series(desk: Desk, i: int) -> None:
    desk.series[i] = desk.assets[i].series(HISTORY)


def _new_map(desk: Desk, i: int) -> None:
    desk.maps[i] = estimate_liquidations(positions_of(desk.series[i]))


def _bounce(desk: Desk, i: int) -> object:
    return bounce(desk.flow[i], Side.BUY, *desk.zone(i), desk.atr_ticks[i])


def _absorption(desk: Desk, i: int) -> object:
    return absorption(desk.flow[i], desk.zone(i)[0], desk.atr_ticks[i])


def _rejection(desk: Desk, i: int) -> object:
    bar = desk.flow[i].bars(60, 1)[-1]
    return rejection(bar), close_strength(bar)


def _volume(desk: Desk, i: int) -> object:
    bars = desk.flow[i].bars(60, 21)
    return volume_spike(bars), volume_trend(bars)


def _both_reversals(desk: Desk, i: int) -> object:
    bars = desk.flow[i].bars(60, 30)
    return [volume_reversal(bars, side) for side in (Side.BUY, Side.SELL)]


def _both_breakdowns(desk: Desk, i: int) -> object:
    bars = desk.flow[i].bars(60, 60)
    return [momentum_breakdown(bars, side) for side in (Side.BUY, Side.SELL)]


def _resistance(desk: Desk, i: int) -> object:
    return [resistance_rejection(desk.flow[i].bars(300, 100), one) for one in desk.zones[i][-1:]]


def _impact(desk: Desk, i: int) -> object:
    bars = desk.flow[i].bars(60, 60)
    traded = bars["tick_lots"]
    return kyle_lambda_of_bars(bars), amihud(bars["close_ticks"], traded)


def _fuel(desk: Desk, i: int) -> object:
    opened = open_interest(desk.assets[i])
    return open_interest_fuel(opened.hour_fraction, pump(desk.series[i].path).change)


def _seen(desk: Desk, i: int) -> object:
    perps = [one for one in desk.assets[i].members if one.instrument.is_perp]
    return seen_liquidations(perps, 0.5).clusters()


def _sweep_cost(desk: Desk, i: int) -> object:
    book = consolidated_book(desk.assets[i], kind=MarketKind.LINEAR)
    return book.depths(), book.sweep_cost(Side.BUY, 100_000.0)


def _asset_heat(desk: Desk, i: int) -> object:
    return stable_levels(asset_heatmap(desk.assets[i]).heatmap)


def _magnetic(desk: Desk, i: int) -> object:
    known = desk.maps[i]
    return magnetic_levels(desk.assets[i], maps=() if known is None else (known,))


def _of_trades(name: str) -> Callable[[Desk, int], object]:
    def call(desk: Desk, i: int) -> object:
        stream = getattr(desk.streams[i], name)
        stream.push(desk.seconds[i])
        return stream.at() if name == "intensity" else None

    return call


_Row = tuple[str, str, Scope, float, Callable[[Desk, int], object]]


def _measures() -> tuple[Measure, ...]:
    one, held, all_of = Scope.INSTRUMENT, Scope.POSITION, Scope.ASSET
    buy = Side.BUY

    def flow(function: Callable[..., object], *more: object) -> Callable[[Desk, int], object]:
        return lambda desk, i: function(desk.flow[i], *more)

    def bars(
        function: Callable[..., object], timeframe_s: int, count: int
    ) -> Callable[[Desk, int], object]:
        return lambda desk, i: function(desk.flow[i].bars(timeframe_s, count))

    def asset(function: Callable[..., object]) -> Callable[[Desk, int], object]:
        return lambda desk, i: function(desk.assets[i])

    def series(function: Callable[..., object]) -> Callable[[Desk, int], object]:
        return lambda desk, i: function(desk.series[i])

    def both(function: Callable[..., object]) -> Callable[[Desk, int], object]:
        return lambda desk, i: [function(desk.flow[i], side) for side in (Side.BUY, Side.SELL)]

    table: tuple[_Row, ...] = (
        ("OFI at the best", "FLOW-06", Scope.ALL, 0.05, lambda d, _: d.flow.ofi_lots(1)),
        ("multi-level OFI", "FLOW-06", one, 1, lambda d, i: d.flow[i].multi_level_ofi(10)),
        ("OFI pressure", "FLOW-06", one, 1, flow(ofi_pressure)),
        ("book imbalance, z-score", "FLOW-07", one, 1, flow(book_imbalance)),
        ("volume clock: VPIN", "FLOW-40", one, 1, _of_trades("vpin")),
        ("dollar bars", "DATA-24", one, 1, _of_trades("bars")),
        ("footprint", "VEN-40", one, 1, _of_trades("footprint")),
        ("trade intensity", "FLOW-40", one, 1, _of_trades("intensity")),
        ("reversal of the cascade", "FLOW-23", held, 2, flow(cascade_reversal, buy)),
        (
            "adverse moves",
            "FLOW-25",
            held,
            2,
            lambda d, i: adverse_moves(d.flow[i].bars(1, 16), Side.BUY),
        ),
        ("trade imbalance, 30 s", "FLOW-01, 02", one, 5, flow(imbalance)),
        ("CVD, 15 minutes", "FLOW-03", one, 5, lambda d, i: d.flow[i].cvd_usd(900)),
        ("large trades", "FLOW-12, 39", one, 5, flow(large_trades)),
        ("exhaustion, both sides", "FLOW-13", one, 5, both(exhaustion)),
        ("cascade", "FLOW-22", one, 5, flow(cascade)),
        ("flow flip", "FLOW-24", one, 5, flow(flow_flip)),
        ("absorption at the zone", "FLOW-27", one, 5, _absorption),
        ("speed", "FLOW-28", one, 5, lambda d, i: speed(d.flow[i], 15, d.atr_ticks[i])),
        ("bounce off the zone", "FLOW-30", one, 5, _bounce),
        ("spread", "FLOW-41", one, 5, flow(spread)),
        ("institutional exit, both sides", "FLOW-44", one, 5, both(institutional_exit)),
        ("sweep", "", one, 5, bars(sweep, 1, 300)),
        (
            "whales and their bursts",
            "FLOW-11",
            all_of,
            5,
            lambda d, i: (whale_activity(d.assets[i].members), whale_bursts(d.assets[i].members)),
        ),
        ("asset CVD by venue", "FLOW-03", all_of, 5, lambda d, i: d.assets[i].cvd_by_venue(900)),
        ("live basis", "FLOW-45", all_of, 5, lambda d, i: d.assets[i].basis_bps()),
    )
    timed = [Measure(*row, is_on_close=False) for row in table]
    closes: tuple[_Row, ...] = (
        ("ATR", "", one, 60, _new_atr),
        ("rejection, close strength", "FLOW-26, 29", one, 60, _rejection),
        ("volume surge", "FLOW-14", one, 60, bars(volume_surge, 60, 181)),
        ("volume spike and trend", "FLOW-15", one, 60, _volume),
        ("volume reversal, both sides", "FLOW-37", one, 60, _both_reversals),
        ("momentum breakdown, both sides", "FLOW-35", one, 60, _both_breakdowns),
        ("trade sizes", "FLOW-39", one, 60, bars(trade_sizes, 60, 1)),
        ("VWAP and bands, 4 h", "FLOW-38", one, 60, bars(vwap_bands, 60, 240)),
        ("behaviour from trades", "VEN-40", one, 60, flow(behaviour)),
        ("price impact", "FLOW-40", one, 60, _impact),
        ("swings 5m", "FLOW-34", one, 300, bars(swings, 300, 100)),
        ("change of character 5m", "FLOW-34", one, 300, bars(change_of_character, 300, 100)),
        ("fair value gaps 5m", "FLOW-33", one, 300, bars(find_fair_value_gaps, 300, 192)),
        ("resistance rejection 5m", "FLOW-36", one, 300, _resistance),
        ("zones 15m", "FLOW-32", one, 900, _new_zones),
        ("fair value gaps 15m", "FLOW-33", one, 900, bars(find_fair_value_gaps, 900, 192)),
    )
    timed += [Measure(*row, is_on_close=True) for row in closes]
    slow: tuple[_Row, ...] = (
        ("asset series, 500 minutes", "VEN-01, 02", all_of, 60, _new_series),
        ("CVD momentum", "FLOW-04", all_of, 60, lambda d, i: cvd_momentum(d.series[i].total)),
        ("CVD divergence", "FLOW-05", all_of, 60, series(cvd_divergence)),
        ("conviction spot / perp", "FLOW-16", all_of, 60, series(conviction)),
        ("open-interest regime", "FLOW-17", all_of, 60, series(oi_regime)),
        ("open interest, pump, fuel", "FLOW-18, 19, 20", all_of, 60, _fuel),
        ("funding", "FLOW-21", all_of, 60, asset(funding)),
        ("basis, z-score", "FLOW-45", all_of, 60, series(basis)),
        ("venue trap", "VEN-02", all_of, 60, series(venue_trap)),
        ("liquidation estimate", "FLOW-10", all_of, 60, _new_map),
        ("seen liquidations", "VEN-23", all_of, 60, _seen),
        ("walls over venues", "FLOW-08, 43", all_of, 60, asset(asset_walls)),
        ("consolidated book, sweep cost", "VEN-03", all_of, 60, _sweep_cost),
        ("market profile", "FLOW-31", one, 300,
         lambda d, i: volume_profile(*d.flow[i].price_volume(15))),
        ("heatmap and stable levels over venues", "FLOW-09", all_of, 300, _asset_heat),
        ("magnetic levels over venues", "FLOW-10", all_of, 300, _magnetic),
    )  # fmt: skip
    timed += [Measure(*row, is_on_close=False) for row in slow]
    return tuple(timed)


MEASURES = _measures()
