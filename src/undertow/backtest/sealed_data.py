"""Market data without its sealed part: what a run may see while a strategy is being made."""

from collections.abc import Iterator

from undertow.domain.errors import CallerError
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import EventArray
from undertow.timeline.market_data import DataFidelity, DataNote, MarketData

LEAST_SHARE, MOST_SHARE = 0.05, 0.5


def sealed_from(data: MarketData, share: float) -> int:
    """Where the last `share` of the data's time begins (20 to 30 % are usual, BT-18)."""
    if not LEAST_SHARE <= share <= MOST_SHARE:
        raise CallerError(f"expected a share from {LEAST_SHARE} to {MOST_SHARE}, found {share}")
    start_ns, stop_ns = data.span_ns
    if stop_ns <= start_ns:
        raise CallerError("expected data to seal a part of, found none")
    return stop_ns - int((stop_ns - start_ns) * share)


class SealedData:
    """The data received before `until_ns`; nothing of this object gives anything later."""

    def __init__(self, data: MarketData, until_ns: int) -> None:
        self._data = data
        self._until_ns = until_ns

    @property
    def table(self) -> InstrumentTable:
        """As of the data."""
        return self._data.table

    @property
    def sources(self) -> tuple[str, ...]:
        """As of the data."""
        return self._data.sources

    @property
    def fidelity(self) -> DataFidelity:
        """As of the data."""
        return self._data.fidelity

    @property
    def span_ns(self) -> tuple[int, int]:
        """Of what may be seen."""
        start_ns, stop_ns = self._data.span_ns
        return min(start_ns, self._until_ns), min(stop_ns, self._until_ns)

    @property
    def digest(self) -> str:
        """Of the data and of where it is cut."""
        return f"{self._data.digest}<{self._until_ns}"

    @property
    def notes(self) -> tuple[DataNote, ...]:
        """As of the data, and that a part is sealed."""
        sealed = DataNote("sealed", "", 1, f"data received from {self._until_ns} on is sealed")
        return (*self._data.notes, sealed)

    def blocks(self, start_ns: int = 0, stop_ns: int = 2**63 - 1) -> Iterator[EventArray]:
        """Rows received in [start_ns, stop_ns) and before the seal."""
        return self._data.blocks(start_ns, min(stop_ns, self._until_ns))
