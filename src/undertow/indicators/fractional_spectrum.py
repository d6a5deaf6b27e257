"""Tables of fractional Gaussian noise at the Fourier frequencies of a window, for the Whittle fit.

Plain arithmetic, so that the tables are the same numbers on every machine with the same libm.
"""

from functools import lru_cache
from math import cos, log, pi, pow, sin, sqrt
from typing import NamedTuple

import numpy as np

from undertow.indicators.indicator import Column

FIRST_EXPONENT = 0.02
EXPONENT_STEP = 0.02
_EXPONENTS = 49
_ALIASES = 10
_LAGS = 10


class FractionalSpectrum(NamedTuple):
    """What the kernel needs to know of `returns` observations.

    waves: (2, returns, m) cosine and sine. inverse: (m, exponents) 1 / spectrum up to a factor
    per exponent. log_mean: (exponents,) mean log spectrum. weights: (lags,) squared weight of
    each autocorrelation. error: standard error of the estimate for independent returns.
    """

    waves: Column
    inverse: Column
    log_mean: Column
    weights: Column
    error: float


def spectral_density(frequency: float, exponent: float) -> float:
    """Spectrum of fractional Gaussian noise up to a constant, frequency in (0, pi].

    (1 - cos w) * sum over j of |w + 2 pi j|**(-2H - 1) (Sinai 1976; Beran 1994, p. 53); the sum
    beyond +-10 aliases by its integral, relative error below 1e-3 for H >= 0.1.
    """
    power = -2.0 * exponent - 1.0
    total = pow(frequency, power)
    for j in range(1, _ALIASES + 1):
        total += pow(2.0 * pi * j + frequency, power) + pow(2.0 * pi * j - frequency, power)
    edge = 2.0 * pi * (_ALIASES + 0.5)
    tail = pow(edge + frequency, power + 1.0) + pow(edge - frequency, power + 1.0)
    return (1.0 - cos(frequency)) * (total - tail / ((power + 1.0) * 2.0 * pi))


@lru_cache(maxsize=8)
def fractional_spectrum(returns: int) -> FractionalSpectrum:
    """The tables for a window of that many returns (at least 8)."""
    count = (returns - 1) // 2
    frequencies = [2.0 * pi * j / returns for j in range(1, count + 1)]
    exponents = [FIRST_EXPONENT + EXPONENT_STEP * h for h in range(_EXPONENTS)]
    density = [[spectral_density(w, h) for h in exponents] for w in frequencies]
    waves = [[[wave(w * t) for w in frequencies] for t in range(returns)] for wave in (cos, sin)]
    log_mean = [sum(log(density[j][h]) for j in range(count)) / count for h in range(_EXPONENTS)]
    slopes = [_slope_at_half(w) for w in frequencies]
    mean_slope = sum(slopes) / count
    information = sum((slope - mean_slope) ** 2 for slope in slopes)
    return FractionalSpectrum(
        waves=np.array(waves),
        inverse=np.array([[1.0 / value for value in row] for row in density]),
        log_mean=np.array(log_mean),
        weights=np.array([_autocorrelation_slope(k) ** 2 for k in range(1, _LAGS + 1)]),
        error=1.0 / sqrt(information),
    )


def _slope_at_half(frequency: float) -> float:
    # d log spectrum / d H at H = 0.5: the information of one periodogram ordinate is its square.
    above = log(spectral_density(frequency, 0.5 + EXPONENT_STEP))
    below = log(spectral_density(frequency, 0.5 - EXPONENT_STEP))
    return (above - below) / (2.0 * EXPONENT_STEP)


def _autocorrelation_slope(lag: int) -> float:
    # d rho_k / d H at H = 0.5 of fractional Gaussian noise: the weight of rho_k in the estimate.
    below = (lag - 1) * log(lag - 1) if lag > 1 else 0.0
    return (lag + 1) * log(lag + 1) - 2.0 * lag * log(lag) + below
