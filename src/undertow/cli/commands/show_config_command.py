"""`undertow show-config`: every value and where it comes from; secrets as stars."""

import argparse

from undertow.cli.output import print_json, print_table
from undertow.cli.setup import add_config_arguments, layered


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--config, --json."""
    add_config_arguments(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Print the settings; a configuration that does not hold together is an error."""
    config = layered(args)
    config.build()
    settings = list(config.settings())
    if args.json:
        print_json([{"key": s.key, "value": s.shown, "from": s.origin} for s in settings])
    else:
        rows = [[s.key, s.shown, s.origin] for s in settings]
        print_table("configuration", ["key", "value", "from"], rows)
    return 0
