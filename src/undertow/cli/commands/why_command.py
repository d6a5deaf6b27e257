"""`undertow why`: the story of an order, from the journal alone."""

import argparse

from undertow.cli.home import home_folder
from undertow.cli.newest_journal import find_journal
from undertow.cli.output import print_json

WIDTH = 120
"""Columns where there is no terminal to ask."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The order, --journal, --json."""
    parser.add_argument(
        "order",
        metavar="ORDER",
        help="a client order id, position id or decision id, or last, last-entry, last-exit",
    )
    parser.add_argument(
        "--journal", metavar="DIR", help="the journal folder (default: the newest in the home)"
    )
    parser.add_argument("--json", action="store_true", help="print the whole story as JSON")


def run(args: argparse.Namespace) -> int:
    """Read, tell, print."""
    import msgspec

    from undertow.cli.why.journal_evidence import collect_evidence
    from undertow.cli.why.tell_story import tell_story

    folder = find_journal(args.journal, home_folder())
    story = tell_story(collect_evidence(folder, args.order))
    if args.json:
        print_json({"journal": str(folder), **msgspec.to_builtins(story)})
        return 0
    from rich.console import Console

    from undertow.cli.why.story_view import render_story

    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDTH)
    console.print(render_story(story))
    return 0
