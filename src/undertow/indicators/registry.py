"""The list of indicators: for `undertow list indicators` and for making one by its name."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

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
    stochastics,
    stops,
    trend,
    volatility,
    volume,
)
from undertow.indicators.distance_from_mean import DistanceFromMean
from undertow.indicators.hurst import Hurst
from undertow.indicators.mean_reversion_strength import MeanReversionStrength
from undertow.indicators.return_autocorrelation import ReturnAutocorrelation
from undertow.indicators.rolling_variance import RollingVariance
from undertow.indicators.step_indicator import StepIndicator
from undertow.indicators.swing_trend import SwingTrend
from undertow.indicators.trend_structure import TrendStructure

_ALL: tuple[type[StepIndicator], ...] = (
    DistanceFromMean,
    Hurst,
    MeanReversionStrength,
    ReturnAutocorrelation,
    RollingVariance,
    SwingTrend,
    TrendStructure,
    *averages.INDICATORS,
    *candles.INDICATORS,
    *candle_formations.INDICATORS,
    *channels.INDICATORS,
    *cycle.INDICATORS,
    *momentum.INDICATORS,
    *oscillators.INDICATORS,
    *stochastics.INDICATORS,
    *stops.INDICATORS,
    *trend.INDICATORS,
    *volatility.INDICATORS,
    *volume.INDICATORS,
)

INDICATORS: Mapping[str, type[StepIndicator]] = MappingProxyType({kind.name: kind for kind in _ALL})
"""Indicator classes by name; each has `summary`, `source`, `parameters`, `inputs`, `outputs`."""


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
