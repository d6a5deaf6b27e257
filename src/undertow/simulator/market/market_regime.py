"""Regimes: what kind of market it is, for each asset and for the common factor (Markov switching).

A regime lasts `LEAST_DWELL_S` and then an exponential time; the next one is drawn from a row of
`NEXT`. After Hamilton (1989), with hand-set parameters.
"""

from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from undertow.domain.time import NS_PER_S


class Regime(IntEnum):
    """Kinds of market; the value is the row in the tables of this module."""

    CALM = 0
    TREND_UP = 1
    TREND_DOWN = 2
    RANGE = 3
    VOLATILE = 4


VOLATILITY = np.array([0.7, 1.0, 1.0, 0.7, 2.0])
"""Factor on the volatility of the log price."""

TREND = np.array([0.0, 1.0, -1.0, 0.0, 0.0])
"""Sign of the drift and of the bias of the flow."""

ACTIVITY = np.array([1.0, 1.5, 1.5, 0.9, 2.2])
"""Factor on the rate of market orders."""

SPREAD = np.array([1.0, 1.1, 1.1, 1.0, 1.6])
"""Factor on the half spread."""

LEAST_DWELL_S = 45.0
MEAN_DWELL_S = np.array([500.0, 300.0, 300.0, 400.0, 110.0])
"""Mean length of a regime in seconds, the least dwell included."""

NEXT = np.array(
    [
        [0.0, 0.28, 0.28, 0.3, 0.14],
        [0.35, 0.0, 0.15, 0.3, 0.2],
        [0.35, 0.15, 0.0, 0.3, 0.2],
        [0.3, 0.25, 0.25, 0.0, 0.2],
        [0.3, 0.25, 0.25, 0.2, 0.0],
    ]
)
"""Probabilities of the next regime, by the one that ends."""


class RegimeChains:
    """One chain per asset and a last one for the common factor."""

    def __init__(self, chains: int, start_ns: int, rng: np.random.Generator | None) -> None:
        """Draw the first regimes; without an `rng` every chain stays calm for ever."""
        self.regime: NDArray[np.int64] = np.zeros(chains, dtype=np.int64)
        self.since_ns: NDArray[np.int64] = np.full(chains, start_ns, dtype=np.int64)
        if rng is not None:
            weights = MEAN_DWELL_S / MEAN_DWELL_S.sum()
            self.regime = rng.choice(len(Regime), size=chains, p=weights).astype(np.int64)

    def state(self) -> dict[str, NDArray[Any]]:
        """The arrays that change, by name."""
        return {"regime": self.regime, "since_ns": self.since_ns}

    def advance(self, now_ns: int, elapsed_ns: int, rng: np.random.Generator) -> list[int]:
        """Let `elapsed_ns` up to `now_ns` pass; returns the chains that switched at `now_ns`."""
        age_s = (now_ns - self.since_ns) / NS_PER_S
        hazard = elapsed_ns / NS_PER_S / (MEAN_DWELL_S[self.regime] - LEAST_DWELL_S)
        draws = rng.random((len(self.regime), 2))
        ends = (age_s >= LEAST_DWELL_S) & (draws[:, 0] < hazard)
        switched = [int(c) for c in np.flatnonzero(ends)]
        for c in switched:
            row = np.cumsum(NEXT[self.regime[c]])
            self.regime[c] = min(int(np.searchsorted(row, draws[c, 1], side="right")), 4)
            self.since_ns[c] = now_ns
        return switched
