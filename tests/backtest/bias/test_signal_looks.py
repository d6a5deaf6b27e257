"""What the looks at signals say; the zoo judges whether they are right."""

import numpy as np

from undertow.backtest.bias.finding import BiasKind
from undertow.backtest.bias.look_plan import LookPlan
from undertow.backtest.bias.signal_looks import look_at_signals
from undertow.backtest.honesty.zoo import (
    AverageCross,
    CallbackCross,
    EmaCrossing,
    StopFromTheFuture,
    TwelveAhead,
    market,
)
from undertow.decision.bar_columns import BarColumns
from undertow.decision.signals import Signals
from undertow.decision.strategy import Strategy


class CountedFromTheStart(Strategy):
    """Depends on where the history begins, for ever: every hundredth bar of it."""

    def signals(self, bars: BarColumns) -> Signals:
        places = np.arange(len(bars)) % 100
        return Signals(long_entry=places < 50, long_exit=places >= 50)


def test_the_finding_names_the_column_and_the_time() -> None:
    (found,) = look_at_signals([StopFromTheFuture()], market(), LookPlan()).findings
    assert (found.kind, found.strategy) == (BiasKind.LOOK_AHEAD, "stop_from_the_future")
    assert "stop at 2024-01-01T" in found.text
    assert found.share > 0.5


def test_a_history_that_must_begin_somewhere_is_found() -> None:
    report = look_at_signals([CountedFromTheStart()], market(), LookPlan(starts=3))
    assert [finding.kind for finding in report.findings] == [BiasKind.WARM_UP]
    assert "when the history begins later" in report.findings[0].text


def test_an_average_that_never_quite_forgets_is_not_accused() -> None:
    report = look_at_signals([EmaCrossing()], market(), LookPlan(starts=5))
    assert report.is_clean


def test_only_strategies_with_signals_are_looked_at() -> None:
    assert look_at_signals([CallbackCross()], market(), LookPlan()).looks == {}
    both = look_at_signals([CallbackCross(), AverageCross()], market(), LookPlan())
    assert both.looks["signals"] > 20


def test_the_same_seed_looks_at_the_same_places() -> None:
    first, again = (look_at_signals([TwelveAhead()], market(), LookPlan()) for _ in range(2))
    assert first == again


def test_too_few_bars_are_no_evidence() -> None:
    assert look_at_signals([TwelveAhead()], market(bars=20), LookPlan()).looks == {}
