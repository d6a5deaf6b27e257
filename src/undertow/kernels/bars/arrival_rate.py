"""Rate at which trades arrive, with an exponentially fading memory.

After a trade at t_i each side's rate is the sum of exp(-(t - t_i) / tau) / tau over its trades: the
intensity in trades per second whose expectation, for arrivals at a constant rate, is that rate. A
trade out of order counts with the weight it has by then."""

from math import exp

import numpy as np
from numpy.typing import NDArray

from undertow.domain.market_event import EventArray
from undertow.kernels.bars.bar_layout import Record
from undertow.kernels.bars.usable_trade import is_repeated, is_usable
from undertow.kernels.compiled import compiled
from undertow.kernels.flow.layout import HOLES

ARRIVALS = np.dtype(
    [
        ("instrument", np.int64),
        ("most_lead_ns", np.int64),
        ("tau_ns", np.float64),
        ("last_event_ns", np.int64),
        ("next_trade_id", np.int64),
        ("trade_holes", np.int64),
        ("holes", np.int64, (HOLES, 2)),
        ("first_ns", np.int64),
        ("buys", np.float64),
        ("sells", np.float64),
        ("trades", np.int64),
        ("disordered_trades", np.int64),
        ("repeated_trades", np.int64),
        ("renumbered_trades", np.int64),
        ("refused_rows", np.int64),
        ("misdated_rows", np.int64),
    ]
)
"""tau_ns: time constant of the memory. buys, sells: faded counts as of last_event_ns."""


@compiled
def add_arrival(state: Record, event_ns: int, side: int) -> None:
    """Let the counts fade to the trade's time and add it."""
    weight = 1.0
    if event_ns >= state.last_event_ns:
        if state.last_event_ns == 0:
            state.first_ns = event_ns
        else:
            fade = exp((state.last_event_ns - event_ns) / state.tau_ns)
            state.buys *= fade
            state.sells *= fade
        state.last_event_ns = event_ns
    else:
        weight = exp((event_ns - state.last_event_ns) / state.tau_ns)
        state.disordered_trades += 1
    is_buy = (np.int64(side) + 1) >> 1
    state.buys += weight * is_buy
    state.sells += weight * (1 - is_buy)
    state.trades += 1


@compiled
def push_arrivals(states: NDArray[np.void], rows: EventArray) -> None:
    """Apply all rows. states: (1,) ARRIVALS."""
    state = states[0]
    for i in range(len(rows)):
        row = rows[i]
        if is_usable(state, row) and not is_repeated(state, row):
            add_arrival(state, row.event_time_ns, row.side)
