"""Regimes, structure, pressure, whales and health, as lines of a screen."""

from math import isfinite, nan

from undertow.cli.flow_view.flow_report import FlowReport
from undertow.cli.view.figures import compact, span
from undertow.cli.view.line import Line, pairs
from undertow.cli.view.palette import BAD, DIM, GOOD, TEXT, WARN, signed

_WAYS = {1: ("up", GOOD), -1: ("down", BAD), 0: ("none", DIM)}
_GAP = "   "
_OI_SPANS = ("5m", "15m", "60m", "180m")
_SIDES = {1: ("buying", GOOD), -1: ("selling", BAD), 0: ("even", DIM)}


def state_lines(report: FlowReport, *, width: int) -> list[Line]:
    """The most telling first; the last ones say what is left out."""
    groups = (_structure, _flow, _interest, _funding, _whales)
    lines = [line for group in groups for line in flowed(group(report), width)]
    return lines + [line for part in health_lines(report) for line in flowed([part], width)]


def flowed(parts: list[Line], width: int) -> list[Line]:
    """Parts side by side, a new line where the next one does not fit."""
    lines: list[Line] = []
    for part in parts:
        if lines and lines[-1].width + len(_GAP) + part.width <= width:
            lines[-1].add(_GAP, "").join(part)
        else:
            # The first line of a group stands out, those after it are set in.
            lines.append(Line(("  ", "")).join(part) if lines else Line().join(part))
    return lines


def health_lines(report: FlowReport) -> list[Line]:
    """Who is not in the sums and why, or that everybody is."""
    if not report.left_out:
        return [Line(("health ", DIM)).add(f"all {len(report.venues)} feeds count", GOOD)]
    return [
        Line(("left out ", WARN)).add(name, TEXT).add(f"  {why}", DIM)
        for name, why in report.left_out.items()
    ]


def _structure(report: FlowReport) -> list[Line]:
    told = report.structure
    parts = [pairs(("structure", *_WAYS[told.trend]))]
    if isfinite(told.changes_at):
        parts.append(Line(("changes at ", DIM)).add(f"{told.changes_at:,.{report.price_digits}f}"))
    if told.last_break:
        parts.append(Line((told.last_break, DIM)))
        parts.append(Line((f"{told.break_age} min ago", DIM)))
    return parts


def _flow(report: FlowReport) -> list[Line]:
    told, pressure = report.regimes, report.pressure
    words, style = _SIDES[pressure.side]
    if pressure.is_spike:
        words = f"spike of {words}"
    elif pressure.is_building:
        words = f"{words} builds up"
    parts = [
        pairs(("CVD z", _number(told.cvd_z), signed(told.cvd_side))),
        pairs(("OFI z", _number(pressure.zscore), style)),
        pairs(("2 min", _number(pressure.build_zscore), style)),
        Line((words, style)),
    ]
    if told.trap_side:
        parts.append(Line((f"{told.trap_venue} pushes alone", WARN)))
    return parts


def _interest(report: FlowReport) -> list[Line]:
    told = report.regimes
    parts = [pairs(("open interest $", compact(told.oi_usd), TEXT))]
    for name in _OI_SPANS:
        change = told.oi_changes.get(name, nan)
        text = f"{change:+.2%}" if isfinite(change) else "-"
        parts.append(pairs((name, text, signed(change))))
    return parts


def _funding(report: FlowReport) -> list[Line]:
    told = report.regimes
    rate = told.funding_per_hour * 1e4
    cost = pairs(("funding", f"{rate:+.3f}bp/h" if isfinite(rate) else "-", signed(-rate)))
    if isfinite(told.next_funding_s):
        cost.add(f" in {span(int(told.next_funding_s * 1e9))}", DIM)
    apart = Line(("basis ", DIM)).add(f"{_number(told.basis_bps)}bp", signed(told.basis_bps))
    return [cost, apart.add(f" (z {_number(told.basis_z)})", DIM)]


def _whales(report: FlowReport) -> list[Line]:
    told = report.whales
    words, style = _SIDES[told.side]
    if not told.buy_lots and not told.sell_lots:
        return [Line(("whales 5 min ", DIM)).add("none", DIM)]
    return [
        Line(("whales 5 min ", DIM)).add(words, style),
        Line((f"{_share(told.buy_share)} of what was bought", DIM)),
        Line((f"{_share(told.sell_share)} of what was sold", DIM)),
    ]


def _share(value: float) -> str:
    return f"{value:.0%}" if isfinite(value) else "-"


def _number(value: float) -> str:
    return f"{value:+.1f}" if isfinite(value) else "-"
