"""All bias detectors over one backtest."""

from collections.abc import Sequence
from typing import Any

from undertow.backtest.bias.face_looks import look_at_faces
from undertow.backtest.bias.fill_looks import look_at_fills, look_at_rules
from undertow.backtest.bias.finding import BiasReport
from undertow.backtest.bias.look_plan import LookPlan
from undertow.backtest.bias.primed_run import has_callbacks
from undertow.backtest.bias.run_looks import RunLooks
from undertow.backtest.bias.signal_looks import look_at_signals
from undertow.backtest.result import BacktestResult
from undertow.decision.strategy import Strategy
from undertow.timeline.market_data import MarketData


def look_for_bias(
    strategies: Sequence[Strategy],
    data: MarketData,
    settings: dict[str, Any],
    result: BacktestResult | None = None,
    plan: LookPlan | None = None,
) -> BiasReport:
    """Look with every detector that applies.

    settings: those of the run (keyword arguments of `undertow.backtest`). result: of the run, when
    there is one already: its fills are looked at.
    """
    chosen = plan or LookPlan()
    reports = []
    if any(has_callbacks(one) for one in strategies):
        reports.append(RunLooks(strategies, data, settings).look(chosen))
    reports.append(look_at_signals(strategies, data, chosen))
    reports.append(look_at_faces(strategies, data))
    if result is not None:
        fills = BiasReport(tuple(look_at_fills(result)), look_at_rules(result), {"fills": 1})
        reports.append(fills)
    looks: dict[str, int] = {}
    for report in reports:
        looks |= report.looks
    return BiasReport(
        tuple(finding for report in reports for finding in report.findings),
        tuple(warning for report in reports for warning in report.warnings),
        looks,
    )
