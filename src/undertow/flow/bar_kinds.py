"""Kinds of bars: what closes a bar, with its numbers.

Quantities are in the instrument's own unit (base coins, or contracts), prices in quote units and
values in quote money; all are read as decimals, so 0.1 means exactly that.
"""

from decimal import Decimal
from enum import StrEnum
from math import inf, isfinite
from typing import TypeAlias

import msgspec

from undertow.domain.errors import ConfigurationError
from undertow.domain.suggestion import did_you_mean
from undertow.domain.time import NS_PER_S


class Measure(StrEnum):
    """What a trade adds to an imbalance or a run: one trade, its quantity, or its value."""

    TRADES = "trades"
    QTY = "qty"
    VALUE = "value"


class SignFrom(StrEnum):
    """Where a trade's sign comes from: the aggressor that the venue reports, or the tick rule."""

    SIDE = "side"
    TICK_RULE = "tick_rule"


Number: TypeAlias = int | float | Decimal


def _require(name: str, value: Number, least: Number = 0, *, is_open: bool = True) -> None:
    if not isfinite(value) or value < least or (is_open and value == least):
        bound = "above" if is_open else "of at least"
        raise ConfigurationError(f"expected {name} {bound} {least}, found {value}")


def _require_whole(name: str, value: int) -> None:
    if not isinstance(value, int) or value < 1:
        raise ConfigurationError(f"expected {name} to be a whole number above 0, found {value!r}")


def _require_name(choices: type[StrEnum], name: str) -> None:
    names = [str(choice) for choice in choices]
    if name not in names:
        raise ConfigurationError(
            f"expected one of {', '.join(names)}, found {name!r};{did_you_mean(name, names)}"
        )


class TickBars(msgspec.Struct, frozen=True, tag="tick", gc=False):
    """A bar every so many trades (AFML 2.3.1)."""

    trades: int

    def __post_init__(self) -> None:
        _require_whole("trades", self.trades)


class VolumeBars(msgspec.Struct, frozen=True, tag="volume"):
    """A bar whenever the volume since the last reaches `qty` (AFML 2.3.1).

    The closing trade belongs to the bar as a whole and the excess is dropped; with `is_split` it is
    cut at the threshold, every bar has exactly `qty`, and a trade can complete several bars.
    """

    qty: Number
    is_split: bool = False

    def __post_init__(self) -> None:
        _require("qty", self.qty)


class DollarBars(msgspec.Struct, frozen=True, tag="dollar"):
    """A bar whenever the value since the last reaches `value` (AFML 2.3.1); see `VolumeBars`."""

    value: Number
    is_split: bool = False

    def __post_init__(self) -> None:
        _require("value", self.value)


class FixedImbalanceBars(msgspec.Struct, frozen=True, tag="fixed_imbalance"):
    """A bar whenever |buys - sells| since the last reaches `threshold`, in whole trades."""

    measure: Measure
    threshold: Number
    sign_from: SignFrom = SignFrom.SIDE

    def __post_init__(self) -> None:
        _require_name(Measure, self.measure)
        _require_name(SignFrom, self.sign_from)
        _require("threshold", self.threshold)


class _Expecting(msgspec.Struct, frozen=True):
    measure: Measure
    first_trades: int
    window: int
    previous_bars: int = 3
    least_trades: float = 0.0
    most_trades: float = inf
    is_constant: bool = False
    sign_from: SignFrom = SignFrom.TICK_RULE

    def __post_init__(self) -> None:
        _require_name(Measure, self.measure)
        _require_name(SignFrom, self.sign_from)
        _require_whole("first_trades", self.first_trades)
        _require_whole("window", self.window)
        _require_whole("previous_bars", self.previous_bars)
        _require("least_trades", self.least_trades, is_open=False)
        if not self.most_trades >= self.least_trades:
            raise ConfigurationError(
                f"expected most_trades of at least {self.least_trades}, found {self.most_trades}"
            )


class ImbalanceBars(_Expecting, frozen=True, tag="imbalance"):
    """AFML 2.3.2.1 in mlfinlab's EMA form: |theta| > E[T] * |E[imbalance]|.

    first_trades: warm-up, and E[T] at first. window: values the expected imbalance is taken over.
    previous_bars: bar lengths E[T] is taken over, clipped to least_trades .. most_trades (without
    bounds it is known to explode or collapse). is_constant: E[T] stays at first_trades.
    """


class RunsBars(_Expecting, frozen=True, tag="runs"):
    """AFML 2.3.2.2 in the same form: max(buys, sells) > E[T] * max(P E_buy, (1 - P) E_sell).

    first_trades: values each side needs before the first bar. Others as `ImbalanceBars`.
    """


class RenkoBars(msgspec.Struct, frozen=True, tag="renko"):
    """A brick whenever the price has gone `brick` further, `reversal_bricks` to turn around.

    Rules of wicks and volume: `kernels.bars.renko_bars`.
    """

    brick: Number
    reversal_bricks: int = 2

    def __post_init__(self) -> None:
        _require("brick", self.brick)
        _require_whole("reversal_bricks", self.reversal_bricks)


class RangeBars(msgspec.Struct, frozen=True, tag="range"):
    """A bar whenever highest less lowest price reaches `height`, in whole trades."""

    height: Number

    def __post_init__(self) -> None:
        _require("height", self.height)


class TimeBars(msgspec.Struct, frozen=True, tag="time", gc=False):
    """A bar every so many seconds of event time, aligned to 1970; closed `lateness_ns` after its
    end, so that trades may be that much out of order.
    """

    seconds: int
    lateness_ns: int = NS_PER_S

    def __post_init__(self) -> None:
        _require_whole("seconds", self.seconds)
        _require("lateness_ns", self.lateness_ns, is_open=False)
        if self.lateness_ns > 1000 * self.seconds * NS_PER_S:
            raise ConfigurationError(
                f"expected lateness_ns of at most 1000 bars, found {self.lateness_ns}"
            )


BarKind: TypeAlias = (
    TickBars
    | VolumeBars
    | DollarBars
    | FixedImbalanceBars
    | ImbalanceBars
    | RunsBars
    | RenkoBars
    | RangeBars
    | TimeBars
)
