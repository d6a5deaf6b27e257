from collections.abc import Callable

import msgspec

from undertow.decision.conditions import holds, verdict
from undertow.decision.context import Context
from undertow.decision.level import climb
from undertow.domain.intent import Verdict
from undertow.domain.side import Side

MakeContext = Callable[..., Context]


class Gate(msgspec.Struct):
    name: str
    passes: bool
    judged: int = 0

    def judge(self, ctx: Context, side: Side) -> Verdict:
        self.judged += 1
        return verdict(self.name, [holds("open", self.passes)])


def test_the_first_failure_ends_it(context: MakeContext) -> None:
    gates = [Gate("a", True), Gate("b", False), Gate("c", True)]
    climbed = climb(gates, context(), Side.BUY)
    assert (climbed.passed, climbed.stopped_at) == (False, "b")
    assert [one.name for one in climbed.verdicts] == ["a", "b"]
    assert [gate.judged for gate in gates] == [1, 1, 0]


def test_all_passed(context: MakeContext) -> None:
    climbed = climb([Gate("a", True)], context(), Side.SELL)
    assert (climbed.passed, climbed.stopped_at, len(climbed.verdicts)) == (True, "", 1)
