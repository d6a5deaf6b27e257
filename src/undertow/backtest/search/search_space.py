"""What a search may change: a strategy's declared parameters, as distributions of Optuna."""

import math
from collections.abc import Mapping, Sequence
from itertools import islice, product
from types import ModuleType
from typing import Any

from undertow.decision.strategy import Strategy
from undertow.domain.errors import ConfigurationError
from undertow.domain.extra_library import extra_library
from undertow.domain.parameter import Kind, Parameter, Value, parameters_of
from undertow.domain.suggestion import did_you_mean

ALL = ("all", "default")
_TOLERANCE = 1e-9

Space = Mapping[str, Parameter]


def optuna_library() -> ModuleType:
    """Optuna, quiet; without it a `ConfigurationError` says what to install."""
    optuna = extra_library("optuna", extra="search", purpose="searching parameters")
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    return optuna


def search_space(kind: type[Strategy], spaces: Sequence[str] = ()) -> Space:
    """The searched parameters of a strategy by dotted name, in the order they are declared.

    spaces: groups such as buy, sell, stoploss, roi, trailing; none, or "all": every one. Raises
    `ConfigurationError` for a group that the strategy does not have, and when nothing is left.
    """
    known = {
        name: parameter for name, parameter in parameters_of(kind).items() if parameter.is_searched
    }
    groups = sorted({parameter.space for parameter in known.values()})
    is_all = not spaces or any(name in ALL for name in spaces)
    for name in spaces:
        if name not in groups and name not in ALL:
            raise ConfigurationError(
                f"expected spaces of {kind.name} ({', '.join(groups) or 'it has none'}), "
                f"found {name!r};{did_you_mean(name, groups)}"
            )
    found = {name: one for name, one in known.items() if is_all or one.space in spaces}
    if not found:
        raise ConfigurationError(
            f"expected a strategy with declared parameters such as `fast: int = integer(5, 50, "
            f"default=12)`, found none to search in {kind.name}"
        )
    return found


def distributions(space: Space) -> dict[str, Any]:
    """The space in Optuna's terms; bounds lie on the grid of each parameter's step."""
    made = optuna_library().distributions
    found: dict[str, Any] = {}
    for name, parameter in space.items():
        if parameter.kind is Kind.INTEGER:
            low, step = int(parameter.low), int(parameter.step)
            found[name] = made.IntDistribution(low, int(_last(parameter)), step=step)
        elif parameter.kind is Kind.DECIMAL:
            high = max(parameter.low, _last(parameter))
            width = parameter.step if high > parameter.low else None
            found[name] = made.FloatDistribution(parameter.low, high, step=width)
        else:
            found[name] = made.CategoricalDistribution(parameter.values())
    return found


def on_grid(space: Space, values: Mapping[str, Any]) -> dict[str, Value]:
    """Proposed values without the rounding dust of floats."""
    return {
        name: _rounded(parameter, values[name]) if parameter.kind is Kind.DECIMAL else values[name]
        for name, parameter in space.items()
    }


def grid_size(space: Space) -> int:
    """How many sets a walk over the whole grid takes."""
    return math.prod(len(parameter.values()) for parameter in space.values())


def grid_sets(space: Space, first: int, stop: int) -> list[dict[str, Value]]:
    """Sets `first` to before `stop` of the grid, the last parameter changing fastest."""
    rows = product(*(parameter.values() for parameter in space.values()))
    return [dict(zip(space, row, strict=True)) for row in islice(rows, first, stop)]


def _last(parameter: Parameter) -> float:
    steps = math.floor((parameter.high - parameter.low) / parameter.step + _TOLERANCE)
    return _rounded(parameter, parameter.low + steps * parameter.step)


def _rounded(parameter: Parameter, value: float) -> float:
    digits = max(0, -math.floor(math.log10(parameter.step))) + 1
    return min(max(round(value, digits), parameter.low), parameter.high)
