"""Several minutes of volume by price in one list of rows."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from undertow.flow.price_volume import price_volume
from undertow.kernels.flow.layout import PROFILE_MINUTE, PROFILE_SLOTS
from undertow.kernels.flow.price_profile import add_volume

TRADES = st.lists(
    st.tuples(
        st.integers(1021 - PROFILE_SLOTS, 1020), st.integers(49_000, 52_000), st.integers(1, 9)
    ),
    max_size=80,
)


@given(TRADES, st.integers(1, 15))
@settings(deadline=None)
def test_rows_equal_a_dictionary(trades: list[tuple[int, int, int]], minutes: int) -> None:
    parts = np.zeros(PROFILE_SLOTS, PROFILE_MINUTE)
    for minute, ticks, lots in trades:
        add_volume(parts[minute % PROFILE_SLOTS], minute, ticks, lots)
    low, lots_in = price_volume(parts, 1018, minutes)
    inside = [t for t in trades if 1018 - minutes < t[0] <= 1018]
    size = int(low[1] - low[0]) if len(low) > 1 else 1 << 30
    found = {int(ticks) // size: v for ticks, v in zip(low, lots_in, strict=True) if v}
    wanted: dict[int, float] = {}
    for _, ticks, lots in inside:
        wanted[ticks // size] = wanted.get(ticks // size, 0.0) + lots
    assert found == wanted
    assert len(low) == 0 or (lots_in[0] > 0 and lots_in[-1] > 0)
    assert (np.diff(low) == size).all()
    assert size & (size - 1) == 0


def test_nothing_traded_gives_no_rows() -> None:
    low, lots = price_volume(np.zeros(PROFILE_SLOTS, PROFILE_MINUTE), 1018, 15)
    assert len(low) == len(lots) == 0
    assert low.dtype == np.int64
    assert lots.dtype == np.float64
