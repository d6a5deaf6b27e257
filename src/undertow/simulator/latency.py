"""How long a message takes. Three uses: the feed to us, an order to the venue, a response to us.

Every model has a floor: the least time it can take. The floor of the feed turns our receive times
into the venue's time; the floors of order and response bound how far a driver may run ahead.
"""

from math import exp

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

    def draw(self, stream: SeededStream) -> int:
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

    def draw(self, stream: SeededStream) -> int:
        """The latency of the next message."""
        spread = self.median_ns - self.floor_ns
        return self.floor_ns + int(spread * exp(self.sigma * stream.normal()))


Latency = ConstantLatency | LogNormalLatency
