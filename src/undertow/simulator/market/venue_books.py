"""The books of all instruments: orders of a block go in, trades and book updates come out."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from undertow.domain.market_event import EVENT, EventArray
from undertow.kernels.synthetic.book_block import (
    CHURN,
    DEPTH,
    DIALS,
    HALF_SPREAD,
    IDLE_REQUOTE,
    LEAST_LOTS,
    MEDIAN_LOTS,
    RANDOM_LEVELS,
    SIZE_SIGMA,
    SPACING,
    TRAITS,
    TRIGGER,
    WITH_QUOTES,
    run_books,
)
from undertow.kernels.synthetic.book_layout import (
    ASKS,
    BIDS,
    COUNTERS,
    TICKS,
    TRADE_ID,
    UPDATE_ID,
    WALL_COLUMNS,
)
from undertow.simulator.market.block_script import BlockScript
from undertow.simulator.market.listing import Listing
from undertow.simulator.market.market_config import STEP_NS, MarketConfig

RESIZED = 0.06  # chance that a kept level changes its lots in a requote
IDLE = 0.06  # chance of a requote in a step that gives no reason for one
ORDER_SIGMA = 1.2  # of the log of a market order's value
ORDER_LEVELS = 6  # most levels an unplanned market order takes
TRIGGER_SECONDS = 0.25  # makers move when the price is this far (one sigma) from their mid
TRIGGER_TICKS = 0.6  # ... or this many ticks, whatever is more
FIRST_ID = 1_000_000  # the venues did not open yesterday


class VenueBooks:
    """Books and counters of all instruments, in the layout of `kernels.synthetic.book_layout`."""

    def __init__(
        self,
        config: MarketConfig,
        listing: Listing,
        sigma: NDArray[np.float64],
        rng: np.random.Generator,
    ) -> None:
        """`sigma`: of each asset's log price, per square root of a second."""
        count, levels = listing.count, config.book_levels
        self._listing = listing
        self._origin_ns = config.start_ns
        self._trigger = sigma[listing.asset] * math.sqrt(TRIGGER_SECONDS)
        self._dials = np.zeros(DIALS)
        self._dials[CHURN] = RESIZED
        self._dials[IDLE_REQUOTE] = IDLE
        self._dials[SIZE_SIGMA] = ORDER_SIGMA
        self._dials[WITH_QUOTES] = float(config.with_quotes)
        self._dials[RANDOM_LEVELS] = ORDER_LEVELS
        self._traits = np.zeros((count, TRAITS))
        self._scratch = np.zeros((levels, 2), dtype=np.int64)
        self._rows = np.zeros(0, dtype=EVENT)
        self.phase_ns: NDArray[np.int64] = rng.integers(0, STEP_NS, count)
        self.book = np.zeros((count, 2, levels, 2), dtype=np.int64)
        self.shown = np.zeros_like(self.book)
        self.counters = np.zeros((count, COUNTERS), dtype=np.int64)
        self.counters[:, UPDATE_ID] = FIRST_ID * (1 + np.arange(count))
        self.counters[:, TRADE_ID] = 7 * FIRST_ID * (1 + np.arange(count))
        self.wall = np.zeros((count, WALL_COLUMNS), dtype=np.int64)
        self.volume = np.zeros((count, 2), dtype=np.int64)

    def state(self) -> dict[str, NDArray[Any]]:
        """The arrays that change (and the phases, which were drawn), by name."""
        return {
            "phase_ns": self.phase_ns,
            "book": self.book,
            "shown": self.shown,
            "counters": self.counters,
            "wall": self.wall,
            "volume": self.volume,
        }

    def mid_ticks(self) -> NDArray[np.float64]:
        """Mid prices in ticks; 0 before the first block."""
        return np.asarray(0.5 * (self.book[:, BIDS, 0, TICKS] + self.book[:, ASKS, 0, TICKS]))

    def strain(self, ticks: NDArray[np.float64]) -> NDArray[np.float64]:
        """How far prices are above the book's mid, in units of what makes its makers move."""
        mid = self.mid_ticks()
        return np.asarray(np.where(mid > 0.0, (ticks - mid) / self._trigger_ticks(ticks), 0.0))

    def run(
        self,
        mids: NDArray[np.float64],
        counts: NDArray[np.int64],
        stress: tuple[NDArray[np.float64], NDArray[np.float64]],
        script: BlockScript,
        rng: np.random.Generator,
    ) -> EventArray:
        """Run a block; returns a view of its rows, valid until the next one.

        `mids` (steps, instruments): prices in ticks after each step. `counts` (steps, instruments,
        2): random market buys and sells. `stress`: factors on spread and depth, by instrument.
        Rows are grouped by instrument; `event_time_ns` is the true time, `receive_time_ns` and
        `source` are still unset.
        """
        self._set_traits(mids[0], *stress)
        orders = int(counts.sum())
        steps, count = mids.shape
        levels = self.book.shape[2]
        need = steps * count * (2 * 2 * levels + 3)
        need += (orders + len(script.planned)) * (levels + 1)
        if len(self._rows) < need:
            self._rows = np.zeros(need + need // 4, dtype=EVENT)
        written = run_books(
            self._origin_ns + script.first * STEP_NS,
            STEP_NS,
            mids,
            script.alive,
            counts,
            self._traits,
            self._dials,
            self.phase_ns,
            rng.random((orders, 2)),
            rng.standard_normal(orders),
            rng.random((steps, count, 2, levels + 1)),
            script.planned,
            self.book,
            self.shown,
            self.counters,
            self.wall,
            self._scratch,
            self.volume,
            self._rows,
            script.filled,
        )
        assert written <= need, "rows of a block are bounded"
        assert self.book[:, BIDS, -1, TICKS].min() > 0, "the whole book is above zero"
        return self._rows[:written]

    def _set_traits(
        self,
        ticks: NDArray[np.float64],
        spread: NDArray[np.float64],
        depth: NDArray[np.float64],
    ) -> None:
        listing = self._listing
        lot_usd = ticks * listing.tick * listing.lot
        self._traits[:, HALF_SPREAD] = listing.half_spread * spread * ticks
        self._traits[:, SPACING] = listing.spacing
        self._traits[:, DEPTH] = listing.level_usd * depth / lot_usd
        self._traits[:, TRIGGER] = self._trigger_ticks(ticks)
        self._traits[:, MEDIAN_LOTS] = listing.order_usd / lot_usd
        self._traits[:, LEAST_LOTS] = listing.least_lots

    def _trigger_ticks(self, ticks: NDArray[np.float64]) -> NDArray[np.float64]:
        usual = np.maximum(self._trigger, self._listing.half_spread) * ticks
        return np.asarray(np.maximum(usual, TRIGGER_TICKS))
