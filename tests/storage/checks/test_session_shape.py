"""Generated weeks of forex, stamped rightly and wrongly; the shift that was made must be named."""

import numpy as np
import pytest
from numpy.typing import NDArray

from undertow.storage.checks.finding import Severity
from undertow.storage.checks.market_hours import is_open, new_york_offset_ns
from undertow.storage.checks.session_shape import check_time_zone, stamp_shift
from undertow.storage.layouts.time_zone import to_utc

HOUR = 3_600 * 10**9
START = 1_672_531_200 * 10**9  # 2023-01-01

Times = NDArray[np.int64]


def bars(hours: str, length: int, days: int = 360) -> Times:
    """Open times of the bars that have a moment of trading in them, in UTC."""
    minutes = START + np.arange(days * 1_440) * 60 * 10**9
    traded = minutes[is_open(minutes, hours)]
    return np.unique(traded // length * length)


def stamped(times: Times, zone: str) -> Times:
    """What the clocks of a zone show: the inverse of `to_utc`, by two rounds."""
    shown = times.copy()
    for _ in range(2):
        shown += times - to_utc(shown, zone)
    return shown


def zone_of(times: Times, length: int, hours: str) -> str:
    shift = stamp_shift(times, length, hours)
    return "" if shift.is_none else shift.zone


@pytest.mark.parametrize("hours", ["forex", "metal", "equity"])
@pytest.mark.parametrize("minutes", [1, 5, 60])
def test_utc_is_left_alone(hours: str, minutes: int) -> None:
    length = minutes * 60 * 10**9
    times = bars(hours, length)
    assert stamp_shift(times, length, hours).is_none
    assert check_time_zone(stamp_shift(times, length, hours), hours) == []


@pytest.mark.parametrize("hours", ["forex", "metal"])
def test_four_hours_of_utc_are_left_alone(hours: str) -> None:
    assert zone_of(bars(hours, 4 * HOUR), 4 * HOUR, hours) == ""


@pytest.mark.parametrize(
    ("zone", "said"),
    [("EST", "-05:00"), ("+02:00", "+02:00"), ("+05:30", "+05:30"), ("NewYork+7h", "NewYork+7h")],
)
@pytest.mark.parametrize("minutes", [1, 30])
def test_other_zones_are_named(zone: str, said: str, minutes: int) -> None:
    length = minutes * 60 * 10**9
    for hours in ("forex", "equity"):
        times = stamped(bars(hours, length), zone)
        assert zone_of(times, length, hours) == said
        (finding,) = check_time_zone(stamp_shift(times, length, hours), hours)
        assert (finding.kind, finding.severity) == ("time_zone", Severity.BAD)
        assert f"--timezone {said}" in finding.text


def test_the_shift_undone_is_utc() -> None:
    length = 60 * 60 * 10**9
    for zone in ("EST", "NewYork+7h"):
        times = bars("forex", length)
        shown = stamped(times, zone)
        assert stamp_shift(shown, length, "forex").utc(shown).tolist() == times.tolist()


def test_server_time_in_bars_of_four_hours() -> None:
    # Bars that are cut by the server's own clock, as MT5 does.
    local = np.unique(stamped(bars("forex", 60 * 10**9), "NewYork+7h") // (4 * HOUR)) * 4 * HOUR
    assert zone_of(local, 4 * HOUR, "forex") == "NewYork+7h"


def test_one_weekend_is_enough_and_holidays_are_outvoted() -> None:
    length = 60 * 10**9
    assert zone_of(stamped(bars("forex", length, 9), "EST"), length, "forex") == "-05:00"
    times = bars("forex", length)
    late = times[(times < START + 100 * 24 * HOUR) | (times > START + 101 * 24 * HOUR)]
    assert zone_of(late, length, "forex") == ""


def test_quotes_before_the_opening_do_not_confuse() -> None:
    # A broker that quotes from three hours before the opening, in EST.
    length = 60 * 10**9
    times = stamped(bars("forex", length), "EST")
    opens = times[1:][np.diff(times) > 24 * HOUR]
    early = np.concatenate([times, *(opens - n * length for n in range(1, 181))])
    assert zone_of(np.sort(early), length, "forex") == "-05:00"


def test_what_cannot_be_told() -> None:
    always = START + np.arange(50_000) * 60 * 10**9
    assert stamp_shift(always, 60 * 10**9, "crypto").is_none
    assert stamp_shift(always, 60 * 10**9, "forex").is_none
    daily = bars("forex", 24 * HOUR)
    assert stamp_shift(daily, 24 * HOUR, "forex").is_none
    assert stamp_shift(daily[:1], 24 * HOUR, "forex").is_none
    assert (new_york_offset_ns(daily) < 0).all()
