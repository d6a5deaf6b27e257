"""Columns of the arrays in which the synthetic market keeps its books, and the row codes it writes.

Shapes, for N instruments, L levels a side (int64 throughout):

* `book`, `shown`: (N, 2, L, 2): side (BIDS, ASKS), level best first, (ticks, lots). `book` is what
  the venue has, `shown` what its last published update left with a listener.
* `counters`: (N, 6): how many levels of `book` and `shown` are in use, ids, flags.
* `wall`: (N, 8): at most one planted resting order of unusual size per instrument.

The kind codes repeat `domain.market_event.EventKind` because kernels know no domain types; a test
holds the two together. All are numpy integers: to numba a Python literal is a type of its own, and
a function would be compiled once for each.
"""

from typing import cast

import numpy as np


def _code(value: int) -> int:
    return cast(int, np.int64(value))


NOTHING = _code(0)

BIDS = _code(0)
ASKS = _code(1)

TICKS = _code(0)
LOTS = _code(1)

# counters: 0 and 1 count the levels of `book`, 2 and 3 those of `shown` (add the side)
SHOWN = _code(2)
UPDATE_ID = _code(4)
TRADE_ID = _code(5)
COUNTERS = _code(6)

# wall
WALL_SIDE = _code(0)
WALL_TICKS = _code(1)
WALL_RESERVE = _code(2)  # lots left, displayed or not
WALL_DISPLAY = _code(3)  # most lots displayed at once
WALL_IN_BOOK = _code(4)  # lots of it that `book` holds now
WALL_PULL_TICKS = _code(5)  # it vanishes when the mid is this near, 0 = it is real
WALL_ACTIVE = _code(6)
WALL_ENDED_NS = _code(7)  # when it was consumed or pulled, 0 = not yet
WALL_COLUMNS = _code(8)

# planned: one market order of a planted pattern
PLAN_INSTRUMENT = _code(0)
PLAN_STEP = _code(1)
PLAN_OFFSET_NS = _code(2)
PLAN_SIDE = _code(3)  # +1 buys, -1 sells
PLAN_LOTS = _code(4)
PLAN_LEVELS = _code(5)  # most levels it may take
PLAN_FORCED = _code(6)  # 1 = a liquidation: a LIQUIDATION row follows its trades
PLAN_COLUMNS = _code(7)

# filled: what became of a planned order
FILL_LOTS = _code(0)
FILL_TIME_NS = _code(1)
FILL_TICKS = _code(2)
FILL_COLUMNS = _code(3)

KEPT_LEVELS = _code(2)  # a market order never takes the last levels of a side

KIND_TRADE = _code(1)
KIND_BEGIN = _code(2)
KIND_LEVEL = _code(3)
KIND_END = _code(4)
KIND_QUOTE = _code(5)
KIND_LIQUIDATION = _code(8)
SNAPSHOT_FLAG = _code(1)
