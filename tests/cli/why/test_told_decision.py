from collections.abc import Callable

import msgspec

from undertow.cli.why.evidence import Evidence
from undertow.cli.why.order_story import OrderStory
from undertow.cli.why.told_decision import number, price_text, told_decision, told_risk
from undertow.domain.event import RiskJudged
from undertow.domain.intent import Approved, Check, Refused
from undertow.timeline.journal_record import JournalRecord

LONG, COINS = "BTC/USDT:USDT@aster", "BTC/USDT@borea"
Tell = Callable[[str, str], OrderStory]


def test_levels_and_score_parts_are_apart(story: Tell) -> None:
    decision = story(LONG, "entry").decision
    assert decision is not None
    assert [(level.name, level.passed) for level in decision.levels] == [("liquidity", True)]
    assert decision.levels[0].checks[0].value == 1.5
    parts = [(part.name, part.points, part.weight) for part in decision.score_parts]
    assert parts == [("imbalance", 1.0, 2.0), ("zone", 0.0, 1.5)]
    assert (decision.score, decision.score_maximum) == (1.0, 3.5)


def test_the_signal_is_told_in_prices(story: Tell) -> None:
    decision = story(LONG, "entry").decision
    assert decision is not None
    assert decision.signal is not None
    assert (decision.signal.side, decision.signal.stop_price) == ("buy", "95358.4")
    assert decision.signal.take_profit_price == ""
    assert decision.inputs == {"price": 95741.3, "unknown": None}


def test_a_rule_s_order_has_no_decision(evidence: Callable[[str, str], Evidence]) -> None:
    found = evidence(LONG, "entry")
    bare = msgspec.structs.replace(found, records=())
    assert told_decision(bare, found.case.instrument) is None
    assert told_risk(bare, found.case.instrument) is None


def test_the_tightest_cap_decides(story: Tell) -> None:
    risk = story(LONG, "entry").risk
    assert risk is not None
    assert (risk.approved, risk.qty, risk.code) == (True, "0.052", "")
    assert [cap.name for cap in risk.caps if cap.decides] == ["position_limit"]
    assert next(cap.qty for cap in risk.caps if cap.decides) == "0.052"
    assert {"stop_distance", "price_band"} <= {check.name for check in risk.checks}


def test_a_refusal_keeps_code_and_words(evidence: Callable[[str, str], Evidence]) -> None:
    found = evidence(LONG, "entry")
    judged = next(r for r in found.records if isinstance(r.value, RiskJudged))
    assert isinstance(judged.value, RiskJudged)
    assert isinstance(judged.value.verdict, Approved)
    checks = (Check("cash", False, float("inf"), 1.0),)
    verdict = Refused(judged.value.verdict.intent, "no_cash", "too poor", checks)
    value = RiskJudged(at_ns=1, decision_id=judged.value.decision_id, verdict=verdict)
    record = JournalRecord(judged.kind, judged.sequence, judged.time_ns, value)
    risk = told_risk(msgspec.structs.replace(found, records=(record,)), found.case.instrument)
    assert risk is not None
    assert (risk.approved, risk.code, risk.words) == (False, "no_cash", "too poor")
    assert risk.checks[0].value is None


def test_handlers_speak_in_their_order(story: Tell) -> None:
    execution = story(LONG, "entry").execution
    assert [judged.outcome for judged in execution] == ["placed", "watching"]
    names = [verdict.name for verdict in execution[0].handlers]
    assert names == [
        "reversal", "existing_position", "position_limit", "exposure", "order_placement",
    ]  # fmt: skip


def test_undefined_numbers_are_none(evidence: Callable[[str, str], Evidence]) -> None:
    assert number(float("nan")) is None
    assert number(2.5) == 2.5
    instrument = evidence(LONG, "entry").case.instrument
    assert price_text(instrument, 0) == ""
    assert price_text(instrument, 957424) == "95742.4"
