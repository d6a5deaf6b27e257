from typing import Any

import pytest

from undertow.cli.view.header_panel import doors, header
from undertow.cli.view.palette import ALARM, CAUTION
from undertow.cli.view.view_state import ViewState
from undertow.domain.time import NS_PER_S
from undertow.risk.breakers import BreakerState
from undertow.simulator.market.market_config import START_NS

PAUSED_NS = START_NS + (85 + 90) * NS_PER_S
"""A minute and a half after the open run's end."""


def told(run: Any, state: ViewState, width: int = 120) -> list[str]:
    lines = header(run.engine, state, mode="paper", speed_text="x10", width=width)
    return [line.text for line in lines]


def test_mode_time_speed_and_sources(open_run: Any, open_state: ViewState) -> None:
    lines = told(open_run, open_state)
    assert lines[0].startswith(" UNDERTOW  PAPER   2026-01-05 00:01:25.0 UTC")
    assert lines[0].endswith("entries open")
    assert lines[1].startswith("speed x10 (0.0 reached)   up 1s")
    assert lines[2].count("●") == 4
    assert "● aster.perp  +5ms" in lines[2]


def test_sources_take_more_lines_where_it_is_narrow(open_run: Any, open_state: ViewState) -> None:
    assert [line.count("●") for line in told(open_run, open_state, width=60)[2:]] == [2, 2]


def test_a_lost_source_is_hollow(open_run: Any, open_state: ViewState) -> None:
    engine = open_run.engine
    engine.flow.set_source_health(0, is_healthy=False)
    try:
        assert told(open_run, open_state)[2].startswith("○ aster.spot")
    finally:
        engine.flow.set_source_health(0, is_healthy=True)


def test_the_kill_switch_is_an_alarm(small_run: Any) -> None:
    line = doors(small_run.engine)
    assert line.text == " KILL SWITCH: enough (command) "
    assert line.spans[0][1] == ALARM


@pytest.mark.parametrize(
    ("state", "words", "style"),
    [
        (BreakerState(ladder_level=3), " DAILY LOSS LIMIT: entries shut until 00:00 UTC ", ALARM),
        (BreakerState(drawdown_level=3), " DRAWDOWN STOP: resume by hand ", ALARM),
        (BreakerState(drawdown_pause_until_ns=PAUSED_NS), " DRAWDOWN PAUSE, 1m30s left ", CAUTION),
        (BreakerState(is_paused=True), " ENTRIES PAUSED ", CAUTION),
    ],
)
def test_the_gravest_is_said(open_run: Any, state: BreakerState, words: str, style: str) -> None:
    engine = open_run.engine
    before, engine.risk.state = engine.risk.state, state
    try:
        line = doors(engine)
    finally:
        engine.risk.state = before
    assert (line.text, line.spans[0][1]) == (words, style)


def test_cooldowns_and_the_ladder_are_said_beside(open_run: Any) -> None:
    engine = open_run.engine
    cooling = {"planned": engine.now_ns + 1, "old": engine.now_ns - 1}
    before = engine.risk.state
    engine.risk.state = BreakerState(ladder_level=1, cooldown_until_ns=cooling)
    try:
        assert doors(engine).text == "entries open   1 cooling down   loss ladder 1"
    finally:
        engine.risk.state = before
