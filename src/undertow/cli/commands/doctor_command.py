"""`undertow doctor`: is this machine, and what is in the home folder, fit for a run?"""

import argparse

from undertow.cli.home import home_folder
from undertow.cli.output import print_json, print_table


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
    columns = ("", "check", "found", "what to do")
    print_table(
        "undertow doctor", columns, [(one.status, one.name, one.found, one.hint) for one in found]
    )
    print("not fit for a run: see the failed checks" if code else "fit for a run")
    return code
