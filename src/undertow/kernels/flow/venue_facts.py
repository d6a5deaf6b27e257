"""Rows that are not trades or book updates: quotes, mark prices, liquidations, gaps, status."""

from undertow.domain.market_event import GAP_BOOK, STATUS_HEALTHY, EventKind
from undertow.kernels.compiled import compiled
from undertow.kernels.flow.best_quote import serve_quote
from undertow.kernels.flow.book_update import invalidate_book
from undertow.kernels.flow.layout import (
    BOOK_INVALID,
    MINUTE_GAPPED,
    MINUTE_LOST,
    MOST_EXACT,
    NS_PER_SECOND,
    Record,
)

MARK_PRICE = int(EventKind.MARK_PRICE)
LIQUIDATION = int(EventKind.LIQUIDATION)
GAP = int(EventKind.GAP)
STATUS = int(EventKind.STATUS)
MOST_FUNDING_INTERVAL_S = 8 * 3600
"""Longest interval taken from two next funding times: a longer step leaps over one we missed."""


@compiled
def is_quote(row: Record) -> bool:
    """Whether the row can be a quote: positive prices, sizes not negative."""
    is_bid = 0 < row.price_ticks <= MOST_EXACT and 0 <= row.qty_lots <= MOST_EXACT
    return bool(is_bid and 0 < row.price_b <= MOST_EXACT and 0 <= row.qty_b <= MOST_EXACT)


@compiled
def apply_quote(instrument: Record, source: Record, row: Record) -> int:
    """Take the venue's own best bid and ask; returns the OFI when it is what we serve.

    A crossed quote (bid above ask) withdraws the quote and is counted; an impossible one is
    refused."""
    if not is_quote(row):
        instrument.refused_rows += 1
        source.refused_rows += 1
        return 0
    instrument.has_quote = 1 if row.price_ticks <= row.price_b else 0
    instrument.crossed_quotes += 1 - instrument.has_quote
    instrument.quote_bid_ticks = row.price_ticks
    instrument.quote_bid_lots = row.qty_lots
    instrument.quote_ask_ticks = row.price_b
    instrument.quote_ask_lots = row.qty_b
    if instrument.book_status != BOOK_INVALID:
        return 0
    return int(serve_quote(instrument))


@compiled
def is_forced(row: Record) -> bool:
    """Whether the row can be a forced order: a side and a positive quantity."""
    return bool(abs(row.side) == 1 and 0 < row.qty_lots <= MOST_EXACT)


@compiled
def apply_liquidation(instrument: Record, source: Record, row: Record) -> None:
    """Add a forced order to the totals, by the side of the order."""
    if not is_forced(row):
        instrument.refused_rows += 1
        source.refused_rows += 1
        return
    instrument.liquidations += 1
    if row.side > 0:
        instrument.liquidated_buy_lots += row.qty_lots
    else:
        instrument.liquidated_sell_lots += row.qty_lots


@compiled
def apply_gap(instrument: Record, source: Record, row: Record) -> None:
    """A sequence jumped: a book gap makes the book invalid, a trade gap is counted."""
    source.gaps += 1
    if row.qty_b == GAP_BOOK:
        instrument.book_gaps += 1
        invalidate_book(instrument)
    else:
        instrument.trade_gaps += 1
        instrument.minute_flags |= MINUTE_GAPPED


@compiled
def withdraw_best(instrument: Record) -> None:
    """Serve neither book nor quote until they are told anew."""
    instrument.has_quote = 0
    invalidate_book(instrument)
    serve_quote(instrument)


@compiled
def apply_status(instrument: Record, row: Record) -> None:
    """A feed was lost: what it said of book and quote is no longer served; or it came back."""
    instrument.is_lost = 0 if row.qty_b == STATUS_HEALTHY else 1
    if instrument.is_lost:
        instrument.minute_flags |= MINUTE_LOST
        withdraw_best(instrument)


@compiled
def apply_mark(instrument: Record, row: Record) -> None:
    """Take mark and index price and the funding to come; its next time tells the interval."""
    step_s = (row.sequence - instrument.next_funding_ns) // NS_PER_SECOND
    if instrument.next_funding_ns > 0 and 0 < step_s <= MOST_FUNDING_INTERVAL_S:
        instrument.funding_interval_s = step_s
    instrument.mark_e8 = row.price_ticks
    instrument.index_e8 = row.price_b
    instrument.funding_rate_e12 = row.qty_b
    instrument.next_funding_ns = row.sequence


@compiled
def apply_fact(instrument: Record, source: Record, row: Record) -> None:
    """Take any row that is not a trade, quote, book update, open interest or funding paid."""
    if row.kind == MARK_PRICE:
        apply_mark(instrument, row)
    elif row.kind == LIQUIDATION:
        apply_liquidation(instrument, source, row)
    elif row.kind == GAP:
        apply_gap(instrument, source, row)
    elif row.kind == STATUS:
        apply_status(instrument, row)
    else:
        instrument.refused_rows += 1
        source.refused_rows += 1
