"""Instruments of a recording that comes without a list of them, from the messages themselves.

Rules, so that nothing is refused for being finer than guessed and nothing is made up:

* The tick is one unit of the last decimal that any price has, trailing zeros aside; the lot the
  same of quantities. The whole recording is looked at: resting orders can be finer than new ones
  may be (Binance spot BTCUSDT, 2024-08-08: sizes of six decimals, lot of five).
* Mark prices, candles and forced orders do not count: they are not on the grid of the book.
* A symbol is one that at least `LEAST_MESSAGES` messages speak of (or the only ones): a stray
  message of another symbol stays unknown.
* Base and quote are split at a known quote asset. A COIN-M contract is worth 100 USD for BTC and
  10 USD for everything else (the venue's contract specifications).
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from undertow.domain.errors import DataError
from undertow.domain.fixed import Step
from undertow.domain.instrument import Instrument, MarketKind
from undertow.venues.binance.instruments import STANDARD_FEES, VENUE
from undertow.venues.binance.market import BinanceMarket, TimeUnit

LEAST_MESSAGES = 3
COIN_CONTRACT_USD = 10
BTC_CONTRACT_USD = 100
PRINTED_DIGITS_MAX = 8  # the venue prints no more decimals than these

_MICROSECONDS_FROM = 10**15  # in milliseconds that would be the year 33658
_SYMBOL: Final = re.compile(rb'"s(?:ymbol)?":"([^"\\]+)"')
_EVENT: Final = re.compile(rb'"e":"(\w+)"')
_SENT: Final = re.compile(rb'"E":(\d{1,18})\b')
_ON_GRID: Final = (b"trade", b"aggTrade", b"depthUpdate", b"bookTicker")
_NAMELESS: Final = (b'"lastUpdateId":', b'"B":"')
_QUOTES: Final = (
    *("FDUSD", "USDT", "USDC", "BUSD", "TUSD", "USDP", "USD1", "USDE", "EURI", "AEUR", "USDS"),
    *("IDRT", "BIDR", "DAI", "USD", "TRY", "EUR", "GBP", "BRL", "ARS", "JPY", "MXN", "ZAR", "UAH"),
    *("PLN", "RON", "CZK", "COP", "NGN", "RUB", "AUD", "BTC", "ETH", "BNB", "XRP", "TRX"),
    *("DOGE", "DOT", "SOL", "PAX", "VAI", "UST"),
)


class _Seen:
    """What was seen of one symbol."""

    def __init__(self) -> None:
        self.messages = 0
        self.price_digits = 0
        self.qty_digits = 0

    def add(self, message: bytes) -> None:
        self.messages += 1
        self.price_digits = _finest(message, _finer_price, b"[pba", self.price_digits)
        self.qty_digits = _finest(message, _finer_qty, b",qBA", self.qty_digits)

    def join(self, other: "_Seen") -> None:
        self.price_digits = max(self.price_digits, other.price_digits)
        self.qty_digits = max(self.qty_digits, other.qty_digits)


@lru_cache(maxsize=32)
def _finer_price(digits: int) -> re.Pattern[bytes]:
    # A number with a digit other than 0 beyond so many decimals, not the second of a level. It
    # begins with the point because a search for a plain character is ten times faster.
    return re.compile(rb'\.(\d{%d}\d*[1-9])0*"[,}]' % digits)


@lru_cache(maxsize=32)
def _finer_qty(digits: int) -> re.Pattern[bytes]:
    # The same, not the first of a level.
    return re.compile(rb'\.(\d{%d}\d*[1-9])0*"(?:\]|\}|,"[a-zA-Z])' % digits)


def _finest(
    message: bytes, finer: Callable[[int], re.Pattern[bytes]], keys: bytes, digits: int
) -> int:
    found = finer(digits).search(message)
    while found is not None:
        if len(found[1]) <= PRINTED_DIGITS_MAX and _key(message, found.start()) in keys:
            digits = len(found[1])
        found = finer(digits).search(message, found.end())
    return digits


def _key(message: bytes, point: int) -> bytes:
    # What the number around this point is: its key, `[` the first and `,` the second of a level.
    opening = message.rfind(b'"', 0, point)
    before = message[opening - 1 : opening]
    return message[opening - 3 : opening - 2] if before == b":" else before


class InstrumentInference:
    """Looks at a recording's messages one by one; `instruments` is the answer for all of them."""

    def __init__(self, market: BinanceMarket, venue: str = VENUE) -> None:
        self._market = market
        self._venue = venue
        self._seen: dict[str, _Seen] = {}
        self._nameless = _Seen()
        self._sent_max = 0

    def add(self, message: bytes) -> None:
        """Look at one message; what is not about trades, quotes or the book is passed over."""
        event = _EVENT.search(message)
        if event is None:
            if not any(mark in message for mark in _NAMELESS):
                return
        elif event[1] not in _ON_GRID:
            return
        symbol = _SYMBOL.search(message)
        if symbol is None:
            self._nameless.add(message)
            return
        name = symbol[1].decode("utf-8", "replace")
        seen = self._seen.get(name)
        if seen is None:
            seen = self._seen[name] = _Seen()
        seen.add(message)
        sent = _SENT.search(message)
        if sent is not None:
            self._sent_max = max(self._sent_max, int(sent[1]))

    @property
    def time_unit(self) -> TimeUnit:
        """The unit of the recording's times, told by their size."""
        if self._market.is_futures or self._sent_max < _MICROSECONDS_FROM:
            return TimeUnit.MILLISECOND
        return TimeUnit.MICROSECOND

    def instruments(self) -> tuple[Instrument, ...]:
        """The instruments in order of first appearance; raises `DataError` when there is none."""
        most = max((seen.messages for seen in self._seen.values()), default=0)
        least = min(LEAST_MESSAGES, most)
        names = [name for name, seen in self._seen.items() if seen.messages >= least > 0]
        if not names:
            raise DataError(f"expected messages of {self._market.value}, found none in it")
        if len(names) == 1:
            self._seen[names[0]].join(self._nameless)
        return tuple(self._instrument(name, self._seen[name]) for name in names)

    def _instrument(self, raw_symbol: str, seen: _Seen) -> Instrument:
        market = self._market
        pair, _, suffix = raw_symbol.partition("_")
        base, quote = split_pair(pair)
        is_coinm = market is BinanceMarket.COINM
        settle = base if is_coinm else quote
        symbol = f"{base}/{quote}"
        if market.is_futures:
            dated = f"-{suffix}" if suffix.isdigit() else ""
            symbol = f"{symbol}:{settle}{dated}"
        contract_usd = BTC_CONTRACT_USD if base == "BTC" else COIN_CONTRACT_USD
        kinds = {BinanceMarket.SPOT: MarketKind.SPOT, BinanceMarket.USDM: MarketKind.LINEAR}
        return Instrument(
            symbol=symbol,
            venue=self._venue,
            raw_symbol=raw_symbol,
            kind=kinds.get(market, MarketKind.INVERSE),
            base=base,
            quote=quote,
            settle=settle,
            price_step=Step(1, seen.price_digits),
            qty_step=Step(1, seen.qty_digits),
            contract_size=Step(contract_usd if is_coinm else 1, 0),
            fees=STANDARD_FEES[market],
        )


def split_pair(pair: str) -> tuple[str, str]:
    """Base and quote of a name such as `BTCUSDT`; raises `DataError` when no quote is known."""
    for quote in sorted(_QUOTES, key=len, reverse=True):
        base = pair.removesuffix(quote)
        if base and base != pair:
            return base, quote
    raise DataError(f"expected a symbol that ends in a known quote asset, found {pair!r}")
