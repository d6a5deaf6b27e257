"""Whales' trades through the flow state: what is noted, alerts, bursts over venues, restarts."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from undertow.domain.errors import ConfigurationError
from undertow.domain.market_event import EVENT
from undertow.flow.flow_config import FlowConfig
from undertow.flow.whale_trades import whale_activity, whale_bursts, whale_trades
from undertow.stats.robust import modified_z_score

Make = Callable[..., Any]
S = 1_000_000_000
T0 = 1_700_000_000
CONFIG = FlowConfig(whale_usd=50_000)
NEVER = 2**62


def rows_of(*trades: tuple[int, int, int, int]) -> Any:
    """Trades (second, instrument, lots, side) at 100 000 ticks = 10 000 dollars a coin."""
    rows = np.zeros(len(trades), EVENT)
    for k, (second, instrument, lots, side) in enumerate(trades):
        rows[k] = ((T0 + second) * S, (T0 + second) * S, 100_000, lots, 0, 0, 0, instrument,
                   int(instrument == 2), 1, side, 0)  # fmt: skip
    return rows


def quiet(instrument: int, seconds: int = 40) -> list[tuple[int, int, int, int]]:
    """A small trade a second: 1 to 9 lots."""
    return [(s, instrument, 1 + s % 9, 1 if s % 2 else -1) for s in range(seconds)]


def flow_after(make_state: Make, *trades: tuple[int, int, int, int]) -> Any:
    state = make_state(CONFIG)
    ordered = sorted(trades, key=lambda trade: trade[0])
    rows = rows_of(*ordered)
    state.advance(rows, 0, len(rows), NEVER)
    return state


def test_a_trade_above_the_money_is_noted_with_its_score(make_state: Make) -> None:
    # 0.001 coins a lot: 50 000 dollars are 5000 lots; exactly that many are not above.
    state = flow_after(make_state, *quiet(0), (41, 0, 5000, 1), (42, 0, 5001, -1))
    assert state[0].whale_above_lots == 5000
    (whale,) = state[0].whales().tolist()
    assert whale[:4] == ((T0 + 42) * S, -1, 100_000, 5001)
    # With a lateness of a second, second 1 had begun when second 0 closed, and so on.
    sizes = [1 + s % 9 for s in range(1, 40)]
    assert whale[4] == pytest.approx(modified_z_score(np.log(5001), np.log(sizes)))
    found = whale_trades([state[0]], 60)
    assert [(one.side, one.value, one.is_alert) for one in found] == [(-1, 50_010.0, True)]


def test_where_sizes_are_alike_the_rank_alarms(make_state: Make) -> None:
    alike = [(s, 0, 5001, 1) for s in range(40)]
    state = flow_after(make_state, *alike, (41, 0, 5001, 1), (42, 0, 5002, 1))
    same, larger = whale_trades([state[0]])[-2:]
    assert (same.rank, same.is_alert) == (0.0, False)
    assert (larger.rank, larger.is_alert) == (1.0, True)
    assert larger.score != larger.score


def test_first_trades_are_nobodys(make_state: Make) -> None:
    state = flow_after(make_state, (0, 0, 99_999, 1), (1, 0, 99_999, 1))
    assert len(state[0].whales()) == 0


def test_late_and_impossible_trades_are_not_noted(make_state: Make) -> None:
    state = flow_after(make_state, *quiet(0))
    odd = rows_of((10, 0, 9000, 1), (40, 0, 9000, 0), (40, 0, 9000, 1))
    state.advance(odd, 0, 3, NEVER)
    assert len(state[0].whales()) == 1
    assert state[0].counters["late_trades"] == 1


def test_inverse_contracts_are_money_already(make_state: Make) -> None:
    state = flow_after(make_state, *quiet(2), (41, 2, 501, 1))
    assert state[2].whale_above_lots == 500  # 100 dollars a lot
    assert [one.value for one in whale_trades([state[2]])] == [50_100.0]


def test_activity_adds_up_both_sides(make_state: Make) -> None:
    whales = [(41, 0, 6000, 1), (42, 0, 7000, 1), (43, 0, 9000, -1)]
    state = flow_after(make_state, *quiet(0), *whales)
    found = whale_activity([state[0]], 60)
    assert (found.side, found.buys, found.sells, found.alerts) == (1, 2, 1, 3)
    assert (found.buy_value, found.sell_value) == (130_000.0, 90_000.0)
    assert found.most_score == max(one.score for one in whale_trades([state[0]]))
    assert whale_activity([state[0]], 1).side == -1
    nothing = whale_activity([state[1]])
    assert (nothing.side, nothing.buys) == (0, 0)
    assert nothing.most_score != nothing.most_score


def test_bursts_cross_venues(make_state: Make) -> None:
    whales = [(41, 0, 6000, 1), (44, 2, 600, 1), (45, 0, 8000, -1), (50, 0, 6000, 1)]
    state = flow_after(make_state, *quiet(0), *quiet(2), *whales, (51, 2, 1, 1))
    members = [state[0], state[2]]
    (burst,) = whale_bursts(members, within_s=6.0)
    assert (burst.side, burst.venues, len(burst.trades)) == (1, ("alpha", "beta"), 3)
    assert (burst.last_ns - burst.first_ns, burst.value) == (9 * S, 180_000.0)
    assert whale_bursts(members, within_s=5.0) == ()
    assert len(whale_bursts(members, within_s=5.0, least=2)) == 1
    assert whale_bursts([state[0]], within_s=6.0) == ()
    assert whale_bursts(members, 2) == ()


def test_a_share_of_the_day_finds_smaller_whales(make_state: Make) -> None:
    state = make_state(FlowConfig(whale_day_ppm=50_000, whale_least_minutes=2))
    trades = [(s, 0, 10, 1) for s in range(0, 600, 10)]  # 60 lots a minute, 86 400 a day
    rows = rows_of(*trades, (601, 0, 4400, -1))
    state.advance(rows, 0, len(rows), NEVER)
    assert 4000 <= state[0].whale_above_lots <= 4320
    assert state[0].whales()["lots"].tolist() == [4400]


@pytest.mark.parametrize("cuts", [[], [1], [7, 41, 45], list(range(60))])
def test_splits_and_restarts_change_nothing(
    cuts: list[int], make_state: Make, run_in_batches: Make
) -> None:
    whales = [(s, 0, 6000 + s, 1 if s % 3 else -1) for s in range(30, 60)]
    rows = rows_of(*quiet(0, 30), *whales)
    whole = make_state(CONFIG)
    whole.advance(rows, 0, len(rows), NEVER)
    _, state = run_in_batches(make_state(CONFIG), rows, cuts, restore_at=len(cuts) // 2)
    assert state.digest() == whole.digest()
    assert state[0].whales().tobytes() == whole[0].whales().tobytes()
    assert len(whole[0].whales()) == 30
    assert whole[0].whales(3).tolist() == whole[0].whales().tolist()[-3:]


def test_wrong_numbers_are_refused(make_state: Make) -> None:
    state = make_state()
    with pytest.raises(ConfigurationError, match="expected 1 second or more, found 0"):
        whale_trades([state[0]], 0)
    for options in ({"within_s": 0.0}, {"least": 1}):
        with pytest.raises(ConfigurationError, match="expected within_s > 0 and least >= 2"):
            whale_bursts([state[0]], **options)
