"""Limits of requests over sliding windows: spending waits until every limit allows it.

A venue may count more than we know of (other programs on the same address): `learn` takes over
what its answers say.
"""

from collections import deque
from collections.abc import Mapping

from undertow.domain.errors import ConfigurationError
from undertow.domain.time import NS_PER_S
from undertow.wire.pace import Pace


class RequestBudget:
    """limits: units allowed within so many seconds, by name. Names without a limit are free."""

    def __init__(self, limits: Mapping[str, tuple[int, float]], pace: Pace) -> None:
        for name, (units, seconds) in limits.items():
            if units < 1 or not seconds > 0:
                raise ConfigurationError(f"expected a limit of {name} above 0, found {units}")
        self._limits = dict(limits)
        self._pace = pace
        self._spent: dict[str, deque[tuple[int, int]]] = {name: deque() for name in limits}
        self.waited_s = 0.0

    def spend(self, charges: Mapping[str, int]) -> None:
        """Wait until all charges fit, then count them; one larger than its limit raises."""
        for name, units in charges.items():
            if name in self._limits and units > self._limits[name][0]:
                raise ConfigurationError(
                    f"expected a charge within the limit of {self._limits[name][0]} {name}, "
                    f"found {units}"
                )
        while (wait_s := self._wait_s(charges)) > 0:
            self.waited_s += wait_s
            self._pace.wait(wait_s)
        now = self._pace.now_ns()
        for name, units in charges.items():
            if name in self._spent:
                self._spent[name].append((now, units))

    def learn(self, name: str, used: int) -> None:
        """Take over a count that the venue told, when it is more than ours."""
        if name in self._limits:
            more = used - self.used(name)
            if more > 0:
                self._spent[name].append((self._pace.now_ns(), more))

    def used(self, name: str) -> int:
        """Units spent within the window that ends now."""
        self._forget(name)
        return sum(units for _, units in self._spent[name])

    def _forget(self, name: str) -> None:
        spent, window_ns = self._spent[name], round(self._limits[name][1] * NS_PER_S)
        while spent and spent[0][0] <= self._pace.now_ns() - window_ns:
            spent.popleft()

    def _wait_s(self, charges: Mapping[str, int]) -> float:
        # Until the oldest spending that must be forgotten is out of its window.
        longest = 0.0
        for name, units in charges.items():
            if name not in self._limits:
                continue
            limit, seconds = self._limits[name]
            over = self.used(name) + units - limit
            for at, spent in self._spent[name]:
                if over <= 0:
                    break
                over -= spent
                left = at + round(seconds * NS_PER_S) - self._pace.now_ns()
                longest = max(longest, left / NS_PER_S)
        return longest
