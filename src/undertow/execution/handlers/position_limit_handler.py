"""Third: how many positions there may be, entries under way counted (D-55)."""

from undertow.domain.intent import Verdict
from undertow.execution.handlers.handler_case import HandlerCase, fails, passes
from undertow.ledger.fill import EXTERNAL

NAME = "position_limit"


def judge_position_limit(case: HandlerCase) -> Verdict:
    """Refuse a new position beyond the most allowed; adding to one is not a new one."""
    state, most = case.step.state, case.step.state.config.max_positions
    taken = {key for key, held in state.holdings.items() if held.is_open}
    taken |= {(t.order.strategy, t.order.instrument_id) for t in state.entries()}
    taken |= {(p.strategy, p.instrument_id) for p in case.account.positions}
    taken -= {key for key, held in state.holdings.items() if held.is_dust}
    ours = {key for key in taken if key[0] != EXTERNAL}
    ours.discard((case.intent.strategy, case.intent.instrument_id))
    if len(ours) >= most:
        words = f"{len(ours)} positions are open or under way, at most {most} may be"
        return fails(NAME, "max_positions", words, len(ours) + 1, most)
    return passes(NAME, f"{len(ours)} other positions of {most}")
