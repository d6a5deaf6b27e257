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


def test_regimes_whales_and_divergences_are_told(report: FlowReport) -> None:
    regimes = msgspec.structs.replace(
        report.regimes, regime="long_build", regime_side=1, leader="perp_led", leader_side=-1,
        has_reversal_risk=True, divergence_side=-1, divergence_strength=1.25,
    )  # fmt: skip
    whales = msgspec.structs.replace(
        report.whales, buys=3, buy_usd=1.2e6, side=1, burst_side=1, burst_venues=("aster", "borea")
    )
    text = _text(msgspec.structs.replace(report, regimes=regimes, whales=whales))
    for words in ("regime long build", "leads perp may turn", "bearish divergence 1.2"):
        assert words in text
    assert "3 bought $1.20M" in text
    assert "burst on aster, borea" in text
    waiting = msgspec.structs.replace(
        report.regimes, regime="none", regime_side=0, candidate="absorption", candidate_minutes=2
    )
    text = _text(msgspec.structs.replace(report, regimes=waiting))
    assert "none (absorption 2 min)" in text


def test_parts_flow_into_lines() -> None:
    parts = [Line(("aaaa", "")), Line(("bbbb", "")), Line(("cccc", ""))]
    assert [line.text for line in flowed(parts, 11)] == ["aaaa   bbbb", "  cccc"]
