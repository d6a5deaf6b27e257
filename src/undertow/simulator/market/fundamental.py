"""The efficient log price of each asset: a common factor, own moves, drift, jumps and impact.

Every asset and, last, the common factor is a component with its own volatility, regime and drift;
an asset's log price is its own component plus beta times the factor's. Order flow moves it only by
its surprise (orders less expected orders), so that autocorrelated flow does not make the price
predictable: Madhavan, Richardson & Roomans (1997), eq. 2, with the Hawkes intensity as expectation.
"""

import math

import numpy as np
from numpy.typing import NDArray

from undertow.domain.errors import ConfigurationError
from undertow.simulator.market.listing import Listing
from undertow.simulator.market.market_config import MarketConfig
from undertow.simulator.market.market_regime import TREND, VOLATILITY, Regime

SECONDS_PER_YEAR = 365.25 * 86_400
RANGE_TAU_S = 120.0  # of the pull to the anchor in a range regime
PUSH_TAU_S = 20.0  # of the slow release that follows a planted pattern
STRESS_TAU_S = 20.0  # of the extra volatility after a shock
LOG_VOLATILITY_TAU_S = 300.0
LOG_VOLATILITY_SIGMA = 0.5  # stationary standard deviation of the log of the volatility
START_SIGMA = 0.02  # of the first log price about the reference


class Fundamental:
    """State of all components; arrays are (assets + 1,), the common factor last."""

    def __init__(self, config: MarketConfig, listing: Listing, rng: np.random.Generator) -> None:
        count = listing.asset_count
        self.beta = np.array([spec.market_beta for spec in listing.assets])
        self.sigma = _own_sigma(config, listing)
        self.total_sigma = np.sqrt(
            self.sigma[:count] ** 2 + (self.beta * self.sigma[count]) ** 2
        )  # log price per square root of a second
        self.calm_sigma = VOLATILITY[Regime.CALM] * self.total_sigma
        self.move_sigma = np.append(self.total_sigma, self.sigma[count])
        own_noise = np.sqrt(np.append(np.full(count, 1.0 - config.impact_share), 1.0))
        self._noise_sigma = self.sigma * own_noise
        rates = listing.order_rate.reshape(count, listing.group).sum(axis=1)
        calm = VOLATILITY[Regime.CALM] * self.sigma[:count]
        self._impact = calm * np.sqrt(config.impact_share / rates)
        self._drift = config.trend_drift * self.sigma
        self.own = np.append(START_SIGMA * rng.standard_normal(count), 0.0)
        self.anchor = self.own.copy()
        self.log_volatility = np.zeros(count + 1)
        self.push = np.zeros(count + 1)
        self.stress = np.zeros(count + 1)

    def state(self) -> dict[str, NDArray[np.float64]]:
        """The arrays that change, by name."""
        return {
            "own": self.own,
            "anchor": self.anchor,
            "log_volatility": self.log_volatility,
            "push": self.push,
            "stress": self.stress,
        }

    def log_prices(self) -> NDArray[np.float64]:
        """Log of price over reference price of each asset now."""
        return np.asarray(self.own[:-1] + self.beta * self.own[-1])

    def set_anchor(self, component: int) -> None:
        """A regime began: a range is about the level of this moment."""
        self.anchor[component] = self.own[component]

    def activity(self) -> NDArray[np.float64]:
        """Factor of each asset's stress (and the factor's) on activity and spreads, at least 1."""
        return np.asarray(1.0 + self.stress[:-1] + self.stress[-1])

    def advance(
        self,
        regime: NDArray[np.int64],
        drift: NDArray[np.float64],
        surprise: NDArray[np.float64],
        step_s: float,
        rng: np.random.Generator,
    ) -> NDArray[np.float64]:
        """Move through the block's steps; returns the log prices after each, (steps, assets).

        `drift` (steps, assets + 1): planted moves. `surprise` (steps, assets): net market buys less
        their expectation.
        """
        steps = len(drift)
        stress = 1.0 + self.stress
        stress[:-1] += self.stress[-1]
        # The slow factor has a mean square of 1, so that the configured volatility is the mean's.
        slow = np.exp(self.log_volatility - LOG_VOLATILITY_SIGMA**2)
        volatility = VOLATILITY[regime] * slow * stress
        moves = rng.standard_normal(drift.shape)
        moves *= self._noise_sigma * volatility * math.sqrt(step_s)
        moves += drift
        moves[:, :-1] += surprise * self._impact
        pull = np.where(regime == Regime.RANGE, (self.anchor - self.own) / RANGE_TAU_S, 0.0)
        moves += (TREND[regime] * self._drift + pull) * step_s
        share = step_s / PUSH_TAU_S
        kept = (1.0 - share) ** np.arange(steps)
        moves += kept[:, None] * share * self.push
        self.push *= (1.0 - share) ** steps
        self._relax(steps * step_s, rng)
        path = self.own + np.cumsum(moves, axis=0)
        self.own[:] = path[-1]
        return np.asarray(path[:, :-1] + self.beta * path[:, -1:])

    def _relax(self, seconds: float, rng: np.random.Generator) -> None:
        # Ornstein-Uhlenbeck, Euler: the block is short against the time constants.
        share = seconds / LOG_VOLATILITY_TAU_S
        kick = LOG_VOLATILITY_SIGMA * math.sqrt(2.0 * share)
        self.log_volatility *= 1.0 - share
        self.log_volatility += kick * rng.standard_normal(len(self.own))
        self.stress *= 1.0 - seconds / STRESS_TAU_S


def _own_sigma(config: MarketConfig, listing: Listing) -> NDArray[np.float64]:
    # Volatility per square root of a second of each asset's own component, then the factor's.
    scale = 0.01 / math.sqrt(SECONDS_PER_YEAR)
    market = config.market_volatility_percent * scale
    own = []
    for spec in listing.assets:
        rest = (spec.volatility_percent * scale) ** 2 - (spec.market_beta * market) ** 2
        if rest <= 0.0:
            raise ConfigurationError(
                f"expected {spec.name} to be more volatile than its share of the market, found "
                f"{spec.volatility_percent} % against {spec.market_beta} x "
                f"{config.market_volatility_percent} %"
            )
        own.append(math.sqrt(rest))
    return np.array([*own, market])
