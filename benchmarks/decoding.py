"""Decoding venue messages to rows, beside bare msgspec and orjson on the same bytes."""

import json
from collections.abc import Callable

import msgspec
import numpy as np
import orjson

from benchmarks.result import Result, per_second
from undertow.domain.fixed import Step
from undertow.domain.instrument import Instrument, MarketKind
from undertow.venues.binance.codec import BinanceCodec
from undertow.venues.binance.market import BinanceMarket

MESSAGES = 20_000
INSTRUMENT = Instrument(
    "BTC/USDT:USDT", "binance", "BTCUSDT", MarketKind.LINEAR, "BTC", "USDT", "USDT",
    Step.of("0.1"), Step.of("0.001"),
)  # fmt: skip


class _Trade(msgspec.Struct):
    T: int
    t: int
    p: str
    q: str
    m: bool


class _Depth(msgspec.Struct):
    T: int
    U: int
    u: int
    pu: int
    b: list[tuple[str, str]]
    a: list[tuple[str, str]]


class _TradeEnvelope(msgspec.Struct):
    data: _Trade


class _DepthEnvelope(msgspec.Struct):
    data: _Depth


def trade_messages() -> list[bytes]:
    """Trades in the venue's own form, ids consecutive."""
    rng = np.random.default_rng(3)
    return [
        _envelope(
            "btcusdt@trade",
            {"e": "trade", "E": 10**12 + i, "T": 10**12 + i, "s": "BTCUSDT", "t": i + 1,
             "p": f"{60_000 + i % 50}.{i % 10}0", "q": f"0.{rng.integers(1, 999):03d}",
             "X": "MARKET", "m": bool(i % 2)},
        )
        for i in range(MESSAGES)
    ]  # fmt: skip


def depth_messages() -> list[bytes]:
    """Depth updates of 20 + 20 levels, update ids chained."""
    levels = [[f"{60_000 - i}.00", f"{i + 1}.000"] for i in range(20)]
    asks = [[f"{60_001 + i}.00", f"{i + 1}.000"] for i in range(20)]
    return [
        _envelope(
            "btcusdt@depth@0ms",
            {"e": "depthUpdate", "E": 10**12 + i, "T": 10**12 + i, "s": "BTCUSDT",
             "U": 10 * i + 1, "u": 10 * i + 10, "pu": 10 * i, "b": levels, "a": asks},
        )
        for i in range(MESSAGES)
    ]  # fmt: skip


def _envelope(stream: str, data: dict[str, object]) -> bytes:
    return json.dumps({"stream": stream, "data": data}, separators=(",", ":")).encode()


def _codec(messages: list[bytes]) -> Callable[[], object]:
    times = [(10**12 + i) * 1_000_000 for i in range(len(messages))]

    def job() -> object:
        codec = BinanceCodec(BinanceMarket.USDM, {0: INSTRUMENT})
        return [
            codec.decode(messages[i : i + 500], times[i : i + 500])
            for i in range(0, len(messages), 500)
        ]

    return job


def measure() -> list[Result]:
    """Rows for trades and depth, ours beside the bare decoders."""
    results = []
    kinds = (
        ("trade", trade_messages(), _TradeEnvelope),
        ("depth 20+20", depth_messages(), _DepthEnvelope),
    )
    for name, messages, shape in kinds:
        bare = msgspec.json.Decoder(shape)
        ours = per_second(
            f"decode {name} to rows", MESSAGES, _codec(messages), budget=">= half of bare msgspec"
        )
        plain = per_second(f"decode {name}, bare msgspec", MESSAGES, _each(messages, bare.decode))
        results += [
            msgspec.structs.replace(ours, note=f"{ours.best / plain.best:.2f} x bare msgspec"),
            plain,
            per_second(f"decode {name}, orjson", MESSAGES, _each(messages, orjson.loads)),
        ]
    return results


def _each(messages: list[bytes], decode: Callable[[bytes], object]) -> Callable[[], object]:
    def job() -> None:
        for message in messages:
            decode(message)  # not kept: our rows do not keep what was decoded either

    return job
