"""Imbalance bars with a moving expectation (AFML 2.3.2.1, in the EMA form of mlfinlab).

theta is the sum of b * (1, lots or value) since the bar began, b the tick rule's sign (or the
aggressor's). No bar closes before `first_trades` trades; then the expected imbalance is the
exponentially weighted mean of the last `window` values, and a bar closes when
|theta| > expected trades * |expected imbalance| (strictly). Both are renewed at a bar's close only:
the expected trades from the lengths of the last bars, clipped to their bounds, or never."""

from math import isnan

import numpy as np
from numpy.typing import NDArray

from undertow.domain.market_event import EventArray
from undertow.kernels.bars.bar_layout import BY_VALUE, Record
from undertow.kernels.bars.expectation import remember, ring_mean
from undertow.kernels.bars.forming_bar import (
    add_part,
    emit_bar,
    measure_of,
    sign_of,
    time_of,
)
from undertow.kernels.bars.usable_trade import is_repeated, is_usable
from undertow.kernels.compiled import compiled


@compiled
def expect_trades(state: Record, bar: Record, lengths: NDArray[np.float64]) -> None:
    """Renew the expected number of trades from the bar that closes now, within its bounds."""
    remember(lengths, state.bars, float(bar.buy_trades + bar.sell_trades))
    if not state.is_constant:
        expected = ring_mean(lengths, state.bars + 1, float(len(lengths)))
        state.expected_trades = min(max(expected, state.least_trades), state.most_trades)


@compiled
def push_imbalance(
    states: NDArray[np.void],
    values: NDArray[np.float64],
    lengths: NDArray[np.float64],
    rows: EventArray,
    start: int,
    out: NDArray[np.void],
) -> tuple[int, int]:
    """Apply rows from `start` until the end or until `out` is full.

    values: ring of the last imbalances. lengths: ring of the trades of the last bars. Returns the
    first row not applied and the number of bars closed."""
    state = states[0]
    bar = state.forming
    unit = state.value_unit if state.measure == BY_VALUE else 1.0
    count = 0
    for i in range(start, len(rows)):
        if count == len(out):
            return i, count
        row = rows[i]
        if not is_usable(state, row) or is_repeated(state, row):
            continue
        lots = float(row.qty_lots)
        add_part(state, bar, time_of(state, row), row, lots)
        value = sign_of(state, row) * measure_of(state, row.price_ticks, lots)
        remember(values, state.values, value)
        state.values += 1
        state.progress += value
        if isnan(state.expected_imbalance):
            if state.values < state.first_trades:
                continue
            state.expected_imbalance = ring_mean(values, state.values, 0.0)
        bound = state.expected_trades * abs(state.expected_imbalance)
        if not abs(state.progress) > bound:
            continue
        bar.theta = state.progress * unit
        bar.expected_trades = state.expected_trades
        bar.expected_imbalance = state.expected_imbalance * unit
        expect_trades(state, bar, lengths)
        state.expected_imbalance = ring_mean(values, state.values, 0.0)
        state.progress = 0.0
        emit_bar(state, bar, out, count)
        count += 1
    return len(rows), count
