"""Market orders: a mutually exciting (Hawkes) process over all instruments and both sides.

Counts per step are Poisson with an intensity that each earlier order raised by an exponentially
decaying amount: the discrete-time form of a Hawkes process, INAR(infinity), Kirchner (2016). The
kernel is scaled so that the mean offspring of an order is exactly the configured branching ratio.
Unexcited arrivals lean with a trend and after recent moves: some traders chase the price. That ties
flow to returns of the same minute and foretells nothing.
"""

import math

import numpy as np
from numpy.typing import NDArray

from undertow.domain.time import NS_PER_S
from undertow.kernels.synthetic.excitation import draw_orders
from undertow.simulator.market.listing import Listing
from undertow.simulator.market.market_config import STEP_NS, MarketConfig
from undertow.simulator.market.market_regime import ACTIVITY, TREND

MOST_PER_STEP = 12  # orders of one side on one instrument
MOST_BIAS = 0.35  # of the share of buys about a half
CHASE = 0.06  # bias per standard deviation of the recent move
CHASE_TAU_S = 20.0  # what is recent
MOST_MOOD = 2.5  # standard deviations of a move that still count


class Aggression:
    """Intensities; `excitation` is (instruments, 2): market buys, market sells a second.

    `mood` (assets,): the recent move of each asset in calm standard deviations.
    """

    def __init__(self, config: MarketConfig, listing: Listing) -> None:
        step_s = STEP_NS / NS_PER_S
        self._step_s = step_s
        self._shape = (listing.asset_count, listing.group, 2)
        self._asset = listing.asset
        self._trend_bias = config.trend_bias
        self._immigrants = listing.order_rate * (1.0 - config.branching)
        self._decay = math.exp(-config.excitation_decay_per_s * step_s)
        # Sum over later steps of kernel * step_s is 1 with this height.
        height = math.expm1(config.excitation_decay_per_s * step_s) / step_s
        self._same = config.excitation * height
        self._opposite = config.opposite_excitation * height
        rates = listing.order_rate.reshape(listing.asset_count, listing.group)
        self._cross = config.cross_excitation * height * rates / rates.sum(axis=1, keepdims=True)
        self.excitation = np.zeros((listing.count, 2))
        self.mood = np.zeros(listing.asset_count)

    def state(self) -> dict[str, NDArray[np.float64]]:
        """The arrays that change, by name."""
        return {"excitation": self.excitation, "mood": self.mood}

    def arrivals(
        self, regime: NDArray[np.int64], activity: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Orders a second that nothing excited, (instruments, 2), for regimes and stress of assets.

        `regime` is (assets + 1,), the common factor's last; `activity` (assets,), 1 = no stress.
        """
        market = regime[-1]
        level = ACTIVITY[regime[:-1]] * (0.5 + 0.5 * ACTIVITY[market]) * activity
        lean = self._trend_bias * (TREND[regime[:-1]] + 0.5 * TREND[market])
        lean += CHASE * np.clip(self.mood, -MOST_MOOD, MOST_MOOD)
        bias = np.clip(lean, -MOST_BIAS, MOST_BIAS)
        rate = self._immigrants * level[self._asset]
        bias = bias[self._asset]
        return np.stack((rate * (0.5 + bias), rate * (0.5 - bias)), axis=1)

    def watch(self, moves: NDArray[np.float64], seconds: float) -> None:
        """Take notice of a block's moves (assets,), in calm standard deviations of one second."""
        self.mood *= math.exp(-seconds / CHASE_TAU_S)
        self.mood += moves / math.sqrt(CHASE_TAU_S / 2.0)

    def advance(
        self,
        arrivals: NDArray[np.float64],
        planned: NDArray[np.int64],
        alive: NDArray[np.int64],
        rng: np.random.Generator,
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Draw the block's market orders.

        `arrivals`: (steps, instruments, 2) orders a second. `planned`: (steps, instruments, 2)
        planted orders, which excite but are not drawn here. `alive`: (steps, instruments), 0 where
        a venue is halted. Returns counts (steps, instruments, 2) and the surprise in the net flow,
        buys less sells less what was expected of them, (steps, assets).
        """
        counts = np.empty(arrivals.shape, dtype=np.int64)
        expected = np.empty(arrivals.shape)
        draw_orders(
            arrivals,
            planned,
            alive,
            self._cross,
            self._same,
            self._opposite,
            self._decay,
            self._step_s,
            MOST_PER_STEP,
            rng,
            self.excitation,
            counts,
            expected,
        )
        net = counts[:, :, 0] - counts[:, :, 1] - (expected[:, :, 0] - expected[:, :, 1])
        return counts, net.reshape(len(arrivals), *self._shape[:2]).sum(axis=2)
