from typing import Any

from undertow.domain.event import ExecutionJudged
from undertow.domain.order import Limit
from undertow.domain.side import Side
from undertow.execution.desk_step import DeskStep
from undertow.execution.fill_intake import take_fill


def test_it_speaks_once_with_the_actual_price(
    case: Any, step: DeskStep, make_fill_report: Any
) -> None:
    found = case(stop_ticks=990, trail_ppm=8000)
    tracked = step.submit(found.intent, Side.BUY, 10, Limit(1010))
    for n, ticks in ((1, 1004), (2, 1008)):
        take_fill(step, tracked, make_fill_report("ut1-o1", f"f{n}", 5, ticks))
    (judged,) = [e for e in step.out.effects if isinstance(e, ExecutionJudged)]
    assert (judged.outcome, judged.intent_id) == ("watching", found.intent.intent_id)
    assert judged.verdicts[0].reason == "filled at 1004 ticks, stop at 996"
    assert found.held.plan.stop_ticks == 1000  # 1008 less 8 000 ppm
