"""Runs bars with a moving expectation (AFML 2.3.2.2, in the EMA form of mlfinlab).

Buys and sells add up apart since the bar began, and the larger sum counts (a run may be
interrupted). A bar closes when it exceeds (strictly) expected trades * max(P * E_buy,
(1 - P) * E_sell): P the share of buys among trades, E the mean measure of a buy and of a sell. The
warm-up ends when both sides have `first_trades` values; P is then the share so far, and later the
exponentially weighted mean over the last bars. Trades without a sign count in neither sum."""

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
from undertow.kernels.bars.imbalance_bars import expect_trades
from undertow.kernels.bars.usable_trade import is_repeated, is_usable
from undertow.kernels.compiled import compiled


@compiled
def add_run(state: Record, buys: NDArray[np.float64], sells: NDArray[np.float64],
            sign: int, amount: float) -> None:  # fmt: skip
    """Add a signed trade to its side's sum and memory."""
    if sign > 0:
        remember(buys, state.values, amount)
        state.values += 1
        state.progress += amount
        state.up_trades += 1
    elif sign < 0:
        remember(sells, state.sell_values, amount)
        state.sell_values += 1
        state.sell_progress += amount


@compiled
def expect_sides(state: Record, buys: NDArray[np.float64], sells: NDArray[np.float64]) -> None:
    """Renew the mean measure of a buy and of a sell."""
    state.expected_imbalance = ring_mean(buys, state.values, 0.0)
    state.expected_sell = ring_mean(sells, state.sell_values, 0.0)


@compiled
def close_run(
    state: Record,
    shares: NDArray[np.float64],
    lengths: NDArray[np.float64],
    out: NDArray[np.void],
    count: int,
) -> None:
    """Publish the bar, and renew what depends on bars alone."""
    bar = state.forming
    unit = state.value_unit if state.measure == BY_VALUE else 1.0
    share = state.buy_share
    is_buy = state.progress >= state.sell_progress
    bar.theta = (state.progress if is_buy else -state.sell_progress) * unit
    bar.expected_trades = state.expected_trades
    bar.expected_imbalance = unit * max(
        share * state.expected_imbalance, (1.0 - share) * state.expected_sell
    )
    trades = bar.buy_trades + bar.sell_trades
    remember(shares, state.bars, state.up_trades / trades)
    state.buy_share = ring_mean(shares, state.bars + 1, float(len(shares)))
    expect_trades(state, bar, lengths)
    state.progress = 0.0
    state.sell_progress = 0.0
    state.up_trades = 0
    emit_bar(state, bar, out, count)


@compiled
def push_runs(
    states: NDArray[np.void],
    buys: NDArray[np.float64],
    sells: NDArray[np.float64],
    shares: NDArray[np.float64],
    lengths: NDArray[np.float64],
    rows: EventArray,
    start: int,
    out: NDArray[np.void],
) -> tuple[int, int]:
    """Apply rows from `start` until the end or until `out` is full.

    buys, sells: rings of the last measures. shares, lengths: rings of the last bars' shares of buys
    and numbers of trades. Returns the first row not applied and the number of bars closed."""
    state = states[0]
    bar = state.forming
    count = 0
    for i in range(start, len(rows)):
        if count == len(out):
            return i, count
        row = rows[i]
        if not is_usable(state, row) or is_repeated(state, row):
            continue
        lots = float(row.qty_lots)
        add_part(state, bar, time_of(state, row), row, lots)
        add_run(state, buys, sells, sign_of(state, row), measure_of(state, row.price_ticks, lots))
        if isnan(state.buy_share):
            if min(state.values, state.sell_values) < state.first_trades:
                continue
            expect_sides(state, buys, sells)
            state.buy_share = state.up_trades / (bar.buy_trades + bar.sell_trades)
        share = state.buy_share
        bound = state.expected_trades * max(
            share * state.expected_imbalance, (1.0 - share) * state.expected_sell
        )
        if max(state.progress, state.sell_progress) > bound:
            close_run(state, shares, lengths, out, count)
            expect_sides(state, buys, sells)
            count += 1
    return len(rows), count
