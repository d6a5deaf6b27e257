"""`undertow backtesting` (also `backtest`): strategies over recorded or synthetic market data."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from undertow.cli.output import print_json
from undertow.cli.setup import add_config_arguments, layered
from undertow.domain.errors import ConfigurationError, DataError

if TYPE_CHECKING:
    from undertow.backtest.judgement import Judgement
    from undertow.backtest.result import BacktestResult
    from undertow.cli.app_config import AppConfig
    from undertow.cli.backtesting.request import BacktestRequest

STRATEGY_FAILED = 6
WORKER_LOST = 7
EXPORTS = ("none", "trades", "signals")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to run, over which market, with which money, and what to keep."""
    add_config_arguments(parser)
    add_subject(parser)
    add_money(parser)
    _add_output(parser)


def add_subject(parser: argparse.ArgumentParser) -> None:
    """What runs over which market; every command that runs strategies over data has these."""
    add = parser.add_argument
    add("-s", "--strategy", action="append", metavar="FILE.py:Name|NAME[:PRESET]",
        help="a strategy file and class, or a name; repeatable: all in one run")  # fmt: skip
    add("--strategy-path", type=Path, metavar="DIR", help="folder of strategy files given by name")
    add("--data", metavar="PATH", help="catalog, folder or candle file, or `synthetic`")
    add("--datadir", "-d", metavar="DIR", help="the same")
    add("-p", "--pairs", nargs="+", metavar="PAIR", help="such as BTC/USDT; regular expressions")
    add("-i", "--timeframe", help="of strategies and bars, such as 5m")
    add("--timerange", help="20240101-20240201, 20240101-, -20240201")
    add("--startup", type=int, metavar="BARS", help="bars that indicators learn from first")
    add("--duration", dest="duration_s", type=int, default=3_600, metavar="SECONDS",
        help="length of synthetic data (3600)")  # fmt: skip
    add("--seed", type=int, help="of latencies and of synthetic data")
    add("--fills", default="pessimistic", help="pessimistic (default), base, optimistic or all")
    add("-j", "--jobs", type=int, default=1, help="processes, for --fills all (1)")
    add("--call-limit", type=float, default=60.0, metavar="SECONDS",
        help="longest a strategy may take for one answer, 0 = no limit (60)")  # fmt: skip


def add_money(parser: argparse.ArgumentParser) -> None:
    """With which money, fees and sizes."""
    add = parser.add_argument
    add("--fee", metavar="MAKER[,TAKER]", help="shares of the notional, such as 0.0002,0.0005")
    add("--funding", metavar="RATE[,HOURS]|assumed|data|none",
        help="of perpetuals; assumed: 0.01 %% each 8 h where data has none")  # fmt: skip
    add("--exchange", nargs="+", default=[], metavar="KEY=VALUE",
        help="models of the simulated venues, such as queue_model=proportional")  # fmt: skip
    add("--feed-jitter", action="store_true", help="delay rows that were not received live")
    add("--starting-balance", "--dry-run-wallet", type=float, metavar="MONEY", help="(10000)")
    add("--stake-amount", metavar="risk|unlimited|MONEY", help="what sizes an entry (risk)")
    add("--tradable-balance-ratio", type=float, help="share of equity for unlimited (0.99)")
    add("--max-open-trades", type=int, help="positions open together, -1 = no bound")
    add("--leverage", type=int, help="of derivatives")
    add("--research", action="store_true",
        help="entries without stops, wide stops, no circuit breakers")  # fmt: skip
    add("--reverse", action="store_true", help="an opposite entry closes and turns the position")
    add("--size-at-open", action="store_true", help="size entries at the open that fills them")


def _add_output(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--export", nargs="+", default=["trades"], metavar="none|trades|signals [PATH]",
        help="what to keep, and the folder or .zip file (user_data/backtest_results)")  # fmt: skip
    add("--breakdown", choices=("day", "week", "month", "year"), help="P&L by period")
    add("--params", dest="params_file", metavar="FILE|none",
        help="parameters of a search (<Class>.json beside the strategy)")  # fmt: skip
    add("--bias", default="quick", metavar="quick|exhaustive|none",
        help="how hard to look for look-ahead after the run (quick)")  # fmt: skip
    add("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Run, print, keep; returns 6 when a strategy failed and 7 when a worker was lost."""
    from undertow.cli.backtesting.request import request_of

    if args.strategy_path:
        args.strategy = [_in_folder(args.strategy_path, name) for name in args.strategy or ()]
    config = layered(args).build()
    request = request_of(args, config)
    results = _results(args, request, config)
    from undertow.cli.backtesting.chosen_strategies import chosen_strategies
    from undertow.cli.backtesting.judged import judged

    judgement = judged(request, config, results[0], args.bias)
    if args.json:
        _print_json(results, judgement)
    else:
        for line in (*chosen_strategies(request).words, *judgement.words):
            print(line)
        _print_tables(results, args.breakdown or "")
    _keep(args, results, config, judgement)
    return STRATEGY_FAILED if any(one.failures for one in results) else 0


def _in_folder(folder: Path, name: str) -> str:
    # A class by its name out of a folder of files, as candle engines' users write it.
    if ":" in name or not folder.is_dir():
        return name
    for path in sorted(folder.glob("*.py")):
        if f"class {name}(" in path.read_text():
            return f"{path}:{name}"
    raise ConfigurationError(f"expected a class {name} in a file of {folder}, found none")


def _results(
    args: argparse.Namespace, request: "BacktestRequest", config: "AppConfig"
) -> "list[BacktestResult]":
    import os

    from undertow.backtest.executor import in_order, worker_count
    from undertow.backtest.process_executor import ProcessExecutor
    from undertow.cli.backtesting.backtest_job import Job, run_job

    jobs = min(worker_count(request.jobs, os.cpu_count() or 1), len(request.fills))
    is_told = jobs == 1 and not args.json and sys.stderr.isatty()
    job = Job(request, config, is_told)
    if jobs == 1:
        # In this process: errors keep their kind, and with it their exit code.
        return [run_job(job, fills) for fills in request.fills]
    outcomes = in_order(ProcessExecutor(jobs).run(run_job, job, list(request.fills)))
    lost = [one for one in outcomes if one.is_lost]
    if lost:
        raise WorkerLost(f"{request.fills[lost[0].index]}: {lost[0].error}")
    failed = [one for one in outcomes if not one.is_done]
    if failed:
        raise DataError(f"{request.fills[failed[0].index]}: {failed[0].error}")
    return [one.value for one in outcomes if one.value is not None]


class WorkerLost(DataError):
    """A worker process died under its run, most likely for want of memory."""

    exit_code = WORKER_LOST


def _print_json(results: "list[BacktestResult]", judgement: "Judgement") -> None:
    from undertow.cli.backtesting.told_result import judgement_dict, result_dict

    told = {one.fills: result_dict(one) for one in results}
    told[results[0].fills] |= judgement_dict(judgement)
    print_json(told if len(results) > 1 else told[results[0].fills])


def _print_tables(results: "list[BacktestResult]", breakdown: str) -> None:
    from undertow.cli.backtesting.told_result import print_result
    from undertow.cli.output import print_table

    print_result(results[0], breakdown)
    if len(results) > 1:
        rows = [
            [one.fills, f"{one.final_balance:,.2f}", len(one.trades), f"{one.costs.fees:,.2f}"]
            for one in results
        ]
        print_table("under other fills", ["fills", "final_balance", "trades", "fees"], rows)


def _keep(
    args: argparse.Namespace,
    results: "list[BacktestResult]",
    config: "AppConfig",
    judgement: "Judgement",
) -> None:
    from datetime import UTC, datetime

    from undertow.backtest.judgement import write_judgement
    from undertow.backtest.result_archive import write_archive
    from undertow.cli.app_config import journaled_text
    from undertow.cli.home import home_folder

    kind, *where = args.export
    if kind not in EXPORTS:
        kind, where = "trades", [kind, *where]
    if kind == "none":
        return
    target = Path(where[0]) if where else home_folder() / "backtest_results"
    is_file = target.suffix == ".zip"
    folder = target.parent if is_file else target
    for result in results:
        stamp = datetime.now(UTC).strftime("%Y-%m-%d_%H-%M-%S")
        stamp += f"_{result.fills}" if len(results) > 1 else ""
        text, with_signals = journaled_text(config), kind == "signals"
        name = target.name if is_file else ""
        if is_file and len(results) > 1:
            name = f"{target.stem}_{result.fills}.zip"
        path = write_archive(result, folder, stamp, text, with_signals=with_signals, name=name)
        if result is results[0]:
            write_judgement(judgement, path)
        if not args.json:
            print(f"kept: {path}")
