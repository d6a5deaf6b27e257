"""Time is an integer count of nanoseconds since 1970-01-01 UTC; names end in `_ns`."""

from datetime import UTC, datetime

NS_PER_US = 1_000
NS_PER_MS = 1_000_000
NS_PER_S = 1_000_000_000
NS_PER_MINUTE = 60 * NS_PER_S
NS_PER_HOUR = 60 * NS_PER_MINUTE
NS_PER_DAY = 24 * NS_PER_HOUR


def utc_text(time_ns: int) -> str:
    """Format a time as ISO 8601 UTC with nanoseconds, e.g. `2024-08-08T23:54:13.937085768Z`."""
    seconds, nanos = divmod(time_ns, NS_PER_S)
    stamp = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{stamp}.{nanos:09d}Z"


def utc_day(time_ns: int) -> int:
    """Number of the UTC day, counted from 1970-01-01; the daily ladder resets when it changes."""
    return time_ns // NS_PER_DAY
