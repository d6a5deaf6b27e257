from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from undertow.domain.errors import SnapshotCorrupt
from undertow.domain.market_event import STATUS_HEALTHY, STATUS_LOST, EventArray, EventKind
from undertow.simulator.market.ground_truth import TruthKind, decode_truth, encode_truth
from undertow.simulator.market.market_config import STEP_NS, MarketConfig
from undertow.simulator.market.pattern_rates import PatternRates
from undertow.simulator.market.planner import LONG
from undertow.simulator.market.synthetic_market import SyntheticMarket

OFTEN = PatternRates(**dict.fromkeys(PatternRates.__struct_fields__, 400.0))
SMALL = MarketConfig(assets=("BTC",), venues=("aster", "cetus"), patterns=OFTEN)


def _market(seed: int = 1, config: MarketConfig = SMALL) -> SyntheticMarket:
    return SyntheticMarket(config, np.random.default_rng(seed))


def _bytes(market: SyntheticMarket, blocks: int) -> bytes:
    return b"".join(market.next_block().tobytes() for _ in range(blocks))


@given(st.sets(st.integers(0, 39), max_size=6))
@settings(max_examples=15, deadline=None)
def test_snapshots_change_nothing(cuts: set[int]) -> None:
    straight = _market()
    expected = _bytes(straight, 40)
    market = _market()
    found = []
    for block in range(40):
        if block in cuts:
            data = market.snapshot()
            market = _market(seed=99)
            market.restore(data)
        found.append(_bytes(market, 1))
    assert b"".join(found) == expected
    assert market.truth == straight.truth
    assert market.snapshot() == straight.snapshot()


def test_another_seed_is_another_market() -> None:
    assert _bytes(_market(1), 3) != _bytes(_market(2), 3)


@pytest.mark.parametrize("generator", [np.random.Philox, np.random.MT19937, np.random.SFC64])
def test_any_generator_can_be_kept(generator: Any) -> None:
    market = SyntheticMarket(SMALL, np.random.Generator(generator(3)))
    market.next_block()
    other = SyntheticMarket(SMALL, np.random.Generator(generator(4)))
    other.restore(market.snapshot())
    assert _bytes(other, 5) == _bytes(market, 5)


def test_foreign_snapshots_are_refused() -> None:
    market = _market()
    data = market.snapshot()
    with pytest.raises(SnapshotCorrupt, match="snapshot"):
        market.restore(b"\x80")
    with pytest.raises(SnapshotCorrupt, match="this configuration"):
        _market(config=SMALL.quiet()).restore(data)
    with pytest.raises(SnapshotCorrupt, match="generator"):
        SyntheticMarket(SMALL, np.random.Generator(np.random.Philox(1))).restore(data)


def test_blocks_tile_time_in_total_order(default_run: Any) -> None:
    block_ns, start_ns = default_run.config.block_ns, default_run.config.start_ns
    for k, rows in enumerate(default_run.blocks):
        if len(rows):
            assert rows["receive_time_ns"][0] >= start_ns + k * block_ns
            assert rows["receive_time_ns"][-1] < start_ns + (k + 1) * block_ns
    rows = default_run.rows
    key = rows["receive_time_ns"] * 8 + rows["source"]
    assert (np.diff(key) >= 0).all()
    assert default_run.market.time_ns == start_ns + 600 * block_ns


def test_every_row_has_the_source_of_its_instrument(default_run: Any) -> None:
    market = default_run.market
    names = [f"{row.venue}.{'perp' if row.is_perp else 'spot'}" for row in market.table]
    expected = np.array([market.sources.index(name) for name in names])
    rows = default_run.rows
    assert (rows["source"] == expected[rows["instrument"]]).all()


def test_rows_leave_nothing_out(default_run: Any) -> None:
    kinds = set(default_run.rows["kind"].tolist())
    bars = {EventKind.BAR_OPEN, EventKind.BAR_FLOW, EventKind.BAR}  # it has every trade instead
    absent = bars | {EventKind.QUOTE, EventKind.GAP, EventKind.FUNDING}  # no full hour in 10 min
    assert kinds == {int(kind) for kind in EventKind} - absent


def test_quotes_are_the_best_of_the_book(rebuild: Any) -> None:
    config = msgspec.structs.replace(SMALL, with_quotes=True)
    market = _market(config=config)
    rows = np.concatenate([market.next_block() for _ in range(30)])
    best = {int(t): (int(b), int(a)) for t, b, a in rebuild(rows, 1)}
    quotes = rows[(rows["instrument"] == 1) & (rows["kind"] == EventKind.QUOTE)]
    assert len(quotes) > 20
    for quote in quotes:
        found = (int(quote["price_ticks"]), int(quote["price_b"]))
        assert found == best[int(quote["event_time_ns"])]


def test_short_blocks_work_too() -> None:
    config = msgspec.structs.replace(SMALL, block_ns=STEP_NS)
    market = _market(config=config)
    rows = np.concatenate([market.next_block() for _ in range(300)])
    assert (np.diff(rows["receive_time_ns"]) >= 0).all()
    assert market.time_ns == config.start_ns + 300 * STEP_NS
    assert (rows["kind"] == EventKind.MARK_PRICE).sum() > 30


def test_memory_is_bounded() -> None:
    config = msgspec.structs.replace(SMALL, truth_kept=5)
    market = _market(config=config)
    sizes = []
    for _ in range(6):
        _bytes(market, 50)
        sizes.append(len(market.snapshot()))
    assert len(market.truth) == 5 + 2
    assert max(sizes) < 1.5 * sizes[0]


def test_an_outage_says_so_and_ends_with_snapshots(busy_run: Any) -> None:
    outages = [r for r in busy_run.truth if r.kind is TruthKind.OUTAGE]
    assert len(outages) >= 3
    market = busy_run.market
    for record in outages[:4]:
        venue = record.note.removeprefix("venue=")
        for i in [k for k, row in enumerate(market.table) if row.venue == venue]:
            _check_outage(busy_run, record, i)


def _check_outage(run: Any, record: Any, i: int) -> None:
    skew, span = run.skew_ns(i), 2 * STEP_NS
    status = run.of(i, EventKind.STATUS)
    near = np.abs(status["event_time_ns"] - skew - record.start_ns) < span
    assert status["qty_b"][near].tolist() == [STATUS_LOST]
    back = np.abs(status["event_time_ns"] - skew - record.end_ns) < span
    assert status["qty_b"][back].tolist() == [STATUS_HEALTHY]
    lost_ns = int(status["event_time_ns"][near][0])
    back_ns = int(status["event_time_ns"][back][0])
    own = run.rows[(run.rows["instrument"] == i) & (run.rows["kind"] != EventKind.STATUS)]
    times = own["event_time_ns"]
    assert not ((times > lost_ns) & (times < back_ns)).any()
    first = own[(times >= back_ns) & (own["kind"] == EventKind.BOOK_BEGIN)][0]
    assert first["flags"] == 1


def test_trade_ids_are_consecutive(busy_run: Any) -> None:
    for i in range(len(busy_run.market.table)):
        assert (np.diff(busy_run.of(i, EventKind.TRADE)["sequence"]) == 1).all()


def test_each_kind_of_truth_shows_up_in_ten_minutes(default_run: Any) -> None:
    found = [record.kind for record in default_run.truth]
    for kind in TruthKind:
        assert found.count(kind) >= 2 or kind in LONG, kind
    assert not set(found) & set(LONG)
    assert decode_truth(encode_truth(default_run.truth)) == default_run.truth


def test_bursts_of_the_truth_are_in_the_trades(busy_run: Any) -> None:
    bursts = [r for r in busy_run.truth if r.kind in (TruthKind.WHALE, TruthKind.SWEEP)]
    assert len(bursts) > 20
    for record in bursts:
        trades = busy_run.of(record.instrument, EventKind.TRADE)
        true_ns = trades["event_time_ns"] - busy_run.skew_ns(record.instrument)
        inside = (true_ns >= record.start_ns) & (true_ns <= record.end_ns)
        own = trades[inside & (trades["side"] == record.side)]
        assert own["qty_lots"].sum() >= record.magnitude > 0
        assert (true_ns[inside] == record.start_ns).any()
        if record.kind is TruthKind.SWEEP:
            assert len(own) >= 4
            assert own["qty_lots"].sum() == record.magnitude


def test_cascades_of_the_truth_are_liquidations(busy_run: Any) -> None:
    kinds = (TruthKind.LONG_CASCADE, TruthKind.SHORT_CASCADE)
    cascades = [r for r in busy_run.truth if r.kind in kinds]
    table = busy_run.market.table
    assert len(cascades) >= 2
    for record in cascades:
        money = 0.0
        for i in table.of_asset(record.asset):
            rows = busy_run.of(i, EventKind.LIQUIDATION)
            true_ns = rows["event_time_ns"] - busy_run.skew_ns(i)
            own = rows[(true_ns >= record.start_ns) & (true_ns <= record.end_ns)]
            assert set(own["side"].tolist()) <= {record.side}
            money += sum(
                float(table[i].notional(int(r["price_ticks"]), int(r["qty_lots"]))) for r in own
            )
        assert money == pytest.approx(record.magnitude, rel=1e-9)


def test_walls_of_the_truth_are_in_the_book(busy_run: Any) -> None:
    walls = [r for r in busy_run.truth if r.kind in (TruthKind.WALL, TruthKind.SPOOF)]
    assert len(walls) >= 10
    seen = 0
    for record in walls:
        ticks = int(record.note.split()[0].removeprefix("ticks="))
        levels = _during(busy_run, record, EventKind.BOOK_LEVEL)
        own = levels[levels["price_ticks"] == ticks]
        seen += bool((own["qty_lots"] >= record.magnitude).any())
        # A snapshot after an outage leaves out what is gone; a delta says so.
        snapshots = _during(busy_run, record, EventKind.BOOK_BEGIN)["flags"].any()
        if "outcome=pulled" in record.note and not snapshots:
            assert own["qty_lots"][-1] < record.magnitude
    assert seen >= 0.9 * len(walls)


def _during(run: Any, record: Any, kind: EventKind) -> EventArray:
    rows = run.of(record.instrument, kind)
    true_ns = rows["event_time_ns"] - run.skew_ns(record.instrument)
    return np.asarray(rows[(true_ns >= record.start_ns) & (true_ns <= record.end_ns)])


def test_regimes_of_the_truth_tile_the_run(default_run: Any) -> None:
    start, end = default_run.config.start_ns, default_run.market.time_ns
    for asset in (*default_run.config.assets, "*"):
        own = [r for r in default_run.truth if r.kind is TruthKind.REGIME and r.asset == asset]
        assert own[0].start_ns == start
        assert own[-1].end_ns == 0
        ends = [r.end_ns for r in own[:-1]]
        assert ends == [r.start_ns for r in own[1:]]
        assert all(e < end for e in ends)


@pytest.mark.parametrize("kind", LONG)
def test_each_long_pattern_is_planted_when_it_is_on(kind: TruthKind) -> None:
    config = msgspec.structs.replace(
        SMALL.quiet(), patterns=msgspec.structs.replace(PatternRates.none(), **{kind: 60.0})
    )
    market = _market(5, msgspec.structs.replace(config, block_ns=5 * 10**9))
    for _ in range(600):
        market.next_block()
    records = [record for record in market.truth if record.kind is kind]
    assert records
    assert all(record.end_ns > record.start_ns for record in records)
    assert {abs(record.side) for record in records} == {1}
