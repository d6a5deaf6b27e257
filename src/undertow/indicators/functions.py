"""Every indicator as a function of candles: `rsi(candles, period=14, sequential=False)`.

Candles are an array of shape (n, 6), columns time, open, high, low, close, volume, or named columns
(a mapping or a structured array; further ones such as `buy_volume` can only be given so), closed
bars only, oldest first. The answer is the last value, NaN while undefined, or with `sequential` the
whole column; of an indicator with several outputs a named tuple of those.

    from undertow.indicators.functions import bollinger, rsi

The names are those of the registry; a wrong one is answered with the nearest.
"""

from collections import namedtuple
from collections.abc import Mapping
from functools import cache
from inspect import Parameter as Argument
from inspect import Signature
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from undertow.domain.errors import CallerError, ConfigurationError
from undertow.domain.suggestion import did_you_mean
from undertow.indicators.compiled_indicator import checked_settings
from undertow.indicators.indicator import Column
from undertow.indicators.registry import INDICATORS, make_indicator
from undertow.indicators.step_indicator import StepIndicator

Candles: TypeAlias = NDArray[Any] | Mapping[str, Any]

_COLUMNS: Final = ("time", "open", "high", "low", "close", "volume")


class IndicatorFunction:
    """One indicator of the registry, to be called with candles.

    `function(candles, *parameters, sequential=False)`: parameters by name or in their declared
    order. Raises `CallerError` for candles of another form or without a needed column, and
    `ConfigurationError` for a wrong parameter.
    """

    def __init__(self, kind: type[StepIndicator]) -> None:
        self.__name__ = kind.name
        self.__qualname__ = kind.name
        self.__doc__ = f"{kind.summary}.\n\nSource: {kind.source}."
        parameters = [
            Argument(one.name, Argument.POSITIONAL_OR_KEYWORD, default=one.default)
            for one in kind.parameters
        ]
        self.__signature__ = Signature([
            Argument("candles", Argument.POSITIONAL_ONLY),
            *parameters,
            Argument("sequential", Argument.POSITIONAL_OR_KEYWORD, default=False),
        ])  # fmt: skip
        self._kind = kind
        self._outputs = _named(kind.__name__, kind.outputs)

    def __repr__(self) -> str:
        return f"{self.__name__}{self.__signature__}"

    def __call__(self, candles: Candles, /, *values: Any, **settings: Any) -> Any:
        """The last value, or the whole column; a named tuple where there are several outputs."""
        kind = self._kind
        sequential = settings.pop("sequential", False)
        if len(values) == len(kind.parameters) + 1:
            *values, sequential = values  # type: ignore[assignment]
        if not isinstance(sequential, bool):
            raise ConfigurationError(
                f"expected {kind.name} sequential to be true or false, found {sequential!r}"
            )
        chosen = checked_settings(kind.name, kind.parameters, tuple(values), settings)
        columns = [_column(kind.name, name, candles) for name in kind.inputs]
        found = make_indicator(kind.name, chosen).batch(*columns)
        answers: list[Any] = list(found.values())
        if not sequential:
            answers = [float(column[-1]) if len(column) else np.nan for column in answers]
        return answers[0] if len(answers) == 1 else self._outputs(*answers)


def _named(name: str, fields: tuple[str, ...]) -> Any:
    # Its fields are known only here, which types cannot follow.
    make: Any = namedtuple
    return make(name, fields)


def _column(owner: str, name: str, candles: Any) -> Column:
    # A column by its name, or made of others.
    known = _names(candles)
    if name in known:
        found = candles[:, known.index(name)] if _is_plain(candles) else candles[name]
        return np.asarray(found, np.float64)
    parts = {"hl2": ("high", "low"), "hlc3": ("high", "low", "close"), "log_return": ("close",)}
    if name not in parts:
        raise CallerError(
            f"expected candles with {name!r} for {owner}, found {', '.join(known) or 'none'}"
        )
    columns = [_column(owner, part, candles) for part in parts[name]]
    if name != "log_return":
        return np.asarray(sum(columns[1:], columns[0]) / float(len(columns)), np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        returns = np.log(columns[0][1:] / columns[0][:-1])
    return np.concatenate([[np.nan], returns])[: len(columns[0])]


def _is_plain(candles: Any) -> bool:
    return isinstance(candles, np.ndarray) and candles.dtype.names is None


def _names(candles: Any) -> tuple[str, ...]:
    if isinstance(candles, Mapping):
        return tuple(candles)
    if isinstance(candles, np.ndarray) and candles.dtype.names is not None:
        return tuple(candles.dtype.names)
    if isinstance(candles, np.ndarray) and candles.ndim == 2 and candles.shape[1] == len(_COLUMNS):
        return _COLUMNS
    found = repr(candles)
    if isinstance(candles, np.ndarray):
        found = f"an array of shape {candles.shape}"
    raise CallerError(
        f"expected candles as named columns or as an array of shape (n, 6) with "
        f"{', '.join(_COLUMNS)}, found {found}"
    )


@cache
def _function(name: str) -> IndicatorFunction:
    return IndicatorFunction(INDICATORS[name])


def __getattr__(name: str) -> IndicatorFunction:
    if name not in INDICATORS:
        hint = "" if name.startswith("__") else did_you_mean(name, INDICATORS)
        raise AttributeError(f"expected an indicator, found {name!r};{hint}")
    return _function(name)


def __dir__() -> list[str]:
    return sorted(INDICATORS)
