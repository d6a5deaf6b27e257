"""Bringing candles as they stand in a file into whole numbers, and saying what was wrong.

Rows that cannot be in a series are kept apart with their reason, in this order: no time, a number
missing (`nan`), a price of zero or below (`price`), high below low or open and close outside them
(`range`), a repeated time (`duplicate` when equal, `conflict` when not: the first stays), an open
inside the bar before it (`overlapping`). Rows out of order are sorted, and counted.
"""

from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.domain.errors import DataError
from undertow.domain.fixed import Step
from undertow.storage.catalog.candles import Candles, no_candles
from undertow.storage.catalog.decimal_steps import counts_of, find_digits
from undertow.storage.catalog.series_part import PRICES, TIME, UNKNOWN
from undertow.storage.catalog.series_store import ApartRow
from undertow.storage.catalog.timeframe_names import close_times, length_of_steps
from undertow.storage.layouts.candle_layout import CandleTable

Mask = NDArray[np.bool_]
RawColumns = dict[str, NDArray[Any]]

VOLUME_DIGITS = 8
_FIELDS = (*PRICES, "volume", "bought", "trades")


class TakenIn(msgspec.Struct, frozen=True):
    """Sound candles, what was kept apart, and counts of flaws by kind."""

    candles: Candles
    apart: list[ApartRow]
    flaws: dict[str, int]


def take_in(table: CandleTable, timeframe: str = "") -> TakenIn:
    """Clean a table; the timeframe is found in the steps of the times where none is given.

    Raises `DataError` for a table without a row, or whose timeframe cannot be told.
    """
    if not len(table):
        raise DataError("expected candles, found a table without a row")
    flaws: dict[str, int] = {}
    apart: list[ApartRow] = []
    columns = {TIME: table.times_ns, **{name: getattr(table, name) for name in _FIELDS}}
    for reason, test in _REASONS.items():
        columns = _keep_apart(columns, test(columns), reason, flaws, apart)
    if (np.diff(columns[TIME]) < 0).any():
        flaws["unsorted"] = int((np.diff(columns[TIME]) < 0).sum())
        order = np.argsort(columns[TIME], kind="stable")
        columns = {name: values[order] for name, values in columns.items()}
    again = _repeats(columns)
    columns = _keep_apart(columns, again == 1, "duplicate", flaws, None)
    columns = _keep_apart(columns, again[again != 1] == 2, "conflict", flaws, apart)
    name = timeframe or length_of_steps(columns[TIME])
    if not name:
        raise DataError("expected steps of a known timeframe between candles: say which it is")
    columns = _keep_apart(columns, _overlaps(columns[TIME], name), "overlapping", flaws, apart)
    return TakenIn(_counted(columns, name, flaws), apart, flaws)


def _no_time(columns: RawColumns) -> Mask:
    bad: Mask = columns[TIME] == 0
    return bad


def _missing(columns: RawColumns) -> Mask:
    bad = np.zeros(len(columns[TIME]), bool)
    for name in PRICES:
        bad |= ~np.isfinite(columns[name])
    return bad


def _not_positive(columns: RawColumns) -> Mask:
    bad: Mask = columns["volume"] < 0
    for name in PRICES:
        bad |= columns[name] <= 0
    return bad


def _out_of_range(columns: RawColumns) -> Mask:
    high, low = columns["high"], columns["low"]
    bad: Mask = high < low
    for name in ("open", "close"):
        bad |= (columns[name] > high) | (columns[name] < low)
    return bad


_REASONS = {"time": _no_time, "nan": _missing, "price": _not_positive, "range": _out_of_range}


def _keep_apart(
    columns: RawColumns,
    bad: Mask,
    reason: str,
    flaws: dict[str, int],
    apart: list[ApartRow] | None,
) -> RawColumns:
    if not bad.any():
        return columns
    flaws[reason] = int(bad.sum())
    if apart is not None:
        for row in np.flatnonzero(bad).tolist():
            values = {name: _value(columns[name][row]) for name in _FIELDS}
            apart.append(ApartRow(reason, int(columns[TIME][row]), values))
    return {name: values[~bad] for name, values in columns.items()}


def _value(number: float) -> float | None:
    return float(number) if np.isfinite(number) else None


def _repeats(columns: RawColumns) -> NDArray[np.int64]:
    # 0 first of its time, 1 equal to the first of its time, 2 different from it.
    times = columns[TIME]
    first = np.searchsorted(times, times)
    found: NDArray[np.int64] = (first != np.arange(len(times))).astype(np.int64)
    for name in (*PRICES, "volume"):
        values = np.nan_to_num(columns[name])
        found[(found == 1) & (values != values[first])] = 2
    return found


def _overlaps(times: NDArray[np.int64], name: str) -> Mask:
    # Against the last bar that stays, so that one stray row does not take its neighbours along.
    bad = np.zeros(len(times), bool)
    closes = close_times(times, name)
    suspects = np.flatnonzero(times[1:] < closes[:-1]) + 1
    for row in suspects.tolist():
        before = row - 1
        while before >= 0 and bad[before]:
            before -= 1
        bad[row] = times[row] < closes[before]
        after = row + 1
        while after < len(times) and times[after] < closes[before if bad[row] else row]:
            bad[after] = True
            after += 1
    return bad


def _counted(columns: RawColumns, name: str, flaws: dict[str, int]) -> Candles:
    if not len(columns[TIME]):
        return no_candles(name, Step(1, 0), Step(1, 0))
    price = find_digits([columns[field] for field in PRICES])
    qty = find_digits([columns["volume"], columns["bought"]], VOLUME_DIGITS)
    if price.noisy:
        flaws["noise"] = price.noisy
    if price.rounded:
        flaws["rounded"] = price.rounded
    missing = ~np.isfinite(columns["volume"])
    if missing.any() and not missing.all():
        flaws["no_volume"] = int(missing.sum())
    volume = np.where(missing, 0.0, columns["volume"])
    counts = {field: counts_of(columns[field], price.step) for field in PRICES}
    return Candles(
        name,
        price.step,
        qty.step,
        {
            TIME: columns[TIME].astype(np.int64),
            **counts,
            "volume": counts_of(volume, qty.step),
            "bought": _known_counts(columns["bought"], qty.step),
            "trades": _known_counts(columns["trades"], Step(1, 0)),
        },
    )


def _known_counts(values: NDArray[np.float64], step: Step) -> NDArray[np.int64]:
    known = np.isfinite(values)
    found = np.full(len(values), UNKNOWN, np.int64)
    found[known] = counts_of(values[known], step)
    return found
