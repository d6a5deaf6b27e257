"""A stretch of time as users write it: `20240101-20240201`, open ends, `T1200`, epochs, days.

Times are UTC. The start belongs to the stretch, the end does not: `20240101-20240201` is January.
A time is `YYYYMMDD`, `YYYYMMDDTHHMM[SS]`, 10 digits of epoch seconds or 13 of milliseconds.
"""

import re
from datetime import UTC, datetime

import msgspec

from undertow.domain.errors import ConfigurationError
from undertow.domain.time import NS_PER_DAY, NS_PER_MS, NS_PER_S

ENDLESS_NS = (1 << 63) - 1

_TIME = r"(\d{8}(?:T\d{4}(?:\d{2})?)?|\d{10}|\d{13})?"
_RANGE = re.compile(rf"{_TIME}-{_TIME}")
_FORMS = {8: "%Y%m%d", 13: "%Y%m%dT%H%M", 15: "%Y%m%dT%H%M%S"}


class TimeRange(msgspec.Struct, frozen=True):
    """[start_ns, stop_ns); `ALL_TIME` is without ends."""

    start_ns: int = 0
    stop_ns: int = ENDLESS_NS

    def __post_init__(self) -> None:
        if self.start_ns >= self.stop_ns:
            raise ConfigurationError("expected a time range that ends after it starts")

    @classmethod
    def parse(cls, text: str) -> "TimeRange":
        """From text; empty is all time. Raises `ConfigurationError` with the expected forms."""
        if not text.strip():
            return ALL_TIME
        match = _RANGE.fullmatch(text.strip())
        if match is None or not (match[1] or match[2]):
            raise ConfigurationError(
                "expected a time range such as 20240101-20240201, 20240101-, -20240201, "
                f"20240101T1200-20240102 or epoch seconds or milliseconds, found {text!r}"
            )
        start = _time_ns(match[1]) if match[1] else 0
        stop = _time_ns(match[2]) if match[2] else ENDLESS_NS
        if start >= stop:
            raise ConfigurationError(f"expected a time range that ends after it starts: {text!r}")
        return cls(start, stop)

    def last_days(self, days: float, end_ns: int) -> "TimeRange":
        """The last `days` before its own end, or before `end_ns` where it has none."""
        if not days > 0:
            raise ConfigurationError(f"expected days above 0, found {days:g}")
        stop = min(self.stop_ns, end_ns)
        return TimeRange(max(self.start_ns, stop - round(days * NS_PER_DAY), 0), stop)

    @property
    def text(self) -> str:
        """As it would be written, to the second; empty for all time."""
        if self == ALL_TIME:
            return ""
        start = _text(self.start_ns) if self.start_ns else ""
        return f"{start}-{_text(self.stop_ns) if self.stop_ns < ENDLESS_NS else ''}"


ALL_TIME = TimeRange()


def _time_ns(text: str) -> int:
    if text.isdigit() and len(text) > 8:
        return int(text) * (NS_PER_S if len(text) == 10 else NS_PER_MS)
    try:
        moment = datetime.strptime(text, _FORMS[len(text)]).replace(tzinfo=UTC)
    except ValueError as error:
        raise ConfigurationError(f"expected a date such as 20240131, found {text!r}") from error
    return int(moment.timestamp()) * NS_PER_S


def _text(time_ns: int) -> str:
    moment = datetime.fromtimestamp(time_ns // NS_PER_S, UTC)
    return f"{moment:%Y%m%d}" if time_ns % NS_PER_DAY == 0 else f"{moment:%Y%m%dT%H%M%S}"
