"""What a search found: a row for each try, the best of them, and how far to trust it."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from undertow.backtest.search.overfit_warning import OverfitWarning
from undertow.domain.errors import DataError
from undertow.domain.parameter import Value
from undertow.storage.trial_ledger import Trial


class TryState(StrEnum):
    """DONE: judged over the whole stretch. PRUNED: given up early. FAILED: see its words."""

    DONE = "done"
    PRUNED = "pruned"
    FAILED = "failed"


class SearchRow(msgspec.Struct, frozen=True, kw_only=True):
    """One try. losses: empty when it failed; of a pruned one its mean so far. repeats: number of
    the earlier try with the same parameters, whose outcome this one was given, -1 = none. trial:
    what the ledger has of it.
    """

    number: int
    state: TryState
    parameters: Mapping[str, Value]
    losses: tuple[float, ...] = ()
    measures: Mapping[str, float] = {}
    error: str = ""
    repeats: int = -1
    trial: Trial | None = None


class SearchResult(msgspec.Struct, frozen=True, kw_only=True):
    """rows: in the order in which they were proposed. losses: names of what was made small.
    spaces: the group of each searched parameter. start_ns, stop_ns: the stretch that was traded.
    """

    strategy: str
    losses: tuple[str, ...]
    spaces: Mapping[str, str]
    start_ns: int
    stop_ns: int
    seed: int
    sampler: str
    rows: tuple[SearchRow, ...]
    overfit: OverfitWarning

    @property
    def done(self) -> list[SearchRow]:
        """The tries that were judged."""
        return [row for row in self.rows if row.state is TryState.DONE]

    @property
    def best(self) -> SearchRow:
        """The smallest first loss, the earliest of equal ones; raises `DataError` without any."""
        return best_of(self.rows)

    def front(self) -> list[SearchRow]:
        """Tries that no other beats in one loss without being worse in another, the smallest first
        loss first; of equal ones the earliest. With one loss: the best alone.
        """
        done = [row for row in self.done if row.repeats < 0]
        table = np.array([row.losses for row in done])
        kept = []
        for row in done:
            own = np.array(row.losses)
            is_no_worse = (table <= own).all(axis=1)
            if not (is_no_worse & (table < own).any(axis=1)).any():
                kept.append(row)
        kept.sort(key=lambda row: (row.losses, row.number))
        return kept if len(self.losses) > 1 else kept[:1]


def best_of(rows: Sequence[SearchRow]) -> SearchRow:
    """The smallest first loss of the tries that were judged."""
    done = [row for row in rows if row.state is TryState.DONE]
    if not done:
        failed = [row.error for row in rows if row.error]
        first = f", the first: {failed[0]}" if failed else ""
        raise DataError(f"expected a try that was done, found {len(rows)} that were not{first}")
    return min(done, key=lambda row: (row.losses, row.number))


def row_dict(row: SearchRow, losses: Sequence[str]) -> dict[str, Any]:
    """A row as plain values; numbers that are undefined are None in JSON."""
    return {
        "number": row.number,
        "state": row.state.value,
        "loss": row.losses[0] if row.losses else None,
        "losses": dict(zip(losses, row.losses, strict=False)),
        "params": dict(row.parameters),
        "metrics": dict(row.measures),
        "error": row.error,
        "repeats": row.repeats if row.repeats >= 0 else None,
    }


def write_rows(result: SearchResult, path: Path) -> Path:
    """A JSON line for each try, in order."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [msgspec.json.encode(row_dict(row, result.losses)) for row in result.rows]
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    return path
