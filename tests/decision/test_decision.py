import msgspec

from undertow.decision.decision import Decision
from undertow.domain.identity import DecisionId, InstrumentId, StrategyId
from undertow.domain.intent import Action, Signal, Verdict
from undertow.domain.side import Side

INSTRUMENT = InstrumentId("BTC/USDT@aster")


def decided(signal: Signal | None, *verdicts: Verdict) -> Decision:
    return Decision(
        DecisionId("d1"), StrategyId("s"), INSTRUMENT, "x", 1, 0.0, verdicts, {"price": 1.0}, signal
    )


def test_only_an_enter_signal_is_an_entry() -> None:
    leave = Signal(StrategyId("s"), INSTRUMENT, Action.EXIT, Side.BUY, "late")
    enter = msgspec.structs.replace(leave, action=Action.ENTER)
    assert [decided(s).is_entry for s in (None, leave, enter)] == [False, False, True]


def test_reason_is_the_last_verdicts_or_the_signals() -> None:
    leave = Signal(StrategyId("s"), INSTRUMENT, Action.EXIT, Side.BUY, "late")
    assert decided(leave).reason == "late"
    assert decided(leave, Verdict("a", True, "ok"), Verdict("b", False, "adx")).reason == "adx"
    assert decided(None).reason == ""


def test_survives_msgpack() -> None:
    decision = decided(None, Verdict("a", True, "ok"))
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(decision), type=Decision) == decision
