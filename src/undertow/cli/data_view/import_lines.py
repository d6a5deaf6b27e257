"""What an import printed of each file: one line a series, refused files with their reason."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from undertow.domain.time import utc_text

if TYPE_CHECKING:
    from undertow.storage.imports.file_import import FileOutcome

_SHORT = 16


def import_lines(outcomes: "Sequence[FileOutcome]") -> list[str]:
    """Lines for people."""
    lines: list[str] = []
    for one in outcomes:
        name = one.origin.rpartition("/")[2]
        if one.outcome == "refused":
            lines.append(f"refused   {name}: {one.reason}")
            continue
        if not one.series:
            lines.append(f"{one.outcome:<9} {name}: {one.layout}")
        head = f"{one.outcome:<9} {name} ({one.layout})"
        lines += [f"{head}: {_series(series)}" for series in one.series]
    counts = {word: sum(one.outcome == word for one in outcomes) for word in _OUTCOMES}
    total = ", ".join(f"{count} {word}" for word, count in counts.items() if count)
    return [*lines, f"{len(outcomes)} files: {total or 'none'}"]


_OUTCOMES = ("imported", "there", "refused")


def _series(series: Any) -> str:
    counts = series.counts
    parts = [f"{counts.added:,} new"]
    words = ("equal", "completed", "conflicting")
    parts += [f"{getattr(counts, word):,} {word}" for word in words if getattr(counts, word)]
    if series.apart:
        parts.append(f"{series.apart:,} kept apart")
    flaws = ", ".join(f"{kind} {count:,}" for kind, count in series.flaws.items())
    span = f"{utc_text(series.first_ns)[:_SHORT]} to {utc_text(series.last_ns)[:_SHORT]}"
    tail = f"; {flaws}" if flaws else ""
    return f"{series.instrument_id} {series.series}, {span}: {', '.join(parts)}{tail}"


def import_json(outcomes: "Sequence[FileOutcome]") -> list[dict[str, Any]]:
    """The same for programs."""
    found: list[dict[str, Any]] = msgspec.to_builtins(list(outcomes))
    return found
