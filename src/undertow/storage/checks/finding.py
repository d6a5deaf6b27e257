"""One thing that a check found in a series, and how bad it is."""

from enum import IntEnum

import msgspec

from undertow.timeline.market_data import DataNote


class Severity(IntEnum):
    """FACT: to be known. DOUBT: results may be wrong. BAD: results are wrong until it is mended."""

    FACT = 0
    DOUBT = 1
    BAD = 2


class Finding(msgspec.Struct, frozen=True):
    """kind: a word as in `DataNote`. first_ns: where it is first seen, 0 for all of the series."""

    kind: str
    severity: Severity
    count: int
    text: str
    first_ns: int = 0


def note_of(finding: Finding, instrument_id: str) -> DataNote:
    """The finding as a report carries it."""
    return DataNote(finding.kind, instrument_id, finding.count, finding.text)
