"""Volume profile, walls and levels of one instrument, as lines of a screen."""

from math import isfinite

from undertow.cli.flow_view.flow_report import FlowReport
from undertow.cli.flow_view.told_levels import ToldWall, profile_steps
from undertow.cli.view.figures import compact
from undertow.cli.view.gauge import meter
from undertow.cli.view.line import Line
from undertow.cli.view.palette import ACCENT, BAD, DIM, GOOD, STRONG, TEXT, WARN


def profile_lines(report: FlowReport, *, width: int, height: int) -> list[Line]:
    """Bars by price, the highest first: the value area bright, the point of control marked."""
    told = report.profile
    if told is None or height < 1:
        return [Line(("no trades yet", DIM))]
    steps = profile_steps(told, height)
    last = next((one.last for one in report.venues if one.instrument_id == report.instrument), 0.0)
    most = max(lots for _, _, lots, _, _ in steps)
    digits = report.price_digits
    head = max(len(f"{high:,.{digits}f}") for _, high, _, _, _ in steps)
    room = max(4, width - head - 9)
    lines = []
    for low, high, lots, is_value, is_poc in steps:
        style = ACCENT if is_poc else (TEXT if is_value else DIM)
        line = Line((f"{low:>{head},.{digits}f} ", STRONG if low <= last < high else DIM))
        line.add(meter(lots / most, room), style)
        mark = "POC" if is_poc else ("VA" if is_value else "")
        line.add(f" {mark:<3}", style)
        line.add("◂" if low <= last < high else " ", STRONG)
        lines.append(line)
    return lines


def wall_lines(report: FlowReport, *, height: int) -> list[Line]:
    """The largest walls; those that stand like spoofs are dim."""
    if not report.walls:
        return [Line(("no walls rest now", DIM))]
    return [_wall(report, wall) for wall in report.walls[:height]]


def magnet_lines(report: FlowReport, *, height: int) -> list[Line]:
    """The nearest magnetic levels, the highest first: strength, forced orders expected, reasons."""
    if not report.levels:
        return [Line(("no levels known yet", DIM))]
    lines = []
    for one in report.levels[:height]:
        arrow, style = ("▲", GOOD) if one.side == "above" else ("▼", BAD)
        line = Line((f"{arrow} ", style)).add(f"{one.price:,.{report.price_digits}f}")
        line.add(f" {_bps(one.distance_bps)} ", DIM).add(f"{one.strength:.2f} ", TEXT)
        if one.liquidation_usd > 0.0:
            line.add(f"${compact(one.liquidation_usd)} ", WARN)
        line.add(one.kind.replace("_", " "), DIM)
        lines.append(line)
    return lines


def _wall(report: FlowReport, wall: ToldWall) -> Line:
    style = GOOD if wall.side == "bid" else BAD
    line = Line((f"{wall.side} ", DIM if wall.is_spoof_like else style))
    line.add(f"{wall.price:,.{report.price_digits}f}")
    line.add(f" {_bps(wall.distance_bps)} ", DIM).add(f"${compact(wall.usd)}")
    line.add(f" {wall.age_s}s", DIM)
    return line.add(f" {wall.persistence:.0%}", WARN if wall.is_spoof_like else DIM)


def _bps(value: float) -> str:
    return f"{value:+.1f}bp" if isfinite(value) else "-"
