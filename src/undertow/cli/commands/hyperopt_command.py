"""`undertow hyperopt` (also `search`): which parameters did best, of how many, and was it luck."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from undertow.cli.backtesting.search_arguments import add_search
from undertow.cli.commands.backtesting_command import add_money, add_subject
from undertow.cli.output import print_json, print_table
from undertow.cli.setup import add_config_arguments

if TYPE_CHECKING:
    from undertow.backtest.search.search_result import SearchResult, SearchRow
    from undertow.cli.backtesting.search_request import SearchRequest

SHOWN = 10
TRIES = 100
HOLDOUT = 0.2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """As `undertow backtesting`, and what is searched."""
    add_config_arguments(parser)
    add_subject(parser)
    add_money(parser)
    add_search(parser, TRIES)
    add = parser.add_argument
    add("--holdout", type=float, default=HOLDOUT, metavar="SHARE",
        help="last part of the data that the search does not see, 0 = none (0.2)")  # fmt: skip
    add("--resume", type=Path, metavar="FILE",
        help="journal of the search: made when missing, gone on with when there")  # fmt: skip
    add("--results", type=Path, metavar="FILE",
        help="a JSON line for each try (user_data/hyperopt_results/...)")  # fmt: skip
    add("--params", type=Path, metavar="FILE",
        help="where the best parameters go (CLASS.json beside the strategy's file)")  # fmt: skip
    add("--disable-param-export", action="store_true", help="keep no best parameters")
    add("--plots", type=Path, metavar="DIR", help="parallel coordinates and a loss surface")


def run(args: argparse.Namespace) -> int:
    """Search, print, keep."""
    from undertow.backtest.search.search import search
    from undertow.cli.backtesting.search_request import search_place, search_request

    request = search_request(args)
    with search_place(args, args.resume) as place:
        result = search(request.entry, request.data, request.search, request.settings, place)
    kept = _keep(args, result, request)
    if args.json:
        print_json({**_told(result, kept), "held_out": _held(request)})
    else:
        _print(result)
        if request.held_from_ns:
            print(
                f"held out: the search saw nothing from {_held(request)} on; judge its best there"
            )
        for path in kept:
            print(f"kept: {path}")
    return 0


def _held(request: "SearchRequest") -> str | None:
    from undertow.domain.time import utc_text

    return utc_text(request.held_from_ns) if request.held_from_ns else None


def _keep(args: argparse.Namespace, result: "SearchResult", request: "SearchRequest") -> list[Path]:
    from datetime import UTC, datetime

    from undertow.backtest.search.parameter_file import parameter_path, write_parameters
    from undertow.backtest.search.search_result import write_rows
    from undertow.cli.home import home_folder

    kind = type(request.entry.strategy()).__name__
    folder = home_folder() / "hyperopt_results"
    stamp = datetime.now(UTC).strftime("%Y-%m-%d_%H-%M-%S")
    kept = [write_rows(result, args.results or folder / f"strategy_{kind}_{stamp}.fthypt")]
    if not args.disable_param_export:
        path = args.params or parameter_path(request.entry.name) or folder / f"{kind}.json"
        kept.append(write_parameters(result, kind, path))
    if args.plots is not None:
        kept += _plots(result, args.plots)
    return kept


def _plots(result: "SearchResult", folder: Path) -> list[Path]:
    from undertow.plot.run.search_figure import loss_surface, parallel_coordinates

    folder.mkdir(parents=True, exist_ok=True)
    made = [parallel_coordinates(result).html(folder / "parallel_coordinates.html")]
    names = list(result.spaces)
    if len(names) > 1:
        made.append(loss_surface(result, names[0], names[1]).html(folder / "loss_surface.html"))
    return made


def _told(result: "SearchResult", kept: list[Path]) -> dict[str, Any]:
    import msgspec

    from undertow.backtest.search.search_result import row_dict
    from undertow.cli.backtesting.told_result import without_nan

    told = {
        "strategy": result.strategy,
        "sampler": result.sampler,
        "seed": result.seed,
        "losses": list(result.losses),
        "spaces": dict(result.spaces),
        "best": row_dict(result.best, result.losses),
        "front": [row_dict(row, result.losses) for row in result.front()],
        "rows": [row_dict(row, result.losses) for row in result.rows],
        "overfit": result.overfit.words,
        "overfit_probability": result.overfit.overfit_probability,
        "is_trusted": result.overfit.is_trusted,
        "deflation": msgspec.to_builtins(result.overfit.deflation),
        "deflated_sharpe": result.overfit.deflation.deflated_sharpe,
        "trials": result.overfit.deflation.tries,
        "kept": [str(path) for path in kept],
    }
    clean: dict[str, Any] = without_nan(told)
    return clean


def _print(result: "SearchResult") -> None:
    from undertow.backtest.search.search_result import TryState

    done = sorted((row for row in result.done if row.repeats < 0), key=_first_loss)
    is_front = len(result.losses) > 1
    shown = result.front() if is_front else done[:SHOWN]
    columns = ["try", *result.losses, *result.spaces, "return", "sharpe", "drawdown", "trades"]
    title = "the front" if is_front else f"the best {len(shown)}"
    print_table(f"{result.strategy}: {title}", columns, [_cells(row, result) for row in shown])
    states = {state: sum(row.state is state for row in result.rows) for state in TryState}
    print(", ".join(f"{count} {state.value}" for state, count in states.items() if count))
    failed = [row for row in result.rows if row.error]
    if failed:
        print(f"first failure: try {failed[0].number}: {failed[0].error}")
    print(f"overfit: {result.overfit.words}")


def _first_loss(row: "SearchRow") -> tuple[tuple[float, ...], int]:
    return row.losses, row.number


def _cells(row: "SearchRow", result: "SearchResult") -> list[Any]:
    of = row.measures
    return [
        row.number,
        *(f"{loss:.6g}" for loss in row.losses),
        *(row.parameters[name] for name in result.spaces),
        f"{of['total_return']:.2%}",
        f"{of['sharpe']:.2f}",
        f"{of['max_drawdown']:.2%}",
        int(of["total_trades"]),
    ]
