"""What a vectorised strategy answers: for every bar at once, what it wants at its close."""

import msgspec
import numpy as np
from numpy.typing import ArrayLike, NDArray

from undertow.domain.errors import StrategyFault

_WISHES = ("long_entry", "long_exit", "short_entry", "short_exit")
_LEVELS = ("stop", "target", "size")


class Signals(msgspec.Struct, frozen=True):
    """Columns of one value a bar; what is absent is never wanted.

    long_entry, long_exit, short_entry, short_exit: true where that is wanted at the bar's close;
    an entry counts only while flat, an exit only with such a position, and both entries together
    count as neither. stop, target: prices in quote units of the position entered at that bar, NaN
    for none. size: base units to enter with, NaN leaves it to the stake.
    """

    long_entry: ArrayLike | None = None
    long_exit: ArrayLike | None = None
    short_entry: ArrayLike | None = None
    short_exit: ArrayLike | None = None
    stop: ArrayLike | None = None
    target: ArrayLike | None = None
    size: ArrayLike | None = None

    def wish(self, name: str, bars: int) -> NDArray[np.bool_] | None:
        """A column of wishes, checked; raises `StrategyFault` for another shape or for numbers."""
        given = getattr(self, name)
        if given is None:
            return None
        column = np.asarray(given)
        if column.shape != (bars,) or column.dtype != np.bool_:
            raise StrategyFault(
                f"expected {name} to be {bars} booleans, one a bar, "
                f"found {column.dtype} of shape {column.shape}"
            )
        return np.ascontiguousarray(column)

    def level(self, name: str, bars: int) -> NDArray[np.float64]:
        """A column of numbers, checked, empty when there is none; raises `StrategyFault`."""
        given = getattr(self, name)
        if given is None:
            return np.empty(0)
        try:
            column = np.asarray(given, np.float64)
        except (TypeError, ValueError) as fault:
            raise StrategyFault(f"expected {name} to be numbers, found {fault}") from fault
        if column.shape != (bars,):
            raise StrategyFault(
                f"expected {name} to be {bars} numbers, one a bar, found shape {column.shape}"
            )
        return np.ascontiguousarray(column)

    @staticmethod
    def wishes() -> tuple[str, ...]:
        """Names of the boolean columns."""
        return _WISHES

    @staticmethod
    def levels() -> tuple[str, ...]:
        """Names of the columns of numbers."""
        return _LEVELS
