"""A column of times in any usual form as nanoseconds of UTC.

Numbers: seconds, milli-, micro- or nanoseconds, told apart number by number by size, because one
column can hold two units (Binance's spot archives went to microseconds with 2025). The sizes of
1990 to 2100 do not meet in these units. Texts: ISO dates and times with `T`, blank or nothing
between, `.` or `-` in dates (`2024.01.31 23:00`, `20190125 23:00`), fractions, `Z`, an offset.
"""

import re

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from undertow.domain.errors import DataError

UNITS = (("s", 10**9), ("ms", 10**6), ("us", 10**3), ("ns", 1))
_EARLIEST_S, _LATEST_S = 631_152_000, 4_102_444_800  # 1990 and 2100
_NO_TIME = 9e18
_DATE = re.compile(
    r"(\d{4})[-./]?(\d\d)[-./]?(\d\d)"
    r"(?:[T ]?(\d\d):?(\d\d)(?::?(\d\d)(?:\.(\d{1,9}))?)?)?"
    r"\s*(?:Z|UTC|([+-]\d\d):?(\d\d))?"
)


class TimesFound(msgspec.Struct, frozen=True):
    """Times, the units they were in, and how many were no time of 1990 to 2100 (these are 0)."""

    times_ns: NDArray[np.int64]
    units: tuple[str, ...]
    refused: int = 0


def read_times(column: "pa.Array") -> TimesFound:
    """Read a column; raises `DataError` when nothing in it is a time."""
    kind = column.type
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        # A naive time is taken as UTC.
        wide = column.cast(pa.timestamp("ns", getattr(kind, "tz", None)))
        return _checked(pc.fill_null(wide.cast(pa.int64()), 0).to_numpy(zero_copy_only=False), "ns")
    if pa.types.is_integer(kind):
        return of_numbers(pc.fill_null(column, 0).cast(pa.int64()).to_numpy(zero_copy_only=False))
    if pa.types.is_floating(kind):
        return _of_floats(
            pc.fill_null(column, 0.0).cast(pa.float64()).to_numpy(zero_copy_only=False)
        )
    return _of_texts([str(one) if one is not None else "" for one in column.to_pylist()])


def of_numbers(values: NDArray[np.int64]) -> TimesFound:
    """Whole numbers, each in the unit that puts it between 1990 and 2100."""
    times = np.zeros(len(values), np.int64)
    units: list[str] = []
    for name, scale in UNITS:
        per_s = 10**9 // scale
        inside = (values >= _EARLIEST_S * per_s) & (values < _LATEST_S * per_s)
        if inside.any():
            units.append(name)
            times[inside] = values[inside] * scale
    return _found(times, units)


def _of_floats(values: NDArray[np.float64]) -> TimesFound:
    whole = np.where(np.abs(values) < _NO_TIME, values, 0.0)  # NaN is no time either
    if not (whole % 1).any():
        return of_numbers(whole.astype(np.int64))
    # Fractions of seconds; a float of today's seconds is exact to a quarter of a microsecond.
    inside = (whole >= _EARLIEST_S) & (whole < _LATEST_S)
    times = np.zeros(len(values), np.int64)
    times[inside] = np.rint(whole[inside] * 1e6).astype(np.int64) * 1_000
    return _found(times, ["s"])


def _of_texts(texts: list[str]) -> TimesFound:
    if texts and all(
        text.isdigit() and len(text) >= 10 and not _DATE.fullmatch(text) for text in texts
    ):
        return of_numbers(np.array([int(text) for text in texts], np.int64))
    return _found(np.array([_time(text) for text in texts], np.int64), ["text"])


def _time(text: str) -> int:
    match = _DATE.fullmatch(text.strip())
    if match is None:
        return 0
    year, month, day, hour, minute, second, fraction, off_hours, off_minutes = match.groups()
    try:
        date = np.datetime64(f"{year}-{month}-{day}", "D")
    except ValueError:
        return 0
    seconds = int(date.astype(np.int64)) * 86_400
    seconds += int(hour or 0) * 3_600 + int(minute or 0) * 60 + int(second or 0)
    if off_hours:
        sign = -1 if off_hours[0] == "-" else 1
        seconds -= int(off_hours) * 3_600 + sign * int(off_minutes) * 60
    return seconds * 10**9 + int((fraction or "0").ljust(9, "0"))


def _checked(times: NDArray[np.int64], unit: str) -> TimesFound:
    seconds = times // 10**9
    inside = (seconds >= _EARLIEST_S) & (seconds < _LATEST_S)
    return _found(np.where(inside, times, 0), [unit])


def _found(times: NDArray[np.int64], units: list[str]) -> TimesFound:
    refused = int((times == 0).sum())
    if refused == len(times) and refused:
        raise DataError("expected times of 1990 to 2100, found none in the column")
    return TimesFound(times, tuple(units), refused)
