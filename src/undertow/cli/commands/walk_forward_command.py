"""`undertow walk-forward`: search on the past, trade what follows, window by window."""

import argparse
import sys
from typing import TYPE_CHECKING, Any

from undertow.cli.backtesting.search_arguments import add_search
from undertow.cli.commands.backtesting_command import add_money, add_subject
from undertow.cli.output import print_json, print_table
from undertow.cli.setup import add_config_arguments

if TYPE_CHECKING:
    from undertow.backtest.walk_forward import WalkForwardResult, WalkForwardStep

TRIES = 50


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """As `undertow backtesting`, what is searched, and the windows."""
    add_config_arguments(parser)
    add_subject(parser)
    add_money(parser)
    add_search(parser, TRIES)
    add = parser.add_argument
    add("--train-days", type=float, default=90.0, metavar="DAYS", help="searched on (90)")
    add("--test-days", type=float, default=30.0, metavar="DAYS", help="traded after it (30)")
    add("--embargo-days", type=float, default=0.0, metavar="DAYS", help="left out between (0)")
    add("--anchored", action="store_true", help="train on everything before each test")


def run(args: argparse.Namespace) -> int:
    """Search and test every window, print."""
    from undertow.backtest.walk_forward import WalkForwardPlan, walk_forward
    from undertow.cli.backtesting.search_request import search_place, search_request

    request = search_request(args)
    plan = WalkForwardPlan(
        train_days=args.train_days,
        test_days=args.test_days,
        embargo_days=args.embargo_days,
        is_anchored=args.anchored,
    )
    is_told = not args.json and sys.stderr.isatty()
    with search_place(args) as place:
        found = walk_forward(
            request.entry,
            request.data,
            plan,
            request.search,
            request.settings,
            place=place,
            progress=_tell if is_told else None,
        )
    if args.json:
        print_json(_told(found))
    else:
        _print(found)
    return 0


def _tell(done: int, windows: int) -> None:
    sys.stderr.write(f"\r{done} of {windows} windows" + ("\n" if done == windows else ""))
    sys.stderr.flush()


def _told(found: "WalkForwardResult") -> dict[str, Any]:
    import msgspec

    from undertow.cli.backtesting.told_result import result_dict, without_nan

    rows = [_row(step) for step in found.steps]
    told = {
        "windows": rows,
        "efficiency": found.efficiency,
        "profitable_windows": found.profitable,
        "tries": found.tries,
        "deflation": msgspec.to_builtins(found.deflation),
        "words": found.deflation.words,
        "out_of_sample": result_dict(found.result),
    }
    clean: dict[str, Any] = without_nan(told)
    return clean


def _row(step: "WalkForwardStep") -> dict[str, Any]:
    from undertow.domain.time import utc_text

    return {
        "train_start": utc_text(step.window.train_start),
        "train_stop": utc_text(step.window.train_stop),
        "test_start": utc_text(step.window.test_start),
        "test_stop": utc_text(step.window.test_stop),
        "params": step.parameters,
        "tries": step.tries,
        "sharpe_in": step.sharpe_in,
        "sharpe_out": step.sharpe_out,
        "efficiency": step.efficiency,
        "growth_in": step.growth_in,
        "growth_out": step.growth_out,
        "trades_out": step.trades_out,
        "overfit_probability": step.overfit_probability,
    }


def _print(found: "WalkForwardResult") -> None:
    from undertow.cli.backtesting.told_result import print_result
    from undertow.domain.time import utc_text

    rows = [
        [
            utc_text(step.window.test_start)[:16],
            ", ".join(f"{name} {value}" for name, value in step.parameters.items()),
            f"{step.sharpe_in:.2f}",
            f"{step.sharpe_out:.2f}",
            f"{step.efficiency:.2f}",
            step.trades_out,
            f"{step.overfit_probability:.0%}",
        ]
        for step in found.steps
    ]
    columns = ["test from", "chosen", "sharpe in", "out", "efficiency", "trades", "overfit"]
    print_table(f"{len(rows)} windows", columns, rows)
    print_result(found.result)
    print(
        f"efficiency {found.efficiency:.2f}: growth out of sample over growth in sample; "
        f"{found.profitable:.0%} of the windows earned something"
    )
    print(f"walk-forwards: {found.deflation.words}")
