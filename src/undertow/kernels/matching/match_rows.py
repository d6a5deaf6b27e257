"""The loop over market rows: keep the books, move the queues, stop where Python is needed.

It stops after a row that filled or released own orders, that brought a mark at or beyond a guard
(`WAKE_GUARD`), that settles funding of an instrument with a position (`WAKE_FUNDING`), or after a
bar or its open that own orders or positions may feel (`WAKE_BAR_OPEN`, `WAKE_BAR`); and before a
row received after the limit. With nothing at rest it only keeps books.
"""

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.compiled import compiled
from undertow.kernels.matching.bar_rows import any_bar_row
from undertow.kernels.matching.ladder import (
    KEY,
    SHOWN,
    begin_snapshot,
    confirm_levels,
    end_snapshot,
    set_level,
    show_level,
    trade_through,
)
from undertow.kernels.matching.print_fills import note_print, on_print
from undertow.kernels.matching.queue_position import (
    fill_at,
    fill_crossed,
    fill_through,
    move_queues,
    release_triggers,
)
from undertow.kernels.matching.venue_state import (
    FIDELITY_BARS,
    FIDELITY_BOOK,
    FIDELITY_QUOTES,
    FIDELITY_TRADES,
    NOT_EATEN,
    ROW_BAR_OPEN,
    ROW_BOOK_BEGIN,
    ROW_BOOK_LEVEL,
    ROW_FUNDING,
    ROW_GAP,
    ROW_GAP_BOOK,
    ROW_MARK_PRICE,
    ROW_QUOTE,
    ROW_SNAPSHOT,
    ROW_STATUS,
    ROW_STATUS_LOST,
    ROW_TRADE,
    SYNC_FOLLOWING,
    SYNC_FRESH,
    SYNC_LOST,
    UPDATE_DELTA,
    UPDATE_NONE,
    UPDATE_SKIPPED,
    UPDATE_SNAPSHOT,
    WAKE_FUNDING,
    WAKE_GUARD,
    WAKE_NONE,
)

NS_PER_S = 1_000_000_000


@compiled
def begin_update(
    previous_id: int,
    last_id: int,
    flags: int,
    markets: NDArray[np.void],
    m: int,
    ladders: NDArray[np.int64],
) -> None:
    """Judge a book update by its ids: apply, skip as old, or find a gap and lose the book.

    Id 0 comes from venues without a sequence and always joins. Only the first delta after a
    snapshot may reach back before it.
    """
    market = markets[m]
    if market["update"] == UPDATE_SNAPSHOT:
        lose_book(markets, m)
    if flags & ROW_SNAPSHOT:
        market["update"] = UPDATE_SNAPSHOT
        begin_snapshot(market["bid_count"], ladders[2 * market["book"]])
        begin_snapshot(market["ask_count"], ladders[2 * market["book"] + 1])
        return
    market["update"] = UPDATE_SKIPPED
    if market["sync"] == SYNC_LOST or (last_id != 0 and last_id <= market["book_id"]):
        return
    is_overlap = market["sync"] == SYNC_FRESH and previous_id < market["book_id"]
    if last_id == 0 or previous_id == market["book_id"] or is_overlap:
        market["update"] = UPDATE_DELTA
    else:
        lose_book(markets, m)


@compiled
def lose_book(markets: NDArray[np.void], m: int) -> None:
    """The displayed book cannot be trusted until the next snapshot."""
    market = markets[m]
    market["sync"] = SYNC_LOST
    market["is_valid"] = 0
    market["bid_count"] = 0
    market["ask_count"] = 0


@compiled
def apply_level(
    side: int,
    ticks: int,
    lots: int,
    markets: NDArray[np.void],
    m: int,
    ladders: NDArray[np.int64],
) -> None:
    """One level of the update being read; an impossible one makes the book worthless."""
    market = markets[m]
    if market["update"] in (UPDATE_SKIPPED, UPDATE_NONE):
        return
    if lots < 0 or ticks < 1:
        market["update"] = UPDATE_SKIPPED
        lose_book(markets, m)
        return
    row = 2 * market["book"]
    if side > 0:
        market["bid_count"] = set_level(ticks, lots, market["bid_count"], ladders[row])
    else:
        market["ask_count"] = set_level(-ticks, lots, market["ask_count"], ladders[row + 1])


@compiled
def end_update(
    last_id: int,
    event_ns: int,
    markets: NDArray[np.void],
    m: int,
    ladders: NDArray[np.int64],
) -> bool:
    """The update is whole; returns True when it was applied."""
    market = markets[m]
    update = market["update"]
    market["update"] = UPDATE_NONE
    if update in (UPDATE_SKIPPED, UPDATE_NONE):
        return False
    if update == UPDATE_SNAPSHOT:
        row = 2 * market["book"]
        market["bid_count"] = end_snapshot(market["bid_count"], ladders[row])
        market["ask_count"] = end_snapshot(market["ask_count"], ladders[row + 1])
        market["sync"] = SYNC_FRESH
    else:
        market["sync"] = SYNC_FOLLOWING
    market["book_id"] = last_id
    market["book_event_ns"] = event_ns
    market["is_valid"] = best_gap(market, ladders) >= 0
    catch_up(event_ns, markets, m, ladders)
    return True


@compiled
def best_gap(market: np.void, ladders: NDArray[np.int64]) -> int:
    """Best ask less best bid of the displayed book in ticks; 1 when a side is empty."""
    n_bid = market["bid_count"]
    n_ask = market["ask_count"]
    if n_bid == 0 or n_ask == 0:
        return 1
    row = 2 * market["book"]
    return int(-ladders[row + 1, KEY, n_ask - 1] - ladders[row, KEY, n_bid - 1])


@compiled
def catch_up(event_ns: int, markets: NDArray[np.void], m: int, ladders: NDArray[np.int64]) -> None:
    """A displayed book of this venue time has every trade up to it: it is the truth again."""
    market = markets[m]
    if event_ns < market["eaten_event_ns"]:
        return
    row = 2 * market["book"]
    if market["eaten_bid"] != NOT_EATEN:
        confirm_levels(market["eaten_bid"], market["bid_count"], ladders[row])
        market["eaten_bid"] = NOT_EATEN
    if market["eaten_ask"] != NOT_EATEN:
        confirm_levels(market["eaten_ask"], market["ask_count"], ladders[row + 1])
        market["eaten_ask"] = NOT_EATEN


@compiled
def set_quote(key: int, lots: int, ladder: NDArray[np.int64]) -> int:
    """A quote is a ladder of one level; an unchanged one keeps what is left. Returns the count."""
    if lots == 0:
        ladder[SHOWN, 0] = 0
        return 0
    if ladder[KEY, 0] != key or ladder[SHOWN, 0] != lots:
        show_level(0, key, lots, ladder)
    return 1


@compiled
def after_book(
    m: int,
    event_ns: int,
    model: int,
    markets: NDArray[np.void],
    ladders: NDArray[np.int64],
    count: int,
    resting: NDArray[np.void],
    hits: NDArray[np.int64],
) -> int:
    """Queues and crossings after a changed book; returns the number of hits.

    A feed whose own sides meet or cross is no evidence that anybody reached us: nothing is filled.
    """
    market = markets[m]
    row = 2 * market["book"]
    bids = ladders[row]
    asks = ladders[row + 1]
    n_bid = market["bid_count"]
    n_ask = market["ask_count"]
    move_queues(m, event_ns, model, n_bid, n_ask, bids, asks, count, resting)
    if best_gap(market, ladders) <= 0:
        return 0
    found = 0
    for side in (1, -1):
        opposite = asks if side > 0 else bids
        depth = n_ask if side > 0 else n_bid
        found = fill_crossed(m, side, depth, opposite, count, resting, found, hits)
    return found


@compiled
def note_trade(
    side: int,
    ticks: int,
    lots: int,
    at_ns: int,
    event_ns: int,
    markets: NDArray[np.void],
    m: int,
    ladders: NDArray[np.int64],
) -> None:
    """Last price, range of the second, and what the trade took from the displayed book."""
    market = markets[m]
    market["last_ticks"] = ticks
    market["last_side"] = side
    second = at_ns // NS_PER_S
    if second != market["second"]:
        if market["second_high"] > 0:
            market["range_ticks"] = market["second_high"] - market["second_low"]
        market["second"] = second
        market["second_high"] = ticks
        market["second_low"] = ticks
    else:
        market["second_high"] = max(market["second_high"], ticks)
        market["second_low"] = min(market["second_low"], ticks)
    if event_ns > market["book_event_ns"]:
        row = 2 * market["book"]
        market["eaten_event_ns"] = event_ns
        if side > 0:
            trade_through(-ticks, lots, market["ask_count"], ladders[row + 1])
            market["eaten_ask"] = min(market["eaten_ask"], -ticks)
        else:
            trade_through(ticks, lots, market["bid_count"], ladders[row])
            market["eaten_bid"] = min(market["eaten_bid"], ticks)


@compiled
def on_trade(
    side: int,
    ticks: int,
    lots: int,
    event_ns: int,
    markets: NDArray[np.void],
    m: int,
    count: int,
    resting: NDArray[np.void],
    hits: NDArray[np.int64],
) -> int:
    """Own orders that a trade reaches; returns the number of hits."""
    found = 0
    if markets[m]["limits"] > 0:
        found, used = fill_through(m, ticks, event_ns, count, resting, 0, hits)
        rest = max(0, lots - used)
        found = fill_at(m, side, ticks, lots, rest, event_ns, count, resting, found, hits)
    if markets[m]["triggers"] > 0:
        found = release_triggers(m, ticks, count, resting, found, hits)
    return found


@compiled
def is_guarded(mark_e8: int, markets: NDArray[np.void], m: int) -> bool:
    """True when a mark is at or beyond a guard of the instrument."""
    market = markets[m]
    return bool(mark_e8 <= market["guard_low_e8"] or mark_e8 >= market["guard_high_e8"])


@compiled
def trade_row(
    row: np.void,
    feed_ns: int,
    fidelity: int,
    count: int,
    markets: NDArray[np.void],
    ladders: NDArray[np.int64],
    resting: NDArray[np.void],
    hits: NDArray[np.int64],
    wake: NDArray[np.int64],
) -> None:
    """A TRADE row; without a mark price the trade stands in for it."""
    m = row["instrument"]
    side = row["side"]
    ticks = row["price_ticks"]
    lots = row["qty_lots"]
    event_ns = row["event_time_ns"]
    at_ns = row["receive_time_ns"] - feed_ns
    if fidelity >= FIDELITY_TRADES:
        note_print(ticks, markets[m]["last_ticks"], lots, markets[m])
    note_trade(side, ticks, lots, at_ns, event_ns, markets, m, ladders)
    if count > 0 and fidelity >= FIDELITY_TRADES:
        wake[1] = on_print(m, side, ticks, lots, markets, count, resting, hits)
    elif count > 0:
        wake[1] = on_trade(side, ticks, lots, event_ns, markets, m, count, resting, hits)
    market = markets[m]
    if market["mark_e8"] == 0 and market["has_position"] != 0:
        mark_e8 = ticks * market["tick_e8_numerator"] // market["tick_e8_denominator"]
        if is_guarded(mark_e8, markets, m):
            wake[0] = WAKE_GUARD


@compiled
def book_row(row: np.void, markets: NDArray[np.void], ladders: NDArray[np.int64]) -> bool:
    """A row of a book update; returns True when it made a new book."""
    m = row["instrument"]
    kind = row["kind"]
    if kind == ROW_BOOK_LEVEL:
        apply_level(row["side"], row["price_ticks"], row["qty_lots"], markets, m, ladders)
    elif kind == ROW_BOOK_BEGIN:
        begin_update(row["qty_b"], row["sequence"], row["flags"], markets, m, ladders)
    else:
        return end_update(row["sequence"], row["event_time_ns"], markets, m, ladders)
    return False


@compiled
def quote_row(row: np.void, markets: NDArray[np.void], ladders: NDArray[np.int64]) -> bool:
    """A QUOTE row, where the book is made of quotes; a crossed one is passed over (False)."""
    if 0 < row["price_b"] < row["price_ticks"]:
        return False
    m = row["instrument"]
    market = markets[m]
    pair = 2 * market["book"]
    event_ns = row["event_time_ns"]
    market["bid_count"] = set_quote(row["price_ticks"], row["qty_lots"], ladders[pair])
    market["ask_count"] = set_quote(-row["price_b"], row["qty_b"], ladders[pair + 1])
    market["is_valid"] = 1
    market["book_event_ns"] = event_ns
    catch_up(event_ns, markets, m, ladders)
    return True


@compiled
def display_row(
    row: np.void, fidelity: int, markets: NDArray[np.void], ladders: NDArray[np.int64]
) -> bool:
    """A row of what the feed displays; returns True when it made a new book."""
    if row["kind"] == ROW_QUOTE:
        return fidelity == FIDELITY_QUOTES and quote_row(row, markets, ladders)
    return fidelity == FIDELITY_BOOK and book_row(row, markets, ladders)


@compiled
def account_row(
    row: np.void,
    fidelity: int,
    markets: NDArray[np.void],
    wake: NDArray[np.int64],
) -> None:
    """A mark price, a funding settlement, or a loss of the feed."""
    m = row["instrument"]
    kind = row["kind"]
    if kind == ROW_MARK_PRICE and row["price_ticks"] > 0:
        markets[m]["mark_e8"] = row["price_ticks"]
        if is_guarded(row["price_ticks"], markets, m):
            wake[0] = WAKE_GUARD
    elif kind == ROW_FUNDING:
        if markets[m]["has_position"] != 0:
            wake[0] = WAKE_FUNDING
    elif kind == ROW_GAP:
        if row["qty_b"] == ROW_GAP_BOOK and fidelity == FIDELITY_BOOK:
            lose_book(markets, m)
    elif kind == ROW_STATUS and row["qty_b"] == ROW_STATUS_LOST:
        lose_book(markets, m)


@compiled
def match_rows(
    rows: NDArray[np.void],
    start: int,
    until_receive_ns: int,
    feed_ns: int,
    fidelity: int,
    model: int,
    count: int,
    markets: NDArray[np.void],
    ladders: NDArray[np.int64],
    resting: NDArray[np.void],
    hits: NDArray[np.int64],
    wake: NDArray[np.int64],
) -> int:
    """Apply rows from `start` on, up to a receive time; returns the index of the first not applied.

    rows: EVENT. fidelity: `FIDELITY_*`, model: `QUEUE_*`. count: own orders at rest. markets:
    `VENUE_MARKET` by instrument. ladders: (2 * books, 4, capacity). resting: `RESTING`. hits:
    (capacity of resting, 3). wake: (2,), set to a `WAKE_*` and the number of hits.
    """
    wake[0] = WAKE_NONE
    wake[1] = 0
    for i in range(start, rows.shape[0]):
        row = rows[i]
        if row["receive_time_ns"] > until_receive_ns:
            return i
        m = row["instrument"]
        if markets[m]["book"] < 0:
            continue
        kind = row["kind"]
        is_new_book = False
        if kind == ROW_TRADE and row["price_ticks"] > 0 and row["qty_lots"] > 0:
            trade_row(row, feed_ns, fidelity, count, markets, ladders, resting, hits, wake)
        elif ROW_TRADE < kind <= ROW_QUOTE:
            is_new_book = display_row(row, fidelity, markets, ladders)
        elif kind < ROW_BAR_OPEN:
            account_row(row, fidelity, markets, wake)
        elif fidelity == FIDELITY_BARS:
            any_bar_row(row, feed_ns, count, markets, resting, wake)
        if is_new_book and markets[m]["limits"] > 0:
            event_ns = row["event_time_ns"]
            wake[1] = after_book(m, event_ns, model, markets, ladders, count, resting, hits)
        if wake[0] != WAKE_NONE or wake[1] != 0:
            return i + 1
    return int(rows.shape[0])
