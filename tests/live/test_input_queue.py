import asyncio
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

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


BATCHES = st.lists(
    st.one_of(
        st.tuples(st.integers(1, 60), st.integers(0, 2)),  # rows of a source
        st.just("report"),
        st.just("take"),
    ),
    max_size=40,
)


@given(BATCHES)
def test_every_row_comes_out_or_is_counted_as_lost_and_nothing_else_is_lost(batches: Any) -> None:
    async def scenario() -> None:
        queue, put_rows, put_others = InputQueue(max_rows=100), 0, 0
        out: list[Any] = []
        for batch in batches:
            if batch == "take" and not queue.is_empty:
                out.append(await queue.get())
            elif batch == "report":
                queue.put(ClockAdvanced(put_others))
                put_others += 1
            elif batch != "take":
                queue.put(_rows(*batch))
                put_rows += batch[0]
            assert queue.waiting_rows <= 100 + 3  # and a gap for each source
        while not queue.is_empty:
            out.append(await queue.get())
        rows = np.concatenate([_rows(0), *(item for item in out if isinstance(item, np.ndarray))])
        is_gap = rows["kind"] == EventKind.GAP
        lost = int(rows["qty_lots"][is_gap].sum())
        assert (~is_gap).sum() + queue.dropped_rows == put_rows
        assert lost == queue.dropped_rows
        others = [item for item in out if isinstance(item, ClockAdvanced)]
        assert others == [ClockAdvanced(i) for i in range(put_others)]

    asyncio.run(scenario())
