"""What the looks at runs say and how often they look; the zoo judges whether they are right."""

from undertow.backtest.bias.finding import BiasKind
from undertow.backtest.bias.look_plan import LookPlan
from undertow.backtest.bias.run_looks import RunLooks, first_rows
from undertow.backtest.honesty.zoo import CallbackClock, CallbackCross, market
from undertow.decision.context import Context
from undertow.decision.strategy import Answer, Strategy
from undertow.domain.bar import Bar

SEEN: list[int] = []


class Fragile(Strategy):
    """Fails in every run after the second: when less of the data is there, say."""

    def on_bar(self, ctx: Context, bar: Bar) -> Answer:
        if bar.open_time_ns // (60 * 10**9) % 900 == 0:
            SEEN.append(1)
        if len(SEEN) > 2:
            raise ValueError("too little data")
        return None


def test_the_future_is_taken_away_and_altered_at_every_cut() -> None:
    looks = RunLooks([CallbackCross()], market(), {"is_research": True})
    report = looks.look(LookPlan(cuts=1))
    assert report.is_clean
    assert report.looks["run"] in (3, 5)


def test_failing_on_less_data_is_found() -> None:
    SEEN.clear()
    report = RunLooks([Fragile()], market(), {"is_research": True}).look(LookPlan(cuts=1))
    assert [finding.kind for finding in report.findings] == [BiasKind.FAILED]
    assert "too little data" in report.words[0]


def test_only_the_first_rows_are_run_again_and_again() -> None:
    whole = market()
    part = first_rows(whole, 1_000_000)
    assert part is whole
    assert first_rows(whole, 1).span_ns[1] <= whole.span_ns[1]


def test_more_cuts_are_more_looks() -> None:
    looks = RunLooks([CallbackClock()], market(bars=300), {"is_research": True})
    few, many = (looks.look(LookPlan(cuts=cuts)).looks["run"] for cuts in (1, 3))
    assert many > few
