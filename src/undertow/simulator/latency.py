"""How long a message takes. Three uses: the feed to us, an order to the venue, a response to us.

Every model has a floor: the least time it can take. The floor of the feed turns our receive times
into the venue's time; the floors of order and response bound how far a driver may run ahead.
"""

from bisect import bisect_right
from collections.abc import Iterable
from math import exp
from typing import NamedTuple

import msgspec

from undertow.domain.errors import ConfigurationError
from undertow.domain.time import NS_PER_MS
from undertow.simulator.seeded_stream import SeededStream


class ConstantLatency(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="constant"):
    """Always the same time. Wrong in bursts: real queues grow when everybody is in a hurry."""

    latency_ns: int = 20 * NS_PER_MS

    def __post_init__(self) -> None:
        if self.latency_ns < 0:
            raise ConfigurationError(f"expected latency_ns of at least 0, found {self.latency_ns}")

    @property
    def floor_ns(self) -> int:
        """The least latency."""
        return self.latency_ns

    def draw(self, stream: SeededStream, at_ns: int) -> int:
        """The latency of the next message."""
        return self.latency_ns


class LogNormalLatency(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="log_normal"):
    """floor + (median - floor) * exp(sigma * z), z standard normal and independent each time.

    A body around the median and a long right tail, as measured round trips have (BT-07). Wrong
    where delays cluster: consecutive messages share their congestion, these do not.
    """

    floor_ns: int = 5 * NS_PER_MS
    median_ns: int = 20 * NS_PER_MS
    sigma: float = 0.5

    def __post_init__(self) -> None:
        if not 0 <= self.floor_ns <= self.median_ns or not 0 <= self.sigma <= 3:
            raise ConfigurationError(
                "expected 0 <= floor_ns <= median_ns and sigma in 0 .. 3, found "
                f"{self.floor_ns}, {self.median_ns}, {self.sigma}"
            )

    def draw(self, stream: SeededStream, at_ns: int) -> int:
        """The latency of the next message."""
        spread = self.median_ns - self.floor_ns
        return self.floor_ns + int(spread * exp(self.sigma * stream.normal()))


class RecordedLatency(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="recorded"):
    """As it was measured: (time, latency) pairs in order of time.

    Between two measurements the line between them, or with `is_stepwise` the earlier one; before
    the first and after the last those. Wrong where measurements are far apart: bursts between them
    are not in it, and the measured messages were others than ours.
    """

    samples: tuple[tuple[int, int], ...]
    is_stepwise: bool = False

    def __post_init__(self) -> None:
        times = [at_ns for at_ns, _ in self.samples]
        if not times or times != sorted(set(times)) or self.floor_ns < 0:
            raise ConfigurationError(
                "expected (time, latency) samples in order of time with latencies of at least 0, "
                f"found {len(times)} of them"
            )

    @property
    def floor_ns(self) -> int:
        """The least latency measured."""
        return min((value for _, value in self.samples), default=-1)

    def draw(self, stream: SeededStream, at_ns: int) -> int:
        """The latency of a message sent at that time."""
        place = bisect_right(self.samples, at_ns, key=lambda pair: pair[0])
        if place == 0:
            return self.samples[0][1]
        then_ns, before = self.samples[place - 1]
        if self.is_stepwise or place == len(self.samples):
            return before
        next_ns, after = self.samples[place]
        return before + (after - before) * (at_ns - then_ns) // (next_ns - then_ns)


class SampledLatency(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="sampled"):
    """One of the measured latencies, each as likely, drawn afresh for each message.

    The distribution is real, its order in time is not: delays that came in clusters are scattered.
    """

    values_ns: tuple[int, ...]

    def __post_init__(self) -> None:
        if self.floor_ns < 0:
            raise ConfigurationError("expected at least one latency, none below 0")

    @property
    def floor_ns(self) -> int:
        """The least latency measured."""
        return min(self.values_ns, default=-1)

    def draw(self, stream: SeededStream, at_ns: int) -> int:
        """The latency of the next message."""
        return self.values_ns[stream.below(len(self.values_ns))]


Latency = ConstantLatency | LogNormalLatency | RecordedLatency | SampledLatency


class MeasuredLatencies(NamedTuple):
    """Models of the three ways, from one table of measurements."""

    feed: RecordedLatency
    order: RecordedLatency
    response: RecordedLatency


def measured_latencies(
    rows: Iterable[tuple[int, int, int, int]], *, is_stepwise: bool = False
) -> MeasuredLatencies:
    """Models from rows of (time, feed, order, response), nanoseconds, in order of time."""
    table = list(rows)
    return MeasuredLatencies(
        *(
            RecordedLatency(tuple((row[0], row[way]) for row in table), is_stepwise)
            for way in (1, 2, 3)
        )
    )
