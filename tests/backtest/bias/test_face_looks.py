from collections.abc import Mapping

import numpy as np

from undertow.backtest.bias.face_looks import look_at_faces
from undertow.backtest.bias.finding import BiasKind
from undertow.backtest.honesty.zoo import AverageCross, CallbackMemory, market
from undertow.decision.bar_columns import BarColumns
from undertow.decision.context import Context
from undertow.decision.signals import Signals
from undertow.decision.strategy import Answer, Strategy
from undertow.domain.bar import Bar
from undertow.domain.side import Side
from undertow.indicators.averages import Sma
from undertow.indicators.indicator import Indicator


class TwoFaces(Strategy):
    """The same rule twice."""

    def indicators(self) -> Mapping[str, Indicator]:
        return {"fast": Sma(5), "slow": Sma(20)}

    def on_bar(self, ctx: Context, bar: Bar) -> Answer:
        above = ctx["fast"] > ctx["slow"]
        if ctx.position is not None:
            return None if above else ctx.exit("below")
        return ctx.enter(Side.BUY) if above and ctx.can_enter(Side.BUY) else None

    def signals(self, bars: BarColumns) -> Signals:
        above = np.asarray(bars["fast"] > bars["slow"])
        return Signals(long_entry=above, long_exit=~above)


class Contradicted(TwoFaces):
    """Its signals hold on a little longer."""

    def signals(self, bars: BarColumns) -> Signals:
        above = np.asarray(bars["fast"] > bars["slow"])
        late = np.concatenate([[False, False], above[:-2]])
        return Signals(long_entry=above, long_exit=~above & ~late)


def test_two_faces_that_mean_the_same_are_no_finding() -> None:
    report = look_at_faces([TwoFaces()], market())
    assert report.findings == ()
    assert report.looks == {"faces": 1}


def test_two_faces_that_differ_are_found() -> None:
    (found,) = look_at_faces([Contradicted()], market()).findings
    assert found.kind is BiasKind.FACES
    assert "contradicted trades otherwise by callbacks than by signals" in found.text


def test_one_face_alone_is_not_compared() -> None:
    assert look_at_faces([AverageCross(), CallbackMemory()], market()).looks == {}
