"""Event times of one market: from the connection's unit to nanoseconds, and the greatest so far."""

from collections.abc import Callable

from undertow.domain.time import NS_PER_DAY
from undertow.venues.refusal import Reason, Refusal

CLOCK_SKEW_NS_MAX = NS_PER_DAY
"""A message whose event time is further than this from its receive time is refused: one wrong
stamp would carry the market's windows and bars away with it.
"""


class EventClock:
    """`last_ns` is the greatest event time stamped so far, 0 before the first; `on_first` is called
    with the first.
    """

    __slots__ = ("last_ns", "on_first", "unit_ns")

    def __init__(self, unit_ns: int, on_first: Callable[[int], None]) -> None:
        self.unit_ns = unit_ns
        self.on_first = on_first
        self.last_ns = 0

    def stamp(self, time: int, receive_time_ns: int) -> int:
        """A time of the venue in nanoseconds; raises `Refusal` when it cannot be true."""
        event_ns = time * self.unit_ns
        if not -CLOCK_SKEW_NS_MAX < receive_time_ns - event_ns < CLOCK_SKEW_NS_MAX:
            raise Refusal(
                Reason.TIME,
                f"expected an event time within a day of {receive_time_ns}, found {event_ns}",
            )
        if event_ns > self.last_ns:
            if not self.last_ns:
                self.on_first(event_ns)
            self.last_ns = event_ns
        return event_ns
