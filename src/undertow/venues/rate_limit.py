"""A venue's rate limits as data: what a request costs, and which counters it is charged to.

Nothing here counts or waits; a limiter reads these.
"""

import msgspec

from undertow.domain.errors import ConfigurationError


class RateLimit(msgspec.Struct, frozen=True, gc=False):
    """At most `limit` units within any `interval_s` seconds."""

    limit_id: str
    limit: int
    interval_s: int


class LinkedLimit(msgspec.Struct, frozen=True, gc=False):
    """A counter that a request is charged to, and by how much."""

    limit_id: str
    weight: int


class RequestCost(msgspec.Struct, frozen=True):
    """What a request costs. Where the cost depends on a size (rows asked for), `steps` holds
    `(largest size, weight)` ascending and replaces the weight on `sized_limit_id`.
    """

    request: str
    charges: tuple[LinkedLimit, ...]
    sized_limit_id: str = ""
    steps: tuple[tuple[int, int], ...] = ()

    def charges_for(self, size: int = 0) -> tuple[LinkedLimit, ...]:
        """The charges of a request of that size; raises `ConfigurationError` beyond the largest."""
        if not self.steps:
            return self.charges
        for largest, weight in self.steps:
            if size <= largest:
                return (LinkedLimit(self.sized_limit_id, weight), *self.charges)
        raise ConfigurationError(
            f"expected at most {self.steps[-1][0]} rows for {self.request}, found {size}"
        )
