"""Times in every unit and form; the twin is the standard library's own parser."""

from datetime import datetime, timedelta, timezone

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from undertow.domain.errors import DataError
from undertow.storage.layouts.time_column import read_times

SECOND = 1_704_110_400  # 2024-01-01 12:00


@given(st.integers(631_152_000, 4_102_444_799), st.sampled_from([1, 10**3, 10**6, 10**9]))
def test_units_are_told_by_size(seconds: int, scale: int) -> None:
    found = read_times(pa.array([seconds * scale]))
    assert found.times_ns.tolist() == [seconds * 10**9]


def test_one_column_may_change_its_unit() -> None:
    found = read_times(pa.array([SECOND * 10**3, (SECOND + 60) * 10**6]))
    assert found.times_ns.tolist() == [SECOND * 10**9, (SECOND + 60) * 10**9]
    assert found.units == ("ms", "us")


@given(st.integers(631_238_400, 4_102_272_000), st.integers(0, 999_999), st.integers(-12, 12))
def test_texts_are_read_as_the_standard_library_does(second: int, micro: int, hours: int) -> None:
    there = datetime.fromtimestamp(second, timezone(timedelta(hours=hours)))
    there = there.replace(microsecond=micro)
    at = second * 10**9 + micro * 1_000
    whole = at // 10**9 * 10**9
    texts = [there.isoformat(), there.isoformat(" "), there.strftime("%Y%m%d %H:%M:%S%z")]
    found = read_times(pa.array(texts)).times_ns.tolist()
    assert found == [at, at, whole]


@pytest.mark.parametrize(
    "text",
    ["2024.01.01 12:00", "20240101 12:00", "2024-01-01T12:00:00Z", "2024-01-01 12:00:00.000 UTC",
     "2024-01-01T13:30:00+01:30", "2024-01-01T10:30:00-01:30", str(SECOND), str(SECOND * 1000)],
)  # fmt: skip
def test_forms_of_one_moment(text: str) -> None:
    assert read_times(pa.array([text])).times_ns.tolist() == [SECOND * 10**9]


def test_arrow_types_and_fractions() -> None:
    stamp = pa.array([SECOND * 10**3], pa.timestamp("ms", "America/New_York"))
    assert read_times(stamp).times_ns.tolist() == [SECOND * 10**9]
    assert read_times(pa.array([SECOND + 0.25])).times_ns.tolist() == [SECOND * 10**9 + 250_000_000]
    assert read_times(pa.array([19_723], pa.date32())).times_ns.tolist() == [
        19_723 * 86_400 * 10**9
    ]
    assert read_times(pa.array([float(SECOND)])).times_ns.tolist() == [SECOND * 10**9]


def test_what_is_no_time_is_0_and_counted() -> None:
    found = read_times(pa.array([SECOND, None, 7]))
    assert (found.times_ns.tolist(), found.refused) == ([SECOND * 10**9, 0, 0], 2)
    assert read_times(pa.array(["2024-13-01", "2024-01-01"])).refused == 1
    with pytest.raises(DataError, match="1990 to 2100"):
        read_times(pa.array([1, 2, 3]))
    assert len(read_times(pa.array([], pa.int64())).times_ns) == 0
    assert np.array(read_times(pa.array([0.5, SECOND + 0.5])).times_ns)[0] == 0
