import io

import pytest
from rich.console import Console

from undertow.cli.flow_view.flow_report import FlowReport
from undertow.cli.flow_view.flow_screen import FlowScreen, compose_flow


def _text(report: FlowReport, width: int, height: int) -> str:
    screen = FlowScreen(report, "a test", "the end", width, height)
    return "\n".join(line.text for line in compose_flow(screen))


@pytest.mark.parametrize(
    ("width", "height"), [(60, 20), (80, 24), (100, 30), (109, 60), (110, 24), (160, 50), (240, 70)]
)
def test_a_frame_fills_the_terminal_exactly(report: FlowReport, width: int, height: int) -> None:
    lines = compose_flow(FlowScreen(report, "a test", "the end", width, height))
    assert len(lines) == height
    assert {line.width for line in lines} == {width}
    text = _text(report, width, height)
    for word in ("VENUES", "IMBALANCE", "PROFILE", "STATE", "structure", "15m", "POC", "the end"):
        assert word in text, word


@pytest.mark.parametrize("width", [80, 120, 200])
def test_a_still_is_as_high_as_everything_needs(report: FlowReport, width: int) -> None:
    text = _text(report, width, 0)
    for told in report.venues:
        assert f"{told.venue} {told.kind}" in text
    assert "feeds count" in text
    assert "more" not in text.split("IMBALANCE")[0]


def test_a_tiny_terminal_is_told_so(report: FlowReport) -> None:
    assert "60x20" in _text(report, 50, 24)


def test_rich_draws_it(report: FlowReport) -> None:
    console = Console(width=100, height=30, record=True, file=io.StringIO())
    console.print(FlowScreen(report, "a test", "the end", 100, 0))
    text = console.export_text()
    assert text.startswith("BTC  ")
    assert "BTC/USDT:USDT@aster" in text
