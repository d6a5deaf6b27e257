"""The asset by minutes: a plain twin from the trades, outages, and nothing that changes later."""

from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from undertow.domain.errors import CallerError, UnknownNameError
from undertow.domain.instrument import MarketKind
from undertow.domain.market_event import EventKind, MarkPrice, OpenInterest, Quote
from undertow.flow.asset_series import AssetSeries
from undertow.flow.flow_config import FlowConfig
from undertow.flow.flow_state import FlowState
from undertow.flow.member_minutes import Absence

Make = Callable[..., Any]
S = 10**9
T0 = 1_700_000_040 * S
LOT = (0.001, 0.01, 0.01, 100.0)


def random_tape(make_tape: Make, seed: int, seconds: int = 420, **config: Any) -> Any:
    """Random trades and venue numbers of four members; venue beta falls silent for a while."""
    rng, tape = np.random.default_rng(seed), make_tape(**config)
    quiet = (130 + int(rng.integers(60)), 190 + int(rng.integers(120)))
    for second in range(seconds):
        for member in range(4):
            if member == 2 and quiet[0] <= second < quiet[1]:
                continue
            for _ in range(int(rng.integers(1, 3))):
                ticks = 500_000 + int(rng.integers(-50, 50)) + 20 * (member > 0)
                side, lots = int(rng.choice([-1, 1])), int(rng.integers(1, 500))
                tape.trade(member, second + float(rng.uniform(0, 0.9)), side, lots, ticks)
        t = T0 + second * S
        if second % 20 == 5:
            tape.events.append(OpenInterest(1, 0, t, t + 1, 1000 + int(rng.integers(50))))
            tape.events.append(OpenInterest(3, 2, t, t + 1, 7000 + int(rng.integers(50))))
            rate = int(rng.integers(-(10**8), 10**8))
            tape.events.append(MarkPrice(1, 0, t, t + 1, 50_000 * 10**8, 1, rate, T0 + 10**13))
    return tape


def play_in_cuts(tape: Any, rows: Any, cuts: list[int]) -> list[AssetSeries]:
    """Feeds rows in batches that end at `cuts`; returns the series after each."""
    seen, start = [], 0
    for stop in [*cuts, len(rows)]:
        while start < stop:
            start = tape.state.advance(rows, start, stop, 2**62)
        seen.append(tape.asset.series(100))
    return seen


def plain_sums(rows: Any, minute: int) -> dict[str, np.ndarray]:
    """Bought and sold base and dollars of each member from the trades of a minute."""
    first = T0 + minute * 60 * S
    out = {name: np.zeros(4) for name in ("buy_base", "sell_base", "buy_usd", "sell_usd")}
    for row in rows[rows["kind"] == EventKind.TRADE]:
        if not first <= row["event_time_ns"] < first + 60 * S:
            continue
        k, price = int(row["instrument"]), row["price_ticks"] / 10
        size = row["qty_lots"] * LOT[k]
        side = "buy" if row["side"] > 0 else "sell"
        out[f"{side}_base"][k] += size / price if k == 3 else size
        out[f"{side}_usd"][k] += size if k == 3 else size * price
    return out


@pytest.mark.parametrize("seed", [1, 2])
def test_flows_equal_the_sums_of_the_trades(seed: int, make_tape: Make) -> None:
    tape = random_tape(make_tape, seed)
    rows = tape.rows()
    series = play_in_cuts(tape, rows, [])[0]
    assert len(series) == 5
    assert series.time_ns.tolist() == [T0 + 60 * S * k for k in range(2, 7)]
    groups = {"total": range(4), "spot": [0], "perp": [1, 2, 3], "linear": [1, 2], "inverse": [3]}
    for k in range(len(series)):
        plain, counts = plain_sums(rows, k + 1), series.absence[k] == 0
        for name, members in groups.items():
            chosen = [m for m in members if counts[m]]
            flow = getattr(series, name)
            assert flow.members[k] == len(chosen)
            for field in ("buy_base", "sell_base", "buy_usd", "sell_usd"):
                found = getattr(flow, field)[k]
                wanted = sum(plain[field][m] for m in chosen)
                assert found == pytest.approx(wanted, rel=1e-12)


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 2**16), cuts=st.lists(st.integers(1, 3500), max_size=12))
def test_a_minute_once_told_never_changes(seed: int, cuts: list[int], make_tape: Make) -> None:
    tape = random_tape(make_tape, seed)
    rows = tape.rows()
    told: dict[tuple[str, int], Any] = {}
    for series in play_in_cuts(tape, rows, sorted(cut % len(rows) for cut in cuts)):
        for name, values in columns(series).items():
            for time, value in zip(series.time_ns.tolist(), values, strict=True):
                before = told.setdefault((name, time), value)
                np.testing.assert_array_equal(value, before, err_msg=name)
    # However it was cut, the end is the same.
    whole = random_tape(make_tape, seed)
    last = play_in_cuts(whole, rows, [])[0]
    for name, values in columns(last).items():
        kept = [told[name, time] for time in last.time_ns.tolist()]
        np.testing.assert_array_equal(values, kept)


@pytest.mark.parametrize("seed", range(4))
def test_nothing_told_changes_when_everything_goes_wrong(
    seed: int, make_state: Make, random_rows: Make
) -> None:
    # Late, misdated and torn rows, other sources' trades, leaps of time, connections up and down.
    rng, rows = np.random.default_rng(seed), random_rows(seed, 900)
    state = make_state(FlowConfig(source_timeout_ns=100 * S))
    told: dict[tuple[str, int], Any] = {}
    start = counted = 0
    for stop in [*sorted(rng.integers(1, len(rows), 30).tolist()), len(rows)]:
        while start < stop:
            start = state.advance(rows, start, stop, 2**62)
        if rng.random() < 0.2:
            state.set_source_health(int(rng.integers(2)), is_healthy=bool(rng.integers(2)))
            state.advance_clock(state.now_ns + int(rng.integers(0, 30)) * S)
        series = state.asset("BTC").series(400)
        counted += int((series.absence == 0).sum())
        for name, values in columns(series).items():
            if name != "returns":  # the first of a later window is bridged from nothing
                for time, value in zip(series.time_ns.tolist(), values, strict=True):
                    np.testing.assert_array_equal(told.setdefault((name, time), value), value)
    assert counted > 100


def columns(series: AssetSeries) -> dict[str, Any]:
    """What must not depend on when it was read: all but the first minute's changes."""
    out = {
        name: getattr(series, name)
        for name in ("price", "returns", "open_interest_base", "basis_bps")
    }
    out |= {"counts": series.absence == 0, "funding": series.funding_per_hour}
    out |= {"delta": series.total.delta_base, "usd": series.perp.volume_usd}
    return out


def test_a_snapshot_carries_the_minutes(make_tape: Make) -> None:
    tape = random_tape(make_tape, 9)
    rows = tape.rows()
    whole = play_in_cuts(tape, rows, [])[0]
    first, second = make_tape(), make_tape()
    play_in_cuts(first, rows[:1500], [])
    second.state.restore(first.state.snapshot())
    found = play_in_cuts(second, rows[1500:], [])[0]
    assert second.state.digest() == tape.state.digest()
    assert msgspec.structs.asdict(found).keys() == msgspec.structs.asdict(whole).keys()
    for name, values in columns(found).items():
        np.testing.assert_array_equal(values, columns(whole)[name])


def test_sources_heard_at_the_same_time_may_come_in_any_order(make_tape: Make) -> None:
    tape = random_tape(make_tape, 4)
    rows = tape.rows()
    rows["receive_time_ns"] = (rows["receive_time_ns"] // S + 1) * S
    order = (np.arange(len(rows)), -rows["source"].astype(int), rows["receive_time_ns"])
    swapped = rows[np.lexsort(order)]
    assert (swapped["source"] != rows["source"]).any()
    one = play_in_cuts(tape, rows, [])[0]
    two = play_in_cuts(make_tape(), swapped, [])[0]
    for name, values in columns(one).items():
        np.testing.assert_array_equal(values, columns(two)[name], err_msg=name)


def test_a_silent_venue_leaves_by_name_and_returns_without_a_jump(make_tape: Make) -> None:
    tape = make_tape()
    tape.beat(0, 140)
    tape.beat(140, 300, (0, 1, 3))
    asset = tape.play()
    series = asset.series(10)
    assert len(series) == 3
    assert series.excluded == {"BTC/USDT:USDT@beta": Absence.SILENT}
    assert series.total.members.tolist() == [4, 3, 3]
    tape.beat(300, 420)
    tape.trade(2, 340, 1, 700)
    series = tape.play().series(10)
    assert series.total.members.tolist() == [4, 3, 3, 3, 4]
    assert series.excluded == {}
    assert series.total.delta_base == pytest.approx([0, 0, 0, 0, 7.0], abs=1e-12)
    assert series.total.cvd_base == pytest.approx([0, 0, 0, 0, 7.0], abs=1e-12)
    beta = series.venues["beta"]
    assert np.isnan(beta.delta_usd[1:4]).all()
    assert beta.cvd_base[-1] == pytest.approx(7.0)


def test_a_late_burst_does_not_rewrite_what_was_told(make_tape: Make) -> None:
    # Beta's feed hangs from 130 s to 300 s of our clock and then hands out everything.
    tape = make_tape()
    tape.beat(0, 330)
    held = [e for e in tape.events if e.source == 1 and e.event_time_ns >= T0 + 130 * S]
    tape.events = [e for e in tape.events if e not in held]
    for event in held:
        late = max(event.receive_time_ns, T0 + 300 * S)
        tape.events.append(msgspec.structs.replace(event, receive_time_ns=late))
    series = tape.play().series(10)
    place = series.members.index("BTC/USDT:USDT@beta")
    late_ones = [0, Absence.OUT_OF_STEP, Absence.OUT_OF_STEP]
    assert series.absence[:3, place].tolist() == late_ones
    assert len(series) == 4


def test_a_member_that_begins_late_holds_nobody_up(make_tape: Make) -> None:
    tape = make_tape()
    tape.beat(0, 200, (0, 1))
    series = tape.play().series(10)
    assert len(series) == 2
    tape.beat(200, 330, (0, 1, 2))
    series = tape.play().series(10)
    place = series.members.index("BTC/USDT:USDT@beta")
    assert series.absence[:, place].tolist() == [1, 1, 1, 0]


def test_prices_weigh_by_volume_and_changes_by_common_members(make_tape: Make) -> None:
    tape = make_tape()
    for second in range(0, 200):
        tape.trade(0, second, 1, 1000, 500_000)  # one coin at 50 000 a second
        if second < 110:
            tape.trade(2, second, 1, 300, 501_000)  # three coins at 50 100, then silence
    t = T0 + 20 * S
    tape.events.append(OpenInterest(2, 1, t, t + 1, 800))
    series = tape.play().series(10)
    shares = np.array([50_000 * 60.0, 50_100 * 180.0])
    # The second minute is beta's last whole one only if it closed it: it did not.
    assert series.price.tolist() == [50_000.0, 50_000.0]
    assert series.returns.tolist()[1:] == [0.0]
    assert series.open_interest_base.tolist()[0] != series.open_interest_base.tolist()[0]
    tape.beat(200, 310, (0, 2))
    series = tape.play().series(10)
    assert series.total.members.tolist()[-1] == 2
    assert series.open_interest_base[-1] == pytest.approx(8.0)
    assert np.isnan(series.open_interest_change[-1])
    assert series.returns[-1] == 0.0
    assert shares.sum() > 0


def test_a_price_out_of_line_is_left_out(make_tape: Make) -> None:
    tape = make_tape()
    for second in range(200):
        for member in range(4):
            tape.trade(member, second, 1, 1, 530_000 if member == 3 and second > 120 else 500_000)
    series = tape.play().series(10)
    place = series.members.index("BTC/USD:BTC@gamma")
    assert series.absence[:, place].tolist() == [0, Absence.OUT_OF_LINE]
    wide = make_tape(out_of_line_bps=700)
    for second in range(200):
        for member in range(4):
            wide.trade(member, second, 1, 1, 530_000 if member == 3 and second > 120 else 500_000)
    assert wide.play().series(10).absence[:, place].tolist() == [0, 0]


def test_weights_and_reference(make_tape: Make) -> None:
    tape = make_tape(venue_weights=(("alpha", 2.0),))
    tape.beat(0, 200)
    tape.trade(0, 70, 1, 4000)
    tape.trade(2, 70, 1, 100)
    asset = tape.play()
    assert asset.series(5).total.delta_base[0] == pytest.approx(2 * 4 + 1)
    assert asset.series(5).venues["alpha"].delta_base[0] == pytest.approx(2 * 4)
    plain = asset.series(5, weights={"beta": 3.0})
    assert plain.total.delta_base[0] == pytest.approx(4 + 3)
    told = asset.series(5, reference="BTC/USDT:USDT@beta")
    assert told.price.tolist() == [50_000.0, 50_000.0]
    with pytest.raises(UnknownNameError, match="expected a venue of this asset, found 'betta'"):
        asset.series(5, weights={"betta": 3.0})
    with pytest.raises(UnknownNameError, match="expected a member of this asset"):
        asset.series(5, reference="BTC/USDT@betta")
    with pytest.raises(CallerError, match="weight above 0 of beta"):
        asset.series(5, weights={"beta": 0.0})
    with pytest.raises(CallerError, match="at least 1 minute"):
        asset.series(0)


def test_funding_weighs_by_open_interest_and_basis_compares_kinds(make_tape: Make) -> None:
    tape = make_tape()
    tape.beat(0, 200)
    t = T0 + 70 * S
    mark = 50_000 * 10**8
    for member, source, lots, rate in ((1, 0, 300, 8 * 10**8), (2, 1, 100, -8 * 10**8)):
        tape.events.append(OpenInterest(member, source, t, t + 1, lots))
        tape.events.append(MarkPrice(member, source, t, t + 1, mark, 1, rate, T0 + 10**13))
    tape.events.append(Quote(0, 0, t, t + 1, 500_490, 1, 500_510, 1))
    series = tape.play().series(5)
    assert series.open_interest_usd[0] == pytest.approx(4 * 50_000)
    assert series.funding_by_venue["beta"][0] == pytest.approx(-1e-4)
    assert series.funding_per_hour[0] == pytest.approx(1e-4 * (3 - 1) / 4)
    assert series.basis_bps[0] == pytest.approx((50_000 / 50_050 - 1) * 1e4)
    assert series.basis_by_venue["alpha"][0] == pytest.approx(series.basis_bps[0])
    assert np.isnan(series.basis_by_venue["beta"]).all()


def test_other_quotes_count_in_coins_only(make_tape: Make, make_contract: Make) -> None:
    members = (
        make_contract(MarketKind.SPOT, "alpha"),
        make_contract(MarketKind.LINEAR, "alpha", "EUR"),
    )
    tape = make_tape(members)
    tape.beat(0, 130, (0, 1))
    tape.trade(1, 70, 1, 100)
    series = tape.play().series(5)
    assert series.total.delta_base[0] == pytest.approx(1.0)
    assert series.total.delta_usd[0] == 0.0
    assert np.isnan(series.perp.delta_usd[0])


def test_the_path_has_no_step_where_members_change(make_series: Make) -> None:
    series = make_series([100.0, 101.0, np.nan, 110.0, 111.0])
    series.returns[3] = np.log(102 / 101)
    path = series.path
    assert np.isnan(path[2])
    assert path[4] == 111.0
    assert path[3] == pytest.approx(110.0)
    assert path[1] / path[3] == pytest.approx(101 / 102)
    assert np.isnan(make_series([np.nan, np.nan]).path).all()


def test_open_interest_is_carried_over_who_leaves(make_series: Make) -> None:
    series = make_series(
        [1.0] * 5,
        open_interest_base=[50.0, 80.0, 30.0, np.nan, 85.0],
        open_interest_change=[np.nan, 2.0, 1.0, np.nan, 3.0],
    )
    np.testing.assert_array_equal(series.open_interest_path, [79.0, 81.0, 82.0, np.nan, 85.0])
    assert np.isnan(make_series([1.0, 1.0]).open_interest_path).all()


def test_before_any_minute_there_is_nothing(make_tape: Make) -> None:
    empty = make_tape().asset.series(5)
    assert (len(empty), empty.excluded) == (0, {})
    assert empty.total.cvd_usd.shape == (0,)
    assert isinstance(make_tape().state, FlowState)
