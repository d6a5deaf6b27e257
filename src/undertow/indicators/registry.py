"""The list of indicators by family, and how to make one by its name."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeAlias

from undertow.domain.errors import ConfigurationError, UnknownNameError
from undertow.domain.suggestion import did_you_mean
from undertow.indicators import (
    averages,
    candle_formations,
    candles,
    channels,
    cycle,
    momentum,
    oscillators,
    price,
    rankings,
    statistics,
    stochastics,
    stops,
    trend,
    volatility,
    volume,
)
from undertow.indicators.hurst import Hurst
from undertow.indicators.mean_reversion_strength import MeanReversionStrength
from undertow.indicators.return_autocorrelation import ReturnAutocorrelation
from undertow.indicators.step_indicator import StepIndicator
from undertow.indicators.swing_trend import SwingTrend
from undertow.indicators.trend_structure import TrendStructure

Kinds: TypeAlias = tuple[type[StepIndicator], ...]

FAMILIES: Mapping[str, Kinds] = MappingProxyType({
    "averages": averages.INDICATORS,
    "candles": candles.INDICATORS,
    "candle_formations": candle_formations.INDICATORS,
    "channels": channels.INDICATORS,
    "cycle": cycle.INDICATORS,
    "momentum": momentum.INDICATORS,
    "oscillators": oscillators.INDICATORS,
    "price": price.INDICATORS,
    "rankings": rankings.INDICATORS,
    "statistics": statistics.INDICATORS,
    "stochastics": stochastics.INDICATORS,
    "stops": stops.INDICATORS,
    "trend": trend.INDICATORS,
    "volatility": volatility.INDICATORS,
    "volume": volume.INDICATORS,
    "regime": (
        Hurst,
        MeanReversionStrength,
        ReturnAutocorrelation,
        SwingTrend,
        TrendStructure,
    ),
})  # fmt: skip
"""Indicator classes by family."""

INDICATORS: Mapping[str, type[StepIndicator]] = MappingProxyType({
    kind.name: kind for kinds in FAMILIES.values() for kind in kinds
})  # fmt: skip
"""Indicator classes by name; each has `summary`, `source`, `parameters`, `inputs`, `outputs`."""


def family_of(name: str) -> str:
    """The family of a known indicator."""
    return next(family for family, kinds in FAMILIES.items() if INDICATORS[name] in kinds)


def make_indicator(name: str, settings: Mapping[str, float] | None = None) -> StepIndicator:
    """An indicator by name with some parameters set, the others at their defaults.

    Raises `UnknownNameError` or `ConfigurationError` with the nearest known name.
    """
    kind = INDICATORS.get(name)
    if kind is None:
        raise UnknownNameError(
            f"expected an indicator, found {name!r};{did_you_mean(name, INDICATORS)}"
        )
    known = [parameter.name for parameter in kind.parameters]
    chosen = dict(settings or {})
    for key in chosen:
        if key not in known:
            raise ConfigurationError(
                f"expected a parameter of {name}, found {key!r};{did_you_mean(key, known)}"
            )
    defaults = {parameter.name: parameter.default for parameter in kind.parameters}
    make: Callable[..., StepIndicator] = kind
    return make(**{**defaults, **chosen})
