"""The memory of the flow state: who allocates the kernels' arrays and tells them where they are."""

from math import inf, prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from undertow.domain.bar import BAR
from undertow.domain.fixed import power_of_ten
from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.instrument_table import InstrumentTable
from undertow.flow.flow_config import FlowConfig
from undertow.kernels.flow.layout import (
    BUCKET,
    CLOCK_WINDOWS,
    CLOSED,
    FORCED,
    FUNDING_PAID,
    FUNDING_SLOTS,
    HEAT_COLUMN,
    HOLES,
    INSTRUMENT,
    MINUTE_SAMPLE,
    NEVER_HIGH,
    NEVER_LOW,
    OPEN_INTEREST_MINUTE,
    OPEN_INTEREST_SLOTS,
    PROFILE_MINUTE,
    PROFILE_SLOTS,
    RING,
    RUN,
    SAMPLE,
    SECONDS_KEPT,
    SOURCE,
    TRADE_SIZES,
    WALL,
    WATCH,
    WHALE,
    WHALES,
)

_CONFIGURED = (
    "lateness_ns",
    "source_timeout_ns",
    "most_lead_ns",
    "large_factor",
    "large_seconds",
    "large_least_trades",
    "bars_1m",
    "bars_5m",
    "bars_15m",
    "samples_1m",
    "book_levels",
    "wall_slots",
    "wall_reach_bps",
    "wall_percentile",
    "wall_smooth_s",
    "wall_approach_bps",
    "wall_forget_s",
    "heat_columns",
    "heat_rows",
    "heat_every_s",
    "heat_row_bps",
    "imbalance_levels",
    "imbalances_kept",
    "ofi_levels",
    "ofi_seconds",
    "liquidations_kept",
    "whale_day_ppm",
    "whale_least_minutes",
)
_FIRST_WATCHES = 16
GIVEN_WAKES = 16
"""Bit of `wakes` for given bars of lengths that no ring keeps."""


class FlowArrays:
    """Every array of a flow state and the RUN record through which kernels reach them.

    Shapes and layouts: `kernels.flow.flow_memory`. Memory is taken from the system only where
    it is used. Kernels hold addresses, so an array is replaced only through `_place`.
    """

    def __init__(self, table: InstrumentTable, source_count: int, config: FlowConfig) -> None:
        count = len(table)
        self.run = np.zeros(1, RUN)
        self.instruments = self._place("instruments", np.zeros(count, INSTRUMENT))
        self.holes: NDArray[np.int64] = self._place("holes", np.zeros((count, HOLES, 2), np.int64))
        self.sources = self._place("sources", np.zeros(source_count, SOURCE))
        self.buckets = self._place("buckets", np.zeros((count, RING), BUCKET))
        bars = config.bars_1m + config.bars_5m + config.bars_15m
        self.bars = self._place("bars", np.zeros((count, bars), BAR))
        self.forming = self._place("forming", np.zeros((count, 3), BAR))
        self.given = self._place("given", np.zeros(count, BAR))
        self.profile = self._place("profile", np.zeros((count, PROFILE_SLOTS), PROFILE_MINUTE))
        sides = (count, 2, config.book_levels)
        self.book_keys: NDArray[np.int64] = self._place("book_keys", np.zeros(sides, np.int64))
        self.book_lots: NDArray[np.int64] = self._place("book_lots", np.zeros(sides, np.int64))
        self.delays: NDArray[np.int64] = self._place(
            "delays", np.zeros((source_count, CLOCK_WINDOWS), np.int64)
        )
        self.watches = self._place("watches", np.zeros(0, WATCH))
        self.closed = self._place("closed", np.zeros(0, CLOSED))
        self._place_samples(count, config)
        self._place_minutes(count, config)
        self.trade_sizes: NDArray[np.int64] = self._place(
            "trade_sizes", np.zeros((count, TRADE_SIZES), np.int64)
        )
        self.whales = self._place("whales", np.zeros((count, WHALES), WHALE))
        self._set_constants(table, source_count, config)

    @property
    def nbytes(self) -> int:
        """Bytes of all arrays together."""
        return sum(one.nbytes for one in vars(self).values() if isinstance(one, np.ndarray))

    def make_room_for_watch(self) -> None:
        """Grow the array of watches when it is full."""
        if self.run["watch_count"][0] < len(self.watches):
            return
        grown = np.zeros(max(_FIRST_WATCHES, 2 * len(self.watches)), WATCH)
        grown[: len(self.watches)] = self.watches
        self.watches = self._place("watches", grown)
        self.run["watch_room"] = len(grown)

    def make_room_for_closed(self) -> None:
        """Grow the list of closed bars to what one stretch can close of the bars waited for."""
        room = 0
        for bit, timeframe_s in enumerate((1, 60, 300, 900)):
            waiting = int(np.count_nonzero(self.instruments["wakes"] & (1 << bit)))
            room += waiting * (SECONDS_KEPT // timeframe_s + 1)
        room += int(np.count_nonzero(self.instruments["wakes"] & GIVEN_WAKES))
        if room > len(self.closed):
            self.closed = self._place("closed", np.zeros(2 * room, CLOSED))
            self.run["closed_room"] = len(self.closed)

    def _place_samples(self, count: int, config: FlowConfig) -> None:
        # What is looked at once a second, and what hangs on it.
        self.samples = self._place("samples", np.zeros(count, SAMPLE))
        self.walls = self._place("walls", np.zeros((count, 2, config.wall_slots), WALL))
        self.sizes = self._place("sizes", np.zeros((2, config.book_levels), np.int64))
        columns = (count, config.heat_columns)
        self.heat = self._place("heat", np.zeros(columns, HEAT_COLUMN))
        self.heat_lots = self._place(
            "heat_lots", np.zeros((*columns, config.heat_rows), np.float32)
        )
        self.imbalances = self._place(
            "imbalances", np.zeros((count, config.imbalances_kept), np.float32)
        )
        self.best_sizes = self._place("best_sizes", np.zeros_like(self.imbalances))
        width = 1 + config.ofi_levels
        self.best_levels = self._place(
            "best_levels", np.zeros((count, 4, config.ofi_levels), np.int64)
        )
        self.level_flows = self._place(
            "level_flows", np.zeros((count, config.ofi_seconds, width), np.int64)
        )
        self.run["ofi_width"] = width
        self.forced = self._place("forced", np.zeros((count, config.liquidations_kept), FORCED))

    def _place_minutes(self, count: int, config: FlowConfig) -> None:
        # What a closed minute leaves beside its bar, and numbers that come as slowly.
        kept = (count, config.samples_1m)
        self.minute_samples = self._place("minute_samples", np.zeros(kept, MINUTE_SAMPLE))
        slots = (count, OPEN_INTEREST_SLOTS)
        self.open_interests = self._place("open_interests", np.zeros(slots, OPEN_INTEREST_MINUTE))
        self.fundings = self._place("fundings", np.zeros((count, FUNDING_SLOTS), FUNDING_PAID))

    def _place(self, name: str, array: NDArray[Any]) -> NDArray[Any]:
        self.run[f"{name}_at"] = array.ctypes.data
        return array

    def _set_constants(self, table: InstrumentTable, source_count: int, config: FlowConfig) -> None:
        self.run["instrument_count"] = len(table)
        self.run["source_count"] = source_count
        self.run["bars_kept"] = self.bars.shape[1]
        for name in _CONFIGURED:
            self.run[name] = getattr(config, name)
        self.instruments["source"] = -1
        self.instruments["is_inverse"] = [row.kind is MarketKind.INVERSE for row in table]
        self.instruments["large_above_lots"] = NEVER_HIGH
        self.instruments["whale_above_lots"] = NEVER_HIGH
        self.instruments["whale_worth"] = [_whale_worth(row, config) for row in table]
        self.instruments["watch_high"] = NEVER_HIGH
        self.instruments["watch_low"] = NEVER_LOW
        for name in ("wall", "touch"):
            self.instruments[f"{name}_high"] = NEVER_HIGH
            self.instruments[f"{name}_low"] = NEVER_LOW
        self.sources["least_delay_ns"] = NEVER_HIGH
        self.sources["delay_floor_ns"] = NEVER_LOW


def _whale_worth(instrument: Instrument, config: FlowConfig) -> float:
    # In ticks * lots, or in lots of an inverse contract; infinite where money is no dollars.
    if instrument.quote not in config.dollar_quotes:
        return inf
    steps = [instrument.qty_step, instrument.contract_size]
    if instrument.kind is not MarketKind.INVERSE:
        steps.append(instrument.price_step)
    scale = power_of_ten(sum(step.digits for step in steps))
    return config.whale_usd * scale / prod(step.coefficient for step in steps)
