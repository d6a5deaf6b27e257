"""Stream names, the addresses they are served at, and requests to subscribe to them.

USD-M streams live on separate paths since 2026-04-23; streams of two classes cannot share a
connection, and the wrong class is silent instead of an error (README.md here).
"""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Final

import msgspec

from undertow.domain.errors import ConfigurationError
from undertow.venues.binance.market import BinanceMarket, TimeUnit


class Channel(StrEnum):
    """The kinds of market-data streams that the codec understands."""

    TRADE = "trade"
    AGG_TRADE = "aggTrade"
    DEPTH = "depth"
    BOOK_TICKER = "bookTicker"
    MARK_PRICE = "markPrice"
    FORCE_ORDER = "forceOrder"
    KLINE = "kline"


class PathClass(StrEnum):
    """Which of the entry points serves a stream; `ROOT` where there is only one."""

    ROOT = ""
    PUBLIC = "/public"
    MARKET = "/market"
    PRIVATE = "/private"


FUTURES_ONLY = (Channel.MARK_PRICE, Channel.FORCE_ORDER)
_PUBLIC_CHANNELS = (Channel.DEPTH, Channel.BOOK_TICKER, Channel.TRADE)
_KLINE_INTERVALS = (
    *("1s", "1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "8h", "12h"),
    *("1d", "3d", "1w", "1M"),
)
_DEPTH_SPEEDS = {
    BinanceMarket.SPOT: ("", "100ms"),
    BinanceMarket.USDM: ("", "100ms", "250ms", "500ms", "0ms"),
    BinanceMarket.COINM: ("", "100ms", "250ms", "500ms", "0ms"),
}


def stream_name(market: BinanceMarket, raw_symbol: str, channel: Channel, detail: str = "") -> str:
    """The name of a stream, e.g. `btcusdt@depth@100ms`.

    detail: update speed of depth (`100ms`) and mark price (`1s`), or interval of a kline (`1m`).
    Raises `ConfigurationError` for a stream that the market does not have.
    """
    symbol = raw_symbol.lower()
    if channel in FUTURES_ONLY and not market.is_futures:
        raise ConfigurationError(f"expected a stream of {market.value}, found {channel.value}")
    if channel is Channel.KLINE:
        if not detail:
            raise ConfigurationError("expected the interval of a kline stream, found none")
        return f"{symbol}@kline_{detail}"
    if channel is Channel.DEPTH and detail not in _DEPTH_SPEEDS[market]:
        raise ConfigurationError(
            f"expected an update speed out of {_DEPTH_SPEEDS[market]}, found {detail!r}"
        )
    return f"{symbol}@{channel.value}@{detail}" if detail else f"{symbol}@{channel.value}"


def all_stream_names(market: BinanceMarket, raw_symbol: str) -> Iterator[tuple[Channel, str]]:
    """Every stream of one instrument that the codec understands, by all its names."""
    details = {
        Channel.DEPTH: _DEPTH_SPEEDS[market],
        Channel.MARK_PRICE: ("", "1s"),
        Channel.KLINE: _KLINE_INTERVALS,
    }
    for channel in Channel:
        if market.is_futures or channel not in FUTURES_ONLY:
            for detail in details.get(channel, ("",)):
                yield channel, stream_name(market, raw_symbol, channel, detail)


def path_class(market: BinanceMarket, name: str) -> PathClass:
    """The entry point that serves the stream of that name."""
    if market is not BinanceMarket.USDM:
        return PathClass.ROOT
    channel = name.partition("@")[2].partition("@")[0] or name.removeprefix("!").partition("@")[0]
    return PathClass.PUBLIC if channel in _PUBLIC_CHANNELS else PathClass.MARKET


def by_path_class(market: BinanceMarket, names: Sequence[str]) -> dict[PathClass, list[str]]:
    """The names by the connection they need, in order of first appearance."""
    groups: dict[PathClass, list[str]] = {}
    for name in names:
        groups.setdefault(path_class(market, name), []).append(name)
    return groups


def stream_url(
    market: BinanceMarket,
    base: str,
    names: Sequence[str],
    time_unit: TimeUnit = TimeUnit.MILLISECOND,
) -> str:
    """The address of a combined connection for these streams.

    base: scheme and host, e.g. `Endpoints.stream`. Raises `ConfigurationError` when the streams
    need more than one connection, or for microseconds outside spot.
    """
    groups = by_path_class(market, names)
    if len(groups) != 1:
        found = ", ".join(sorted(group.value or "/" for group in groups)) or "no stream"
        raise ConfigurationError(f"expected streams of one path class, found {found}")
    url = f"{base}{next(iter(groups)).value}/stream?streams={'/'.join(names)}"
    if time_unit is TimeUnit.MICROSECOND:
        if market.is_futures:
            raise ConfigurationError("expected microseconds on spot only, found a futures market")
        url += "&timeUnit=MICROSECOND"
    return url


class SubscriptionRequest(msgspec.Struct, frozen=True):
    """A request on an open connection; `method` is SUBSCRIBE or UNSUBSCRIBE."""

    method: str
    params: tuple[str, ...]
    id: int


class SubscriptionAnswer(msgspec.Struct, frozen=True):
    """The venue's answer to the request of that id; `error` is empty when it was done."""

    id: int
    error: str = ""


_ABSENT: Final = msgspec.Raw(b"")


class _AnswerBody(msgspec.Struct):
    id: int | str | None = None
    error: msgspec.Raw = _ABSENT
    code: int | None = None
    msg: str = ""


_answer_decoder = msgspec.json.Decoder(_AnswerBody)
_request_decoder = msgspec.json.Decoder(SubscriptionRequest)


def encode_request(request: SubscriptionRequest) -> bytes:
    """The request as the venue takes it."""
    return msgspec.json.encode(request)


def subscribe(names: Sequence[str], request_id: int) -> bytes:
    """A request for these streams."""
    return encode_request(SubscriptionRequest("SUBSCRIBE", tuple(names), request_id))


def unsubscribe(names: Sequence[str], request_id: int) -> bytes:
    """A request to stop these streams."""
    return encode_request(SubscriptionRequest("UNSUBSCRIBE", tuple(names), request_id))


def decode_request(message: bytes) -> SubscriptionRequest:
    """The venue's side of `encode_request`; raises `msgspec.MsgspecError` when it is none."""
    return _request_decoder.decode(message)


def encode_answer(answer: SubscriptionAnswer) -> bytes:
    """The venue's side of `decode_answer`."""
    if answer.error:
        body = {"error": {"code": 2, "msg": answer.error}, "id": answer.id}
    else:
        body = {"result": None, "id": answer.id}
    return msgspec.json.encode(body)


def decode_answer(message: bytes) -> SubscriptionAnswer:
    """What the venue says to a request; both of its ways to say an error are understood."""
    body = _answer_decoder.decode(message)
    request_id = body.id if isinstance(body.id, int) else 0
    if body.error is not _ABSENT:
        return SubscriptionAnswer(request_id, bytes(body.error).decode())
    if body.code is not None:
        return SubscriptionAnswer(request_id, f"{body.code}: {body.msg}")
    return SubscriptionAnswer(request_id)
