import msgspec

from undertow.cli.flow_view.flow_report import FlowReport
from undertow.cli.flow_view.state_lines import flowed, health_lines, state_lines
from undertow.cli.view.line import Line


def _text(report: FlowReport, width: int = 200) -> str:
    return "\n".join(line.text for line in state_lines(report, width=width))


def test_everything_is_said(report: FlowReport) -> None:
    text = _text(report)
    for word in ("structure", "CVD z", "OFI z", "open interest $", "funding", "basis", "whales"):
        assert word in text
    assert "all 4 feeds count" in text


def test_no_line_is_wider_than_asked(report: FlowReport) -> None:
    assert all(line.width <= 46 for line in state_lines(report, width=46))
    assert _text(report, 46).split() == _text(report).split()


def test_who_is_left_out_is_named(broken_report: FlowReport) -> None:
    (line,) = health_lines(broken_report)
    assert line.text == "left out BTC/USDT:USDT@borea  borea.perp is down"


def test_spikes_build_ups_and_traps_are_named(report: FlowReport) -> None:
    pressure = msgspec.structs.replace(report.pressure, side=1, is_spike=True)
    regimes = msgspec.structs.replace(report.regimes, trap_side=-1, trap_venue="aster")
    text = _text(msgspec.structs.replace(report, pressure=pressure, regimes=regimes))
    assert "spike of buying" in text
    assert "aster pushes alone" in text
    building = msgspec.structs.replace(report.pressure, side=-1, is_spike=False, is_building=True)
    assert "selling builds up" in _text(msgspec.structs.replace(report, pressure=building))


def test_parts_flow_into_lines() -> None:
    parts = [Line(("aaaa", "")), Line(("bbbb", "")), Line(("cccc", ""))]
    assert [line.text for line in flowed(parts, 11)] == ["aaaa   bbbb", "  cccc"]
