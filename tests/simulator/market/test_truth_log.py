from undertow.simulator.market.ground_truth import GroundTruth, TruthKind
from undertow.simulator.market.market_regime import Regime
from undertow.simulator.market.truth_log import TruthLog


def _sweep(at: int) -> GroundTruth:
    return GroundTruth(TruthKind.SWEEP, "BTC", 1, at, at, 1, 1.0, "")


def _log(most: int = 10) -> TruthLog:
    log = TruthLog(("BTC",), most)
    log.begin([Regime.CALM, Regime.TREND_UP], 100)
    return log


def test_regimes_that_last_have_no_end() -> None:
    records = _log().records()
    assert [(r.asset, r.end_ns, r.side, r.note) for r in records] == [
        ("BTC", 0, 0, "regime=calm"),
        ("*", 0, 1, "regime=trend_up"),
    ]


def test_a_switch_ends_one_and_begins_the_next() -> None:
    log = _log()
    log.switch(1, Regime.VOLATILE, 500)
    ended, _, lasting = log.records()
    assert (ended.start_ns, ended.end_ns, ended.note) == (100, 500, "regime=trend_up")
    assert (lasting.start_ns, lasting.end_ns, lasting.magnitude) == (500, 0, 2.0)


def test_the_oldest_are_dropped_and_counted() -> None:
    log = _log(most=2)
    for at in range(5):
        log.add(_sweep(at))
    assert [r.start_ns for r in log.records()[:2]] == [3, 4]
    assert log.dropped == 3


def test_state_round_trip() -> None:
    log, other = _log(), _log()
    log.add(_sweep(7))
    log.switch(0, Regime.RANGE, 9)
    other.load(log.state())
    assert other.records() == log.records()
    assert other.state() == log.state()
