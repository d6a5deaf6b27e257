from undertow.domain.event import SystemFailure
from undertow.execution.outcome import Outcome


def test_outcomes_do_not_share_their_lists() -> None:
    first, second = Outcome(), Outcome()
    first.effects.append(SystemFailure(at_ns=1, component="x", error="y"))
    assert (second.effects, second.fills, second.intents) == ([], [], [])
