"""Liquidity walls of one book, with how honestly they stood (FLOW-08, FLOW-43).

What makes a wall and what becomes of it: `kernels.flow.wall_track`. Persistence (U-23) is the share
of the looked-at seconds in which the wall rested, times one less its cancel-on-approach ratio: lots
pulled while the price came nearer, over those plus what was traded there plus what still rests. A
wall that fled once from the price is worth little afterwards, one that was traded into keeps its
worth, and a wall that nobody approached is judged by its time alone.
"""

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.domain.instrument import Instrument
from undertow.domain.side import Side
from undertow.domain.time import NS_PER_S
from undertow.flow.traded_value import TradedValue

LEAST_PERSISTENCE = 0.5
LEAST_AGE_S = 30


class Wall(msgspec.Struct, frozen=True, gc=False):
    """One tracked wall; BUY is a wall of bids. Quantities are lots, `usd` quote money at its price.

    since_ns, age_s: first look that saw it, and seconds from then to the last look. lots: at the
    last look that could see its price. rested_s, absent_s: seconds in which it held at least half
    of `largest_lots`, and less. consumed_lots: traded at its price while it rested. cancelled_lots:
    missing without a trade when it stopped resting, near_cancelled_lots: of those, on approach.
    """

    side: Side
    price_ticks: int
    price: float
    lots: int
    usd: float
    since_ns: int
    age_s: int
    rested_s: int
    absent_s: int
    largest_lots: int
    consumed_lots: int
    cancelled_lots: int
    near_cancelled_lots: int
    is_resting: bool

    @property
    def resting_share(self) -> float:
        """Share of the seconds since it was first seen in which it rested; 0 before any passed."""
        seconds = self.rested_s + self.absent_s
        return self.rested_s / seconds if seconds else 0.0

    @property
    def cancel_on_approach(self) -> float:
        """Lots pulled on approach over those, the consumed and the resting ones; 0 without any."""
        stood = self.consumed_lots + (self.lots if self.is_resting else 0)
        shown = self.near_cancelled_lots + stood
        return self.near_cancelled_lots / shown if shown else 0.0

    @property
    def persistence(self) -> float:
        """resting_share * (1 - cancel_on_approach), 0 to 1."""
        return self.resting_share * (1.0 - self.cancel_on_approach)

    @property
    def is_spoof_like(self) -> bool:
        """Whether it stood less than half of what an honest wall does (persistence below 0.5)."""
        return self.persistence < LEAST_PERSISTENCE


def tracked_walls(
    rows: NDArray[np.void], sampled_s: int, instrument: Instrument
) -> tuple[Wall, ...]:
    """Every wall in (2, slots) `WALL` rows after the look at `sampled_s`, the largest in money
    first (then the lower price), those that no longer rest included."""
    value = TradedValue(instrument)
    sides = ((Side.BUY, rows[0]), (Side.SELL, rows[1]))
    found = [
        _wall(row, side, sampled_s, instrument, value)
        for side, slots in sides
        for row in slots[slots["ticks"] > 0]
    ]
    return tuple(sorted(found, key=lambda wall: (-wall.usd, wall.price_ticks)))


def _wall(
    row: np.void, side: Side, sampled_s: int, instrument: Instrument, value: TradedValue
) -> Wall:
    ticks, lots = int(row["ticks"]), int(row["lots"])
    traded = (lots, 0, float(ticks * lots), 0.0, 0.0, 0.0)
    return Wall(
        side=side,
        price_ticks=ticks,
        price=instrument.price_float(ticks),
        lots=lots,
        usd=value.quote(traded)[0],
        since_ns=int(row["since_s"]) * NS_PER_S,
        age_s=max(sampled_s - int(row["since_s"]), 0),
        rested_s=int(row["rested_s"]),
        absent_s=int(row["absent_s"]),
        largest_lots=int(row["largest_lots"]),
        consumed_lots=int(row["consumed_lots"]),
        cancelled_lots=int(row["cancelled_lots"]),
        near_cancelled_lots=int(row["near_cancelled_lots"]),
        is_resting=bool(row["is_resting"]) and int(row["seen_s"]) == sampled_s,
    )


def honest_walls(
    walls: tuple[Wall, ...], least_persistence: float, least_age_s: int
) -> tuple[Wall, ...]:
    """The walls that rest now and pass the spoof filter: old enough and persistent enough."""
    return tuple(
        wall
        for wall in walls
        if wall.is_resting and wall.age_s >= least_age_s and wall.persistence >= least_persistence
    )
