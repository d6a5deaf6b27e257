"""Lengths of bars by the names the field gives them: 1s to 1M, open times in UTC.

Bars of fixed length open at whole multiples of it since 1970-01-01, weeks on Mondays; `1M` is the
calendar month. `1D` and `1W` are read as `1d` and `1w`.
"""

import re

import numpy as np
from numpy.typing import NDArray

from undertow.domain.errors import ConfigurationError
from undertow.domain.suggestion import did_you_mean
from undertow.domain.time import NS_PER_DAY, NS_PER_S

Times = NDArray[np.int64]

LENGTHS_S = {
    "1s": 1, "5s": 5, "15s": 15, "30s": 30,
    "1m": 60, "2m": 120, "3m": 180, "5m": 300, "10m": 600, "15m": 900, "30m": 1_800,
    "1h": 3_600, "2h": 7_200, "3h": 10_800, "4h": 14_400, "6h": 21_600, "8h": 28_800,
    "12h": 43_200, "1d": 86_400, "3d": 259_200, "1w": 604_800,
}  # fmt: skip
MONTH = "1M"
_MONDAY_NS = 4 * NS_PER_DAY  # 1970-01-05, the first Monday
_SYNONYMS = {"1D": "1d", "3D": "3d", "1W": "1w", "60m": "1h", "1mo": MONTH}
_LONG = re.compile(r"(\d+)\s*(s|sec|m|min|h|hour|d|day)")


def bar_length_name(text: str) -> str:
    """The name of a length as users write it; raises `ConfigurationError` for an unknown one."""
    name = _SYNONYMS.get(text, text)
    if name == MONTH or name in LENGTHS_S:
        return name
    match = _LONG.fullmatch(name.lower())
    if match:
        seconds = int(match[1]) * {"s": 1, "m": 60, "h": 3_600, "d": 86_400}[match[2][0]]
        found = [known for known, length in LENGTHS_S.items() if length == seconds]
        if found:
            return found[0]
    raise ConfigurationError(
        f"expected a timeframe such as 1m, 1h or 1d, found {text!r};"
        f"{did_you_mean(text, [*LENGTHS_S, MONTH])}"
    )


def length_ns(name: str) -> int:
    """Nanoseconds of a length; a month has its longest, 31 days."""
    return 31 * NS_PER_DAY if name == MONTH else LENGTHS_S[name] * NS_PER_S


def open_times(times_ns: Times, name: str) -> Times:
    """The open time of the bar that each time lies in."""
    if name == MONTH:
        return _month_starts(_months(times_ns))
    length, first = length_ns(name), _MONDAY_NS if name == "1w" else 0
    opens: Times = (times_ns - first) // length * length + first
    return opens


def close_times(opens_ns: Times, name: str) -> Times:
    """The first nanosecond after the bar that opens at each time."""
    if name == MONTH:
        return _month_starts(_months(opens_ns) + 1)
    closes: Times = opens_ns + length_ns(name)
    return closes


def length_of_steps(opens_ns: Times) -> str:
    """The length that the most steps between neighbouring open times have; empty when unknown.

    A gap makes a longer step, so the most frequent one is the length even in a series with gaps.
    """
    steps = np.diff(opens_ns)
    steps = steps[steps > 0]
    if not len(steps):
        return ""
    sizes, counts = np.unique(steps, return_counts=True)
    size = int(sizes[np.argmax(counts)])
    if 28 * NS_PER_DAY <= size <= 31 * NS_PER_DAY:
        return MONTH
    return next((name for name in LENGTHS_S if length_ns(name) == size), "")


def _months(times_ns: Times) -> NDArray[np.datetime64]:
    months: NDArray[np.datetime64] = times_ns.astype("datetime64[ns]").astype("datetime64[M]")
    return months


def _month_starts(months: NDArray[np.datetime64]) -> Times:
    return months.astype("datetime64[ns]").astype(np.int64)
