"""New York's offset and market hours against the standard library's time zones."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from undertow.storage.catalog.pair_name import symbol_of
from undertow.storage.checks.market_hours import hours_of, is_open, new_york_offset_ns, week_opens
from undertow.storage.layouts.source_series import instrument_of

NEW_YORK = ZoneInfo("America/New_York")
HOUR = 3_600 * 10**9


def local(time_ns: int) -> datetime:
    return datetime.fromtimestamp(time_ns // 10**9, UTC).astimezone(NEW_YORK)


def test_offset_since_2007() -> None:
    times = np.random.default_rng(2).integers(1_175_000_000, 1_900_000_000, 3_000) * 10**9
    for time, offset in zip(times.tolist(), new_york_offset_ns(times).tolist(), strict=True):
        wanted = local(time).utcoffset()
        assert wanted is not None
        assert offset == wanted.total_seconds() * 10**9


def test_the_week_opens_on_sundays_at_17() -> None:
    times = np.random.default_rng(3).integers(1_200_000_000, 1_900_000_000, 2_000) * 10**9
    for hours, clock in (("forex", 17), ("metal", 18)):
        opens = week_opens(times, hours)
        assert (np.abs(opens - times) <= 85 * HOUR).all()
        for at in opens.tolist():
            assert (local(at).weekday(), local(at).hour, local(at).minute) == (6, clock, 0)


@pytest.mark.parametrize(
    ("hours", "stamp", "expected"),
    [
        ("forex", "2024-01-05T21:59", True),  # Friday before 17:00 in New York's winter
        ("forex", "2024-01-05T22:00", False),
        ("forex", "2024-07-05T21:00", False),
        ("forex", "2024-01-07T21:59", False),
        ("forex", "2024-01-07T22:00", True),
        ("forex", "2024-01-10T22:30", True),
        ("metal", "2024-01-10T22:30", False),
        ("metal", "2024-01-10T23:00", True),
        ("metal", "2024-01-07T22:30", False),
        ("equity", "2024-01-10T14:29", False),
        ("equity", "2024-01-10T14:30", True),
        ("equity", "2024-07-10T13:30", True),
        ("equity", "2024-01-06T15:00", False),
        ("crypto", "2024-01-06T15:00", True),
    ],
)
def test_hours(hours: str, stamp: str, expected: bool) -> None:
    times = np.array([np.datetime64(stamp, "ns").astype(np.int64)])
    assert bool(is_open(times, hours)[0]) is expected


def test_hours_of_instruments() -> None:
    pairs = (("EUR/USD", "x"), ("XAU/USD", "x"), ("BTC/USD", "x"), ("SPY/USD", "usa"))
    found = [hours_of(instrument_of(symbol_of(pair), venue)) for pair, venue in pairs]
    assert found == ["forex", "metal", "crypto", "equity"]
