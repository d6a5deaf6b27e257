"""The switches of a search, for every command that makes one; light, so that help is quick."""

import argparse

from undertow.backtest.search.samplers import Sampler


def add_search(parser: argparse.ArgumentParser, tries: int) -> None:
    """What is searched, how often, and judged by what."""
    add = parser.add_argument
    add("-e", "--epochs", type=int, default=tries, metavar="N", help=f"tries ({tries})")
    add("--spaces", nargs="+", default=["all"], metavar="SPACE",
        help="groups of parameters, such as buy sell stoploss (all)")  # fmt: skip
    add("--hyperopt-loss", "--loss", nargs="+", default=["sharpe"], metavar="NAME|FILE.py:name",
        help="what is made small; several give a front (sharpe)")  # fmt: skip
    add("--random-state", type=int, default=7, metavar="N", help="seed of the proposals (7)")
    add("--sampler", default=Sampler.TPE.value, help=f"{', '.join(Sampler)} (tpe)")
    add("--batch", type=int, default=16, metavar="N",
        help="tries proposed at a time; results depend on it, not on --jobs (16)")  # fmt: skip
    add("--segments", type=int, default=1, metavar="N",
        help="look at parts of the time first, give up what is behind (1: no)")  # fmt: skip
    add("--min-trades", type=int, default=0, metavar="N", help="fewer count as the worst loss")
    add("--face", default="events", help="events (the engine) or signals (vectorised)")
    add("--json", action="store_true", help="print JSON")
