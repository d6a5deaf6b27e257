from collections.abc import Iterator

import numpy as np
import pytest

from undertow.backtest.sealed_data import SealedData, sealed_from
from undertow.domain.errors import CallerError
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import EVENT, EventArray
from undertow.timeline.market_data import DataFidelity, DataNote, MarketData


class Hundred:
    """A hundred rows, one a nanosecond from 1,000 on, in blocks of thirty."""

    table = InstrumentTable([])
    sources = ("aster.linear",)
    fidelity = DataFidelity.TRADES
    span_ns = (1_000, 1_100)
    digest = "hundred"
    notes = (DataNote("gap", "", 1, "one"),)

    def blocks(self, start_ns: int = 0, stop_ns: int = 2**63 - 1) -> Iterator[EventArray]:
        """As it says."""
        rows = np.zeros(100, EVENT)
        rows["receive_time_ns"] = 1_000 + np.arange(100)
        at = rows["receive_time_ns"]
        rows = rows[(at >= start_ns) & (at < stop_ns)]
        for first in range(0, len(rows), 30):
            yield rows[first : first + 30]


def test_nothing_from_behind_the_seal_is_given() -> None:
    whole: MarketData = Hundred()
    sealed: MarketData = SealedData(whole, sealed_from(whole, 0.25))
    assert sealed.span_ns == (1_000, 1_075)
    for span in ((0, 2**63 - 1), (1_050, 1_090), (1_080, 1_090)):
        given = [int(at) for block in sealed.blocks(*span) for at in block["receive_time_ns"]]
        assert given == [at for at in range(1_000, 1_075) if span[0] <= at < span[1]]


def test_it_says_that_something_is_missing_and_is_other_data() -> None:
    sealed = SealedData(Hundred(), 1_075)
    assert [note.kind for note in sealed.notes] == ["gap", "sealed"]
    assert sealed.digest not in ("hundred", SealedData(Hundred(), 1_074).digest)
    assert (sealed.sources, sealed.fidelity) == (("aster.linear",), DataFidelity.TRADES)


@pytest.mark.parametrize("share", [0.0, 0.04, 0.51, float("nan")])
def test_a_share_out_of_bounds_is_refused(share: float) -> None:
    with pytest.raises(CallerError, match=r"expected a share from 0\.05 to 0\.5"):
        sealed_from(Hundred(), share)


def test_no_data_cannot_be_sealed() -> None:
    empty = Hundred()
    empty.span_ns = (0, 0)
    with pytest.raises(CallerError, match="found none"):
        sealed_from(empty, 0.2)
