"""An indicator declared as a compiled step with its constants: both faces run the same code."""

import ctypes
from abc import abstractmethod
from collections.abc import Callable
from math import isfinite, nan
from typing import Any, ClassVar

import msgspec
import numpy as np

from undertow.domain.errors import ConfigurationError, SnapshotCorrupt
from undertow.domain.suggestion import did_you_mean
from undertow.indicators.indicator import Column, Parameter
from undertow.indicators.step_indicator import StepIndicator
from undertow.kernels.step import Step, pointer


class Plan(msgspec.Struct, frozen=True):
    """What parameters come to: warm-up in bars, how many numbers of state, the constants `p`."""

    warmup: int
    size: int
    constants: tuple[float, ...]


class CompiledIndicator(StepIndicator):
    """A subclass declares its names, its `step`, and `plan`, which turns parameters into constants.

    Parameters are taken by name or in their declared order. One whose default is a whole number
    must be whole; all must lie within their declared limits.
    """

    step: ClassVar[Step]

    @classmethod
    @abstractmethod
    def plan(cls, *values: Any, **settings: Any) -> Plan:
        """The plan for checked parameters, given by name; raises `ConfigurationError` where they
        clash.
        """

    def __init__(self, *values: float, **settings: float) -> None:
        chosen = checked_settings(self.name, self.parameters, values, settings)
        plan = type(self).plan(**chosen)
        super().__init__(plan.warmup, **chosen)
        self._constants = np.array(plan.constants or (0.0,), np.float64)
        self._memory = np.zeros(max(plan.size, 1))
        self._input = np.zeros(len(self.inputs))
        self._output = np.full(len(self.outputs), nan)
        arrays = (self._input, self._constants, self._memory, self._output)
        self._pointers = tuple(map(pointer, arrays))
        self._call: Callable[..., None] | None = None

    def _advance(self, values: tuple[float, ...]) -> None:
        given = self._input
        for k, value in enumerate(values):
            given[k] = value
        call = self._call
        if call is None:
            # Pointers that are pointers already need no check against declared types, which would
            # cost four times the call; it is over too soon to let other threads run meanwhile.
            call = self._call = ctypes.PYFUNCTYPE(None)(self.step.compiled.address)
        call(*self._pointers)
        self._outputs = tuple(self._output.tolist())

    def _run(self, columns: tuple[Column, ...], out: Column) -> None:
        self.step.run(columns, self._constants, np.zeros(len(self._memory)), out)

    def _try_whole(self, columns: tuple[Column, ...], out: Column) -> bool:
        return self.step.try_quick(columns, self._constants, np.zeros(len(self._memory)), out)

    def foresee(self, columns: tuple[Column, ...]) -> tuple[Column, Column]:
        """What updates with finite columns would answer from here on, shape (outputs, n), and the
        memory they would leave; nothing changes.
        """
        out = np.empty((len(self.outputs), len(columns[0])))
        memory = self._memory.copy()
        self.step.run(columns, self._constants, memory, out)
        return out, memory

    def go_to(self, memory: Column, outputs: Column) -> None:
        """Be where `foresee` was after its last column: its memory, and the outputs there."""
        self._memory[:] = memory
        self._output[:] = outputs
        self._outputs = tuple(outputs.tolist())

    def dump(self) -> bytes:
        """The state, exactly."""
        self._state = (self._memory.tobytes(),)  # type: ignore[assignment]
        return super().dump()

    def load(self, data: bytes) -> None:
        """Go on from a dumped state; raises `SnapshotCorrupt` when it is of another indicator."""
        super().load(data)
        memory = self._state[0] if self._state else b""
        if not isinstance(memory, bytes) or len(memory) != self._memory.nbytes:
            raise SnapshotCorrupt(f"expected {self._memory.nbytes} bytes of state of {self!r}")
        self._memory[:] = np.frombuffer(memory)
        self._output[:] = self._outputs


def checked_settings(
    owner: str,
    parameters: tuple[Parameter, ...],
    values: tuple[float, ...],
    given: dict[str, float],
) -> dict[str, float]:
    """Every parameter with its value; raises `ConfigurationError` for a wrong name or value."""
    names = [parameter.name for parameter in parameters]
    if len(values) > len(names):
        raise ConfigurationError(f"expected {owner} of {names}, found {len(values)} values")
    chosen = dict(zip(names, values, strict=False))
    for key, value in given.items():
        if key not in names:
            hint = did_you_mean(key, names)
            raise ConfigurationError(f"expected a parameter of {owner}, found {key!r};{hint}")
        if key in chosen:
            raise ConfigurationError(f"expected {owner} {key} once, found it twice")
        chosen[key] = value
    return {one.name: _checked(owner, one, chosen.get(one.name, one.default)) for one in parameters}


def _checked(owner: str, parameter: Parameter, value: float) -> float:
    is_whole = isinstance(parameter.default, int)
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
    is_right = is_number and (isinstance(value, int) or not is_whole)
    if not is_right or not parameter.least <= value <= parameter.most:
        kind = "a whole number" if is_whole else "a number"
        limits = f"of at least {parameter.least:g}"
        if isfinite(parameter.most):
            limits += f" and at most {parameter.most:g}"
        raise ConfigurationError(
            f"expected {owner} {parameter.name} to be {kind} {limits}, found {value!r}"
        )
    return value if is_whole else float(value)
