"""Lengths of time and speeds as people write them: 60s, 10m, 2h; 10, max."""

import re

from undertow.domain.errors import ConfigurationError

MAX_SPEED = "max"
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3_600, "d": 86_400}


def seconds_of(text: str) -> float:
    """The seconds of a length such as `90`, `60s`, `10m`, `1.5h`; raises `ConfigurationError`."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([smhd]?)", text.strip())
    if match is None or float(match[1]) <= 0:
        raise ConfigurationError(
            f"expected a length of time such as 60s, 10m or 2h, found {text!r}"
        )
    return float(match[1]) * _UNITS[match[2]]


def speed_of(written: str | float) -> float | None:
    """A speed as a number of market seconds per wall second; None for "max"."""
    if written == MAX_SPEED:
        return None
    try:
        speed = float(written)
    except ValueError:
        speed = 0.0
    if not 0 < speed < 1e6:
        raise ConfigurationError(f'expected a speed above 0 or "max", found {written!r}')
    return speed
