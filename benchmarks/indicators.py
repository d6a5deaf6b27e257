"""Every indicator over a million bars beside TA-Lib, and one update at a time from Python.

A million bars in so many milliseconds of CPU time are so many nanoseconds an update inside a
compiled loop. The bars are a random walk; parameters are the defaults. TA-Lib is asked for the same
definition where it has it, with as many of its functions as it takes for what the one indicator
gives.
"""

import statistics
import time
from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
import talib
from tests.indicators.talib_comparison import Columns, random_bars
from tests.indicators.talib_rows import TalibRow, all_rows

from benchmarks.result import Result
from undertow.indicators.registry import FAMILIES, INDICATORS, make_indicator

BARS = 1_000_000
SLOW_BARS = 20_000
SLOW_NS = 400.0
UPDATES = 2_000
REPEATS = 5


class Timing(msgspec.Struct, frozen=True):
    """Nanoseconds a bar in batch, best and median; microseconds an update from Python; and TA-Lib's
    nanoseconds a bar by function.
    """

    name: str
    best: float
    median: float
    update_us: float
    theirs: dict[str, float]


def bars(count: int) -> Columns:
    """Random bars with every column that an indicator may ask for."""
    columns = random_bars(1, count)
    rng = np.random.default_rng(2)
    close, volume = columns["close"], columns["volume"]
    buy = np.round(volume * rng.random(count))
    returns = np.diff(np.log(close), prepend=np.log(close[0]))
    return columns | {
        "buy_volume": buy,
        "sell_volume": volume - buy,
        "delta": 2.0 * buy - volume,
        "trades": np.ceil(volume / 3.0),
        "vwap": (columns["high"] + columns["low"] + 2.0 * close) / 4.0,
        "log_return": returns,
    }


def nanoseconds(job: Callable[[], object], count: int) -> list[float]:
    """CPU time per bar, of several runs after a warm-up."""
    job()
    found = []
    for _ in range(REPEATS):
        start = time.thread_time_ns()
        job()
        found.append((time.thread_time_ns() - start) / count)
    return found


def their_nanoseconds(row: TalibRow, columns: Columns) -> float:
    """TA-Lib's best."""
    function: Any = getattr(talib, row.function)
    given = [columns[name] for name in row.inputs]
    return min(nanoseconds(lambda: function(*given, **row.talib_settings), len(given[0])))


def update_microseconds(name: str, columns: Columns) -> float:
    """Median of single updates from Python."""
    indicator = make_indicator(name)
    rows = list(zip(*(columns[key][:UPDATES].tolist() for key in indicator.inputs), strict=True))
    spent = []
    for row in rows:
        start = time.perf_counter_ns()
        indicator.update(*row)
        spent.append((time.perf_counter_ns() - start) / 1e3)
    return statistics.median(spent)


def timing(name: str, columns: Columns, rows: list[TalibRow]) -> Timing:
    """One indicator at its defaults, or where TA-Lib is asked for others only, at those."""
    own = [row for row in rows if row.name == name]
    same = [row for row in own if _is_default(row)]
    told = {} if same or not own else own[0].settings
    asked = same or [row for row in own if row.settings == told]
    chosen: dict[str, TalibRow] = {}
    covered: set[str] = set()
    for row in sorted(asked, key=lambda row: -len(row.outputs)):
        if not set(row.outputs) <= covered:
            chosen[row.function] = row
            covered |= set(row.outputs)
    indicator = make_indicator(name, told)
    given = [columns[key] for key in indicator.inputs]
    short = [column[:SLOW_BARS] for column in given]
    found = nanoseconds(lambda: indicator.batch(*short), SLOW_BARS)
    if min(found) < SLOW_NS:
        found = nanoseconds(lambda: indicator.batch(*given), BARS)
    theirs = {function: their_nanoseconds(row, columns) for function, row in chosen.items()}
    best, middle = min(found), statistics.median(found)
    shown = f"{name}({', '.join(f'{key}={value:g}' for key, value in told.items())})"
    update_us = update_microseconds(name, columns)
    return Timing(shown if told else name, best, middle, update_us, theirs)


def _is_default(row: TalibRow) -> bool:
    # `flat` is what an indicator says of a price that stands still; it costs nothing.
    settings = {key: value for key, value in row.settings.items() if key != "flat"}
    return settings.items() <= make_indicator(row.name).settings.items()


def result(one: Timing) -> Result:
    """A row of the page."""
    note = f"update from Python {one.update_us:.1f} us"
    if one.theirs:
        told = ", ".join(f"{name} {taken:.1f} ns" for name, taken in one.theirs.items())
        together = sum(one.theirs.values())
        note += f"; TA-Lib {told}: {one.best / together:.2f} x its time"
    return Result(f"indicator {one.name}, 1 bar of 1 M", one.best, one.median, "ns", "", note)


def measure() -> list[Result]:
    """The catalogue as a whole, then each indicator."""
    columns, rows = bars(BARS), all_rows()
    timings = [timing(name, columns, rows) for name in INDICATORS]
    best = sorted(one.best for one in timings)
    beside = [one for one in timings if one.theirs]
    ratios = sorted(one.best / sum(one.theirs.values()) for one in beside)
    quicker = sum(ratio < 1.0 for ratio in ratios)
    slow = sum(one > 50.0 for one in best)
    updates = sorted(one.update_us for one in timings)
    middle = statistics.median(best)
    summary = [
        Result(
            f"indicators, {len(timings)} in {len(FAMILIES)} families: 1 bar, median of all",
            middle, statistics.median(one.median for one in timings), "ns", "<= 50 ns",
            f"{slow} above 50 ns, slowest {best[-1]:,.0f} ns",
        ),
        Result(
            "indicators beside TA-Lib: time over its time, in percent",
            100.0 * ratios[0], 100.0 * statistics.median(ratios), "%", "",
            f"{quicker} of {len(ratios)} quicker, {len(ratios) - quicker} slower, "
            f"slowest {ratios[-1]:.1f} x",
        ),
        Result(
            "indicators, 1 update from Python, all of them", 1e3 * updates[0],
            1e3 * statistics.median(updates), "ns", "", f"slowest {updates[-1]:.1f} us",
        ),
    ]  # fmt: skip
    return summary + [result(one) for one in timings]
