from typing import Any

import pytest

from undertow.cli.view.funnel_panel import funnel_panel, refusals
from undertow.decision.funnel import Funnel


@pytest.fixture
def funnelled(open_run: Any) -> Any:
    """The engine with a funnel of known counts."""
    engine = open_run.engine
    before, engine.host.funnel = engine.host.funnel, Funnel()
    row = engine.host.funnel.row("planned", "BTC/USDT:USDT@aster")
    row.evaluations = 1000
    row.outcomes["enter"] = 4
    for _ in range(100):
        row.pass_level("liquidity")
    for _ in range(900):
        row.stop_at("liquidity", "spread_bps")
    for _ in range(96):
        row.stop_at("zone", "too_far")
    yield engine
    engine.host.funnel = before


def test_levels_are_told_one_by_one(funnelled: Any) -> None:
    lines = [line.text for line in funnel_panel(funnelled, height=8)]
    assert lines[0] == "planned  looked 1.00k times  4 entries  0 exits"
    assert lines[1].split() == ["liquidity", "██████▋", "100", "spread_bps", "900"]
    assert lines[2].split() == ["zone", "0", "too_far", "96"]
    assert lines[3] == "risk refused  stop_too_far 1"


def test_a_skyline_and_what_stops_most_where_room_is_short(funnelled: Any) -> None:
    lines = [line.text for line in funnel_panel(funnelled, height=3)]
    assert lines[0] == "planned  1.00k ▆· 4 in"
    assert lines[1] == "  liquidity: spread_bps 900"
    assert len(lines) == 3
    brief = [line.text for line in funnel_panel(funnelled, height=2)]
    assert brief[0] == "planned  1.00k ▆· 4 in  liquidity: spread_bps 900"
    assert len(brief) == 2


def test_refusals_are_ranked(small_run: Any) -> None:
    counted = small_run.engine.memory.counters.refused
    before = dict(counted)
    counted.update(cooldown=7, below_minimum=7)
    try:
        line = refusals(small_run.engine)[0].text
    finally:
        counted.clear()
        counted.update(before)
    assert line == "risk refused  below_minimum 7  cooldown 7  stop_too_far 1"


def test_without_levels_there_are_still_counts(small_run: Any) -> None:
    first = funnel_panel(small_run.engine, height=8)[0].text
    assert first.startswith("planned  looked 39 times  4 entries  1 exits")
