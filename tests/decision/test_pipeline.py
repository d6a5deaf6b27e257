from collections.abc import Callable

import msgspec
import pytest

from undertow.decision.conditions import holds, verdict
from undertow.decision.context import Context
from undertow.decision.pipeline import Band, Pipeline
from undertow.decision.signal_filter import points_verdict
from undertow.domain.intent import Verdict
from undertow.domain.side import Side

MakeContext = Callable[..., Context]


class Speaks(msgspec.Struct):
    """A primary that speaks for some sides."""

    sides: tuple[Side, ...]
    name: str = "speaks"

    def analyze(self, ctx: Context, side: Side) -> Verdict:
        return verdict(self.name, [holds("side", side in self.sides)])


class Gives(msgspec.Struct):
    """A filter that gives fixed points."""

    points: float
    weight: float = 2.0
    name: str = "gives"

    def evaluate(self, ctx: Context, side: Side) -> Verdict:
        return points_verdict(self.name, self.points, self.weight, "given", [])


LONG = Speaks((Side.BUY,))


def test_primaries_agree_and_filters_are_summed(context: MakeContext) -> None:
    pipeline = Pipeline((LONG, LONG), (Gives(2.0), Gives(1.5), Gives(0.0)))
    found = pipeline.evaluate_agreed(context())
    assert (found.side, found.passed, found.reason) == (Side.BUY, True, "passed")
    assert (found.score, found.maximum, found.share) == (3.5, 6.0, 3.5 / 6.0)
    assert len(found.verdicts) == 5


@pytest.mark.parametrize(
    ("primaries", "reason"),
    [
        ((LONG, Speaks((Side.SELL,))), "primary"),
        ((Speaks(()),), "primary"),
        ((Speaks((Side.BUY, Side.SELL)),), "contradiction"),
        ((), "contradiction"),
    ],
)
def test_no_agreement_no_side(
    context: MakeContext, primaries: tuple[Speaks, ...], reason: str
) -> None:
    found = Pipeline(primaries, (Gives(2.0), Gives(2.0))).evaluate_agreed(context())
    assert (found.side, found.passed, found.reason, found.score) == (0, False, reason, 0.0)
    assert len(found.verdicts) == 2 * len(primaries)


def test_a_failed_primary_spares_the_filters(context: MakeContext) -> None:
    found = Pipeline((LONG,), (Gives(2.0),)).evaluate(context(), Side.SELL)
    assert (found.reason, len(found.verdicts)) == ("primary", 1)


@pytest.mark.parametrize(
    ("points", "reason"), [((2.0, 0.9), "points"), ((3.0, 0.0), "filters"), ((2.0, 1.0), "passed")]
)
def test_threshold_and_number_of_filters(
    context: MakeContext, points: tuple[float, float], reason: str
) -> None:
    filters = tuple(Gives(value, 3.0) for value in points)
    assert Pipeline((LONG,), filters).evaluate(context(), Side.BUY).reason == reason


@pytest.mark.parametrize(
    ("points", "band"),
    [(2.9, Band.NONE), (3.0, Band.CONSIDER), (5.0, Band.STRONG), (7.0, Band.VERY_STRONG)],
)
def test_bands(context: MakeContext, points: float, band: Band) -> None:
    found = Pipeline((), (Gives(points, 8.0),)).evaluate(context(), Side.BUY)
    assert found.band is band
