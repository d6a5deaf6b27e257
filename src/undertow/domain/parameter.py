"""Typed parameters: one declaration gives the default, the check, the search space and the form.

    class Cross(Strategy):
        fast: int = integer(5, 50, default=12, space="buy")
        stop: float = decimal(0.01, 0.10, default=0.03, decimals=3, space="stoploss")
        average: str = categorical(("sma", "ema", "wma"), default="ema")
        with_volume: bool = boolean(default=True)

Any other struct (an exit rule, a filter) declares the same with an annotation,
`atrs: Annotated[float, declare(decimal_range(0.5, 5.0))] = 2.0`, and is found through the field of
the strategy that holds it, under a dotted name (`exits.atrs`).
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Annotated, Any, TypeVar, cast, get_args, get_origin, get_type_hints

import msgspec

from undertow.domain.errors import ConfigurationError, UnknownNameError
from undertow.domain.suggestion import did_you_mean

_EXTRA = "parameter"
_TOLERANCE = 1e-9

Configured = TypeVar("Configured", bound=msgspec.Struct)

Value = int | float | str | bool
"""What a parameter can be set to."""


class Kind(StrEnum):
    """What may be chosen from."""

    INTEGER = "integer"
    DECIMAL = "decimal"
    CATEGORICAL = "categorical"
    BOOLEAN = "boolean"


_TYPES: dict[Kind, type] = {Kind.INTEGER: int, Kind.DECIMAL: float, Kind.BOOLEAN: bool}


class Parameter(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a parameter beside its default (BT-21).

    low, high: bounds, both allowed; step: of the grid a search walks on (any value inside the
    bounds may be configured). choices: of a categorical one. space: the group it is searched with,
    such as buy, sell, stoploss, roi, trailing, protection. is_searched: left at its value when
    false. words: for the form.
    """

    kind: Kind
    low: float = 0.0
    high: float = 0.0
    step: float = 1.0
    choices: tuple[Value, ...] = ()
    space: str = "buy"
    is_searched: bool = True
    words: str = ""

    def __post_init__(self) -> None:
        if self.kind in (Kind.INTEGER, Kind.DECIMAL):
            if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low <= self.high):
                raise ConfigurationError(
                    f"expected a parameter with low <= high, found {self.low} and {self.high}"
                )
            if not self.step > 0:
                raise ConfigurationError(f"expected a step above 0, found {self.step}")
        if self.kind is Kind.CATEGORICAL and not self.choices:
            raise ConfigurationError("expected a categorical parameter with choices, found none")

    def values(self) -> tuple[Value, ...]:
        """The grid of a search, in order."""
        if self.kind is Kind.BOOLEAN:
            return (False, True)
        if self.kind is Kind.CATEGORICAL:
            return self.choices
        count = math.floor((self.high - self.low) / self.step + _TOLERANCE) + 1
        if self.kind is Kind.INTEGER:
            return tuple(int(self.low) + i * int(self.step) for i in range(count))
        digits = max(0, -math.floor(math.log10(self.step))) + 1
        return tuple(round(self.low + i * self.step, digits) for i in range(count))

    def require(self, name: str, value: object) -> None:
        """Raise `ConfigurationError` when the value is not one of this parameter's."""
        if self.kind is Kind.CATEGORICAL:
            if value not in self.choices:
                known = [str(choice) for choice in self.choices]
                raise ConfigurationError(
                    f"expected {name} to be one of {', '.join(known)}, found {value!r};"
                    f"{did_you_mean(str(value), known)}"
                )
            return
        wanted = _TYPES[self.kind]
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        fits = is_number if wanted is float else type(value) is wanted
        if not fits:
            raise ConfigurationError(f"expected {name} of type {wanted.__name__}, found {value!r}")
        if wanted is not bool and not self.low <= cast(float, value) <= self.high:
            low, high = (int(x) if wanted is int else x for x in (self.low, self.high))
            raise ConfigurationError(f"expected {name} from {low} to {high}, found {value}")


class Declared(msgspec.Struct, frozen=True):
    """A parameter in a class body, until its class is made."""

    parameter: Parameter
    default: Value


def integer(
    low: int,
    high: int,
    *,
    default: int,
    step: int = 1,
    space: str = "buy",
    is_searched: bool = True,
    words: str = "",
) -> int:
    """A whole number from `low` to `high`."""
    parameter = Parameter(
        kind=Kind.INTEGER,
        low=low,
        high=high,
        step=step,
        space=space,
        is_searched=is_searched,
        words=words,
    )
    return cast(int, _declared(parameter, default))


def decimal(
    low: float,
    high: float,
    *,
    default: float,
    decimals: int = 3,
    space: str = "buy",
    is_searched: bool = True,
    words: str = "",
) -> float:
    """A number from `low` to `high`; a search walks in steps of 10**-decimals."""
    parameter = Parameter(
        kind=Kind.DECIMAL,
        low=low,
        high=high,
        step=10.0**-decimals,
        space=space,
        is_searched=is_searched,
        words=words,
    )
    return cast(float, _declared(parameter, default))


def categorical(
    choices: Sequence[str],
    *,
    default: str,
    space: str = "buy",
    is_searched: bool = True,
    words: str = "",
) -> str:
    """One of some texts."""
    parameter = Parameter(
        kind=Kind.CATEGORICAL,
        choices=tuple(choices),
        space=space,
        is_searched=is_searched,
        words=words,
    )
    return cast(str, _declared(parameter, default))


def boolean(
    *, default: bool, space: str = "buy", is_searched: bool = True, words: str = ""
) -> bool:
    """Yes or no."""
    parameter = Parameter(kind=Kind.BOOLEAN, space=space, is_searched=is_searched, words=words)
    return cast(bool, _declared(parameter, default))


def integer_range(low: int, high: int, *, step: int = 1, space: str = "buy") -> Parameter:
    """A whole number, for `declare`."""
    return Parameter(kind=Kind.INTEGER, low=low, high=high, step=step, space=space)


def decimal_range(low: float, high: float, *, decimals: int = 3, space: str = "buy") -> Parameter:
    """A number, for `declare`."""
    return Parameter(kind=Kind.DECIMAL, low=low, high=high, step=10.0**-decimals, space=space)


def declare(parameter: Parameter) -> msgspec.Meta:
    """The annotation of a field that is a parameter: bounds that msgspec checks, and the rest."""
    bounds: dict[str, Any] = {}
    if parameter.kind is Kind.INTEGER:
        bounds = {"ge": int(parameter.low), "le": int(parameter.high)}
    elif parameter.kind is Kind.DECIMAL:
        bounds = {"ge": parameter.low, "le": parameter.high}
    return msgspec.Meta(description=parameter.words or None, extra={_EXTRA: parameter}, **bounds)


def take_declarations(namespace: dict[str, Any]) -> None:
    """Turn declared parameters of a class body into annotated fields with plain defaults."""
    annotations = namespace.get("__annotations__", {})
    for name, found in list(namespace.items()):
        if not isinstance(found, Declared):
            continue
        if name not in annotations:
            raise ConfigurationError(
                f"expected an annotation on the parameter {name}, such as `{name}: int = ...`, "
                "found a bare assignment"
            )
        found.parameter.require(name, found.default)
        plain = _TYPES.get(found.parameter.kind, str)
        # The name of a type in quotes is as good as the type: the kind says which it is.
        annotations[name] = Annotated[plain, declare(found.parameter)]
        namespace[name] = found.default


@cache
def parameters_of(kind: type[msgspec.Struct]) -> Mapping[str, Parameter]:
    """Every parameter of a struct and of the structs inside it, by dotted name, in field order."""
    return MappingProxyType(dict(_walk(kind, "")))


def parameter_values(holder: msgspec.Struct) -> dict[str, Value]:
    """What the parameters of a struct are set to, by dotted name."""
    return {name: _at(holder, name.split(".")) for name in parameters_of(type(holder))}


def require_parameters(holder: msgspec.Struct) -> None:
    """Raise `ConfigurationError` when a parameter of the struct is outside its bounds."""
    known = parameters_of(type(holder))
    for name, parameter in known.items():
        parameter.require(name, _at(holder, name.split(".")))


def with_parameters(holder: Configured, values: Mapping[str, Value]) -> Configured:
    """The struct with some parameters set; raises `UnknownNameError` or `ConfigurationError`."""
    known = parameters_of(type(holder))
    changed: msgspec.Struct = holder
    for name, value in values.items():
        if name not in known:
            raise UnknownNameError(
                f"expected a parameter of {type(holder).__name__}, found {name!r};"
                f"{did_you_mean(name, known)}"
            )
        known[name].require(name, value)
        fitting = float(value) if known[name].kind is Kind.DECIMAL else value
        changed = _set(changed, name.split("."), fitting)
    return cast(Configured, changed)


def _declared(parameter: Parameter, default: Value) -> object:
    return Declared(parameter, default)


def _walk(kind: type[msgspec.Struct], prefix: str) -> Iterator[tuple[str, Parameter]]:
    hints = get_type_hints(kind, include_extras=True)
    for name in kind.__struct_fields__:
        hint = hints[name]
        parameter = _parameter_of(hint)
        if parameter is not None:
            yield prefix + name, parameter
        elif isinstance(hint, type) and issubclass(hint, msgspec.Struct):
            yield from _walk(hint, f"{prefix}{name}.")


def _parameter_of(hint: Any) -> Parameter | None:
    if get_origin(hint) is not Annotated:
        return None
    for meta in get_args(hint)[1:]:
        if isinstance(meta, msgspec.Meta) and meta.extra and _EXTRA in meta.extra:
            return cast(Parameter, meta.extra[_EXTRA])
    return None


def _at(holder: msgspec.Struct, path: Sequence[str]) -> Value:
    found: Any = holder
    for name in path:
        found = getattr(found, name)
    return cast(Value, found)


def _set(holder: msgspec.Struct, path: Sequence[str], value: Value) -> msgspec.Struct:
    inner: Any = value
    if len(path) > 1:
        inner = _set(getattr(holder, path[0]), path[1:], value)
    return msgspec.structs.replace(holder, **{path[0]: inner})
