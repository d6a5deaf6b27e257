"""Mark price, funding and open interest of the perps.

Index: the mean mid of the asset's working spot markets. Premium: mid over index, less one. Mark:
index * (1 + premium averaged over `MARK_TAU_S`). Funding rate of an interval: the mean premium over
it, scaled from `BASIS_HOURS` to the interval and clipped to `CAP`; no interest part and no dead
band, so that its sign is that of the premium. Positive: longs pay.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from undertow.domain.market_event import (
    EVENT,
    FUNDING_RATE_DIGITS,
    MARK_PRICE_DIGITS,
    EventArray,
    EventKind,
)
from undertow.domain.time import NS_PER_S
from undertow.simulator.market.listing import Listing
from undertow.simulator.market.market_config import MarketConfig
from undertow.simulator.market.row_join import join_rows

MARK_TAU_S = 60.0
BASIS_HOURS = 8.0
CAP = 0.0075
OPEN_LEVELS = 1_000.0  # open interest at the start, in mean book levels
OPENING_SHARE = 0.5  # most of the volume that opens (or closes) contracts
LEAST_OPEN_SHARE = 0.2  # of the open interest at the start


class PerpFacts:
    """State by perp, in the order of the table: arrays are (perps,)."""

    def __init__(self, config: MarketConfig, listing: Listing) -> None:
        self._listing = listing
        self.perps = np.flatnonzero(listing.is_perp)
        count = len(self.perps)
        venues = listing.venue[self.perps]
        seconds = np.array([spec.funding_interval_s for spec in listing.venues])[venues]
        self.interval_ns: NDArray[np.int64] = seconds * NS_PER_S
        self._rate_scale = seconds / (BASIS_HOURS * 3_600.0)
        self._mark_ns = config.mark_interval_s * NS_PER_S
        self._open_ns = config.open_interest_interval_s * NS_PER_S
        value = listing.reference * listing.lot
        self._first_open = (OPEN_LEVELS * listing.level_usd / value)[self.perps]
        self.open_lots = np.round(self._first_open)
        self.premium = np.zeros(count)  # averaged, for the mark
        self.premium_sum = np.zeros(count)
        self.samples = np.zeros(count)
        self.index = np.zeros(listing.asset_count)
        # A funding that fell into an outage waits here: its time (0 = none), mark and rate.
        self.waiting: NDArray[np.int64] = np.zeros((count, 3), dtype=np.int64)

    def state(self) -> dict[str, NDArray[Any]]:
        """The arrays that change, by name."""
        return {
            "open_lots": self.open_lots,
            "premium": self.premium,
            "premium_sum": self.premium_sum,
            "samples": self.samples,
            "index": self.index,
            "waiting": self.waiting,
        }

    def rates(self) -> NDArray[np.float64]:
        """Funding rate per interval as it would be if it ended now; 0 without a sample."""
        mean = self.premium_sum / np.maximum(self.samples, 1.0)
        return np.asarray(np.clip(mean * self._rate_scale, -CAP, CAP))

    def marks(self) -> NDArray[np.float64]:
        """Mark prices in quote money."""
        return np.asarray(self.index[self._listing.asset[self.perps]] * (1.0 + self.premium))

    def observe(self, mid: NDArray[np.float64], works: NDArray[np.bool_], seconds: float) -> None:
        """Take the mids (instruments,), in quote money, of a block of that many seconds."""
        listing = self._listing
        spot = mid.reshape(listing.asset_count, listing.group)[:, 0::2]
        weight = works.reshape(listing.asset_count, listing.group)[:, 0::2].astype(np.float64)
        if not weight.any():
            weight = np.ones_like(spot)
        self.index[:] = (spot * weight).sum(axis=1) / weight.sum(axis=1)
        now = mid[self.perps] / self.index[listing.asset[self.perps]] - 1.0
        seen = works[self.perps]
        self.premium += np.where(seen, (now - self.premium) * seconds / MARK_TAU_S, 0.0)
        self.premium_sum += np.where(seen, now, 0.0)
        self.samples += seen

    def settle(self, start_ns: int, end_ns: int) -> None:
        """End the funding intervals that end in start_ns .. end_ns, on what was observed before."""
        due_ns = start_ns + -start_ns % self.interval_ns
        is_due = (due_ns < end_ns) & (self.samples > 0)
        if not is_due.any():
            return
        self.waiting[is_due, 0] = due_ns[is_due]
        self.waiting[is_due, 1] = _scaled(self.marks()[is_due], MARK_PRICE_DIGITS)
        self.waiting[is_due, 2] = _scaled(self.rates()[is_due], FUNDING_RATE_DIGITS)
        self.premium_sum[is_due] = 0.0
        self.samples[is_due] = 0.0

    def opened_lots(self, share: NDArray[np.float64]) -> NDArray[np.float64]:
        """Lots (instruments,) that are a `share` (assets,) of the open interest at the start."""
        lots = np.zeros(self._listing.count)
        lots[self.perps] = share[self._listing.asset[self.perps]] * self._first_open
        return lots

    def trade(
        self, volume: NDArray[np.int64], closed: NDArray[np.float64], rng: np.random.Generator
    ) -> None:
        """Change open interest by a block's lots traded (instruments, 2) and lots closed beside it
        (liquidated; negative: opened).
        """
        traded = volume.sum(axis=1)[self.perps]
        opened = traded * rng.uniform(-OPENING_SHARE, OPENING_SHARE, len(self.perps))
        self.open_lots += np.round(opened - closed[self.perps])
        np.maximum(
            self.open_lots, np.round(LEAST_OPEN_SHARE * self._first_open), out=self.open_lots
        )

    def rows(
        self, start_ns: int, end_ns: int, works: NDArray[np.bool_], phase_ns: NDArray[np.int64]
    ) -> EventArray:
        """The rows of the block start_ns .. end_ns; `event_time_ns` is the true time.

        `works` (instruments,): a halted venue says nothing; its funding follows when it is back.
        Funding settles before anything else of its instant. Marks and open interest come at
        multiples of their interval, shifted by the instrument's phase.
        """
        seen = works[self.perps]
        parts = [self._funding_rows(seen)]
        if -start_ns % self._mark_ns < end_ns - start_ns:
            at_ns = start_ns + -start_ns % self._mark_ns
            parts.append(self._mark_rows(at_ns, phase_ns)[seen])
        if -start_ns % self._open_ns < end_ns - start_ns:
            at_ns = start_ns + -start_ns % self._open_ns
            rows = self._blank(EventKind.OPEN_INTEREST, at_ns + phase_ns[self.perps])
            rows["qty_lots"] = self.open_lots
            parts.append(rows[seen])
        return join_rows(*parts)

    def _funding_rows(self, seen: NDArray[np.bool_]) -> EventArray:
        paid = seen & (self.waiting[:, 0] > 0)
        rows = self._blank(EventKind.FUNDING, self.waiting[:, 0])[paid]
        rows["price_ticks"] = self.waiting[paid, 1]
        rows["qty_b"] = self.waiting[paid, 2]
        self.waiting[paid] = 0
        return rows

    def _mark_rows(self, at_ns: int, phase_ns: NDArray[np.int64]) -> EventArray:
        rows = self._blank(EventKind.MARK_PRICE, at_ns + phase_ns[self.perps])
        rows["price_ticks"] = _scaled(self.marks(), MARK_PRICE_DIGITS)
        rows["price_b"] = _scaled(self.index[self._listing.asset[self.perps]], MARK_PRICE_DIGITS)
        rows["qty_b"] = _scaled(self.rates(), FUNDING_RATE_DIGITS)
        rows["sequence"] = (at_ns // self.interval_ns + 1) * self.interval_ns
        return rows

    def _blank(self, kind: EventKind, times_ns: NDArray[np.int64]) -> EventArray:
        rows = np.zeros(len(self.perps), dtype=EVENT)
        rows["instrument"] = self.perps
        rows["kind"] = kind
        rows["event_time_ns"] = times_ns
        return rows


def _scaled(values: NDArray[np.float64], digits: int) -> NDArray[np.int64]:
    return np.rint(values * 10.0**digits).astype(np.int64)
