from collections.abc import Callable

import msgspec

from undertow.cli.why.evidence import Evidence
from undertow.cli.why.order_rule import rule_of
from undertow.cli.why.order_story import OrderStory
from undertow.domain.event import ForceExitRequired
from undertow.domain.identity import InstrumentId
from undertow.timeline.journal import FrameKind
from undertow.timeline.journal_record import JournalRecord

LONG, SHORT, COINS = "BTC/USDT:USDT@aster", "BTC/USDT:USDT@borea", "BTC/USDT@borea"
Tell = Callable[[str, str], OrderStory]


def test_entries_and_exits_are_the_strategy_s(story: Tell) -> None:
    assert story(LONG, "entry").rule == "planned decided to enter: planned"
    assert story(LONG, "exit").rule == "planned decided to exit: its time was over"


def test_a_stop_says_who_planned_it_and_from_what(story: Tell) -> None:
    assert story(SHORT, "protect").rule == (
        "every position carries a stop at its venue; position_monitoring planned it when the "
        "entry was filled at 95739.8: stop at 95740.4"
    )


def test_a_forced_exit_names_the_command_and_the_breaker(story: Tell) -> None:
    assert story(COINS, "flatten").rule == (
        "the position had to be closed: EngageKillSwitch: enough "
        "(circuit breaker kill_switch, level 1: enough (command))"
    )


def test_an_exit_of_the_plan_names_it(
    story: Tell, evidence: Callable[[str, str], Evidence]
) -> None:
    order = msgspec.structs.replace(
        story(LONG, "exit").order, decision_id="ut1-d2", reason="take_profit"
    )
    assert rule_of(evidence(LONG, "exit"), order).endswith("plan asked for it: take_profit")


def test_risk_s_own_rules_are_named(story: Tell, evidence: Callable[[str, str], Evidence]) -> None:
    found = evidence(COINS, "flatten")
    forced = ForceExitRequired(
        at_ns=1, instrument_id=InstrumentId(COINS), rule="ladder", reason="close all"
    )
    record = JournalRecord(FrameKind.EVENT, 2, 1, forced)
    order = msgspec.structs.replace(story(COINS, "flatten").order, decision_id="rule:ladder")
    told = rule_of(msgspec.structs.replace(found, records=(record,)), order)
    assert told == "risk forced the exit by rule 'ladder': close all"
    order = msgspec.structs.replace(order, decision_id="d", reason="emergency_exit: no stop")
    assert rule_of(found, order).startswith("execution closed the position at once: emergency")
