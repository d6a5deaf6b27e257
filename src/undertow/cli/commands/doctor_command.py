"""`undertow doctor`: is this machine, and what is in the home folder, fit for a run?"""

import argparse
from typing import TYPE_CHECKING

from undertow.cli.home import home_folder
from undertow.cli.output import print_json

if TYPE_CHECKING:
    from undertow.cli.machine_checks import Finding

STYLES = {"ok": "green", "warn": "yellow", "fail": "bold red"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--json."""
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Check everything; the exit code is that of the gravest failure, 0 without one."""
    import msgspec

    from undertow.cli.machine_checks import findings

    home = home_folder()
    found = list(findings(home))
    code = max(finding.exit_code for finding in found)
    if args.json:
        rows = [msgspec.to_builtins(finding) for finding in found]
        print_json({"home": str(home), "is_fit": code == 0, "checks": rows})
        return code
    _print(found)
    print("not fit for a run: see the failed checks" if code else "fit for a run")
    return code


def _print(found: "list[Finding]") -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="dim")
    for name in ("", "check", "found", "what to do"):
        table.add_column(name, overflow="fold")
    for one in found:
        cells = (one.name, one.found, one.hint)
        table.add_row(Text(one.status.value, STYLES[one.status.value]), *map(Text, cells))
    Console().print(table)
