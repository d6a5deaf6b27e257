"""One venue pushes alone."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from undertow.domain.errors import CallerError
from undertow.flow.venue_trap import venue_trap
from undertow.stats.robust import modified_z_score

Make = Callable[..., Any]


def venues(push: dict[str, float], seed: int = 1, minutes: int = 300) -> dict[str, Any]:
    """Three venues of like noise; `push` adds to the deltas of the last 15 minutes."""
    rng = np.random.default_rng(seed)
    out = {}
    for name in ("alpha", "beta", "gamma"):
        delta = rng.normal(0.0, 10.0, minutes)
        delta[-15:] += push.get(name, 0.0) - delta[-15:].mean()
        out[name] = delta
    return out


def found(make_series: Make, deltas: dict[str, Any], **rules: Any) -> Any:
    minutes = len(next(iter(deltas.values())))
    return venue_trap(make_series(np.ones(minutes), venues=deltas), **rules)


@pytest.mark.parametrize("way", [1, -1])
def test_a_push_that_the_others_undo_is_a_trap(way: int, make_series: Make) -> None:
    push = {"beta": 30.0 * way, "alpha": -14.0 * way, "gamma": -16.0 * way}
    trap = found(make_series, venues(push))
    assert (trap.venue, trap.venue_side, trap.side) == ("beta", way, -way)
    assert trap.is_netted
    assert trap.confidence > 0.9


def test_flat_others_make_a_trap_of_half_the_confidence(make_series: Make) -> None:
    trap = found(make_series, venues({"beta": 60.0}))
    assert (trap.venue, trap.is_netted) == ("beta", False)
    assert trap.confidence == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize("push", [{"alpha": 30.0, "beta": 30.0, "gamma": 30.0}, {}])
def test_a_common_push_and_none_are_no_trap(push: dict[str, float], make_series: Make) -> None:
    trap = found(make_series, venues(push))
    assert (trap.side, trap.venue, trap.confidence) == (0, "", 0.0)
    assert trap.is_sufficient


def test_each_venue_is_told_beside_the_rest(make_series: Make) -> None:
    deltas = venues({"beta": 30.0}, seed=4)
    trap = found(make_series, deltas)
    sums = {name: np.convolve(delta, np.ones(15), "valid") for name, delta in deltas.items()}
    total = sum(abs(values[-1]) for values in sums.values())
    for row in trap.venues:
        own = sums[row.venue]
        rest = np.sum([values for name, values in sums.items() if name != row.venue], axis=0)
        assert row.cvd_usd == pytest.approx(own[-1])
        assert row.others_usd == pytest.approx(rest[-1])
        assert row.z_score == pytest.approx(modified_z_score(own[-1], own[-241:-1]))
        assert row.others_z == pytest.approx(modified_z_score(rest[-1], rest[-241:-1]))
        assert row.share == pytest.approx(abs(own[-1]) / total)


def test_a_venue_that_fell_out_is_not_judged(make_series: Make) -> None:
    deltas = venues({"beta": 60.0})
    deltas["beta"][-10:] = np.nan
    trap = found(make_series, deltas)
    assert [row.venue for row in trap.venues] == ["alpha", "gamma"]
    assert trap.side == 0


def test_too_few_venues_or_minutes_give_no_signal(make_series: Make) -> None:
    deltas = venues({"beta": 60.0})
    alone = found(make_series, {"beta": deltas["beta"]})
    assert (alone.side, alone.is_sufficient) == (0, False)
    short = found(make_series, venues({"beta": 60.0}, minutes=70))
    assert short.shortfall is not None
    assert short.shortfall.metric == "earlier windows of 15 minutes"
    assert len(short.venues) == 3
    with pytest.raises(CallerError, match="threshold > flat"):
        found(make_series, deltas, flat=3.0)
