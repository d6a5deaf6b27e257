"""What kernels open is the memory that FlowArrays owns."""

from collections.abc import Callable
from typing import Any

import pytest

from undertow.kernels.compiled import compiled
from undertow.kernels.flow import flow_memory

NAMES = (
    "instruments",
    "sources",
    "buckets",
    "bars",
    "forming",
    "profile",
    "book_keys",
    "book_lots",
    "delays",
    "watches",
    "closed",
    "samples",
    "walls",
    "sizes",
    "heat",
    "heat_lots",
    "imbalances",
    "best_sizes",
    "best_levels",
    "level_flows",
    "forced",
)


def shape_seen(opener: Any) -> Any:
    """A kernel that tells the shape and the size of an element, and the address of the last one."""

    @compiled
    def look(runs: Any) -> Any:
        array = opener(runs[0])
        last = array.reshape(array.size)[array.size - 1 :]
        return array.shape, array.itemsize, last.ctypes.data

    return look


@pytest.mark.parametrize("name", NAMES)
def test_the_array_is_the_same_memory(name: str, make_arrays: Callable[..., Any]) -> None:
    arrays = make_arrays()
    arrays.make_room_for_watch()
    arrays.instruments["wakes"] = 2
    arrays.make_room_for_closed()
    mine = getattr(arrays, name)
    shape, item_size, last = shape_seen(getattr(flow_memory, f"{name}_of"))(arrays.run)
    assert (shape, item_size) == (mine.shape, mine.itemsize)
    assert last == mine.ctypes.data + mine.nbytes - mine.itemsize
