"""The command line. Commands are imported only when they are called, so that help answers at once.

Exit codes: 0 done, 2 usage or configuration, 3 data, 4 venue, 5 invariant broken (trading
stopped), 6 a strategy failed, 7 a worker was lost (out of memory), 8 the deployment gate
stays closed, 130 interrupted.
"""

import argparse
import importlib
import sys
from collections.abc import Sequence
from typing import NoReturn, Protocol, cast

from undertow import __version__
from undertow.domain.errors import UndertowError
from undertow.domain.suggestion import did_you_mean

DISCLAIMER = (
    "For research and education. Not investment advice. Trading can lose all of your money. "
    "Undertow holds no funds and no keys but yours."
)
COMMANDS = {
    "run": "trade on paper on the embedded market (the default of `make run`)",
    "replay": "replay recorded venue messages, or re-run a journal and compare",
    "backtesting": "run strategies over recorded or synthetic market data",
    "backtest": "the same as backtesting",
    "hyperopt": "search a strategy's parameters over market data",
    "search": "the same as hyperopt",
    "walk-forward": "search on the past, trade what follows, window by window",
    "report": "show a kept backtest result, compare several, write a page",
    "gate": "may a strategy go on to paper and live: exit code and reasons",
    "data": "import, list, check, convert or download market data",
    "flow": "show an asset's order flow over all its venues",
    "why": "explain an order: inputs, verdicts, score, risk, life and latencies",
    "journal": "verify or show a journal",
    "kill": "engage or release the kill switch of a running engine",
    "doctor": "check this machine and the home folder",
    "study": "measure what the detectors find on the synthetic market",
    "list": "list strategies, venues or indicators",
    "show-config": "show the configuration and where each value comes from",
    "version": "print the version",
}
ALIASES = {"backtest": "backtesting", "search": "hyperopt"}
USAGE_ERROR = 2
INTERRUPTED = 130
BROKEN_PIPE = 0


class _Parser(argparse.ArgumentParser):
    """Argparse whose complaints suggest what was meant."""

    def error(self, message: str) -> NoReturn:
        found = message.partition("invalid choice: '")[2].partition("'")[0]
        if found:
            listed = message.partition("(choose from ")[2].removesuffix(")").split(", ")
            options = [option.strip("'") for option in listed]
            kind = "command" if "COMMAND" in message else "choice"
            message = f"unknown {kind} {found!r};{did_you_mean(found, options)}"
        self.exit(USAGE_ERROR, f"{self.prog}: {message}\n")


def build_parser(argv: Sequence[str]) -> argparse.ArgumentParser:
    """The parser; only the command that `argv` names gets its own arguments loaded."""
    parser = _Parser(
        prog="undertow",
        description="One engine from the tape to the trade.",
        epilog=DISCLAIMER,
    )
    parser.add_argument("--version", action="version", version=f"undertow {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    named = next((word for word in argv if not word.startswith("-")), "")
    for name, text in COMMANDS.items():
        sub = commands.add_parser(name, help=text, description=text, epilog=DISCLAIMER)
        if name == named:
            command_module(name).add_arguments(sub)
    return parser


class Command(Protocol):
    """What a module of `cli.commands` offers."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the command's own arguments."""
        ...

    def run(self, args: argparse.Namespace) -> int:
        """Do it; returns the exit code."""
        ...


def command_module(name: str) -> Command:
    """The module that implements a command."""
    name = ALIASES.get(name, name).replace("-", "_")
    module = importlib.import_module(f"undertow.cli.commands.{name}_command")
    return cast(Command, module)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; every expected error is one line on stderr."""
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        args = build_parser(words).parse_args(words)
        return int(command_module(args.command).run(args))
    except UndertowError as error:
        print(f"undertow: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        return BROKEN_PIPE


if __name__ == "__main__":
    sys.exit(main())
