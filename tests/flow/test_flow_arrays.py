"""The memory: constants, addresses, growth."""

from collections.abc import Callable
from typing import Any

import numpy as np

from undertow.domain.bar import BAR
from undertow.domain.instrument import MarketKind
from undertow.domain.instrument_table import InstrumentTable
from undertow.flow.flow_arrays import FlowArrays
from undertow.flow.flow_config import FlowConfig


def arrays_of(make_instrument: Callable[..., Any], count: int, **config: Any) -> FlowArrays:
    rows = [make_instrument(MarketKind.INVERSE, f"v{i}") for i in range(count)]
    return FlowArrays(InstrumentTable(rows), 2, FlowConfig(**config))


def test_addresses_are_those_of_the_arrays(make_instrument: Callable[..., Any]) -> None:
    arrays = arrays_of(make_instrument, 3)
    names = [n.removesuffix("_at") for n in arrays.run.dtype.names or () if n.endswith("_at")]
    assert {"bars", "minute_samples", "open_interests", "fundings"} <= set(names)
    for name in names:
        assert arrays.run[f"{name}_at"][0] == getattr(arrays, name).ctypes.data


def test_its_size_is_that_of_its_arrays(make_instrument: Callable[..., Any]) -> None:
    narrow, wide = (arrays_of(make_instrument, 3, bars_15m=bars) for bars in (100, 101))
    assert wide.nbytes - narrow.nbytes == 3 * BAR.itemsize


def test_constants_come_from_table_and_configuration(make_instrument: Callable[..., Any]) -> None:
    arrays = arrays_of(make_instrument, 3, bars_1m=77, book_levels=5)
    assert (arrays.run["bars_1m"][0], arrays.bars.shape) == (77, (3, 77 + 108 + 192))
    assert arrays.book_keys.shape == (3, 2, 5)
    assert arrays.instruments["is_inverse"].tolist() == [1, 1, 1]


def test_room_for_watches_grows(make_instrument: Callable[..., Any]) -> None:
    arrays = arrays_of(make_instrument, 1)
    for number in range(40):
        arrays.make_room_for_watch()
        arrays.watches["watch_id"][number] = number
        arrays.run["watch_count"] += 1
    assert arrays.watches["watch_id"][:40].tolist() == list(range(40))
    assert arrays.run["watch_room"][0] == len(arrays.watches) >= 40
    assert arrays.run["watches_at"][0] == arrays.watches.ctypes.data


def test_room_for_closed_bars_follows_who_waits(make_instrument: Callable[..., Any]) -> None:
    arrays = arrays_of(make_instrument, 4)
    arrays.instruments["wakes"][:3] = (1, 2, 2 | 8)
    arrays.make_room_for_closed()
    assert arrays.run["closed_room"][0] >= 901 + 2 * 16 + 2


def test_three_hundred_instruments_fit_into_300_mb(make_instrument: Callable[..., Any]) -> None:
    arrays = arrays_of(make_instrument, 300)
    held = [a.nbytes for a in vars(arrays).values() if isinstance(a, np.ndarray)]
    assert sum(held) < 300e6
