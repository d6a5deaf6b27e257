"""Expected nanoseconds are of the dates as written, in UTC."""

import pytest

from undertow.domain.errors import ConfigurationError
from undertow.storage.catalog.time_range import ALL_TIME, ENDLESS_NS, TimeRange

JANUARY_S, FEBRUARY_S = 1_704_067_200, 1_706_745_600


@pytest.mark.parametrize(
    ("text", "start_s", "stop_s"),
    [
        ("20240101-20240201", JANUARY_S, FEBRUARY_S),
        ("20240101T1200-20240201", JANUARY_S + 43_200, FEBRUARY_S),
        ("20240101T120030-20240201T0000", JANUARY_S + 43_230, FEBRUARY_S),
        (f"{JANUARY_S}-{FEBRUARY_S}", JANUARY_S, FEBRUARY_S),
        (f"{JANUARY_S}000-{FEBRUARY_S}000", JANUARY_S, FEBRUARY_S),
    ],
)
def test_forms(text: str, start_s: int, stop_s: int) -> None:
    assert TimeRange.parse(text) == TimeRange(start_s * 10**9, stop_s * 10**9)


def test_open_ends() -> None:
    assert TimeRange.parse("20240101-") == TimeRange(JANUARY_S * 10**9, ENDLESS_NS)
    assert TimeRange.parse("-20240201") == TimeRange(0, FEBRUARY_S * 10**9)
    assert TimeRange.parse(" ") == ALL_TIME
    assert [TimeRange.parse(text).text for text in ("20240101-", "-20240201T0130", "")] == [
        "20240101-", "-20240201T013000", "",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["-", "20240101", "20240230-", "20240201-20240101", "x-y", "1-2"])
def test_what_is_no_range_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError, match="expected a"):
        TimeRange.parse(text)


def test_the_last_days() -> None:
    day = 86_400 * 10**9
    assert ALL_TIME.last_days(2, 10 * day) == TimeRange(8 * day, 10 * day)
    assert TimeRange(9 * day, 20 * day).last_days(2, 10 * day) == TimeRange(9 * day, 10 * day)
    with pytest.raises(ConfigurationError, match="above 0"):
        ALL_TIME.last_days(0, day)
