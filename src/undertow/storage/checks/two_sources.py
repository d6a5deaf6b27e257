"""One series against another of the same asset: are extreme moves real, are the clocks the same.

A return beyond `EXTREME_Z` is confirmed when the other source has, in the same bar or one beside
it, a return of the same sign and at least half the size. Clocks are compared by the lag of at most
`MOST_LAG_BARS` bars at which the returns correlate best: another lag than 0 is a shift of stamps.
"""

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.storage.catalog.candles import Candles
from undertow.storage.checks.candle_check import extreme_moves, log_returns
from undertow.storage.checks.finding import Finding, Severity

MOST_LAG_BARS = 72
LEAST_SHARED = 200
_LEAST_BETTER = 0.1

Floats = NDArray[np.float64]


class SharedBars(msgspec.Struct, frozen=True):
    """Returns of two series at the open times that both have; NaN where a gap is before."""

    opens_ns: NDArray[np.int64]
    mine: Floats
    theirs: Floats
    is_extreme: NDArray[np.bool_]


def check_against(mine: Candles, theirs: Candles, name: str) -> list[Finding]:
    """Compare with a series of the same timeframe; `name` says whose it is."""
    shared = _shared(mine, theirs)
    if len(shared.opens_ns) < LEAST_SHARED:
        return []
    return _clock(shared, name) or _moves(shared, name)


def _shared(mine: Candles, theirs: Candles) -> SharedBars:
    opens, here, there = np.intersect1d(
        mine.opens_ns, theirs.opens_ns, assume_unique=True, return_indices=True
    )
    extreme = extreme_moves(mine)[here]
    return SharedBars(opens, log_returns(mine)[here], log_returns(theirs)[there], extreme)


def _moves(shared: SharedBars, name: str) -> list[Finding]:
    places = np.flatnonzero(shared.is_extreme)
    if not len(places):
        return []
    confirmed = np.zeros(len(places), bool)
    for step in (-1, 0, 1):
        other = shared.theirs[np.clip(places + step, 0, len(shared.theirs) - 1)]
        with np.errstate(invalid="ignore"):
            confirmed |= other / shared.mine[places] >= 0.5
    alone = int((~confirmed).sum())
    text = f"{int(confirmed.sum())} extreme moves are confirmed by {name}, {alone} are not"
    severity = Severity.DOUBT if alone else Severity.FACT
    return [Finding("two_sources", severity, alone, text, int(shared.opens_ns[places[0]]))]


def _clock(shared: SharedBars, name: str) -> list[Finding]:
    mine, theirs = np.nan_to_num(shared.mine), np.nan_to_num(shared.theirs)
    most = min(MOST_LAG_BARS, len(mine) // 3)
    found = {lag: _correlation(mine, theirs, lag) for lag in range(-most, most + 1)}
    best = max(found, key=lambda lag: found[lag])
    if best == 0 or not found[best] > found[0] + _LEAST_BETTER:
        return []
    text = (
        f"returns match those of {name} {best:+d} bars away (correlation {found[best]:.2f}, "
        f"{found[0]:.2f} at the same stamps): one of the clocks is off"
    )
    return [Finding("time_zone", Severity.DOUBT, abs(best), text)]


def _correlation(mine: Floats, theirs: Floats, lag: int) -> float:
    first, second = (
        (mine[lag:], theirs[: len(theirs) - lag]) if lag >= 0 else (mine[:lag], theirs[-lag:])
    )
    if first.std() == 0 or second.std() == 0:
        return 0.0
    return float(np.corrcoef(first, second)[0, 1])
