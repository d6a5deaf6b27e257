"""History of any exchange that ccxt knows, as a `HistorySource`; an extra (`undertow[ccxt]`).

ccxt keeps to the exchange's limits itself. Candles are unfinished while their end is not over by
our clock; bought volume and numbers of trades are not told. Funding and trades are there where the
exchange offers them (`has`).
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np

from undertow.domain.errors import (
    ConfigurationError,
    ConnectionLost,
    PrecisionError,
    UnknownNameError,
    VenueRefused,
)
from undertow.domain.fixed import Step
from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.suggestion import did_you_mean
from undertow.domain.time import NS_PER_MS
from undertow.venues.history_source import (
    CANDLES,
    CandlePage,
    FundingPage,
    HistoryRequest,
    TradePage,
)

Answer = TypeVar("Answer")

PAGE = 500
_TRIES = 4


class CcxtHistory:
    """exchange: ccxt's id, e.g. `okx`. pause: what to call between tries, with seconds.

    options: passed to ccxt's exchange, e.g. keys or `urls`. now_ns: our clock.
    """

    def __init__(
        self,
        exchange: str,
        now_ns: Callable[[], int],
        pause: Callable[[float], None],
        options: dict[str, Any] | None = None,
    ) -> None:
        try:
            import ccxt
        except ImportError as error:
            raise ConfigurationError("expected ccxt: pip install undertow[ccxt]") from error
        if exchange not in ccxt.exchanges:
            raise UnknownNameError(
                f"expected an exchange of ccxt, found {exchange!r};"
                f"{did_you_mean(exchange, ccxt.exchanges)}"
            )
        self.venue = exchange
        self.exchange: Any = getattr(ccxt, exchange)({"enableRateLimit": True, **(options or {})})
        self._lost: type[Exception] = ccxt.OperationFailed
        self._refused: type[Exception] = ccxt.BaseError
        self._now_ns = now_ns
        self._pause = pause

    def instruments(self) -> Sequence[Instrument]:
        """Every active spot market and perpetual whose steps are told."""
        markets = self._call(self.exchange.load_markets)
        found = (self._instrument(one) for one in markets.values())
        return [one for one in found if one is not None]

    def candles(self, request: HistoryRequest) -> CandlePage:
        """See `HistorySource`."""
        params = {} if request.kind == CANDLES else {"price": request.kind}
        since = request.start_ns // NS_PER_MS
        rows = self._call(
            lambda: self.exchange.fetch_ohlcv(
                request.instrument.symbol, request.timeframe, since, PAGE, params
            )
        )
        step_ms = int(self.exchange.parse_timeframe(request.timeframe)) * 1_000
        stop_ms = min(request.stop_ns, self._now_ns()) // NS_PER_MS
        inside = [row for row in rows if since <= row[0] and row[0] + step_ms <= stop_ms]
        opens, highs, lows, closes, volumes = (
            _floats([row[place] for row in inside]) for place in range(1, 6)
        )
        nothing = np.full(len(inside), np.nan)
        times = np.array([int(row[0]) for row in inside], np.int64) * NS_PER_MS
        # An exchange may answer with less than a page; it is the end only when nothing came.
        last = int(times[-1]) + step_ms * NS_PER_MS if len(times) else request.stop_ns
        return CandlePage(times, opens, highs, lows, closes, volumes, nothing, nothing, last)

    def funding(self, request: HistoryRequest) -> FundingPage:
        """See `HistorySource`."""
        since = request.start_ns // NS_PER_MS
        symbol = request.instrument.symbol
        rows = self._call(lambda: self.exchange.fetch_funding_rate_history(symbol, since, PAGE))
        inside = [row for row in rows if since <= row["timestamp"] < request.stop_ns // NS_PER_MS]
        times = np.array([int(row["timestamp"]) for row in inside], np.int64) * NS_PER_MS
        rates = _floats([row["fundingRate"] for row in inside])
        last = int(times[-1]) + NS_PER_MS if len(times) else request.stop_ns
        return FundingPage(times, rates, np.zeros(len(inside)), last)

    def trades(self, request: HistoryRequest) -> TradePage:
        """See `HistorySource`; goes on by time, since ids are no numbers everywhere."""
        since = request.start_ns // NS_PER_MS
        symbol = request.instrument.symbol
        rows = self._call(lambda: self.exchange.fetch_trades(symbol, since, PAGE))
        inside = [row for row in rows if since <= row["timestamp"] < request.stop_ns // NS_PER_MS]
        times = np.array([int(row["timestamp"]) for row in inside], np.int64) * NS_PER_MS
        # The last millisecond may go on in the next page: it is left for that one.
        whole = times < times[-1] if len(times) and len(inside) >= PAGE else times >= 0
        if not whole.any():
            whole = times >= 0
        last = int(times[whole][-1]) + NS_PER_MS if whole.any() else request.stop_ns
        return TradePage(
            times_ns=times[whole],
            price=_floats([row["price"] for row in inside])[whole],
            qty=_floats([row["amount"] for row in inside])[whole],
            side=np.array([1 if row["side"] == "buy" else -1 for row in inside], np.int64)[whole],
            id=np.array([_whole_id(row.get("id")) for row in inside], np.int64)[whole],
            next_ns=last,
            last_id=0,
        )

    def _call(self, ask: Callable[[], Answer]) -> Answer:
        failure = ""
        for number in range(_TRIES):
            try:
                return ask()
            except self._lost as error:
                failure = f"{type(error).__name__}: {error}"
                self._pause(0.5 * 2.0**number)
            except self._refused as error:
                raise VenueRefused(f"{self.venue}: {type(error).__name__}: {error}") from error
        raise ConnectionLost(f"expected an answer of {self.venue}, found {failure}")

    def _instrument(self, market: dict[str, Any]) -> Instrument | None:
        is_perpetual = bool(market.get("swap"))
        if not (market.get("spot") or is_perpetual) or not market.get("active", True):
            return None
        precision = market.get("precision") or {}
        try:
            price, qty = (Step.of(self._step(precision.get(word))) for word in ("price", "amount"))
        except (PrecisionError, TypeError, ValueError):
            return None
        kind = MarketKind.SPOT
        if is_perpetual:
            kind = MarketKind.INVERSE if market.get("inverse") else MarketKind.LINEAR
        leverage = ((market.get("limits") or {}).get("leverage") or {}).get("max")
        return Instrument(
            symbol=market["symbol"],
            venue=self.venue,
            raw_symbol=str(market["id"]),
            kind=kind,
            base=market["base"],
            quote=market["quote"],
            settle=market.get("settle") or market["quote"],
            price_step=price,
            qty_step=qty,
            contract_size=Step.of(_text(market.get("contractSize") or 1)),
            max_leverage=int(leverage or 1),
        )

    def _step(self, value: Any) -> str:
        # ccxt says precision as a step or as a number of decimals, by exchange.
        if self.exchange.precisionMode == 4:
            return _text(value)
        return _text(10.0 ** -int(value))


def _text(number: Any) -> str:
    return np.format_float_positional(float(number), trim="-")


def _floats(values: Sequence[Any]) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    return np.array([float(value) if value is not None else np.nan for value in values], np.float64)


def _whole_id(text: Any) -> int:
    return int(text) if str(text).isdigit() else 0
