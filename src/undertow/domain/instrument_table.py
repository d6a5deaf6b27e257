"""The fixed list of instruments of a run; an instrument's place in it is its index in arrays."""

from collections.abc import Iterable, Iterator

from undertow.domain.errors import ConfigurationError, UnknownNameError
from undertow.domain.identity import InstrumentId
from undertow.domain.instrument import Instrument
from undertow.domain.suggestion import did_you_mean

MAX_INSTRUMENTS = 65_535


class InstrumentTable:
    """Instruments in a stated order. Index and id map to each other for the life of a run."""

    def __init__(self, instruments: Iterable[Instrument]) -> None:
        self._rows = tuple(instruments)
        self._index: dict[str, int] = {row.instrument_id: i for i, row in enumerate(self._rows)}
        if len(self._index) != len(self._rows):
            raise ConfigurationError("expected each instrument once, found one twice in the table")
        if len(self._rows) > MAX_INSTRUMENTS:
            raise ConfigurationError(f"expected at most {MAX_INSTRUMENTS} instruments")

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Instrument]:
        return iter(self._rows)

    def __getitem__(self, index: int) -> Instrument:
        return self._rows[index]

    def index(self, instrument_id: InstrumentId | str) -> int:
        """The array index of an instrument; raises `UnknownNameError` with the nearest name."""
        try:
            return self._index[instrument_id]
        except KeyError:
            raise UnknownNameError(
                f"expected an instrument of this run, found {instrument_id!r};"
                f"{did_you_mean(instrument_id, self._index)}"
            ) from None

    def get(self, instrument_id: InstrumentId | str) -> Instrument:
        """The instrument of that id; raises `UnknownNameError` with the nearest name."""
        return self._rows[self.index(instrument_id)]

    def of_asset(self, base: str) -> tuple[int, ...]:
        """Indexes of every instrument whose base coin is `base`, in table order."""
        return tuple(i for i, row in enumerate(self._rows) if row.base == base)

    @property
    def assets(self) -> tuple[str, ...]:
        """Base coins in order of first appearance."""
        return tuple(dict.fromkeys(row.base for row in self._rows))

    @property
    def venues(self) -> tuple[str, ...]:
        """Venues in order of first appearance."""
        return tuple(dict.fromkeys(row.venue for row in self._rows))
