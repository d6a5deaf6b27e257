"""Each venue's own price of an asset: it follows the fundamental with a lag, noise and a basis.

The log price of an instrument reverts to fundamental plus basis at rate 1 / lag, so that prices of
one asset are cointegrated. The basis of a perp is a premium of the asset, one of the venue (both
Ornstein-Uhlenbeck) and a short-lived dislocation that planted patterns cause; spot has none.
"""

import math

import numpy as np
from numpy.typing import NDArray

from undertow.domain.time import NS_PER_S
from undertow.kernels.synthetic.price_path import follow_target
from undertow.simulator.market.listing import Listing
from undertow.simulator.market.market_config import STEP_NS
from undertow.simulator.market.market_regime import TREND

NOISE_SHARE = 0.25  # of the asset's volatility per square root of a second
PREMIUM_TAU_S = 900.0
PREMIUM_SIGMA = 3e-4  # stationary, of the asset's premium
TREND_PREMIUM = 4e-4  # where the premium tends to in an upward trend
VENUE_PREMIUM_SIGMA = 1e-4
DISLOCATION_TAU_S = 30.0


class VenuePrices:
    """Log prices of all instruments and the premiums of the perps."""

    def __init__(
        self,
        listing: Listing,
        log_prices: NDArray[np.float64],
        sigma: NDArray[np.float64],
        rng: np.random.Generator,
    ) -> None:
        """`log_prices`, `sigma` (per square root of a second): of each asset."""
        step_s = STEP_NS / NS_PER_S
        self._asset = listing.asset
        self._scale = listing.reference / listing.tick
        self._follow = 1.0 - np.exp(-step_s / listing.lag_s)
        self._noise = NOISE_SHARE * sigma[listing.asset] * math.sqrt(step_s)
        self._is_perp = listing.is_perp.astype(np.float64)
        self.premium = PREMIUM_SIGMA * rng.standard_normal(listing.asset_count)
        self.venue_premium = VENUE_PREMIUM_SIGMA * rng.standard_normal(listing.count)
        self.dislocation = np.zeros(listing.asset_count)
        self.log_price = log_prices[listing.asset] + self.basis()

    def state(self) -> dict[str, NDArray[np.float64]]:
        """The arrays that change, by name."""
        return {
            "premium": self.premium,
            "venue_premium": self.venue_premium,
            "dislocation": self.dislocation,
            "log_price": self.log_price,
        }

    def basis(self) -> NDArray[np.float64]:
        """Log distance from the fundamental that each instrument tends to; 0 on spot."""
        whole = (self.premium + self.dislocation)[self._asset] + self.venue_premium
        return np.asarray(whole * self._is_perp)

    def ticks(self) -> NDArray[np.float64]:
        """Prices now, in ticks and fractions of them."""
        return np.asarray(self._scale * np.exp(self.log_price))

    def advance(
        self,
        fundamental: NDArray[np.float64],
        regime: NDArray[np.int64],
        dislocation: NDArray[np.float64],
        rng: np.random.Generator,
    ) -> NDArray[np.float64]:
        """Follow the fundamental (steps, assets); returns prices in ticks, (steps, instruments).

        `dislocation` (assets,) is what the block's patterns add to the perps' basis.
        """
        steps = len(fundamental)
        self._relax(steps * STEP_NS / NS_PER_S, regime, dislocation, rng)
        target = fundamental[:, self._asset] + self.basis()
        noise = rng.standard_normal(target.shape) * self._noise
        path = np.empty(target.shape)
        follow_target(target, noise, self._follow, self.log_price, path)
        return np.asarray(self._scale * np.exp(path))

    def _relax(
        self,
        seconds: float,
        regime: NDArray[np.int64],
        dislocation: NDArray[np.float64],
        rng: np.random.Generator,
    ) -> None:
        share = seconds / PREMIUM_TAU_S
        kick = math.sqrt(2.0 * share)
        goal = TREND_PREMIUM * (TREND[regime[:-1]] + 0.5 * TREND[regime[-1]])
        self.premium += share * (goal - self.premium)
        self.premium += PREMIUM_SIGMA * kick * rng.standard_normal(len(self.premium))
        self.venue_premium *= 1.0 - share
        draws = rng.standard_normal(len(self.venue_premium))
        self.venue_premium += VENUE_PREMIUM_SIGMA * kick * draws
        self.dislocation *= 1.0 - seconds / DISLOCATION_TAU_S
        self.dislocation += dislocation
