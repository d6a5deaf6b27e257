from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from undertow.domain.errors import CallerError
from undertow.flow.bar_length import bar_length_ns


def test_it_is_the_time_between_opens(bars_of: Callable[..., Any]) -> None:
    assert bar_length_ns(bars_of([(1, 1, 1, 1, 0, 0)] * 4, 900)) == 900 * 10**9


def test_one_bar_or_a_hole_is_refused(bars_of: Callable[..., Any]) -> None:
    bars = bars_of([(1, 1, 1, 1, 0, 0)] * 4)
    with pytest.raises(CallerError, match="found 1"):
        bar_length_ns(bars[:1])
    with pytest.raises(CallerError, match="contiguous"):
        bar_length_ns(bars[[0, 1, 3]])
    with pytest.raises(CallerError, match="contiguous"):
        bar_length_ns(np.flip(bars))
