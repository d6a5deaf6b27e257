"""Checks of one series of candles: gaps, empty stretches, extreme moves, its end, its length.

* `gap`: bars that the market's hours promise and that are not there, over the whole series.
* `zero_volume`: bars without volume, where volume is told at all, and the longest run of them.
* `extreme`: log returns of closes whose modified z-score, 0.6745 (r - median) / MAD (Iglewicz and
  Hoaglin 1993), is beyond `EXTREME_Z`. Real crashes are among them, so that is a fact, no fault.
* `spike`: an extreme return that the very next bar takes back to within a quarter: a bad print
  looks like this, a crash does not.
* `unfinished`: the last bar closes after `now`, or is much smaller than bars are.
* `history`: less than six months (BT-36). `dst_jump`: an hour missing just where local clocks leap.
* `frozen`: the same close for `FROZEN_BARS` bars and more, with volume.

The score is the share of the bars to be expected that are there and in none of `gap`, `spike` and
`zero_volume`, times 100.
"""

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.domain.time import NS_PER_DAY, NS_PER_HOUR, utc_text
from undertow.domain.time_grid import time_grid
from undertow.storage.catalog.candles import Candles
from undertow.storage.catalog.timeframe_names import close_times, length_ns
from undertow.storage.checks.finding import Finding, Severity
from undertow.storage.checks.market_hours import is_open
from undertow.storage.checks.session_shape import StampShift, check_time_zone, stamp_shift

EXTREME_Z = 25.0
FROZEN_BARS = 120
LEAST_HISTORY_DAYS = 182
LEAST_BARS = 2
_MOST_EXPECTED = 20_000_000
_TAKEN_BACK = 0.25
_GAP_BAD = 0.01

Mask = NDArray[np.bool_]


class CandleReport(msgspec.Struct, frozen=True):
    """What was found, and the score from 0 to 100 (see the module's head)."""

    bars: int
    expected: int
    score: float
    findings: tuple[Finding, ...]


def check_candles(
    candles: Candles, hours: str, *, now_ns: int = 0, has_volume: bool = True
) -> CandleReport:
    """Check a whole series; `now_ns` is 0 where the present is not to be known."""
    count = len(candles)
    if count < LEAST_BARS:
        text = f"expected a series of bars, found {count}"
        return CandleReport(count, count, 0.0, (Finding("empty", Severity.BAD, count, text),))
    shift = stamp_shift(candles.opens_ns, length_ns(candles.timeframe), hours)
    gaps, expected = _gaps(candles, hours, shift)
    spikes, extremes = _extremes(candles)
    findings = [*gaps, *extremes, *_frozen(candles, has_volume=has_volume)]
    empty = np.zeros(count, bool)
    if has_volume:
        empty = candles.columns["volume"] == 0
        findings += _zero_volume(candles, empty)
    findings += _end(candles, now_ns)
    findings += check_time_zone(shift, hours)
    findings += _length(candles)
    sound = count - int((empty | spikes).sum())
    return CandleReport(count, expected, 100.0 * sound / max(expected, count), tuple(findings))


def _gaps(candles: Candles, hours: str, shift: StampShift) -> tuple[list[Finding], int]:
    opens, closes = candles.opens_ns, candles.closes_ns
    before = np.flatnonzero(opens[1:] > closes[:-1])
    missing = np.zeros(len(before), np.int64)
    length = length_ns(candles.timeframe)
    starts, stops = shift.utc(closes[before]), shift.utc(opens[before + 1])
    for place in range(len(before)):
        missing[place] = _missing(int(starts[place]), int(stops[place]), length, hours)
    lost = int(missing.sum())
    expected = len(candles) + lost
    if not lost:
        return [], expected
    worst = int(np.argmax(missing))
    first = int(closes[before[np.flatnonzero(missing)[0]]])
    share = lost / expected
    severity = Severity.BAD if share > _GAP_BAD else Severity.DOUBT
    text = (
        f"{lost:,} of {expected:,} {candles.timeframe} bars are missing ({share:.2%}) in "
        f"{int((missing > 0).sum()):,} gaps; the longest is {int(missing[worst]):,} bars from "
        f"{utc_text(int(closes[before[worst]]))[:16]}"
    )
    found = [Finding("gap", severity, lost, text, first)]
    leaps = _leaps(closes[before], opens[before + 1])
    if hours == "crypto" and leaps:
        text = f"{leaps} gaps of one hour lie where local clocks leap: times are not UTC"
        found.append(Finding("dst_jump", Severity.BAD, leaps, text, first))
    return found, expected


def _missing(start_ns: int, stop_ns: int, length: int, hours: str) -> int:
    if hours == "crypto" or length >= NS_PER_DAY:
        closed = 2 if hours != "crypto" and length == NS_PER_DAY else 0
        return max((stop_ns - start_ns) // length - closed, 0)
    step = max(length, (stop_ns - start_ns) // _MOST_EXPECTED)
    times = time_grid(start_ns, stop_ns - 1, step)
    # A bar counts only when the market was open at its start and is still so at its end.
    return int((is_open(times, hours) & is_open(times + length - 1, hours)).sum())


def _leaps(starts: NDArray[np.int64], stops: NDArray[np.int64]) -> int:
    # Spring leaps: 2:00 local on March's second Sunday (US), 1:00 to 3:00 on its last (Europe).
    hour = (stops - starts == NS_PER_HOUR) & (starts % NS_PER_DAY // NS_PER_HOUR <= 3)
    days = (starts // NS_PER_DAY)[hour]
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]").astype(np.int64) % 12
    in_month = (dates - dates.astype("datetime64[M]")).astype(np.int64)
    sunday = (days + 4) % 7 == 0
    us, europe = (in_month >= 7) & (in_month <= 13), in_month >= 24
    return int((sunday & (months == 2) & (us | europe)).sum())


def modified_z(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Modified z-scores; where most values are equal, of those that differ; zeros when none do."""
    middle = float(np.median(values))
    away = np.abs(values - middle)
    spread = float(np.median(away))
    if spread == 0:
        moved = away[away > 0]
        if not len(moved):
            return np.zeros(len(values))
        spread = float(np.median(moved))
    scores: NDArray[np.float64] = 0.6745 * (values - middle) / spread
    return scores


def log_returns(candles: Candles) -> NDArray[np.float64]:
    """Log returns of closes; NaN across a gap and at the first bar."""
    closes = np.log(candles.price("close"))
    found = np.full(len(candles), np.nan)
    joined = candles.opens_ns[1:] == close_times(candles.opens_ns[:-1], candles.timeframe)
    found[1:][joined] = np.diff(closes)[joined]
    return found


def extreme_moves(candles: Candles) -> Mask:
    """Bars whose log return is beyond `EXTREME_Z`."""
    returns = log_returns(candles)
    known = np.isfinite(returns)
    found = np.zeros(len(candles), bool)
    if known.sum() >= 30:
        found[known] = np.abs(modified_z(returns[known])) > EXTREME_Z
    return found


def _extremes(candles: Candles) -> tuple[Mask, list[Finding]]:
    returns, extreme = log_returns(candles), extreme_moves(candles)
    spikes = np.zeros(len(candles), bool)
    if not extreme.any():
        return spikes, []
    following = np.append(returns[1:], np.nan)
    with np.errstate(invalid="ignore"):
        spikes = extreme & (np.abs(returns + following) < _TAKEN_BACK * np.abs(returns))
    worst = int(np.nanargmax(np.where(extreme, np.abs(returns), -1)))
    text = (
        f"{int(extreme.sum())} returns beyond a modified z-score of {EXTREME_Z:g}; the greatest is "
        f"{np.expm1(returns[worst]):+.2%} at {_at(candles, worst)}"
    )
    found = [Finding("extreme", Severity.FACT, int(extreme.sum()), text, _open(candles, extreme))]
    if spikes.any():
        text = f"{int(spikes.sum())} of them are taken back by the next bar, first at "
        text += _at(candles, spikes)
        found.append(
            Finding("spike", Severity.DOUBT, int(spikes.sum()), text, _open(candles, spikes))
        )
    return spikes, found


def _zero_volume(candles: Candles, empty: Mask) -> list[Finding]:
    if not empty.any():
        return []
    longest, start = longest_run(empty)
    share = float(empty.mean())
    severity = Severity.DOUBT if share > 0.01 or longest >= 12 else Severity.FACT
    text = (
        f"{int(empty.sum()):,} bars without volume ({share:.2%}); the longest run is {longest:,} "
        f"bars from {_at(candles, start)}"
    )
    return [Finding("zero_volume", severity, int(empty.sum()), text, _open(candles, empty))]


def _frozen(candles: Candles, *, has_volume: bool) -> list[Finding]:
    same = np.zeros(len(candles), bool)
    same[1:] = np.diff(candles.columns["close"]) == 0
    if has_volume:
        same &= candles.columns["volume"] > 0
    longest, start = longest_run(same)
    if longest < FROZEN_BARS:
        return []
    text = f"the close does not move for {longest:,} bars from {_at(candles, start)}"
    return [Finding("frozen", Severity.DOUBT, longest, text, int(candles.opens_ns[start]))]


def longest_run(mask: Mask) -> tuple[int, int]:
    """Length and first place of the longest run of True; (0, 0) without any."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], mask, [False])).astype(np.int8)))
    starts, stops = edges[::2], edges[1::2]
    if not len(starts):
        return 0, 0
    best = int(np.argmax(stops - starts))
    return int(stops[best] - starts[best]), int(starts[best])


def _end(candles: Candles, now_ns: int) -> list[Finding]:
    last = len(candles) - 1
    if now_ns and int(candles.closes_ns[-1]) > now_ns:
        text = f"the last bar, {_at(candles, last)}, was not over when this was checked"
        return [Finding("unfinished", Severity.BAD, 1, text, int(candles.opens_ns[-1]))]
    before = slice(max(last - 500, 0), last)
    volume, span = candles.columns["volume"], candles.columns["high"] - candles.columns["low"]
    if last < 100 or not volume[before].any():
        return []
    small = volume[last] < np.quantile(volume[before], 0.01) and span[last] <= np.quantile(
        span[before], 0.1
    )
    if not small:
        return []
    text = f"the last bar, {_at(candles, last)}, is smaller than 99 % of those before: unfinished?"
    return [Finding("unfinished", Severity.DOUBT, 1, text, int(candles.opens_ns[-1]))]


def _length(candles: Candles) -> list[Finding]:
    days = int(candles.closes_ns[-1] - candles.opens_ns[0]) / NS_PER_DAY
    if days >= LEAST_HISTORY_DAYS:
        return []
    text = f"{days:.1f} days of data; six months are the least that says much"
    return [Finding("history", Severity.FACT, len(candles), text)]


def _at(candles: Candles, where: int | Mask) -> str:
    row = where if isinstance(where, int) else int(np.flatnonzero(where)[0])
    return utc_text(int(candles.opens_ns[row]))[:16]


def _open(candles: Candles, where: Mask) -> int:
    return int(candles.opens_ns[np.flatnonzero(where)[0]])
