import msgspec

from undertow.domain.identity import DecisionId, InstrumentId, StrategyId
from undertow.domain.intent import Approved, Check, Intent, Refused, RiskVerdict, Verdict
from undertow.domain.order import Limit, Purpose
from undertow.domain.side import Side

INTENT = Intent(
    "i1", DecisionId("d1"), StrategyId("s"), InstrumentId("BTC/USDT@aster"), Side.BUY,
    Purpose.ENTRY, Limit(100), "why", 5,
)  # fmt: skip
CHECK = Check("stop_distance", False, 20_000.0, 5_000.0, "ppm")


def test_verdicts_of_risk_are_told_apart() -> None:
    approved, refused = Approved(INTENT, 3, ()), Refused(INTENT, "stop_too_far", "x", (CHECK,))
    decoder = msgspec.msgpack.Decoder(RiskVerdict)
    for verdict in (approved, refused):
        assert decoder.decode(msgspec.msgpack.encode(verdict)) == verdict


def test_a_verdict_keeps_its_checks() -> None:
    verdict = Verdict("regime", False, "adx", checks=(CHECK,))
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(verdict), type=Verdict) == verdict
    assert (verdict.points, verdict.weight) == (0.0, 0.0)
