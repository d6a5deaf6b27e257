"""The layouts are whole numbers only, and know why an order was refused."""

import numpy as np
import pytest

from undertow.kernels.quoting import venue_layout as layout
from undertow.simulator.reject_code import RejectCode


@pytest.mark.parametrize("name", ["VENUE", "MODELS", "OWN", "COMMAND", "REPORT", "FILL", "FUNDING"])
def test_all_columns_are_int64(name: str) -> None:
    row = getattr(layout, name)
    assert {row[column] for column in row.names} == {np.dtype(np.int64)}


def test_refusals_are_the_simulated_exchanges() -> None:
    assert set(layout.REFUSALS) <= set(RejectCode)
    assert layout.RING & (layout.RING - 1) == 0
