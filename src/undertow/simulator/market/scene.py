"""What a pattern may look at when it is planned."""

import math

import numpy as np
from numpy.typing import NDArray

from undertow.domain.time import NS_PER_S
from undertow.simulator.market.listing import Listing
from undertow.simulator.market.market_config import STEP_NS
from undertow.simulator.market.plan import PlannedOrder

STEPS_PER_S = NS_PER_S // STEP_NS
MOVE_SECONDS = 60.0


class Scene:
    """The market at the step in which a pattern begins.

    book: (instruments, 2, levels, 2), bids and asks best first, ticks and lots. sigma: volatility
    of each asset, then of the common factor, per square root of a second. open_instruments: where
    a pattern may act on its own now. open_assets: the same for patterns of a whole asset.
    open_venues: venues that may halt.
    """

    def __init__(
        self,
        listing: Listing,
        sigma: NDArray[np.float64],
        book: NDArray[np.int64],
        step: int,
        rng: np.random.Generator,
    ) -> None:
        self.listing = listing
        self.sigma = sigma
        self.book = book
        self.step = step
        self.rng = rng
        self.open_instruments: list[int] = list(range(listing.count))
        self.open_assets: list[int] = list(range(listing.asset_count))
        self.open_venues: list[int] = list(range(len(listing.venues)))

    def pick(self, options: list[int]) -> int:
        """One of the options, all as likely."""
        return options[int(self.rng.integers(len(options)))]

    def side(self) -> int:
        """+1 or -1."""
        return 1 if self.rng.random() < 0.5 else -1

    def between(self, low: float, high: float) -> float:
        """Uniform on low .. high."""
        return float(self.rng.uniform(low, high))

    def steps(self, least_s: float, most_s: float) -> int:
        """A uniform length of time, in steps, at least one."""
        return max(1, round(self.between(least_s, most_s) * STEPS_PER_S))

    def move(self, component: int, least: float, most: float) -> float:
        """A log price move: uniform multiple of what the asset does in a minute (one sigma)."""
        unit = float(self.sigma[component]) * math.sqrt(MOVE_SECONDS)
        return unit * self.between(least, most)

    def level_lots(self, instrument: int, levels: float) -> int:
        """Lots that usually rest on that many levels of the instrument's book."""
        return self.listing.lots_worth(
            instrument, levels * float(self.listing.level_usd[instrument])
        )

    def order(
        self, instrument: int, side: int, step: int, size: tuple[int, int], *, forced: bool = False
    ) -> PlannedOrder:
        """A market order of `size` (lots, most levels) somewhere in a step."""
        offset_ns = int(self.rng.integers(STEP_NS))
        return PlannedOrder(step, offset_ns, instrument, side, *size, forced)
