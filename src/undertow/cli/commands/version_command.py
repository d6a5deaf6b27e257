"""`undertow version`."""

import argparse
import platform

from undertow import __version__
from undertow.cli.output import print_json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--json."""
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Print the version, and with --json what it runs on."""
    if args.json:
        print_json({"undertow": __version__, "python": platform.python_version()})
    else:
        print(f"undertow {__version__}")
    return 0
