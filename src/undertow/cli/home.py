"""Where everything that a run writes lives: UNDERTOW_HOME, by default ./user_data."""

import os
from pathlib import Path

VARIABLE = "UNDERTOW_HOME"


def home_folder() -> Path:
    """The home folder; it may not exist yet."""
    return Path(os.environ.get(VARIABLE) or "user_data")
