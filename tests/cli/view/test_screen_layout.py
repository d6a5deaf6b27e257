from typing import Any

import pytest

from undertow.cli.view.screen_layout import Screen, compose
from undertow.cli.view.view_state import ViewState


def screen(run: Any, state: ViewState, width: int, height: int) -> Screen:
    return Screen(run.engine, state, "paper", "x10", "the disclaimer", width, height)


@pytest.mark.parametrize(
    ("width", "height"), [(60, 16), (80, 24), (99, 60), (120, 30), (120, 36), (200, 60), (40, 9)]
)
def test_every_size_is_filled_exactly(
    open_run: Any, open_state: ViewState, width: int, height: int
) -> None:
    lines = compose(screen(open_run, open_state, width, height))
    assert len(lines) == height
    assert {line.width for line in lines} == {width}


@pytest.mark.parametrize(("width", "height"), [(80, 24), (120, 36)])
def test_every_panel_is_there(
    open_run: Any, open_state: ViewState, width: int, height: int
) -> None:
    lines = compose(screen(open_run, open_state, width, height))
    text = "\n".join(line.text for line in lines)
    for title in ("PAPER", "FLOW", "POSITIONS", "FUNNEL", "ACCOUNT", "ACTIVITY"):
        assert title in text
    assert lines[-1].text.startswith("the disclaimer")
    assert ("ENGINE" in text) is (width >= 100)


def test_too_small_a_terminal_is_told(open_run: Any, open_state: ViewState) -> None:
    line = compose(screen(open_run, open_state, 59, 24))[0]
    assert line.text.startswith("This view needs a terminal of 60x16")


def test_a_venue_left_out_is_explained(open_run: Any, open_state: ViewState) -> None:
    engine = open_run.engine
    engine.flow.set_source_health(0, is_healthy=False)
    try:
        text = "\n".join(x.text for x in compose(screen(open_run, open_state, 80, 24)))
    finally:
        engine.flow.set_source_health(0, is_healthy=True)
    assert "* a venue is left out: not healthy" in text
