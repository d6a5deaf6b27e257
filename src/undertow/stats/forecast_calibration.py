"""Calibration of probabilities: do events called 70 % happen in 70 % of cases."""

from math import nan
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from undertow.domain.errors import CallerError
from undertow.stats.columns import checked_series

_SMALLEST = float(np.finfo(np.float64).eps)


class BrierDecomposition(NamedTuple):
    """score = reliability - resolution + uncertainty + within, exactly.

    reliability: 0 is calibrated. resolution: larger is better. uncertainty: of the events
    themselves. within: what the spread of forecasts inside a bin adds (0 when each bin holds one
    value).
    """

    score: float
    reliability: float
    resolution: float
    uncertainty: float
    within: float


class ReliabilityBin(NamedTuple):
    """Forecasts of one bin: edges, number, mean forecast and the share of events among them."""

    lower: float
    upper: float
    forecasts: int
    forecast: float
    observed: float


class CalibrationError(NamedTuple):
    """expected: mean over bins of |observed - forecast| by their count; maximum: the largest."""

    expected: float
    maximum: float


def brier_score(outcomes: ArrayLike, probabilities: ArrayLike) -> float:
    """mean (p - y)^2, 0 best, 0.25 for p = 0.5 throughout; NaN without forecasts.

    outcomes: 0 or 1; probabilities of outcome 1.

    Source: Brier (1950), Monthly Weather Review 78.
    """
    happened, called = _checked(outcomes, probabilities)
    return float(np.mean((called - happened) ** 2)) if len(called) else nan


def log_loss(outcomes: ArrayLike, probabilities: ArrayLike) -> float:
    """-mean ln of the probability given to what happened; NaN without forecasts.

    Probabilities are cut to 2.2e-16 from 0 and 1, as scikit-learn does: a certain forecast that was
    wrong costs 36, not infinity.

    Source: Good (1952), J. Royal Statistical Society B 14(1).
    """
    happened, called = _checked(outcomes, probabilities)
    if not len(called):
        return nan
    cut = np.clip(called, _SMALLEST, 1.0 - _SMALLEST)
    return float(-np.mean(np.where(happened == 1.0, np.log(cut), np.log1p(-cut))))


def reliability_table(
    outcomes: ArrayLike, probabilities: ArrayLike, *, bins: int = 10
) -> list[ReliabilityBin]:
    """Equal-width bins [0, 1/K), [1/K, 2/K) ... [1 - 1/K, 1]; empty ones are left out.

    Left-closed, as scikit-learn's and unlike the right-closed ones of Guo et al.: a probability
    exactly on an edge belongs to the bin above.

    Source: Murphy (1973), J. Applied Meteorology 12.
    """
    happened, called = _checked(outcomes, probabilities)
    edges = np.arange(_checked_bins(bins) + 1) / bins
    places = np.searchsorted(edges[1:-1], called, side="right")
    return [
        ReliabilityBin(
            float(edges[place]),
            float(edges[place + 1]),
            int(inside.sum()),
            float(called[inside].mean()),
            float(happened[inside].mean()),
        )
        for place in np.unique(places)
        for inside in [places == place]
    ]


def equal_mass_reliability_table(
    outcomes: ArrayLike, probabilities: ArrayLike, *, bins: int = 10
) -> list[ReliabilityBin]:
    """Bins of equal count over the sorted probabilities, the first ones one longer.

    Edges are the smallest and largest forecast inside. Equal forecasts may fall into two bins, in
    the order given.

    Source: Naeini, Cooper and Hauskrecht (2015), AAAI.
    """
    happened, called = _checked(outcomes, probabilities)
    order = np.argsort(called, kind="stable")
    return [
        ReliabilityBin(
            float(called[part[0]]),
            float(called[part[-1]]),
            len(part),
            float(called[part].mean()),
            float(happened[part].mean()),
        )
        for part in np.array_split(order, _checked_bins(bins))
        if len(part)
    ]


def calibration_error(table: list[ReliabilityBin]) -> CalibrationError:
    """Expected and maximum calibration error of a reliability table; name its binning with them.

    NaN for an empty table. Equal-width and equal-mass bins give other numbers.

    Source: Naeini, Cooper and Hauskrecht (2015), AAAI; Guo et al. (2017), ICML.
    """
    if not table:
        return CalibrationError(nan, nan)
    gaps = np.array([abs(one.observed - one.forecast) for one in table])
    counts = np.array([one.forecasts for one in table])
    return CalibrationError(float(np.sum(gaps * counts) / counts.sum()), float(gaps.max()))


def brier_decomposition(
    outcomes: ArrayLike, probabilities: ArrayLike, *, bins: int = 10
) -> BrierDecomposition:
    """Murphy's parts of the Brier score over equal-width bins, with the within-bin rest.

    reliability = sum n_b/n (p_b - y_b)^2, resolution = sum n_b/n (y_b - y)^2, uncertainty = y (1 -
    y). All NaN without forecasts.

    Source: Murphy (1973), J. Applied Meteorology 12; within-bin terms of Stephenson et al. (2008).
    """
    table = reliability_table(outcomes, probabilities, bins=bins)
    score = brier_score(outcomes, probabilities)
    if not table:
        return BrierDecomposition(nan, nan, nan, nan, nan)
    shares = np.array([one.forecasts for one in table], dtype=np.float64)
    shares /= shares.sum()
    forecast = np.array([one.forecast for one in table])
    observed = np.array([one.observed for one in table])
    rate = float(np.sum(shares * observed))
    reliability = float(np.sum(shares * (forecast - observed) ** 2))
    resolution = float(np.sum(shares * (observed - rate) ** 2))
    uncertainty = rate * (1.0 - rate)
    within = score - (reliability - resolution + uncertainty)
    return BrierDecomposition(score, reliability, resolution, uncertainty, within)


def area_under_curve(outcomes: ArrayLike, scores: ArrayLike) -> float:
    """Chance that a random positive scores above a random negative, ties counting one half.

    Any scores, not only probabilities; NaN where one class is missing. Says nothing of calibration.

    Source: Hanley and McNeil (1982), Radiology 143(1).
    """
    happened, called = _columns(outcomes, scores, "scores")
    positive = happened == 1.0
    above, below = int(positive.sum()), int((~positive).sum())
    if not above or not below:
        return nan
    _, places, counts = np.unique(called, return_inverse=True, return_counts=True)
    ranks = np.cumsum(counts) - (counts - 1) / 2.0
    total = float(np.sum(ranks[places][positive]))
    return (total - above * (above + 1) / 2.0) / (above * below)


def _columns(
    outcomes: ArrayLike, values: ArrayLike, name: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    happened, called = checked_series(outcomes, "outcomes"), checked_series(values, name)
    if len(happened) != len(called):
        raise CallerError(f"expected {name} for {len(happened)} outcomes, found {len(called)}")
    if not np.isin(happened, (0.0, 1.0)).all():
        raise CallerError("expected outcomes of 0 or 1")
    return happened, called


def _checked(
    outcomes: ArrayLike, probabilities: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    happened, called = _columns(outcomes, probabilities, "probabilities")
    if len(called) and (called.min() < 0.0 or called.max() > 1.0):
        raise CallerError(
            f"expected probabilities of 0 to 1, found {called.min()} to {called.max()}"
        )
    return happened, called


def _checked_bins(bins: int) -> int:
    if bins < 1:
        raise CallerError(f"expected at least 1 bin, found {bins}")
    return bins
