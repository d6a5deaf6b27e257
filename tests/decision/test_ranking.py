from math import inf, isnan, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from undertow.decision.decision import Decision
from undertow.decision.ranking import directed_ratio, entry_score, ranked
from undertow.domain.identity import DecisionId, InstrumentId, StrategyId
from undertow.domain.intent import Action, Signal
from undertow.domain.side import Side


def decided(name: str, action: Action | None, rank: float = 0.0) -> Decision:
    strategy, instrument = StrategyId("s"), InstrumentId(name)
    signal = None
    if action is not None:
        signal = Signal(strategy, instrument, action, Side.BUY, "x", rank=rank)
    return Decision(DecisionId(""), strategy, instrument, "x", 1, 0.0, (), {}, signal)


def test_directed_ratio() -> None:
    assert directed_ratio(4.0, Side.BUY) == 4.0
    assert directed_ratio(0.25, Side.SELL) == 4.0
    assert directed_ratio(inf, Side.BUY) == directed_ratio(0.0, Side.SELL) == 100.0
    assert isnan(directed_ratio(nan, Side.SELL))


@given(st.integers(1, 10_000), st.integers(1, 10_000), st.floats(0.0, 1.0))
def test_a_mirrored_short_ranks_as_its_long(buy: int, sell: int, bounce: float) -> None:
    long = entry_score(bounce, buy / sell, Side.BUY)
    assert entry_score(bounce, sell / buy, Side.SELL) == pytest.approx(long, rel=1e-12)


def test_exits_first_then_entries_by_rank_then_as_they_came() -> None:
    came = [
        decided("a", Action.ENTER, 1.0),
        decided("b", None),
        decided("c", Action.ENTER, 3.0),
        decided("d", Action.EXIT),
        decided("e", Action.ENTER, 3.0),
    ]
    assert [one.instrument_id for one in ranked(came)] == ["b", "d", "c", "e", "a"]
