"""No window of a limit ever holds more than it allows, whatever is asked for: counted here."""

import numpy as np
import pytest

from undertow.domain.errors import ConfigurationError
from undertow.wire.pace import CountedPace
from undertow.wire.request_budget import RequestBudget


def test_windows_never_hold_more() -> None:
    pace, rng = CountedPace(), np.random.default_rng(3)
    budget = RequestBudget({"weight": (100, 60.0), "raw": (7, 10.0)}, pace)
    spent: list[tuple[int, int]] = []
    for _ in range(300):
        units = int(rng.integers(1, 30))
        budget.spend({"weight": units, "raw": 1, "unknown": 9})
        spent.append((pace.now_ns(), units))
        pace.wait(float(rng.random()))
    for at, _ in spent:
        inside = [units for when, units in spent if at - 60 * 10**9 < when <= at]
        raw = sum(1 for when, _ in spent if at - 10 * 10**9 < when <= at)
        assert sum(inside) <= 100
        assert raw <= 7
    assert budget.waited_s > 0


def test_it_does_not_wait_without_need() -> None:
    pace = CountedPace()
    budget = RequestBudget({"weight": (10, 60.0)}, pace)
    for _ in range(10):
        budget.spend({"weight": 1})
    assert pace.waits == []
    budget.spend({"weight": 1})
    assert pace.waits == [60.0]


def test_what_the_venue_counted_is_learned() -> None:
    pace = CountedPace()
    budget = RequestBudget({"weight": (10, 60.0)}, pace)
    budget.spend({"weight": 2})
    budget.learn("weight", 9)
    budget.learn("weight", 4)
    budget.learn("other", 4)
    assert budget.used("weight") == 9
    pace.wait(30)
    budget.spend({"weight": 1})
    assert len(pace.waits) == 1
    budget.spend({"weight": 1})
    assert pace.waits[1] == 30.0


def test_limits_that_cannot_be() -> None:
    with pytest.raises(ConfigurationError, match="above 0"):
        RequestBudget({"weight": (0, 60.0)}, CountedPace())
    with pytest.raises(ConfigurationError, match="within the limit of 10"):
        RequestBudget({"weight": (10, 60.0)}, CountedPace()).spend({"weight": 11})
