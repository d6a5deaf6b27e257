"""The table of an asset's venues, and the ladder of its imbalances, as lines of a screen."""

from math import isfinite

from undertow.cli.flow_view.flow_report import FlowReport
from undertow.cli.flow_view.told_venues import ToldSum, ToldVenue
from undertow.cli.view.area_chart import area_chart
from undertow.cli.view.figures import compact
from undertow.cli.view.gauge import signed_gauge
from undertow.cli.view.line import Line, tabulated
from undertow.cli.view.palette import ACCENT, DIM, STRONG, WARN, signed

FULL_IMBALANCE = 0.5
_LEAST_SPARK = 8
_MOST_SPARK = 60
_WITH_SPREAD = 72
"""Columns from which on the spread has its place."""


def venue_lines(report: FlowReport, *, width: int, height: int) -> list[Line]:
    """Head, sums and members, as many as fit; what is left of the width shows CVD of an hour."""
    has_spread = width >= _WITH_SPREAD
    names = ["", "price", "15m", *(["spread"] if has_spread else []), "CVD $15m", "traded"]
    rows = [_sum_cells(each, has_spread=has_spread) for each in report.sums]
    rows += [_venue_cells(report, each, has_spread=has_spread) for each in report.venues]
    lines_of = [each.cvd_line for each in report.sums] + [one.cvd_line for one in report.venues]
    lines = tabulated(names, rows)
    spark = min(_MOST_SPARK, width - lines[0].width - 1)
    if spark >= _LEAST_SPARK:
        lines[0].add(" CVD 60 min"[: spark + 1], DIM)
        for line, values in zip(lines[1:], lines_of, strict=True):
            line.add(" ", "").add(sparkline(values, spark), ACCENT)
    if len(lines) > height:
        hidden = len(lines) - height + 1
        lines = [*lines[: height - 1], Line((f"and {hidden} more", DIM))]
    return lines


def sparkline(values: list[float], width: int) -> str:
    """One line of block characters; unknown values are left out, the newest is the last."""
    known = [value for value in values if isfinite(value)]
    return area_chart(known, width, 1)[0].rstrip().rjust(width)


def imbalance_lines(report: FlowReport, *, width: int) -> list[Line]:
    """One gauge a window: bought against sold by aggressors, over all venues."""
    half = max(3, min(12, (width - 26) // 2))
    lines = []
    for one in report.windows:
        name = f"{one.seconds}s" if one.seconds < 60 else f"{one.seconds // 60}m"
        line = Line((f"{name:>3} ", DIM)).join(signed_gauge(one.imbalance / FULL_IMBALANCE, half))
        ratio = f"{one.ratio:.2f}:1" if isfinite(one.ratio) else "-"
        style = signed(one.imbalance) if isfinite(one.imbalance) else DIM
        line.add(f" {ratio:>8}", style)
        line.add(f" {compact(one.bought_usd + one.sold_usd):>6}", DIM)
        lines.append(line)
    return lines


def _sum_cells(one: ToldSum, *, has_spread: bool) -> list[Line]:
    blank = [Line()] * (3 if has_spread else 2)
    return [Line((one.name, STRONG)), *blank, _dollars(one.cvd_usd), _traded(one.traded_usd)]


def _venue_cells(report: FlowReport, one: ToldVenue, *, has_spread: bool) -> list[Line]:
    name = Line((f"{one.venue} {one.kind}", WARN if one.left_out else DIM))
    if one.instrument_id == report.instrument:
        name.add(" ◂", ACCENT)
    price = f"{one.last:,.{report.price_digits}f}" if isfinite(one.last) else "-"
    move = f"{one.move:+.2%}" if isfinite(one.move) else "-"
    spread = f"{one.spread_bps:.1f}bp" if isfinite(one.spread_bps) else "-"
    cells = [name, Line().add(price), Line((move, signed(one.move)))]
    if has_spread:
        cells.append(Line((spread, DIM)))
    if one.left_out:
        return [*cells, Line(("left out", WARN)), Line(("", DIM))]
    return [*cells, _dollars(one.cvd_usd), _traded(one.traded_usd)]


def _dollars(value: float) -> Line:
    return Line((compact(value, plus=True), signed(value)))


def _traded(value: float) -> Line:
    return Line((compact(value), DIM))
