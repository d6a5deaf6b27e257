"""A number measured many times: its count, sum and sum of squares, so that parts can be added."""

from collections.abc import Iterable, Mapping
from math import nan, sqrt

import msgspec

_Z = 1.959963984540054


class Measured(msgspec.Struct, frozen=True, array_like=True):
    """count: how often. total, squares: of the values; a yes is 1, a no is 0."""

    count: int = 0
    total: float = 0.0
    squares: float = 0.0

    def __add__(self, other: "Measured") -> "Measured":
        return Measured(
            self.count + other.count, self.total + other.total, self.squares + other.squares
        )

    @property
    def mean(self) -> float:
        """Of the values; the share of yes. NaN before the first."""
        return self.total / self.count if self.count else nan

    @property
    def standard_error(self) -> float:
        """Of the mean: deviation (n - 1) / sqrt(n); NaN for fewer than two values."""
        if self.count < 2:
            return nan
        spread = max(0.0, self.squares - self.count * self.mean**2)
        return sqrt(spread / (self.count - 1) / self.count)

    @property
    def share_interval(self) -> tuple[float, float]:
        """95 % interval of a share, sensible at 0 and 1 too.

        Source: Wilson (1927), JASA 22(158).
        """
        if not self.count:
            return nan, nan
        weight = _Z * _Z / self.count
        middle = (self.mean + weight / 2.0) / (1.0 + weight)
        inside = self.mean * (1.0 - self.mean) / self.count + weight / (4.0 * self.count)
        half = _Z * sqrt(max(0.0, inside)) / (1.0 + weight)
        return max(0.0, middle - half), min(1.0, middle + half)


def of(values: Iterable[float]) -> Measured:
    """The values measured."""
    kept = [float(value) for value in values]
    return Measured(len(kept), sum(kept), sum(value * value for value in kept))


def added(parts: Iterable[Mapping[str, Measured]]) -> dict[str, Measured]:
    """Parts added name by name, in the order in which names first appear."""
    found: dict[str, Measured] = {}
    for part in parts:
        for name, value in part.items():
            found[name] = found.get(name, Measured()) + value
    return found
