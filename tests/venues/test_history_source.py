"""A source of history is what has these methods; pages are plain values."""

from collections.abc import Sequence

import numpy as np

from undertow.domain.instrument import Instrument
from undertow.venues.history_source import (
    CandlePage,
    FundingPage,
    HistoryRequest,
    HistorySource,
    TradePage,
)


class Empty:
    """A source without history."""

    venue = "nowhere"

    def instruments(self) -> Sequence[Instrument]:
        return []

    def candles(self, request: HistoryRequest) -> CandlePage:
        nothing = np.empty(0)
        return CandlePage(np.empty(0, np.int64), *[nothing] * 7, request.stop_ns)  # type: ignore[call-arg, arg-type]

    def funding(self, request: HistoryRequest) -> FundingPage:
        return FundingPage(np.empty(0, np.int64), np.empty(0), np.empty(0), request.stop_ns)

    def trades(self, request: HistoryRequest) -> TradePage:
        times, floats = np.empty(0, np.int64), np.empty(0)
        return TradePage(times, floats, floats, times, times, request.stop_ns, request.after_id)


def test_the_least_source() -> None:
    source: HistorySource = Empty()
    request = HistoryRequest(None, 1, 5, after_id=3)  # type: ignore[arg-type]
    assert (source.venue, list(source.instruments())) == ("nowhere", [])
    assert source.candles(request).next_ns == source.funding(request).next_ns == 5
    assert source.trades(request).last_id == 3
