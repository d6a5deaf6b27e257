"""`undertow study detectors|honesty`: what the detectors find of what is planted; how often our own
statistics are wrong.
"""

import argparse
import math
import os
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from undertow.cli.home import home_folder
from undertow.cli.output import print_json, print_table

if TYPE_CHECKING:
    from undertow.backtest.detection.study import StudyReport
    from undertow.backtest.detection.study_page import Circumstances

SUBJECTS = ("detectors", "honesty")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to study, how long, where the results go."""
    parser.add_argument("subject", choices=SUBJECTS, metavar="|".join(SUBJECTS))
    parser.add_argument("--days", type=int, default=200, help="days with every pattern (200)")
    parser.add_argument("--hours", type=float, default=24.0, help="length of a day (24)")
    parser.add_argument("--jobs", type=int, default=2, help="processes (2)")
    parser.add_argument(
        "--out", type=Path, help="folder of the results of each day; a study goes on where it was"
    )
    parser.add_argument(
        "--minutes", type=float, help="begin nothing after so many minutes and report what is there"
    )
    parser.add_argument("--page", type=Path, help="page to write, study.md in the folder if none")
    parser.add_argument("--quick", action="store_true", help="honesty: the short form")
    parser.add_argument("--candles", type=Path, help="honesty: Parquet file of candles to shuffle")
    parser.add_argument(
        "--remake", action="store_true", help="honesty: the page anew from kept results"
    )
    parser.add_argument("--json", action="store_true", help="print the report as JSON")


def run(args: argparse.Namespace) -> int:
    """Do what the study asked for lacks, write its page and its numbers beside it."""
    if args.subject == "honesty":
        from undertow.cli.honesty_run import run_honesty

        here = circumstances()
        return run_honesty(args, here.date, here.machine)
    return _run_detectors(args)


def _run_detectors(args: argparse.Namespace) -> int:
    from undertow.backtest.detection.day_plan import plan_days
    from undertow.backtest.detection.study import report_of, run_days
    from undertow.backtest.detection.study_page import study_json, study_page

    folder = args.out or home_folder() / "study"
    plans = plan_days(args.days, round(args.hours * 3_600))
    report = report_of(run_days(plans, folder, args.jobs, _tell, _deadline(args.minutes)))
    page = args.page or folder / "study.md"
    where = circumstances()
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(study_page(report, where))
    beside = page.with_suffix(".json")
    beside.write_bytes(study_json(report, where))
    if args.json:
        import json

        print_json(json.loads(beside.read_bytes()))
    else:
        _print(report)
        print(f"written: {page} and {beside}")
    return 0


def _deadline(minutes: float | None) -> Callable[[], bool]:
    end = math.inf if minutes is None else time.monotonic() + 60.0 * minutes
    return lambda: time.monotonic() >= end


def _tell(done: int, total: int) -> None:
    end = "\n" if done == total else "\r" if sys.stderr.isatty() else "\n"
    sys.stderr.write(f"{done} of {total} days{end}")
    sys.stderr.flush()


def circumstances() -> "Circumstances":
    """Today and this machine, without names of people or places."""
    from datetime import UTC, datetime

    from undertow import __version__
    from undertow.backtest.detection.study_page import Circumstances

    machine = f"{os.cpu_count()} cores of {_processor()}, Python {platform.python_version()}"
    return Circumstances(f"{datetime.now(UTC):%Y-%m-%d}", machine, __version__)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _print(report: "StudyReport") -> None:
    from undertow.backtest.detection.study_page import interval, number

    rows = [
        [
            one.name,
            f"{one.default:g}",
            interval(one.at_default.precision),
            interval(one.at_default.recall),
            number(one.at_default.f1),
            f"{one.choice.threshold:g}" if one.choice.is_better else "",
            number(one.choice.chosen.f1),
            interval(one.null, 1),
        ]
        for one in report.detectors
    ]
    columns = ["detector", "default", "precision", "recall", "F1", "better", "its F1", "null a day"]
    print_table(f"{report.days} days", columns, rows)
