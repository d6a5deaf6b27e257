"""The desk's own functions: slots, wishes, and what is read of the seen book."""

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.quoting import desk as desks
from undertow.kernels.quoting.desk import (
    amend,
    best_ask,
    best_bid,
    cancel,
    is_leaving,
    is_open,
    lots_at,
    order_lots,
    order_side,
    order_ticks,
    place,
    post,
    take,
    take_any,
)
from undertow.kernels.quoting.seen_book import see_level

WIDTH = 100


def fresh() -> NDArray[np.int64]:
    desk = np.zeros(desks.LEVELS + 2 * WIDTH, np.int64)
    desk[desks.WIDTH], desk[desks.FLOOR_TICKS] = WIDTH, 1_000
    return desk


def asked(desk: NDArray[np.int64]) -> list[list[int]]:
    count = int(desk[desks.ASKED])
    found: list[list[int]] = (
        desk[desks.ASKS : desks.ASKS + count * desks.ASK_SIZE].reshape(count, -1).tolist()
    )
    return found


def test_the_touch_and_the_lots_at_a_price() -> None:
    desk = fresh()
    assert (best_bid(desk), best_ask(desk), lots_at(desk, 1, 1_010)) == (0, 0, 0)
    for side, ticks, lots in ((1, 1_010, 5), (1, 1_012, 6), (-1, 1_015, 7), (-1, 1_020, 8)):
        see_level(desk, side, ticks, lots)
    assert (best_bid(desk), best_ask(desk)) == (1_012, 1_015)
    assert (lots_at(desk, 1, 1_010), lots_at(desk, -1, 1_020)) == (5, 8)
    assert (lots_at(desk, 1, 5), lots_at(desk, -1, 5_000)) == (0, 0)


def test_orders_take_slots_until_there_are_none() -> None:
    desk = fresh()
    slots = [place(desk, 1, 1_010, 5) for _ in range(desks.SLOTS)]
    assert slots == list(range(desks.SLOTS))
    assert post(desk, -1, 1_020, 5) == -1
    assert desk[desks.FULL] == 1
    assert [one[0] for one in asked(desk)] == [desks.PLACE] * desks.SLOTS
    assert [one[2] for one in asked(desk)] == list(range(1, desks.SLOTS + 1))


def test_each_kind_of_order_is_told_apart() -> None:
    desk = fresh()
    kinds = (
        place(desk, 1, 1_010, 1), post(desk, -1, 1_020, 2), take(desk, 1, 1_030, 3),
        take_any(desk, -1, 4),
    )  # fmt: skip
    assert kinds == (0, 1, 2, 3)
    hows = [desks.REST, desks.POST_ONLY, desks.IOC, desks.MARKET]
    assert [one[3] for one in asked(desk)] == hows
    assert [order_side(desk, slot) for slot in range(5)] == [1, -1, 1, -1, 0]
    assert (order_ticks(desk, 1), order_lots(desk, 1)) == (1_020, 2)


def test_a_cancel_is_asked_once_and_a_change_not_beside_it() -> None:
    desk = fresh()
    slot = place(desk, 1, 1_010, 5)
    assert not is_open(desk, slot)
    amend(desk, slot, 1_011, 6)
    amend(desk, slot, 1_012, 6)
    cancel(desk, slot)
    cancel(desk, slot)
    amend(desk, slot, 1_013, 6)
    cancel(desk, 7)
    assert [one[0] for one in asked(desk)] == [desks.PLACE, desks.AMEND, desks.CANCEL]
    assert is_leaving(desk, slot)
