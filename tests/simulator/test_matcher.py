"""Scenario files: inputs by line, the reports they cause below them.

`UNDERTOW_RERECORD=1 pytest tests/simulator/test_matcher.py` writes what the exchange says now into
the files; review the difference.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

NAMES = sorted(path.stem for path in (Path(__file__).parent / "scenarios").glob("*.txt"))


@pytest.mark.parametrize("name", NAMES)
def test_scenario(load_scenario: Callable[[str], Any], name: str) -> None:
    scenario = load_scenario(name)
    played = list(scenario.run())
    if os.environ.get("UNDERTOW_RERECORD"):
        scenario.path.write_text("\n".join(played) + "\n")
    assert played == scenario.lines, f"{scenario.path.name} differs from what was recorded"


def test_there_are_scenarios() -> None:
    assert len(NAMES) >= 15
