"""What every indicator offers: a streaming face, a batch face and its own description."""

from collections.abc import Mapping
from math import inf
from typing import Protocol, Self

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.domain.errors import ConfigurationError

Column = NDArray[np.float64]
"""One number per bar, oldest first."""


class Parameter(msgspec.Struct, frozen=True):
    """One parameter: its name, default, meaning with units, and the values it may have.

    A whole default asks for whole values.
    """

    name: str
    default: float
    text: str
    least: float = 1
    most: float = inf


class Indicator(Protocol):
    """Numbers in, one per bar and input, closed bars only; numbers out.

    An output is NaN until it is defined and wherever the input leaves it undefined, never a
    stand-in. An update with a number that is not finite is no observation: it changes nothing
    and answers NaN.
    """

    @property
    def name(self) -> str:
        """Its name in the registry."""
        ...

    @property
    def inputs(self) -> tuple[str, ...]:
        """Columns of a bar it takes, e.g. `("high", "low", "close")`."""
        ...

    @property
    def outputs(self) -> tuple[str, ...]:
        """Its outputs; the first is always `value`."""
        ...

    @property
    def warmup(self) -> int:
        """Updates before the first that can answer; the next one answers."""
        ...

    def fresh(self) -> Self:
        """A new one with the same parameters that has seen nothing."""
        ...

    def update(self, *values: float) -> float:
        """Take one bar's inputs, in the order of `inputs`; the first output, or NaN."""
        ...

    def value(self, output: str = "value") -> float:
        """An output as of the last observation."""
        ...

    def batch(self, *columns: Column) -> Mapping[str, Column]:
        """Every output for whole columns, from a fresh start: the bits that updates would give."""
        ...

    def dump(self) -> bytes:
        """The state, exactly."""
        ...

    def load(self, data: bytes) -> None:
        """Go on from a dumped state; raises `SnapshotCorrupt` when it is of another indicator."""
        ...


def whole_at_least(owner: str, name: str, value: int, least: int) -> int:
    """`value` when it is a whole number >= `least`, else `ConfigurationError`."""
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise ConfigurationError(
            f"expected {owner} {name} to be a whole number of at least {least}, found {value!r}"
        )
    return value
