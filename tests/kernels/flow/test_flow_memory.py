"""What kernels open is the memory that FlowArrays owns."""

from collections.abc import Callable
from typing import Any

import pytest

from undertow.kernels.flow import flow_memory

OPENED = {
    "instruments": flow_memory.instruments_of,
    "sources": flow_memory.sources_of,
    "buckets": flow_memory.buckets_of,
    "bars": flow_memory.bars_of,
    "forming": flow_memory.forming_of,
    "profile": flow_memory.profile_of,
    "book_keys": flow_memory.book_keys_of,
    "book_lots": flow_memory.book_lots_of,
    "delays": flow_memory.delays_of,
    "watches": flow_memory.watches_of,
    "closed": flow_memory.closed_of,
}


@pytest.mark.parametrize("name", OPENED)
def test_the_array_is_the_same_memory(name: str, make_arrays: Callable[..., Any]) -> None:
    arrays = make_arrays()
    arrays.make_room_for_watch()
    arrays.instruments["wakes"] = 2
    arrays.make_room_for_closed()
    mine, opened = getattr(arrays, name), OPENED[name](arrays.run[0])
    assert opened.shape == mine.shape
    assert opened.dtype == mine.dtype
    mine.reshape(-1).view("i8")[-1] = 77
    assert opened.reshape(-1).view("i8")[-1] == 77
