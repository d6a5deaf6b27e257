"""The normal distribution's distribution function and quantile."""

from math import erfc, sqrt


def normal_cdf(value: float) -> float:
    """P(Z <= value) for a standard normal Z; exact in both tails.

    Source: definition.
    """
    return 0.5 * erfc(-value / sqrt(2.0))


def normal_quantile(probability: float) -> float:
    """z with P(Z <= z) = probability; -inf at 0, inf at 1, NaN outside 0 to 1.

    Source: definition.
    """
    from scipy.special import ndtri

    return float(ndtri(probability))
