"""`undertow kill`: engage or release the kill switch of the engine that runs in this home folder.

The switch is a file, `kill.switch`, that a running engine looks for; it works without a network and
as long as the file exists.
"""

import argparse
import os

from undertow.cli.home import home_folder
from undertow.cli.output import print_json
from undertow.domain.errors import StorageUnavailable

SWITCH = "kill.switch"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--release, --reason, --json."""
    parser.add_argument("--release", action="store_true", help="allow new risk again")
    parser.add_argument("--reason", default="by hand", help="why, for the record")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Write or remove the file."""
    switch = home_folder() / SWITCH
    try:
        if args.release:
            switch.unlink(missing_ok=True)
        else:
            switch.parent.mkdir(parents=True, exist_ok=True)
            with switch.open("w", encoding="utf-8") as file:
                file.write(f"{args.reason}\n")
                file.flush()
                os.fsync(file.fileno())
    except OSError as error:
        raise StorageUnavailable(f"expected a writable {switch}, found {error.strerror}") from error
    state = "released" if args.release else "engaged"
    if args.json:
        print_json({"kill_switch": state, "file": str(switch)})
    else:
        print(f"kill switch {state}: {switch}")
    return 0
