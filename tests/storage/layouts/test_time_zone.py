"""Local stamps to UTC, against the standard library hour by hour over two years."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from undertow.domain.errors import ConfigurationError
from undertow.storage.layouts.time_zone import to_utc

HOUR = 3_600 * 10**9
STAMPS = np.arange(1_672_531_200, 1_735_689_600, 1_800) * 10**9


@pytest.mark.parametrize("name", ["America/New_York", "Europe/Athens", "Asia/Kolkata"])
def test_places(name: str) -> None:
    found = to_utc(STAMPS, name).tolist()
    for stamp, at in list(zip(STAMPS.tolist(), found, strict=True))[::7]:
        local = datetime.fromtimestamp(stamp // 10**9, UTC).replace(tzinfo=ZoneInfo(name))
        assert at == int(local.timestamp()) * 10**9


def test_fixed_offsets() -> None:
    one = np.array([10 * HOUR])
    zones = ("UTC", "EST", "-05:00", "+0530", "+2")
    assert [int(to_utc(one, zone)[0]) / HOUR for zone in zones] == [10, 15, 15, 4.5, 8]


def test_the_server_time_of_brokers() -> None:
    # A day of the server that ends with New York's at 17:00: midnight there is 22:00 or 21:00 UTC.
    winter, summer = (
        np.array([np.datetime64(day, "ns").astype(np.int64)])
        for day in ("2024-01-09", "2024-07-09")
    )
    assert int((winter - to_utc(winter, "NewYork+7h"))[0]) == 2 * HOUR
    assert int((summer - to_utc(summer, "NewYork+7h"))[0]) == 3 * HOUR


def test_unknown_zones() -> None:
    for zone in ("Mars/Olympus", "NewYork7", "../etc"):
        with pytest.raises(ConfigurationError, match="expected a time zone"):
            to_utc(STAMPS[:1], zone)
    assert len(to_utc(STAMPS[:0], "Europe/Athens")) == 0
