"""The fading count against a sum over all trades."""

from collections.abc import Callable
from math import exp
from typing import Any

import numpy as np
import pytest

from undertow.kernels.bars.arrival_rate import ARRIVALS, push_arrivals

Make = Callable[..., Any]
S = 1_000_000_000


def state(tau_s: float) -> Any:
    made = np.zeros(1, ARRIVALS)
    made["tau_ns"], made["most_lead_ns"] = tau_s * S, 10 * S
    return made


def push(made: Any, rows: Any) -> None:
    rows.flags.writeable = False
    push_arrivals(made, rows)


@pytest.mark.parametrize("shuffled", [False, True])
def test_as_the_plain_sum(shuffled: bool, rows_of: Make, random_trades: Make) -> None:
    trades = random_trades(41, 500)
    if shuffled:
        trades = [trades[k] for k in np.random.default_rng(1).permutation(len(trades))]
    made = state(20.0)
    push(made, rows_of(trades))
    newest = max(t[0] for t in trades)
    for name, side in (("buys", 1), ("sells", -1)):
        expected = sum(exp((t[0] - newest) / (20.0 * S)) for t in trades if t[3] == side)
        assert made[name][0] == pytest.approx(expected, rel=1e-9)
    assert made["trades"][0] == 500
    assert (made["disordered_trades"][0] > 0) == shuffled


def test_splits_change_nothing(rows_of: Make, random_trades: Make) -> None:
    rows = rows_of(random_trades(42, 300))
    whole, parts = state(5.0), state(5.0)
    push(whole, rows.copy())
    for first in range(0, 300, 7):
        push(parts, rows[first : first + 7].copy())
    assert parts.tobytes() == whole.tobytes()


def test_impossible_rows_are_counted(rows_of: Make) -> None:
    made = state(5.0)
    push(made, rows_of([(S, 0, 1, 1), (S, 100, 1, 0), (S, 100, 1, 1)]))
    assert (made["refused_rows"][0], made["trades"][0]) == (2, 1)
