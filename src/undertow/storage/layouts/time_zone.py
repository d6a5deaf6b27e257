"""Time zones of stamps: from the local time of a place to UTC.

A zone is `UTC`, `EST` (UTC-5 all year), an offset such as `-05:00`, a name such as
`America/New_York` or `Europe/Athens`, or `NewYork+7h`: New York's time plus whole hours, the server
time of brokers whose day ends with New York's, in its daylight saving too. In the hour that occurs
twice in autumn the first one is meant.
"""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
from numpy.typing import NDArray

from undertow.domain.errors import ConfigurationError
from undertow.domain.time import NS_PER_HOUR, NS_PER_MINUTE, NS_PER_S

Times = NDArray[np.int64]

_OFFSET = re.compile(r"([+-])(\d\d?):?(\d\d)?")
_NEW_YORK = re.compile(r"NewYork([+-]\d\d?)h")
_FIXED = {"UTC": 0, "GMT": 0, "EST": -5}


def to_utc(stamps_ns: Times, zone: str) -> Times:
    """UTC times of local stamps; raises `ConfigurationError` for an unknown zone."""
    offset = _OFFSET.fullmatch(zone)
    if zone in _FIXED:
        return stamps_ns - _FIXED[zone] * NS_PER_HOUR
    if offset:
        size = int(offset[2]) * NS_PER_HOUR + int(offset[3] or 0) * NS_PER_MINUTE
        return stamps_ns - size if offset[1] == "+" else stamps_ns + size
    new_york = _NEW_YORK.fullmatch(zone)
    if new_york:
        return _of_place(stamps_ns - int(new_york[1]) * NS_PER_HOUR, "America/New_York")
    return _of_place(stamps_ns, zone)


def _of_place(stamps_ns: Times, name: str) -> Times:
    try:
        place = ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ConfigurationError(
            f"expected a time zone such as UTC, EST, -05:00, America/New_York or NewYork+7h, "
            f"found {name!r}"
        ) from error
    # Offsets change on whole quarters of an hour: one look a quarter is enough.
    quarters, place_of = np.unique(stamps_ns // (15 * NS_PER_MINUTE), return_inverse=True)
    offsets = np.array([_offset_ns(int(one) * 900, place) for one in quarters], np.int64)
    found: Times = stamps_ns - offsets[place_of] if len(quarters) else stamps_ns
    return found


def _offset_ns(local_s: int, place: ZoneInfo) -> int:
    local = datetime.fromtimestamp(local_s, UTC).replace(tzinfo=place)
    offset = local.utcoffset()
    assert offset is not None
    return round(offset.total_seconds()) * NS_PER_S
