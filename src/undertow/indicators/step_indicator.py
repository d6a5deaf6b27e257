"""An indicator that is one step function: interpreted bar by bar, compiled over columns."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from math import isfinite, nan
from typing import ClassVar, Self

import msgspec
import numpy as np

from undertow.domain.errors import CallerError, SnapshotCorrupt, UnknownNameError
from undertow.domain.suggestion import did_you_mean
from undertow.indicators.indicator import Column, Parameter

_VERSION = 1


class StepIndicator(ABC):
    """Keeps the state tuple, the slots of the step function and the current outputs.

    A subclass says how one bar advances them (`_advance`) and how the kernel runs over columns
    from its start state (`_run`).
    """

    name: ClassVar[str]
    summary: ClassVar[str]
    source: ClassVar[str]
    parameters: ClassVar[tuple[Parameter, ...]]
    inputs: ClassVar[tuple[str, ...]] = ("close",)
    outputs: ClassVar[tuple[str, ...]] = ("value",)

    def __init__(self, warmup: int, **settings: float) -> None:
        self._warmup = warmup
        self._settings = settings
        self._state: tuple[float, ...] = ()
        self._slots: list[list[float]] = []
        self._outputs: tuple[float, ...] = (nan,) * len(self.outputs)

    def __repr__(self) -> str:
        inside = ", ".join(f"{key}={value}" for key, value in self._settings.items())
        return f"{type(self).__name__}({inside})"

    @abstractmethod
    def _advance(self, values: tuple[float, ...]) -> None:
        """Take one bar of finite inputs."""

    @abstractmethod
    def _run(self, columns: tuple[Column, ...], out: Column) -> None:
        """Fill `out`, shape (outputs, n), from the start state; finite contiguous columns."""

    def _try_whole(self, columns: tuple[Column, ...], out: Column) -> bool:
        """Fill `out` without having looked for numbers that are not finite; False = not done."""
        return False

    @property
    def warmup(self) -> int:
        """Updates before the first that can answer."""
        return self._warmup

    @property
    def settings(self) -> Mapping[str, float]:
        """The parameters it was made with."""
        return self._settings

    def fresh(self) -> Self:
        """A new one with the same parameters that has seen nothing."""
        make: Callable[..., Self] = type(self)
        return make(**self._settings)

    def update(self, *values: float) -> float:
        """Take one bar's inputs, in the order of `inputs`; the first output, or NaN."""
        if len(values) != len(self.inputs):
            raise CallerError(f"expected {self.name} of {self.inputs}, found {len(values)} values")
        for value in values:
            if type(value) is not float:  # a numpy scalar would slow and spoil the state
                return self.update(*map(float, values))
            if not isfinite(value):
                return nan
        self._advance(values)
        return self._outputs[0]

    def value(self, output: str = "value") -> float:
        """An output as of the last observation; raises `UnknownNameError`."""
        if output not in self.outputs:
            raise UnknownNameError(
                f"expected an output of {self.name}, found {output!r};"
                f"{did_you_mean(output, self.outputs)}"
            )
        return self._outputs[self.outputs.index(output)]

    def batch(self, *columns: Column) -> dict[str, Column]:
        """Every output for whole columns, from a fresh start: the bits that updates would give."""
        if len(columns) != len(self.inputs) or len({len(column) for column in columns}) != 1:
            found = [len(column) for column in columns]
            raise CallerError(
                f"expected {self.name} of columns {self.inputs} of one length, found {found}"
            )
        # Writable, since a read-only array is another type and would compile everything anew.
        arrays = tuple(np.require(column, np.float64, ("C", "W")) for column in columns)
        out = np.empty((len(self.outputs), len(arrays[0])))
        if self._try_whole(arrays, out):
            return dict(zip(self.outputs, out, strict=True))
        if _is_finite(arrays):
            self._run(arrays, out)
        else:
            finite = np.logical_and.reduce([np.isfinite(array) for array in arrays])
            dense = np.empty((len(self.outputs), int(finite.sum())))
            self._run(tuple(array[finite] for array in arrays), dense)
            out = np.full((len(self.outputs), len(finite)), nan)
            out[:, finite] = dense
        return dict(zip(self.outputs, out, strict=True))

    def dump(self) -> bytes:
        """The state, exactly."""
        parts = (_VERSION, self.name, self._settings, self._state, self._slots, self._outputs)
        return msgspec.msgpack.encode(parts)

    def load(self, data: bytes) -> None:
        """Go on from a dumped state; raises `SnapshotCorrupt` when it is of another indicator."""
        try:
            version, name, settings, state, slots, outputs = msgspec.msgpack.decode(data)
        except (msgspec.DecodeError, TypeError, ValueError) as fault:
            raise SnapshotCorrupt(f"expected a state of {self!r}, found {fault}") from fault
        if (version, name, settings) != (_VERSION, self.name, self._settings):
            raise SnapshotCorrupt(
                f"expected version {_VERSION} of {self!r}, found version {version} of {name} "
                f"with {settings}"
            )
        self._state, self._slots, self._outputs = tuple(state), slots, tuple(outputs)


def _is_finite(columns: tuple[Column, ...]) -> bool:
    # A sum is quicker than a look at every number; where it overflows the slow way is taken.
    with np.errstate(all="ignore"):
        return all(isfinite(column.sum()) for column in columns)
