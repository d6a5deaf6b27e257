"""What `undertow study honesty` does: run the study or take its kept results, write the page."""

import argparse
import math
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from undertow.cli.home import home_folder
from undertow.cli.output import print_json

if TYPE_CHECKING:
    from undertow.backtest.honesty.honesty_study import HonestyResults


def run_honesty(args: argparse.Namespace, date: str, machine: str) -> int:
    """Results go to `honesty/results.json` beside the page."""
    from undertow.backtest.honesty.honesty_page import honesty_page
    from undertow.backtest.honesty.honesty_study import read_results, write_results

    page = args.page or home_folder() / "study" / "honesty.md"
    folder = page.with_suffix("")
    kept = folder / "results.json"
    if args.remake:
        results = read_results(kept)
    else:
        results = _studied(args, date, machine)
        write_results(results, kept)
    _draw(results, folder)
    page.write_text(honesty_page(results, folder.name))
    if args.json:
        import json

        print_json(json.loads(kept.read_bytes()))
    else:
        sys.stdout.write(f"{results.jobs} of {results.planned} jobs\nwritten: {page} and {kept}\n")
    return 0


def _studied(args: argparse.Namespace, date: str, machine: str) -> "HonestyResults":
    import numpy as np

    from undertow import __version__
    from undertow.backtest.executor import Executor, SerialExecutor, worker_count
    from undertow.backtest.honesty.honesty_plan import QUICK, HonestyPlan
    from undertow.backtest.honesty.honesty_study import HonestyResults, run_study
    from undertow.backtest.honesty.recorded_returns import recorded_returns
    from undertow.backtest.process_executor import ProcessExecutor

    start = time.monotonic()
    end = math.inf if args.minutes is None else start + 60.0 * args.minutes
    plan = QUICK if args.quick else HonestyPlan()
    recorded = recorded_returns(args.candles) if args.candles else np.empty(0)
    jobs = worker_count(args.jobs, os.cpu_count() or 1)
    executor: Executor = SerialExecutor() if jobs == 1 else ProcessExecutor(jobs)
    answered = run_study(
        plan, executor, recorded, tell=_tell, is_over=lambda: time.monotonic() >= end
    )
    return HonestyResults(
        date=date,
        machine=machine,
        version=__version__,
        minutes=(time.monotonic() - start) / 60.0,
        plan=plan,
        jobs=answered.jobs,
        planned=answered.planned,
        recorded=len(recorded),
        cases=answered.cases,
    )


def _draw(results: "HonestyResults", folder: Path) -> None:
    from undertow.plot.honesty_figure import alarm_figure, power_figure

    folder.mkdir(parents=True, exist_ok=True)
    alarm_figure(results).png(folder / "alarms.png", scale=1.0, colours=32)
    power_figure(results).png(folder / "power.png", scale=1.0, colours=32)


def _tell(done: int, total: int) -> None:
    if done == total or done % 20 == 0:
        sys.stderr.write(f"{done} of {total} jobs\n")
        sys.stderr.flush()
