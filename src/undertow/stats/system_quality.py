"""The system quality number: how steadily trades win."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from undertow.domain.errors import CallerError
from undertow.stats.columns import Measure, checked_columns, checked_series, deviations_of, quotient

SYSTEM_QUALITY_CAP = 100
"""Tharp counts at most this many trades, so that mere activity does not make a system superb."""

_BANDS = (
    (7.0, "holy grail"),
    (5.1, "superb"),
    (3.0, "excellent"),
    (2.5, "good"),
    (2.0, "average"),
    (1.6, "below average"),
)


def r_multiples(results: ArrayLike, risks: ArrayLike) -> NDArray[np.float64]:
    """Net result over the money at risk when the trade was opened; shape (n,).

    risks: entry to first stop, in money, above 0. A trade whose risk is not known (0 or NaN) is
    refused: leave it out knowingly or give it one.

    Source: Tharp, Definitive Guide to Position Sizing.
    """
    array = checked_series(results, "results")
    at_risk = checked_series(risks, "risks")
    if array.shape != at_risk.shape:
        raise CallerError(f"expected {len(array)} risks, found {len(at_risk)}")
    unknown = np.flatnonzero(at_risk <= 0.0)
    if len(unknown):
        place = int(unknown[0])
        raise CallerError(f"expected risks above 0, found {at_risk[place]} at index {place}")
    return array / at_risk


def system_quality_number(results: ArrayLike, *, most_trades: int | None = None) -> Measure:
    """sqrt(N) * mean / std of the trade results, N all trades.

    results: net results or R multiples, shape (n,) or (n, k). most_trades: the cap on N under the
    root; mean and deviation still take every trade. NaN for fewer than 2 trades and for results
    that do not vary.

    Source: Tharp, Definitive Guide to Position Sizing. Variant: ddof=1, no cap, on what is given;
    on raw money it is scale free only if every trade risks the same.
    """
    columns = checked_columns(results, "results")
    count = len(columns.array)
    if count < 2:
        return columns.measure(np.full(columns.array.shape[1], np.nan))
    counted = count if most_trades is None else min(count, most_trades)
    ratio = quotient(columns.array.mean(axis=0), deviations_of(columns.array))
    return columns.measure(np.sqrt(counted) * ratio)


def tharp_quality_number(multiples: ArrayLike) -> Measure:
    """sqrt(min(N, 100)) * mean / std of R multiples: the number that `system_quality_band` names.

    Source: Tharp, Definitive Guide to Position Sizing. Variant: his own, R multiples and the cap.
    """
    return system_quality_number(multiples, most_trades=SYSTEM_QUALITY_CAP)


def system_quality_band(value: float) -> str:
    """Tharp's name: hard to trade below 1.6, below average, average from 2.0, good from 2.5,
    excellent from 3.0, superb from 5.1, holy grail from 7.0; "undefined" for NaN.

    A band runs up to the start of the next, so that 1.95 has a name too.

    Source: Tharp, Definitive Guide to Position Sizing.
    """
    if value != value:
        return "undefined"
    return next((name for least, name in _BANDS if value >= least), "hard to trade")
