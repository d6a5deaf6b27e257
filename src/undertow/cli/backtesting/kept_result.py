"""Where a kept backtest result is."""

import json
from pathlib import Path

from undertow.cli.home import home_folder
from undertow.domain.errors import DataError

FOLDER = "backtest_results"
_LAST = ".last_result.json"


def archive_at(path: Path | None) -> Path:
    """The archive of a path: itself, or the newest of a folder (by default that of the home)."""
    place = path or home_folder() / FOLDER
    if place.is_file():
        return place
    last = place / _LAST
    if not last.is_file():
        raise DataError(
            f"expected a backtest result at {place}, found none; `undertow backtesting` makes one"
        )
    try:
        name = json.loads(last.read_text())["latest_backtest"]
    except (ValueError, KeyError, TypeError):
        raise DataError(f"expected the name of the newest result in {last}, found none") from None
    return place / str(name)
