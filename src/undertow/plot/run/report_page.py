"""A whole report as one page that opens without a network: words first, then numbers, then figures.

What could make the numbers worthless stands at the top: flaws of the data, how many tries there
were, look-ahead that was found, what was assumed about fills.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from html import escape
from math import isfinite
from pathlib import Path
from typing import Any

import msgspec

from undertow.backtest.reports.breakdown import Grouping, breakdown
from undertow.backtest.reports.headline import Range, headline_intervals
from undertow.backtest.reports.measures import measures
from undertow.backtest.result import BacktestResult
from undertow.domain.errors import CallerError
from undertow.domain.time import NS_PER_S
from undertow.plot.drawing import Drawing
from undertow.plot.figure import Figure
from undertow.plot.html_renderer import html_embedded, library_source
from undertow.plot.run.calendar_figure import calendar
from undertow.plot.run.equity_figure import equity
from undertow.plot.run.excursion_figure import excursions, results
from undertow.plot.run.page_style import STYLE
from undertow.plot.run.rolling_figure import rolling
from undertow.plot.run.trades_figure import trades

_PERCENTS = frozenset(
    (
        "total_return",
        "cagr",
        "volatility",
        "max_drawdown",
        "ulcer",
        "var_95",
        "cvar_95",
        "gaussian_var_95",
        "gaussian_cvar_95",
        "best_period",
        "worst_period",
        "positive_periods",
        "time_under_water",
        "win_rate",
        "exposure",
        "market_change",
        "avg_profit_ratio",
    )
)
_HEADLINES = (
    "total_return",
    "cagr",
    "sharpe",
    "sortino",
    "volatility",
    "max_drawdown",
    "calmar",
    "profit_factor",
    "expectancy",
    "win_rate",
    "total_trades",
    "market_change",
)
_GROUPINGS = (
    Grouping.STRATEGY,
    Grouping.INSTRUMENT,
    Grouping.VENUE,
    Grouping.ENTRY_TAG,
    Grouping.EXIT_REASON,
    Grouping.SIDE,
    Grouping.MONTH,
    Grouping.HOUR,
)


class ReportNotes(msgspec.Struct, frozen=True):
    """What else is known of a run. words: first lines, such as how many tries there were and what
    the bias detectors found. fills: the same run under other fills, by name.
    """

    words: tuple[str, ...] = ()
    fills: Mapping[str, BacktestResult] = {}


def run_figures(result: BacktestResult, notes: ReportNotes) -> dict[str, Figure]:
    """Every figure of a report by its name; one that lacks what it draws is left out."""
    makers: dict[str, Callable[[], Figure]] = {
        "equity": lambda: equity(result, notes.fills),
        "trades": lambda: trades(result),
        "calendar": lambda: calendar(result),
        "rolling": lambda: rolling(result),
        "excursions": lambda: excursions(result),
        "results": lambda: results(result),
    }
    found: dict[str, Figure] = {}
    for name, make in makers.items():
        try:
            found[name] = make()
        except CallerError:
            continue
    return found


def write_report(result: BacktestResult, path: Path, notes: ReportNotes | None = None) -> Path:
    """Write the page; equal results give equal pages."""
    known = notes or ReportNotes()
    figures = run_figures(result, known)
    path.write_text(_page(result, known, figures), encoding="utf-8")
    return path


def write_images(
    result: BacktestResult, folder: Path, notes: ReportNotes | None = None
) -> list[Path]:
    """Every figure as a PNG in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    figures = run_figures(result, notes or ReportNotes())
    return [figure.png(folder / f"{name}.png") for name, figure in figures.items()]


def _page(result: BacktestResult, notes: ReportNotes, figures: Mapping[str, Figure]) -> str:
    found, ranges = measures(result), headline_intervals(result)
    title = f"{', '.join(result.strategies)} on {', '.join(result.instruments)}"
    parts = [
        f"<h1>{escape(title)}</h1>",
        _list(_first_lines(result, notes)),
        "<h2>Headline</h2>",
        _headline(found, ranges),
        *(_figure(name, figure.drawing) for name, figure in figures.items()),
        *([_fills(result, notes)] if notes.fills else []),
        "<h2>Costs</h2>",
        _costs(result, found),
        *_groups(result),
        "<h2>All measures</h2>",
        _all(found),
        "<h2>What was assumed</h2>",
        _list(result.assumptions),
        "<h2>Settings</h2>",
        f"<pre>{escape(msgspec.json.format(msgspec.json.encode(result.settings)).decode())}</pre>",
    ]
    body = "\n".join(parts)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title><style>{STYLE}</style>"
        f"<script>{library_source()}</script></head><body><main>{body}</main></body></html>\n"
    )


def _first_lines(result: BacktestResult, notes: ReportNotes) -> Sequence[str]:
    flaws = [f"data: {note.text}" for note in result.notes]
    failures = [f"the strategy failed: {failure}" for failure in result.failures]
    start, stop = (
        f"{datetime.fromtimestamp(at // NS_PER_S, UTC):%Y-%m-%d %H:%M}"
        for at in (result.start_ns, result.stop_ns)
    )
    return (
        *flaws,
        *failures,
        *notes.words,
        f"{start} to {stop} UTC, bars of {result.timeframe}, data fidelity: {result.fidelity}, "
        f"fills: {result.fills}",
    )


def _headline(found: Mapping[str, Any], ranges: Mapping[str, Range]) -> str:
    rows = []
    for name in _HEADLINES:
        interval = ranges.get(name)
        between = (
            ""
            if interval is None
            else f"{_text(name, interval.low)} to {_text(name, interval.high)}"
        )
        rows.append((name.replace("_", " "), _text(name, found[name]), between))
    return _table(("measure", "value", "95 % interval (block bootstrap)"), rows)


def _fills(result: BacktestResult, notes: ReportNotes) -> str:
    rows = []
    for name, other in {result.fills: result, **notes.fills}.items():
        one = measures(other)
        rows.append(
            (
                name,
                *(_text(key, one[key]) for key in ("total_return", "sharpe", "max_drawdown")),
                _text("total_trades", one["total_trades"]),
            )
        )
    header = ("fills", "total return", "Sharpe", "deepest drawdown", "trades")
    return f"<h2>Under other fills</h2>{_table(header, rows)}"


def _costs(result: BacktestResult, found: Mapping[str, Any]) -> str:
    gross = sum(trade.gross for trade in result.trades)
    rows = [
        (name, _text(name, cost), f"{cost / abs(gross):.1%}" if gross else "")
        for name, cost in found["costs"].items()
    ]
    return _table(("cost", result.reporting_currency, "of the gross result"), rows)


def _groups(result: BacktestResult) -> Iterable[str]:
    header = ("", "trades", "won", "P&L", "share", "profit factor", "fees", "mean hours")
    for by in _GROUPINGS:
        groups = breakdown(result.trades, by, result.starting_balance)
        if len(groups) < 2 and by is not Grouping.EXIT_REASON:
            continue
        rows = [
            (
                row.name or "(none)",
                str(row.trades),
                f"{row.win_rate:.0%}",
                f"{row.pnl:,.2f}",
                f"{row.pnl_share:+.2%}",
                _text("profit_factor", row.profit_factor),
                f"{row.fees:,.2f}",
                f"{row.duration_s / 3600:.1f}",
            )
            for row in groups
        ]
        yield f"<h2>By {by.value.replace('_', ' ')}</h2>{_table(header, rows)}"


def _all(found: Mapping[str, Any]) -> str:
    rows = [
        (name.replace("_", " "), _text(name, value))
        for name, value in found.items()
        if not isinstance(value, dict)
    ]
    return _table(("measure", "value"), rows)


def _figure(name: str, drawing: Drawing) -> str:
    return f'<section class="figure">{html_embedded(drawing, f"figure-{name}")}</section>'


def _text(name: str, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    if not isfinite(value):
        return "undefined"
    if name in _PERCENTS:
        return f"{value:.2%}"
    if name.endswith("_ns"):
        days = value / NS_PER_S / 86_400
        return f"{days:.2f} days" if days < 10_000 else _moment(int(value))
    return f"{value:,}" if isinstance(value, int) else f"{value:,.4g}"


def _moment(at_ns: int) -> str:
    return f"{datetime.fromtimestamp(at_ns // NS_PER_S, UTC):%Y-%m-%d %H:%M}"


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(cell)}</th>" for cell in header)
    lines = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"


def _list(lines: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>"
