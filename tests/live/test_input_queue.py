import asyncio

import numpy as np

from undertow.domain.engine_input import ClockAdvanced
from undertow.domain.market_event import EVENT, EventArray, EventKind
from undertow.live.input_queue import InputQueue


def _rows(count: int, source: int = 0, instrument: int = 0) -> EventArray:
    rows = np.zeros(count, EVENT)
    rows["kind"], rows["source"], rows["instrument"] = EventKind.TRADE, source, instrument
    rows["receive_time_ns"] = np.arange(count)
    return rows


def test_items_come_out_in_order_of_arrival() -> None:
    async def scenario() -> None:
        queue = InputQueue()
        first, second = _rows(2), ClockAdvanced(5)
        queue.put(first)
        queue.put(second)
        assert await queue.get() is first
        assert await queue.get() is second
        assert queue.waiting_rows == 0

    asyncio.run(scenario())


def test_overload_shows_as_a_gap_and_keeps_everything_else() -> None:
    async def scenario() -> None:
        queue = InputQueue(max_rows=5)
        other = _rows(1, source=1)
        queue.put(other)
        queue.put(_rows(3))
        queue.put(ClockAdvanced(5))
        queue.put(_rows(2))
        assert queue.dropped_rows == 5
        assert np.array_equal(await queue.get(), other)  # type: ignore[arg-type]  # an array
        assert await queue.get() == ClockAdvanced(5)
        gap = await queue.get()
        assert isinstance(gap, np.ndarray)
        assert [(row["kind"], row["qty_lots"]) for row in gap] == [(EventKind.GAP, 5)]

    asyncio.run(scenario())


def test_settled_waits_for_the_last_task() -> None:
    async def scenario() -> None:
        queue = InputQueue()
        await queue.settled()
        queue.put(_rows(1))
        queue.put(_rows(0))
        waiter = asyncio.create_task(queue.settled())
        await queue.get()
        await asyncio.sleep(0)
        assert not waiter.done()
        queue.task_done()
        await waiter

    asyncio.run(scenario())


def test_get_waits_for_an_item() -> None:
    async def scenario() -> None:
        queue = InputQueue()
        getter = asyncio.create_task(queue.get())
        await asyncio.sleep(0)
        queue.put(ClockAdvanced(1))
        assert await getter == ClockAdvanced(1)

    asyncio.run(scenario())
