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
    groups = (_regime, _structure, _flow, _interest, _funding, _whales)
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


def _regime(report: FlowReport) -> list[Line]:
    told = report.regimes
    words = told.regime.replace("_", " ")
    if told.regime_side == 0 and told.candidate != told.regime:
        words = f"none ({told.candidate.replace('_', ' ')} {told.candidate_minutes} min)"
    leader = pairs(("leads", told.leader.removesuffix("_led"), signed(told.leader_side)))
    if told.has_reversal_risk:
        leader.add(" may turn", WARN)
    parts = [pairs(("regime", words, signed(told.regime_side))), leader]
    if told.divergence_side:
        way = "bullish" if told.divergence_side > 0 else "bearish"
        style = signed(told.divergence_side)
        parts.append(Line((f"{way} divergence {told.divergence_strength:.1f}", style)))
    return parts


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
    if not told.buys and not told.sells:
        return [Line(("whales 5 min ", DIM)).add("none", DIM)]
    parts = [
        Line(("whales 5 min ", DIM)).add(words, style),
        Line((f"{told.buys} bought ${compact(told.buy_usd)}", DIM)),
        Line((f"{told.sells} sold ${compact(told.sell_usd)}", DIM)),
    ]
    if told.burst_side:
        parts.append(Line((f"burst on {', '.join(told.burst_venues)}", signed(told.burst_side))))
    return parts


def _number(value: float) -> str:
    return f"{value:+.1f}" if isfinite(value) else "-"
