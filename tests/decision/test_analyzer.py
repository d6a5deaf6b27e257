from collections.abc import Callable

from undertow.decision.analyzer import SignalAnalyzer
from undertow.decision.analyzers.order_flow import OrderFlowAnalyzer
from undertow.decision.analyzers.rejection import RejectionAnalyzer
from undertow.decision.context import Context
from undertow.domain.side import Side


def test_bundled_analyzers_say_what_they_miss(context: Callable[..., Context]) -> None:
    bundled: tuple[SignalAnalyzer, ...] = (OrderFlowAnalyzer(), RejectionAnalyzer())
    for analyzer in bundled:
        judged = analyzer.analyze(context(), Side.BUY)
        assert (judged.name, judged.passed) == (analyzer.name, False)
        assert judged.reason.endswith("_insufficient")
