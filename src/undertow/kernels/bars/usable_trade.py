"""Which rows a builder takes: possible trades of its instrument, each once.

The records passed have the fields of `bar_layout.BUILDER` that are named here."""

from undertow.domain.market_event import EventKind
from undertow.kernels.bars.bar_layout import MOST_EXACT, Record
from undertow.kernels.compiled import compiled
from undertow.kernels.flow.trade_ids import is_new_trade

TRADE = int(EventKind.TRADE)


@compiled
def is_usable(state: Record, row: Record) -> bool:
    """Whether a row is a trade of the builder's instrument that can be believed; else counts it."""
    if row.kind != TRADE or row.instrument != state.instrument:
        return False
    is_price = 0 < row.price_ticks <= MOST_EXACT
    if abs(row.side) != 1 or not is_price or not 0 < row.qty_lots <= MOST_EXACT:
        state.refused_rows += 1
        return False
    if row.event_time_ns <= 0 or row.event_time_ns - row.receive_time_ns > state.most_lead_ns:
        state.misdated_rows += 1
        return False
    return True


@compiled
def is_repeated(state: Record, row: Record) -> bool:
    """Whether a usable trade was seen before, by its id; takes note of an id that was not.

    Trades without an id (0) are never repeated. To be asked once per row."""
    trade_id = row.sequence
    if trade_id <= 0:
        return False
    if trade_id == state.next_trade_id:
        state.next_trade_id = trade_id + 1
        return False
    return not is_new_trade(state, state.holes, trade_id, row.event_time_ns)


@compiled
def note_time(state: Record, event_ns: int) -> None:
    """Count a trade that is taken, and its event time."""
    state.trades += 1
    if event_ns >= state.last_event_ns:
        state.last_event_ns = event_ns
    else:
        state.disordered_trades += 1
