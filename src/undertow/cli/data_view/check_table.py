"""What a check of data prints: a row a series, and under it what was found, the worst first."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from undertow.cli.output import print_table
from undertow.domain.time import utc_text

if TYPE_CHECKING:
    from undertow.storage.checks.data_report import SeriesReport

_SHORT = 16


def print_check(reports: "Sequence[SeriesReport]") -> None:
    """The table, then the findings."""
    columns = ["instrument", "series", "rows", "from", "to", "score", "verdict"]
    rows = [
        [
            one.instrument_id,
            one.series,
            f"{one.rows:,}",
            utc_text(one.first_ns)[:_SHORT],
            utc_text(one.last_ns)[:_SHORT],
            "" if math.isnan(one.score) else f"{one.score:.2f}",
            one.verdict,
        ]
        for one in reports
    ]
    print_table("data", columns, rows)
    for one in reports:
        for finding in sorted(one.findings, key=lambda found: -found.severity):
            word = finding.severity.name.lower()
            print(f"{word:<5} {one.instrument_id} {one.series} {finding.kind}: {finding.text}")


def check_json(reports: "Sequence[SeriesReport]") -> list[dict[str, Any]]:
    """The same for programs; a score that is not defined is null."""
    return [
        {
            "instrument_id": one.instrument_id,
            "series": one.series,
            "rows": one.rows,
            "first_ns": one.first_ns,
            "last_ns": one.last_ns,
            "score": None if math.isnan(one.score) else one.score,
            "verdict": one.verdict,
            "findings": [
                {
                    "kind": finding.kind,
                    "severity": finding.severity.name.lower(),
                    "count": finding.count,
                    "text": finding.text,
                    "first_ns": finding.first_ns,
                }
                for finding in one.findings
            ],
        }
        for one in reports
    ]
