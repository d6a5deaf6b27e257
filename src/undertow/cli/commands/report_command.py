"""`undertow report`: a kept result as tables, a page and images; several side by side."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from undertow.cli.output import print_json, print_table

if TYPE_CHECKING:
    from undertow.backtest.result import BacktestResult


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which results, and what to make of them."""
    add = parser.add_argument
    add("results", nargs="*", type=Path, metavar="RESULT",
        help="archives or folders of them (the newest); two or more are compared")  # fmt: skip
    add("--html", type=Path, metavar="FILE", help="write the whole report as one page")
    add("--png", type=Path, metavar="DIR", help="write its figures as images")
    add("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Show one result, or compare several."""
    from undertow.backtest.result_archive import read_archive
    from undertow.cli.backtesting.kept_result import archive_at

    paths = [archive_at(path) for path in args.results or [None]]
    results = [read_archive(path) for path in paths]
    if len(results) > 1:
        _compare(results, is_json=args.json)
    else:
        _show(results[0], paths[0], is_json=args.json)
    _write(args, results, paths)
    return 0


def _show(result: "BacktestResult", path: Path, *, is_json: bool) -> None:
    from undertow.backtest.judgement import read_judgement
    from undertow.cli.backtesting.told_result import judgement_dict, print_result, result_dict

    judgement = read_judgement(path)
    if is_json:
        print_json(result_dict(result) | judgement_dict(judgement))
        return
    for line in judgement.words:
        print(line)
    print_result(result, "month")


def _compare(results: "list[BacktestResult]", *, is_json: bool) -> None:
    import msgspec

    from undertow.backtest.comparison import compare
    from undertow.cli.backtesting.told_result import told_text, without_nan

    found = compare(results)
    if is_json:
        print_json(without_nan(msgspec.to_builtins(found)))
        return
    rows = [[name, *map(told_text, values)] for name, values in found.rows.items()]
    print_table("side by side", ["measure", *found.names], rows)
    if found.difference is not None:
        print(found.difference.words)


def _write(args: argparse.Namespace, results: "list[BacktestResult]", paths: list[Path]) -> None:
    if args.html is None and args.png is None:
        return
    from undertow.backtest.judgement import read_judgement
    from undertow.plot.run.report_page import ReportNotes, write_images, write_report

    others = {f"{one.run_name} ({one.fills})": one for one in results[1:]}
    notes = ReportNotes(read_judgement(paths[0]).words, others)
    written = []
    if args.html is not None:
        written.append(write_report(results[0], args.html, notes))
    if args.png is not None:
        written += write_images(results[0], args.png, notes)
    if not args.json:
        for path in written:
            print(f"written: {path}")
