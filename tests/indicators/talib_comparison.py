"""Our indicators beside TA-Lib on many kinds of bars, and the rule for calling them equal.

The difference of two numbers is |ours - theirs| / |theirs|, and 0 where they are equal: nothing
else. Some functions are differences of numbers that are larger than they are, or are made of such
differences; where they pass through zero nobody has all their digits, and |theirs| is not taken
smaller than a floor. For those marked *column* it is a thousandth of the largest |theirs| in the
column, and 1e-12 of the largest input. For *price*, outputs in the unit of their inputs, also a ten
thousandth of the largest input, whose rounding they carry (1e-13 of it is then 1e-9). For
*percent*, also a tenth of a percent.

For six functions the definition was also computed without rounding (whole numbers; fifty decimal
digits for the cycles). Where such a one is further from TA-Lib than 1e-9, ours is within 1e-9 of
the exact number and TA-Lib is not, on every single bar; what differs is then TA-Lib's rounding. It
keeps running sums, from which each number that leaves the window is subtracted again, so that they
carry the rounding of all that went before. The sums here are of additions alone.
"""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import talib
import talib.abstract
from numpy.typing import NDArray
from tests.indicators.exact_values import EXACT
from tests.indicators.talib_rows import MEASURED_AGAINST, TalibRow

from undertow.indicators.registry import make_indicator

Column = NDArray[np.float64]
Columns = dict[str, Column]

LIMIT = 1e-9
"""Largest difference at which two numbers agree."""

_ROWS = 700
_FILES = {
    "BTC perpetual 5m": ("candles/binance_usdm_2023_2024/BTC_USDT_USDT-5m-futures.parquet", 66_000),
    "ETH perpetual 5m, crash": ("candles/okx_swap/ETH_USDT_USDT-5m-futures_2022.parquet", 1_500),
    "ETH spot 1m": ("candles/binance_spot_1m_2025/ETH_USDT-1m.parquet", 20_000),
}
_FILE_ROWS = 4_000


def with_means(columns: Columns) -> Columns:
    """The columns with the price means that an indicator may ask for."""
    middle = (columns["high"] + columns["low"]) / 2.0
    typical = (columns["high"] + columns["low"] + columns["close"]) / 3.0
    return {**columns, "hl2": middle, "hlc3": typical}


def random_bars(seed: int, count: int = _ROWS) -> Columns:
    """A random walk of bars that open near the last close."""
    rng = np.random.default_rng(seed)
    close: Column = 100.0 * np.exp(np.cumsum(rng.standard_normal(count) * 5e-3))
    opened: Column = np.concatenate([[100.0], close[:-1]]) * (
        1.0 + rng.standard_normal(count) * 1e-3
    )
    return with_means({
        "open": opened,
        "high": np.maximum(opened, close) * (1.0 + rng.exponential(2e-3, count)),
        "low": np.minimum(opened, close) * (1.0 - rng.exponential(2e-3, count)),
        "close": close,
        "volume": 1.0 + np.round(rng.exponential(50.0, count)),
    })  # fmt: skip


def constant(count: int = _ROWS) -> Columns:
    """Nothing ever moves; no volume either."""
    price = np.full(count, 101.25)
    return with_means(
        dict.fromkeys(("open", "high", "low", "close"), price) | {"volume": np.zeros(count)}
    )


def flat_stretches(seed: int) -> Columns:
    """Random bars that stand still for forty bars at a time, without volume."""
    columns = random_bars(seed)
    for start in range(60, _ROWS - 40, 160):
        stretch = slice(start, start + 40)
        for name in ("open", "high", "low", "close"):
            columns[name][stretch] = columns["close"][start - 1]
        columns["volume"][stretch] = 0.0
    return with_means(columns)


def gaps(seed: int) -> Columns:
    """Random bars whose price jumps by a fifth now and then."""
    columns = random_bars(seed)
    jumps = np.random.default_rng(seed + 1).choice([0.8, 1.0, 1.25], _ROWS, p=[0.02, 0.96, 0.02])
    level = np.cumprod(jumps)
    return with_means(
        {name: columns[name] * (1.0 if name == "volume" else level) for name in columns}
    )


def coarse_ticks(seed: int) -> Columns:
    """Bars on a grid of a few ticks: ties, dojis, inside bars everywhere."""
    rng = np.random.default_rng(seed)
    walk = np.cumsum(rng.integers(-2, 3, _ROWS)) * 0.25
    opened: Column = np.asarray(walk - walk.min() + 8.0, np.float64)
    close = opened + rng.integers(-3, 4, _ROWS) * 0.25
    return with_means({
        "open": opened,
        "high": np.maximum(opened, close) + rng.integers(0, 3, _ROWS) * 0.25,
        "low": np.minimum(opened, close) - rng.integers(0, 3, _ROWS) * 0.25,
        "close": close,
        "volume": rng.integers(0, 4, _ROWS).astype(float),
    })  # fmt: skip


def no_volume(seed: int) -> Columns:
    """Random bars, none of which has volume."""
    return {**random_bars(seed), "volume": np.zeros(_ROWS)}


def scaled(seed: int, price: float, volume: float) -> Columns:
    """Random bars in another unit."""
    columns = random_bars(seed)
    return {name: columns[name] * (volume if name == "volume" else price) for name in columns}


RANDOM: Mapping[str, Callable[[], Columns]] = {
    "random 1": lambda: random_bars(1),
    "random 2": lambda: random_bars(2),
    "random 3": lambda: random_bars(3),
}
DEGENERATE: Mapping[str, Callable[[], Columns]] = {
    "constant": constant,
    "flat stretches": lambda: flat_stretches(4),
    "gaps": lambda: gaps(5),
    "coarse ticks": lambda: coarse_ticks(6),
    "no volume": lambda: no_volume(7),
    "huge": lambda: scaled(8, 1e7, 1e9),
    "tiny": lambda: scaled(9, 1e-6, 1e-3),
    "two bars": lambda: random_bars(10, 2),
}
RECORDED = tuple(_FILES)


def recorded_bars(folder: Path, name: str) -> Columns:
    """Some thousand bars of a recorded file."""
    import pyarrow.parquet as pq

    file, start = _FILES[name]
    names = ["open", "high", "low", "close", "volume"]
    table = pq.read_table(folder / file, columns=names).slice(start, _FILE_ROWS)
    return with_means({one: table[one].to_numpy().astype(np.float64) for one in names})


class Comparison(msgspec.Struct, frozen=True):
    """What came of one row on one set of bars.

    `difference` is the largest over all outputs where both have a number, `unsettled` the largest
    that the exact numbers do not show to be TA-Lib's. `our_error` and `their_error` are the largest
    distances from the exact numbers where they were needed. `ours_only` and `theirs_only` count the
    bars past both warm-ups where only one has a number.
    """

    difference: float
    unsettled: float
    our_error: float
    their_error: float
    ours_only: int
    theirs_only: int
    compared: int


def warmups(row: TalibRow) -> tuple[int, int]:
    """Bars before the first answer, ours and theirs."""
    functions: Any = talib.abstract
    function = functions.Function(row.function)
    if row.talib_settings:
        function.parameters = row.talib_settings
    return make_indicator(row.name, row.settings).warmup, int(function.lookback)


def compare(row: TalibRow, columns: Columns) -> Comparison:
    """Ours against theirs, past both warm-ups."""
    indicator = make_indicator(row.name, row.settings)
    given = [columns[name] for name in row.inputs]
    ours = indicator.batch(*(columns[name] for name in indicator.inputs))
    found: Any = getattr(talib, row.function)(*given, **row.talib_settings)
    theirs = found if isinstance(found, tuple | list) else (found,)
    assert len(theirs) == len(row.outputs), f"{row.function} has {len(theirs)} outputs"
    start = max(warmups(row))
    largest = max((float(np.abs(column).max()) for column in given if len(column)), default=0.0)
    parts = []
    for k, (name, column) in enumerate(zip(row.outputs, theirs, strict=True)):
        if name:
            pair = ours[name][start:], column.astype(np.float64)[start:]
            floor = floor_of(row.function, largest, pair[1])
            parts.append(_compared(*pair, floor, partial(exactly, row, columns, k)))
    return Comparison(
        *(max(getattr(part, name) for part in parts) for name in _LARGEST),
        *(sum(getattr(part, name) for part in parts) for name in _COUNTS),
    )


_LARGEST = "difference", "unsettled", "our_error", "their_error"
_COUNTS = "ours_only", "theirs_only", "compared"


def floor_of(function: str, largest: float, theirs: Column) -> float:
    """Below what a number is not measured against itself; see the head."""
    against = MEASURED_AGAINST.get(function)
    if against is None:
        return 0.0
    told = np.abs(theirs[np.isfinite(theirs)])
    floor = max(1e-12 * largest, 1e-3 * float(told.max(initial=0.0)))
    return max(floor, {"column": 0.0, "price": 1e-4 * largest, "percent": 0.1}[against])


def exactly(row: TalibRow, columns: Columns, output: int) -> Column:
    """An output of the row computed without rounding; NaN where that was not done."""
    closes = columns["close"]
    if row.function not in EXACT:
        return np.full(len(closes), np.nan)
    return EXACT[row.function](closes, row.settings)[output]


def distances(ours: Column, theirs: Column, floor: float) -> Column:
    """The difference of each pair by the rule at the head."""
    gap = np.abs(ours - theirs)
    size = np.maximum(np.abs(theirs), floor)
    return np.divide(gap, size, out=np.where(gap == 0.0, 0.0, np.inf), where=size > 0.0)


def _compared(
    ours: Column, theirs: Column, floor: float, exact: Callable[[], Column]
) -> Comparison:
    has_ours, has_theirs = np.isfinite(ours), np.isfinite(theirs)
    both = has_ours & has_theirs
    apart = distances(ours[both], theirs[both], floor)
    is_far = apart > LIMIT
    our_error = their_error = np.zeros(0)
    is_settled = np.zeros(len(apart), np.bool_)
    if is_far.any():
        right = exact()[-len(both) :][both][is_far]
        our_error = distances(ours[both][is_far], right, floor)
        their_error = distances(theirs[both][is_far], right, floor)
        is_settled[is_far] = (our_error <= LIMIT) & (their_error > LIMIT)
    return Comparison(
        float(apart.max(initial=0.0)),
        float(apart[~is_settled].max(initial=0.0)),
        float(our_error.max(initial=0.0)),
        float(their_error.max(initial=0.0)),
        int((has_ours & ~both).sum()),
        int((has_theirs & ~both).sum()),
        len(apart),
    )
