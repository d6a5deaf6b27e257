"""The choice of a moving average's kind, and of a fast and a slow period, as parameters."""

from undertow.domain.errors import ConfigurationError
from undertow.indicators.indicator import Parameter
from undertow.kernels.cells.average_kinds import EXPONENTIAL, KINDS, SIMPLE, WILDER

TEXT = "0 simple, 1 exponential, 2 weighted, 13 Wilder"


def kind_parameter(name: str, default: int) -> Parameter:
    """A parameter that takes the number of a kind."""
    return Parameter(name, default, TEXT, least=SIMPLE, most=WILDER)


def checked_kind(owner: str, kind: int) -> int:
    """`kind` when it is the number of a kind, else `ConfigurationError`."""
    if kind not in KINDS:
        raise ConfigurationError(f"expected {owner} of a kind {TEXT}, found {kind}")
    return kind


def checked_pair(owner: str, fast: int, slow: int) -> None:
    """Raise `ConfigurationError` unless fast < slow."""
    if fast >= slow:
        raise ConfigurationError(f"expected {owner} with fast < slow, found {fast} and {slow}")


__all__ = ["EXPONENTIAL", "SIMPLE", "WILDER", "checked_kind", "checked_pair", "kind_parameter"]
