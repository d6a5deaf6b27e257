import msgspec
import pytest

from undertow.decision.decision import Decision
from undertow.decision.funnel import Funnel
from undertow.domain.errors import SnapshotCorrupt
from undertow.domain.identity import DecisionId, InstrumentId, StrategyId
from undertow.domain.intent import Verdict

STRATEGY = StrategyId("s")
BTC, ETH = InstrumentId("BTC/USDT@aster"), InstrumentId("ETH/USDT@aster")
GOOD = Verdict("regime", True, "passed")
POINTS = Verdict("profile", False, "outside", 0.0, 0.0, 1.5)


def decided(instrument: InstrumentId, outcome: str, *verdicts: Verdict) -> Decision:
    return Decision(DecisionId(""), STRATEGY, instrument, outcome, 1, 0.0, verdicts, {}, None)


@pytest.fixture
def funnel() -> Funnel:
    made = Funnel()
    made.count(decided(BTC, "regime", Verdict("regime", False, "adx")))
    made.count(decided(BTC, "zone", GOOD, Verdict("zone", False, "at_zone")))
    made.count(decided(BTC, "enter", GOOD, Verdict("zone", True, "passed"), POINTS))
    made.count(decided(ETH, "zone", GOOD, Verdict("zone", False, "at_zone")))
    made.count(decided(BTC, "hold", Verdict("trailing", False, "retraced_ppm")))
    return made


def test_counts_passes_and_reasons_by_level(funnel: Funnel) -> None:
    row = funnel.row(STRATEGY, BTC)
    assert row.evaluations == 3
    assert list(row.levels) == ["regime", "zone"]
    assert (row.levels["regime"].passed, row.levels["regime"].stopped) == (2, {"adx": 1})
    assert (row.levels["zone"].reached, row.levels["zone"].stopped) == (2, {"at_zone": 1})
    assert row.outcomes == {"regime": 1, "zone": 1, "enter": 1, "hold": 1}


def test_total_is_the_sum_of_the_instruments(funnel: Funnel) -> None:
    total = funnel.total(STRATEGY)
    assert total.evaluations == 4
    assert total.levels["zone"].stopped == {"at_zone": 2}
    assert sum(total.outcomes.values()) == 5


def test_each_level_is_reached_by_those_that_passed_the_one_before(funnel: Funnel) -> None:
    levels = list(funnel.total(STRATEGY).levels.values())
    assert [level.reached for level in levels[1:]] == [level.passed for level in levels[:-1]]


def test_is_plain_json(funnel: Funnel) -> None:
    plain = msgspec.json.decode(msgspec.json.encode(funnel.as_dict()))
    assert plain["s"][BTC]["levels"]["regime"] == {"passed": 2, "stopped": {"adx": 1}}


def test_restored_goes_on(funnel: Funnel) -> None:
    other = Funnel()
    other.restore(funnel.snapshot())
    for one in (funnel, other):
        one.count(decided(ETH, "enter", GOOD))
    assert other.snapshot() == funnel.snapshot()


def test_later_stages_may_be_counted(funnel: Funnel) -> None:
    funnel.row(STRATEGY, BTC).stop_at("risk", "STOP_TOO_WIDE")
    funnel.row(STRATEGY, BTC).pass_level("risk")
    assert funnel.row(STRATEGY, BTC).levels["risk"].reached == 2


@pytest.mark.parametrize("data", [b"", b"\x80", msgspec.msgpack.encode({"version": 9, "rows": {}})])
def test_foreign_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(SnapshotCorrupt, match="expected"):
        Funnel().restore(data)
