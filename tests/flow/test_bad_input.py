"""What happens to rows that cannot be right: each case has one outcome and a counter."""

from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
import pytest

from undertow.domain.errors import SnapshotCorrupt
from undertow.domain.fixed import Step
from undertow.domain.instrument import MarketKind
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import EVENT, EventArray, EventKind
from undertow.flow.flow_state import FlowState

Make = Callable[..., Any]
S = 10**9
T0 = 1_700_000_000 * S
NEVER = 2**62


def tape(seconds: range, *, source: int = 0, instrument: int = 0, first_id: int = 1) -> EventArray:
    """A buy of 2 lots every half second, numbered."""
    rows = np.zeros(2 * len(seconds), EVENT)
    times = T0 + np.arange(2 * seconds.start, 2 * seconds.stop) * (S // 2)
    rows["event_time_ns"], rows["receive_time_ns"] = times, times + 5_000_000
    rows["price_ticks"], rows["qty_lots"], rows["side"] = 60_000, 2, 1
    rows["kind"], rows["source"], rows["instrument"] = EventKind.TRADE, source, instrument
    rows["sequence"] = first_id + 2 * seconds.start + np.arange(len(rows))
    return rows


def fed(state: FlowState, *parts: EventArray) -> FlowState:
    for rows in parts:
        assert state.advance(rows, 0, len(rows), NEVER) == len(rows)
    return state


@pytest.mark.parametrize("field", ["price_ticks", "qty_lots"])
@pytest.mark.parametrize("value", [0, -1, -(2**62), 2**53 + 1, 2**63 - 1])
def test_prices_and_sizes_that_cannot_be_are_refused_and_counted(
    field: str, value: int, make_state: Make
) -> None:
    clean, rows = fed(make_state(), tape(range(90))), tape(range(90))
    bad = rows[50:51].copy()
    bad[field] = value
    bad["sequence"] = 0
    state = fed(make_state(), rows[:50], bad, rows[50:])
    assert state[0].counters["refused_rows"] == state.source(0).refused_rows == 1
    assert state[0].window(60) == clean[0].window(60)
    assert state[0].bars(60, 9).tolist() == clean[0].bars(60, 9).tolist()
    assert state[0].cvd_lots() == clean[0].cvd_lots() == 2 * 180


def test_time_that_runs_backwards_changes_totals_only(make_state: Make) -> None:
    clean = fed(make_state(), tape(range(300)))
    old = tape(range(100, 110), first_id=0)
    old["sequence"] = 0
    state = fed(make_state(), tape(range(300)), old)
    assert state[0].counters["late_trades"] == state.source(0).late_trades == 20
    assert state[0].window(300) == clean[0].window(300)
    assert state[0].last_event_ns == clean[0].last_event_ns
    assert state[0].cvd_lots() == clean[0].cvd_lots() + 40


def test_a_receive_clock_that_runs_backwards_moves_nothing_back(make_state: Make) -> None:
    rows = tape(range(60))
    rows["receive_time_ns"][80:] -= 3600 * S
    state = fed(make_state(), rows)
    assert state.now_ns == rows["receive_time_ns"][:80].max()
    assert state[0].cvd_lots() == 240


def test_a_row_dated_far_ahead_moves_no_clock(make_state: Make) -> None:
    rows = tape(range(120))
    ahead = rows[-1:].copy()
    ahead["event_time_ns"] += 3600 * S
    ahead["sequence"] = 0
    state = fed(make_state(), rows, ahead)
    assert state.source(0).misdated_rows == 1
    assert state.source(0).progress_ns == rows["event_time_ns"][-1]
    assert state[0].cvd_lots() == 2 * 241


def test_a_venue_that_repeats_an_hour_of_trades_counts_them_once(make_state: Make) -> None:
    hour = tape(range(3600))
    again = hour.copy()
    again["receive_time_ns"] += 3600 * S
    after = tape(range(3600, 3700))
    clean = fed(make_state(), hour, after)
    state = fed(make_state(), hour, again, after)
    assert state[0].counters["repeated_trades"] == state.source(0).repeated_trades == len(hour)
    assert state[0].counters["late_trades"] == 0
    assert state[0].cvd_lots() == clean[0].cvd_lots() == 2 * 7400
    assert state[0].bars(60, 99).tolist() == clean[0].bars(60, 99).tolist()
    assert state[0].window(900) == clean[0].window(900)


def test_a_venue_that_falls_silent_leaves_the_aggregate_and_comes_back(make_state: Make) -> None:
    state = make_state()
    asset = state.asset("BTC")
    both = np.sort(np.concatenate([tape(range(60)), tape(range(60), source=1, instrument=2)]))
    both = both[np.argsort(both["receive_time_ns"], kind="stable")]
    fed(state, both)
    names = [member.instrument.instrument_id for member in asset.healthy()]
    alone = tape(range(60, 90))
    fed(state, alone)
    quiet = [member.instrument.instrument_id for member in asset.healthy()]
    assert set(names) - set(quiet) == {state[2].instrument.instrument_id}
    assert state[2].instrument.instrument_id in asset.excluded
    assert state[2].cvd_lots() == 2 * 120
    fed(state, tape(range(90, 100)), tape(range(90, 100), source=1, instrument=2))
    assert [member.instrument.instrument_id for member in asset.healthy()] == names
    assert state[2].cvd_lots() == 2 * 140
    minute = state[2].window(30)
    assert (minute.buy_lots, minute.sell_lots) == (2 * 20, 0)


def test_a_changed_contract_is_another_instrument(make_instrument: Make) -> None:
    before = make_instrument(MarketKind.LINEAR, "alpha")
    after = msgspec.structs.replace(before, contract_size=Step.of("0.01"))
    state = fed(FlowState(InstrumentTable([before]), ["alpha"]), tape(range(60)))
    renewed = FlowState(InstrumentTable([after]), ["alpha"])
    with pytest.raises(SnapshotCorrupt, match=r"contract_size='0.01'.*contract_size='1'"):
        renewed.restore(state.snapshot())
    fed(renewed, tape(range(60)))
    assert renewed[0].cvd_base() == pytest.approx(state[0].cvd_base() / 100)
