"""A backtest's result as JSON for programs and as tables for people."""

import math
from typing import Any

import msgspec

from undertow.backtest.judgement import Judgement
from undertow.backtest.known_keys import pair_of, trade_row
from undertow.backtest.report_parts import report_of
from undertow.backtest.result import BacktestResult, ClosedTrade
from undertow.cli.output import print_table
from undertow.domain.time import NS_PER_DAY, utc_text
from undertow.timeline.market_data import DataNote

HEADLINE = (
    "total_return",
    "cagr",
    "sharpe",
    "sortino",
    "calmar",
    "max_drawdown",
    "total_trades",
    "win_rate",
    "profit_factor",
    "expectancy",
    "sqn",
    "exposure",
)
PERIODS = ("day", "week", "month", "year")


def result_dict(result: BacktestResult) -> dict[str, Any]:
    """The contract of `--json`: measures at the top, trades, and what the run was."""
    rate = result.counts.events / result.elapsed_s if result.elapsed_s > 0 else None
    told = {
        **report_of(result),
        "strategies": list(result.strategies),
        "starting_balance": result.starting_balance,
        "final_balance": result.final_balance,
        "reporting_currency": result.reporting_currency,
        "start": utc_text(result.start_ns),
        "stop": utc_text(result.stop_ns),
        "timeframe": result.timeframe,
        "trades": [trade_row(trade) for trade in result.trades],
        "fidelity": result.fidelity.value,
        "fills": result.fills,
        "assumptions": list(result.assumptions),
        "notes": [_note_text(note) for note in result.notes],
        "costs": {name: getattr(result.costs, name) for name in result.costs.__struct_fields__},
        "counts": {name: getattr(result.counts, name) for name in result.counts.__struct_fields__},
        "wallet": dict(result.wallet),
        "failures": list(result.failures),
        "data_digest": result.data_digest,
        "state_hash": result.state_hash,
        "seed": result.seed,
        "elapsed_s": result.elapsed_s,
        "events_per_s": rate,
    }
    clean: dict[str, Any] = without_nan(told)
    return clean


def judgement_dict(judgement: Judgement) -> dict[str, Any]:
    """The contract's `bias`, `trials` and `deflated_sharpe`; None where nobody looked."""
    bias, deflation = judgement.bias, judgement.deflation
    told = {
        "bias": None if bias is None else msgspec.to_builtins(bias),
        "trials": None if deflation is None else msgspec.to_builtins(deflation),
        "deflated_sharpe": None if deflation is None else deflation.deflated_sharpe,
    }
    clean: dict[str, Any] = without_nan(told)
    return clean


def _note_text(note: DataNote) -> str:
    return f"{note.instrument_id}: {note.text}" if note.instrument_id else note.text


def without_nan(value: Any) -> Any:
    """The same with None for numbers that are not finite: JSON has none."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): without_nan(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [without_nan(one) for one in value]
    return value


def print_result(result: BacktestResult, breakdown: str = "") -> None:
    """The tables of one result; what is wrong with the data comes first."""
    for note in result.notes:
        print(f"data: {_note_text(note)}")
    told = result_dict(result)
    rows = [[name, told_text(told[name])] for name in HEADLINE if name in told]
    rows += [
        ["final_balance", f"{result.final_balance:,.2f} {result.reporting_currency}"],
        *_baseline_rows(told["baselines"]),
        ["fees, funding", f"{result.costs.fees:,.2f}, {result.costs.funding:,.2f}"],
        ["spread, slippage", f"{result.costs.spread:,.2f}, {result.costs.slippage:,.2f}"],
        ["data", f"{result.fidelity.value}, {result.counts.events:,} rows"],
        ["fills", result.fills],
        ["state_hash", result.state_hash],
    ]
    if result.elapsed_s:
        rows.append(["events_per_s", f"{result.counts.events / result.elapsed_s:,.0f}"])
    print_table(result.run_name, ["measure", "value"], rows)
    _print_groups(result)
    if breakdown:
        print_table(f"by {breakdown}", [breakdown, "trades", "P&L"], by_period(result, breakdown))
    for failure in result.failures:
        print(f"failed: {failure}")
    for line in result.assumptions:
        print(f"assumed: {line}")


def _baseline_rows(part: dict[str, Any]) -> list[list[str]]:
    rows = []
    if (held := part.get("buy_and_hold")) is not None:
        costs = "after the same costs" if held["cost_rate"] is not None else "before costs"
        rows.append(["buy and hold", f"{told_text(held['total_return'])} {costs}"])
    if (drawn := part.get("random_entries")) is not None:
        rows.append(["random entries", f"do as well with p = {told_text(drawn['p_value'])}"])
    return rows


def by_period(result: BacktestResult, period: str) -> list[list[Any]]:
    """Trades and their P&L by the day, week, month or year in which they ended."""
    from datetime import UTC, datetime

    sums: dict[str, list[float]] = {}
    for trade in result.trades:
        day = datetime.fromtimestamp(trade.close_time_ns // 10**9, UTC)
        iso = day.isocalendar()
        name = {
            "day": f"{day:%Y-%m-%d}",
            "week": f"{iso.year}-W{iso.week:02d}",
            "month": f"{day:%Y-%m}",
            "year": f"{day:%Y}",
        }[period]
        row = sums.setdefault(name, [0, 0.0])
        row[0] += 1
        row[1] += trade.pnl
    return [[name, int(row[0]), f"{row[1]:,.2f}"] for name, row in sorted(sums.items())]


def _print_groups(result: BacktestResult) -> None:
    if not result.trades:
        print("no trades")
        if result.counts.refusals:
            refused = ", ".join(f"{n} {code}" for code, n in result.counts.refusals.items())
            print(f"refused by risk: {refused}")
        return
    columns = ["trades", "wins", "P&L", "mean hold"]
    print_table("by instrument", ["instrument", *columns], _groups(result.trades, _by_pair))
    print_table("by exit", ["exit", *columns], _groups(result.trades, lambda one: one.exit_reason))
    if len(result.strategies) > 1:
        rows = _groups(result.trades, lambda one: one.strategy)
        print_table("by strategy", ["strategy", *columns], rows)


def _by_pair(trade: ClosedTrade) -> str:
    return f"{pair_of(trade.instrument_id)} {'long' if trade.side > 0 else 'short'}"


def _groups(trades: tuple[ClosedTrade, ...], key: Any) -> list[list[Any]]:
    groups: dict[str, list[ClosedTrade]] = {}
    for trade in trades:
        groups.setdefault(key(trade), []).append(trade)
    return [
        [
            name,
            len(group),
            sum(one.pnl > 0 for one in group),
            f"{sum(one.pnl for one in group):,.2f}",
            f"{sum(one.duration_ns for one in group) / len(group) / NS_PER_DAY * 24:.2f} h",
        ]
        for name, group in sorted(groups.items())
    ]


def told_text(value: Any) -> str:
    """A number for a table, - for what is undefined."""
    if value is None or value != value:
        return "-"
    return f"{value:,.4f}" if isinstance(value, float) else str(value)
