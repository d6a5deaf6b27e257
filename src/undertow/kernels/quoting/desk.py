"""The desk of a compiled quoter: what it has seen and heard, and what it asks for, in one array.

All int64, so that a snapshot is a copy. In front a few numbers (`HEAD`), then `SLOTS` own orders of
`ORDER_SIZE` numbers, then what was asked for since the last wake, then the displayed book as
it was seen: two stretches of `WIDTH` lots, one number a tick, each with its better prices at the
end. The functions take the desk as an array, or inside a quoter as a pointer.

Prices are ticks, quantities lots, times nanoseconds. A slot is an own order's place; it is free
again when the end of the order was heard.
"""

from typing import Any, Final, TypeAlias

from undertow.kernels.compiled import compiled

Desk: TypeAlias = Any

POSITION: Final = 0
CASH: Final = 1
LAST_TICKS: Final = 2
BOUGHT: Final = 3
SOLD: Final = 4
NOW_NS: Final = 5
IS_VALID: Final = 6
SYNC: Final = 7
UPDATE: Final = 8
BOOK_ID: Final = 9
FLOOR_TICKS: Final = 10
WIDTH: Final = 11
NEXT_ID: Final = 12
ASKED: Final = 13
NEXT_WAKE_NS: Final = 14
ROW: Final = 16
WAKES: Final = 17
FULL: Final = 18
SIDES: Final = 20
COUNT, BEST, WORST = 0, 1, 2
SIDE_SIZE: Final = 4
HEAD: Final = 32

SLOTS: Final = 64
ORDER_SIZE: Final = 10
ID, SIDE, TICKS, LOTS, FILLED, STATE, IS_LEAVING, IS_CHANGING, REFERENCE = 0, 1, 2, 3, 4, 5, 6, 7, 8
FREE, SENT, OPEN = 0, 1, 2

ASK_SIZE: Final = 6
ASKS_MOST: Final = 256
PLACE, CANCEL, AMEND = 1, 2, 3
REST, POST_ONLY, IOC, MARKET = 0, 1, 2, 3

ORDERS: Final = HEAD
ASKS: Final = ORDERS + SLOTS * ORDER_SIZE
LEVELS: Final = ASKS + ASKS_MOST * ASK_SIZE
"""Where orders, wishes and the seen book begin."""


@compiled
def best_bid(desk: Desk) -> int:
    """Best displayed bid, 0 when there is none."""
    if desk[SIDES + COUNT] == 0:
        return 0
    return int(desk[FLOOR_TICKS] + desk[SIDES + BEST])


@compiled
def best_ask(desk: Desk) -> int:
    """Best displayed ask, 0 when there is none."""
    if desk[SIDES + SIDE_SIZE + COUNT] == 0:
        return 0
    return int(desk[FLOOR_TICKS] + desk[WIDTH] - 1 - desk[SIDES + SIDE_SIZE + BEST])


@compiled
def lots_at(desk: Desk, side: int, ticks: int) -> int:
    """Lots displayed at a price, on the bid (side > 0) or ask; 0 where nothing is known."""
    place = ticks - desk[FLOOR_TICKS]
    if place < 0 or place >= desk[WIDTH]:
        return 0
    if side > 0:
        return int(abs(desk[LEVELS + place]))
    return int(abs(desk[LEVELS + desk[WIDTH] + desk[WIDTH] - 1 - place]))


@compiled
def has_book(desk: Desk) -> bool:
    """True while the displayed book is whole and not crossed."""
    return bool(desk[IS_VALID] != 0)


@compiled
def position(desk: Desk) -> int:
    """Signed lots held, as far as was heard."""
    return int(desk[POSITION])


@compiled
def cash(desk: Desk) -> int:
    """Ticks times lots got for sales less those paid, before fees, as far as was heard."""
    return int(desk[CASH])


@compiled
def last_ticks(desk: Desk) -> int:
    """The last trade price seen, 0 before the first."""
    return int(desk[LAST_TICKS])


@compiled
def bought_lots(desk: Desk) -> int:
    """All lots that buyers took since the start, as seen."""
    return int(desk[BOUGHT])


@compiled
def sold_lots(desk: Desk) -> int:
    """All lots that sellers gave since the start, as seen."""
    return int(desk[SOLD])


@compiled
def order_side(desk: Desk, slot: int) -> int:
    """+1 for an own buy order in this slot, -1 for a sell order, 0 when the slot is free."""
    at = ORDERS + slot * ORDER_SIZE
    return 0 if desk[at + STATE] == FREE else int(desk[at + SIDE])


@compiled
def order_ticks(desk: Desk, slot: int) -> int:
    """The price of the order in a slot."""
    return int(desk[ORDERS + slot * ORDER_SIZE + TICKS])


@compiled
def order_lots(desk: Desk, slot: int) -> int:
    """What is left of the order in a slot."""
    at = ORDERS + slot * ORDER_SIZE
    return int(desk[at + LOTS] - desk[at + FILLED])


@compiled
def is_open(desk: Desk, slot: int) -> bool:
    """True when the venue has said that it took the order in."""
    return bool(desk[ORDERS + slot * ORDER_SIZE + STATE] == OPEN)


@compiled
def is_leaving(desk: Desk, slot: int) -> bool:
    """True when a cancel of the order is under way."""
    return bool(desk[ORDERS + slot * ORDER_SIZE + IS_LEAVING] != 0)


@compiled
def ask_for(desk: Desk, what: int, slot: int, how: int, ticks: int, lots: int) -> bool:
    """Note a wish; False when there were too many since the last wake (counted)."""
    count = desk[ASKED]
    if count >= ASKS_MOST:
        desk[FULL] += 1
        return False
    at = ASKS + count * ASK_SIZE
    desk[at] = what
    desk[at + 1] = slot
    desk[at + 2] = desk[ORDERS + slot * ORDER_SIZE + ID]
    desk[at + 3] = how
    desk[at + 4] = ticks
    desk[at + 5] = lots
    desk[ASKED] = count + 1
    return True


@compiled
def send_order(desk: Desk, side: int, ticks: int, lots: int, how: int) -> int:
    """Ask for an order (`REST`, `POST_ONLY`, `IOC`, `MARKET`); its slot, -1 without a free one."""
    for slot in range(SLOTS):
        at = ORDERS + slot * ORDER_SIZE
        if desk[at + STATE] != FREE:
            continue
        desk[at + ID] = desk[NEXT_ID] + 1
        if not ask_for(desk, PLACE, slot, how, ticks, lots):
            return -1
        desk[NEXT_ID] += 1
        desk[at + SIDE] = 1 if side > 0 else -1
        desk[at + TICKS] = ticks
        desk[at + LOTS] = lots
        desk[at + FILLED] = 0
        desk[at + STATE] = SENT
        desk[at + IS_LEAVING] = 0
        desk[at + IS_CHANGING] = 0
        desk[at + REFERENCE] = best_bid(desk) + best_ask(desk)
        return slot
    desk[FULL] += 1
    return -1


@compiled
def place(desk: Desk, side: int, ticks: int, lots: int) -> int:
    """Send a limit order that may take and then rests; returns its slot, -1 without a free one."""
    return send_order(desk, side, ticks, lots, REST)


@compiled
def post(desk: Desk, side: int, ticks: int, lots: int) -> int:
    """Send a limit order that the venue refuses if it would take; its slot or -1."""
    return send_order(desk, side, ticks, lots, POST_ONLY)


@compiled
def take(desk: Desk, side: int, ticks: int, lots: int) -> int:
    """Send a limit order that takes what it can at once and leaves no rest; its slot or -1."""
    return send_order(desk, side, ticks, lots, IOC)


@compiled
def take_any(desk: Desk, side: int, lots: int) -> int:
    """Send a market order; its slot or -1."""
    return send_order(desk, side, 0, lots, MARKET)


@compiled
def cancel(desk: Desk, slot: int) -> None:
    """Ask to cancel the order in a slot; nothing for a free slot or one that is leaving already."""
    at = ORDERS + slot * ORDER_SIZE
    if desk[at + STATE] == FREE or desk[at + IS_LEAVING] != 0:
        return
    if ask_for(desk, CANCEL, slot, 0, 0, 0):
        desk[at + IS_LEAVING] = 1


@compiled
def amend(desk: Desk, slot: int, ticks: int, lots: int) -> None:
    """Ask for another price and total quantity of the order in a slot; one request at a time."""
    at = ORDERS + slot * ORDER_SIZE
    if desk[at + STATE] == FREE or desk[at + IS_LEAVING] + desk[at + IS_CHANGING] != 0:
        return
    if ask_for(desk, AMEND, slot, 0, ticks, lots):
        desk[at + IS_CHANGING] = 1
