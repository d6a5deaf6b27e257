"""The record layouts are what the comments say."""

import numpy as np
import pytest

from undertow.domain.bar import BAR
from undertow.domain.market_event import EventKind
from undertow.kernels.flow import layout


@pytest.mark.parametrize(
    "dtype",
    [
        layout.INSTRUMENT,
        layout.SOURCE,
        layout.BUCKET,
        layout.PROFILE_MINUTE,
        layout.TRADED,
        layout.WATCH,
        layout.CLOSED,
        layout.RUN,
        layout.SAMPLE,
        layout.WALL,
        layout.HEAT_COLUMN,
        layout.FORCED,
        layout.WHALE,
    ],
)
def test_every_field_is_aligned(dtype: np.dtype[np.void]) -> None:
    for name in dtype.names or ():
        kind, offset = dtype.fields[name][:2] if dtype.fields else (None, 1)
        assert kind is not None
        width = 8 if kind.base in (layout.TRADED, BAR) else kind.base.itemsize
        assert width in (4, 8)
        assert offset % width == 0
    assert dtype.itemsize % 8 == 0


def test_the_ring_holds_the_longest_window_and_what_is_open() -> None:
    open_s = 90 + 2
    assert open_s < layout.FORGET_AHEAD_S
    assert layout.SECONDS_KEPT + layout.FORGET_AHEAD_S < layout.RING
    assert layout.RING & (layout.RING - 1) == 0


def test_rows_dated_by_our_side_are_the_last_kinds() -> None:
    assert [kind for kind in EventKind if kind >= EventKind.GAP] == [
        EventKind.GAP,
        EventKind.STATUS,
        EventKind.BAR_OPEN,
        EventKind.BAR_FLOW,
        EventKind.BAR,
    ]
