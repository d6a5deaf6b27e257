"""The arrays of a bar builder, made from its kind and the instrument's steps."""

from decimal import Decimal
from fractions import Fraction
from math import nan

import numpy as np
from numpy.typing import NDArray

from undertow.domain.errors import ConfigurationError
from undertow.domain.fixed import Step, power_of_ten
from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.time import NS_PER_S
from undertow.flow.bar_kinds import (
    BarKind,
    DollarBars,
    FixedImbalanceBars,
    ImbalanceBars,
    Measure,
    Number,
    RangeBars,
    RenkoBars,
    RunsBars,
    SignFrom,
    TickBars,
    TimeBars,
    VolumeBars,
)
from undertow.kernels.bars.bar_layout import (
    BUILDER,
    BY_LOTS,
    BY_SIDE,
    BY_TICK_RULE,
    BY_TRADES,
    BY_VALUE,
    TRADE_BAR,
)

_MEASURES = {Measure.TRADES: BY_TRADES, Measure.QTY: BY_LOTS, Measure.VALUE: BY_VALUE}
_SIGNS = {SignFrom.SIDE: BY_SIDE, SignFrom.TICK_RULE: BY_TICK_RULE}
_NO_PRICES = ("vwap_ticks", "theta", "expected_trades", "expected_imbalance")


class BarState:
    """`record`: (1,) BUILDER. `rings`: the arrays that the kind's kernel takes after it."""

    def __init__(self, kind: BarKind, instrument: Instrument, index: int) -> None:
        self.kind = kind
        self.record = np.zeros(1, BUILDER)
        self.rings: tuple[NDArray[np.float64] | NDArray[np.void], ...] = ()
        self._lot = _exact(instrument.qty_step)
        self._tick = _exact(instrument.price_step)
        self._value_unit = self._lot * _exact(instrument.contract_size)
        if instrument.kind is not MarketKind.INVERSE:
            self._value_unit *= self._tick
        self.record["instrument"] = index
        self.record["is_inverse"] = instrument.kind is MarketKind.INVERSE
        self.record["value_unit"] = float(self._value_unit)
        for name in ("expected_imbalance", "expected_sell", "buy_share"):
            self.record[name] = nan
        for name in _NO_PRICES:
            self.record["forming"][name] = nan
        self._set(kind)

    @property
    def arrays(self) -> tuple[NDArray[np.float64] | NDArray[np.void], ...]:
        """Everything that a snapshot must hold."""
        return (self.record, *self.rings)

    def _set(self, kind: BarKind) -> None:
        if isinstance(kind, ImbalanceBars | RunsBars):
            self._set_expecting(kind)
        elif isinstance(kind, TickBars | VolumeBars | DollarBars | FixedImbalanceBars):
            self._set_threshold(kind)
        elif isinstance(kind, TimeBars):
            length_ns = kind.seconds * NS_PER_S
            self.record["length_ns"] = length_ns
            self.record["lateness_ns"] = kind.lateness_ns
            slots = np.zeros(kind.lateness_ns // length_ns + 2, TRADE_BAR)
            for name in _NO_PRICES:
                slots[name] = nan
            self.rings = (slots,)
        else:
            height = kind.height if isinstance(kind, RangeBars) else kind.brick
            self.record["brick_ticks"] = self._ticks(height)
            if isinstance(kind, RenkoBars):
                self.record["reversal_bricks"] = kind.reversal_bricks

    def _set_threshold(self, kind: TickBars | VolumeBars | DollarBars | FixedImbalanceBars) -> None:
        if isinstance(kind, TickBars):
            measure, threshold = Measure.TRADES, float(kind.trades)
        elif isinstance(kind, FixedImbalanceBars):
            measure, threshold = kind.measure, self._amount(kind.measure, kind.threshold)
            self.record["is_signed"] = 1
            self.record["sign_from"] = _SIGNS[kind.sign_from]
        else:
            is_volume = isinstance(kind, VolumeBars)
            measure = Measure.QTY if is_volume else Measure.VALUE
            threshold = self._amount(measure, kind.qty if is_volume else kind.value)  # type: ignore[union-attr]
            self.record["is_split"] = kind.is_split
        self.record["measure"] = _MEASURES[measure]
        self.record["threshold"] = threshold

    def _set_expecting(self, kind: ImbalanceBars | RunsBars) -> None:
        self.record["measure"] = _MEASURES[kind.measure]
        self.record["sign_from"] = _SIGNS[kind.sign_from]
        self.record["is_constant"] = kind.is_constant
        self.record["first_trades"] = kind.first_trades
        self.record["expected_trades"] = kind.first_trades
        self.record["least_trades"] = kind.least_trades
        self.record["most_trades"] = kind.most_trades
        values, lengths = np.zeros(kind.window), np.zeros(kind.previous_bars)
        if isinstance(kind, ImbalanceBars):
            self.rings = (values, lengths)
        else:
            self.rings = (values, np.zeros(kind.window), np.zeros(kind.previous_bars), lengths)

    def _amount(self, measure: Measure, number: Number) -> float:
        # A threshold in the kernel's units, rounded once.
        exact = _fraction(number)
        if measure == Measure.QTY:
            return float(exact / self._lot)
        return float(exact / self._value_unit) if measure == Measure.VALUE else float(exact)

    def _ticks(self, height: Number) -> int:
        ticks = _fraction(height) / self._tick
        if ticks.denominator != 1:
            tick = float(self._tick)
            raise ConfigurationError(f"expected a multiple of the tick {tick}, found {height}")
        return int(ticks)


def _fraction(number: Number) -> Fraction:
    # A float is read by its shortest decimal text, so 0.1 is a tenth.
    return Fraction(number if isinstance(number, Decimal) else Decimal(repr(number)))


def _exact(step: Step) -> Fraction:
    return Fraction(step.coefficient, power_of_ten(step.digits))
