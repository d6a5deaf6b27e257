"""What a report of a backtest is made of: named parts, each a function of the result alone.

The command line and programs ask for all of them; a part that knows nothing of a result leaves it
out instead of making something up. To add one is to add a line here.
"""

import importlib
from collections.abc import Mapping
from typing import Any

import msgspec

from undertow.backtest.result import BacktestResult


class ReportPart(msgspec.Struct, frozen=True):
    """key: under which the report shows it; empty = its entries stand at the top. home: the module
    and function that makes it, imported when it is asked for: `function(result)` gives a mapping.
    """

    key: str
    home: str


PARTS: tuple[ReportPart, ...] = (
    ReportPart("", "undertow.backtest.result_measures:result_measures"),
    ReportPart("intervals", "undertow.backtest.reports.headline:intervals_part"),
    ReportPart("baselines", "undertow.backtest.reports.baselines:baselines_part"),
)


def report_of(result: BacktestResult, parts: tuple[ReportPart, ...] = PARTS) -> dict[str, Any]:
    """Every part of a result."""
    report: dict[str, Any] = {}
    for part in parts:
        module, _, name = part.home.partition(":")
        found: Mapping[str, Any] = getattr(importlib.import_module(module), name)(result)
        if part.key:
            report[part.key] = found
        else:
            report.update(found)
    return report
