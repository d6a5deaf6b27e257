"""The switches of a search, as other engines' users write them."""

import argparse
import subprocess
import sys

from undertow.cli.backtesting.search_arguments import add_search


def test_defaults_and_habits() -> None:
    parser = argparse.ArgumentParser()
    add_search(parser, 42)
    none = parser.parse_args([])
    assert (none.epochs, none.spaces, none.hyperopt_loss) == (42, ["all"], ["sharpe"])
    words = [
        "-e",
        "9",
        "--spaces",
        "buy",
        "sell",
        "--hyperopt-loss",
        "SharpeHyperOptLoss",
        "--random-state",
        "3",
    ]
    some = parser.parse_args(words)
    assert (some.epochs, some.spaces, some.random_state) == (9, ["buy", "sell"], 3)
    assert some.hyperopt_loss == ["SharpeHyperOptLoss"]
    assert parser.parse_args(["--loss", "sharpe", "calmar"]).hyperopt_loss == ["sharpe", "calmar"]


def test_help_loads_no_engine() -> None:
    code = (
        "import sys, undertow.cli.backtesting.search_arguments;"
        "sys.exit(any(name in sys.modules for name in ('numba', 'optuna')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
