"""The compiled quoter against the same function run on the simulated exchange, fill by fill."""

import numpy as np
import pytest
from tests.backtest.quoter_world import (
    MS,
    PERP,
    Reference,
    quoting,
    random_rows,
    restless,
)

from undertow.backtest.quoter_run import QuoterRun
from undertow.domain.errors import CallerError, ConfigurationError, SnapshotCorrupt
from undertow.domain.market_event import EventArray
from undertow.kernels.quoting.quoter import Quoter
from undertow.simulator.exchange_config import ExchangeConfig, Fidelity
from undertow.simulator.latency import ConstantLatency, LogNormalLatency
from undertow.simulator.queue_model import PowerQueue, QueueModel

Fill = tuple[int, int, int, int, int, bool]


def config(feed: int, order: int, response: int, model: QueueModel | PowerQueue) -> ExchangeConfig:
    return ExchangeConfig(
        queue_model=model,
        feed_latency=ConstantLatency(feed * MS),
        order_latency=ConstantLatency(order * MS),
        response_latency=ConstantLatency(response * MS),
    )


def fills_of(run: QuoterRun) -> list[Fill]:
    names = ("at_ns", "id", "side", "ticks", "lots", "is_maker")
    columns = [run.fills[name].tolist() for name in names]
    return [(*row[:5], bool(row[5])) for row in zip(*columns, strict=True)]


def compiled_run(
    quoter: Quoter, rows: EventArray, setting: ExchangeConfig, every_ns: int
) -> QuoterRun:
    run = QuoterRun(quoter, PERP, setting, every_ns=every_ns)
    run.push(rows)
    run.finish()
    return run


CASES = [
    (feed, order, response, model, every)
    for (feed, order, response), model, every in zip(
        [(0, 5, 1), (1, 0, 1), (2, 3, 4), (5, 20, 20), (0, 1, 0), (3, 7, 2), (1, 2, 3)],
        [*QueueModel, PowerQueue(2.0), QueueModel.PESSIMISTIC],
        [0, 10, 0, 7, 3, 0, 100],
        strict=True,
    )
]


@pytest.mark.parametrize("case", CASES, ids=str)
@pytest.mark.parametrize("quoter", [restless, quoting], ids=["restless", "quoting"])
def test_fills_are_those_of_the_simulated_exchange(
    quoter: Quoter, case: tuple[int, int, int, QueueModel, int]
) -> None:
    feed, order, response, model, every = case
    setting = config(feed, order, response, model)
    found = 0
    for seed in range(6):
        rows = random_rows(seed)
        reference = Reference(quoter.function, setting, rows, 16)
        reference.run(every * MS)
        run = compiled_run(quoter, rows, setting, every * MS)
        assert fills_of(run) == reference.fills
        assert run.counts.wakes == reference.wakes
        assert run.signed_lots == reference.exchange.signed_lots(0)
        np.testing.assert_array_equal(run.state, reference.state)
        found += len(reference.fills)
    assert found > 10


@pytest.mark.parametrize("every", [0, 10 * MS])
def test_the_cut_of_the_rows_changes_nothing(every: int) -> None:
    rows = random_rows(11, 600)
    setting = config(5, 4, 3, QueueModel.PROPORTIONAL)
    whole = compiled_run(restless, rows, setting, every)
    rng = np.random.default_rng(5)
    cuts = sorted(rng.integers(0, len(rows), 40).tolist())
    parts = QuoterRun(restless, PERP, setting, every_ns=every)
    parts.push_all(np.split(rows, cuts))
    assert fills_of(parts) == fills_of(whole)
    assert len(whole.fills) > 10
    np.testing.assert_array_equal(parts.state, whole.state)
    np.testing.assert_array_equal(parts.marks, whole.marks)


def test_a_restored_run_goes_on_as_if_it_had_never_stopped() -> None:
    rows = random_rows(12, 600)
    setting = config(2, 4, 3, QueueModel.PESSIMISTIC)
    whole = compiled_run(restless, rows, setting, 5 * MS)
    first = QuoterRun(restless, PERP, setting, every_ns=5 * MS)
    first.push(rows[:700])
    second = QuoterRun(restless, PERP, setting, every_ns=5 * MS)
    second.restore(first.snapshot())
    second.push(rows[700:])
    second.finish()
    assert fills_of(second) == fills_of(whole)
    assert second.cash_tick_lots == whole.cash_tick_lots


def test_a_price_beyond_the_window_widens_it() -> None:
    rows = random_rows(13, 300).copy()
    setting = config(0, 4, 3, QueueModel.PESSIMISTIC)
    plain = compiled_run(restless, rows, setting, 5 * MS)
    far = rows.copy()
    is_level = far["kind"] == 3
    place = np.flatnonzero(is_level & (far["side"] < 0))[:1]
    far["price_ticks"][place] = 400_000  # a sell order far away: another level of the same update
    reference = Reference(restless.function, setting, rows, 16)
    reference.run(5 * MS)
    assert fills_of(plain) == reference.fills
    run = compiled_run(restless, far, setting, 5 * MS)
    assert run.counts.far_levels == 0
    assert run.counts.wakes == plain.counts.wakes


def test_a_level_too_far_for_any_window_is_passed_over_and_counted() -> None:
    rows = random_rows(13, 300)
    setting = config(0, 4, 3, QueueModel.PESSIMISTIC)
    plain = compiled_run(quoting, rows, setting, 5 * MS)
    place = int(np.flatnonzero(rows["kind"] == 4)[2])
    far = np.insert(rows, place, rows[place - 1])
    far["price_ticks"][place], far["qty_lots"][place] = 50_000_000, 9
    far["side"][place] = -1
    run = compiled_run(quoting, far, setting, 5 * MS)
    assert run.counts.far_levels == 1
    assert fills_of(run) == fills_of(plain)


@pytest.mark.parametrize("every", [0, 5 * MS])
def test_rows_of_other_instruments_are_passed_over(every: int) -> None:
    rows, other = random_rows(14, 300), random_rows(15, 300)
    other["instrument"] = 1
    mixed = np.concatenate([rows, other])
    mixed = mixed[np.argsort(mixed["receive_time_ns"], kind="stable")]
    setting = config(2, 4, 3, QueueModel.PESSIMISTIC)
    alone = QuoterRun(restless, PERP, setting, every_ns=every)
    among = QuoterRun(restless, PERP, setting, every_ns=every)
    alone.push_all([rows])
    among.push_all([mixed[mixed["receive_time_ns"] <= rows["receive_time_ns"][-1]]])
    assert fills_of(among) == fills_of(alone)
    assert len(alone.fills) > 5


def test_cash_and_position_are_the_sum_of_the_fills() -> None:
    run = compiled_run(restless, random_rows(3), config(1, 1, 1, QueueModel.OPTIMISTIC), 0)
    side, lots, ticks = (run.fills[name] for name in ("side", "lots", "ticks"))
    assert run.signed_lots == (side * lots).sum()
    assert run.cash_tick_lots == -(side * lots * ticks).sum()
    assert len(run.fundings) > 0


def test_wrong_configurations_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="constant order_latency"):
        QuoterRun(quoting, PERP, ExchangeConfig(order_latency=LogNormalLatency()))
    with pytest.raises(ConfigurationError, match="fidelity book"):
        QuoterRun(quoting, PERP, ExchangeConfig(fidelity=Fidelity.QUOTES))
    with pytest.raises(ConfigurationError, match="every_ns"):
        QuoterRun(quoting, PERP, every_ns=-1)


def test_rows_out_of_order_and_foreign_snapshots_are_refused() -> None:
    rows = random_rows(3)
    run = QuoterRun(quoting, PERP)
    run.push(rows[100:])
    with pytest.raises(CallerError, match="rows received from"):
        run.push(rows[:100])
    other = QuoterRun(quoting, PERP, every_ns=MS)
    with pytest.raises(SnapshotCorrupt, match="models"):
        other.restore(run.snapshot())
    run.finish()
    with pytest.raises(CallerError, match="after the end"):
        run.push(rows[100:])
