"""The served best bid and ask, and the order-flow imbalance of each change of them.

OFI is the event form of Cont, Kukanov & Stoikov (2014), J. Financial Econometrics 12(1), eq. 3-4,
with non-strict inequalities: e = [Pb >= Pb'] qb - [Pb <= Pb'] qb' - [Pa <= Pa'] qa + [Pa >= Pa']
qa'. At an unchanged price both brackets hold and the change of size counts."""

from undertow.kernels.compiled import compiled
from undertow.kernels.flow.layout import FROM_NOTHING, FROM_QUOTE, NOTHING, Record


@compiled
def quote_flow(
    instrument: Record, bid_ticks: int, bid_lots: int, ask_ticks: int, ask_lots: int
) -> int:
    """OFI in lots from the instrument's served best to a new one; both must have two sides."""
    flow = 0
    if bid_ticks >= instrument.bid_ticks:
        flow += bid_lots
    if bid_ticks <= instrument.bid_ticks:
        flow -= instrument.bid_lots
    if ask_ticks <= instrument.ask_ticks:
        flow -= ask_lots
    if ask_ticks >= instrument.ask_ticks:
        flow += instrument.ask_lots
    return flow


@compiled
def serve_best(
    instrument: Record,
    taken_from: int,
    bid_ticks: int,
    bid_lots: int,
    ask_ticks: int,
    ask_lots: int,
) -> int:
    """Serve a new best bid and ask (0 = side empty) and return its OFI.

    The OFI is 0 when the best before was taken from elsewhere (book instead of quote, or nothing)
    or when a side is or was empty: such a change is no order flow.

    """
    flow = 0
    has_sides = bid_ticks > 0 and ask_ticks > 0
    had_sides = instrument.bid_ticks > 0 and instrument.ask_ticks > 0
    if instrument.best_from == taken_from and has_sides and had_sides:
        flow = quote_flow(instrument, bid_ticks, bid_lots, ask_ticks, ask_lots)
    instrument.best_from = taken_from
    instrument.bid_ticks = bid_ticks
    instrument.bid_lots = bid_lots
    instrument.ask_ticks = ask_ticks
    instrument.ask_lots = ask_lots
    return flow


@compiled
def serve_quote(instrument: Record) -> int:
    """Serve the venue's own quote, or nothing when there is none; returns the OFI."""
    taken_from = FROM_NOTHING
    bid = bid_lots = ask = ask_lots = NOTHING
    if instrument.has_quote:
        taken_from = FROM_QUOTE
        bid = instrument.quote_bid_ticks
        bid_lots = instrument.quote_bid_lots
        ask = instrument.quote_ask_ticks
        ask_lots = instrument.quote_ask_lots
    return int(serve_best(instrument, taken_from, bid, bid_lots, ask, ask_lots))
