"""Trend bars of cTrader's Open API, from recorded answers (payload type 2138).

A recording is JSON that holds, anywhere in it, objects `{"type": 2138, "payload": <base64>}`; names
of symbols come from answers of type 2115 in the same file. The payload is protobuf
(`ProtoOAGetTrendbarsRes`): 3 period, 5 bars, 6 symbol id; a bar: 3 volume, 5 low, 6, 7, 8 open,
close and high above it, 9 minutes since 1970. Prices are counts of 1/100,000; volume is ticks.
"""

import base64
import binascii
import json
from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np

from undertow.domain.errors import DataError
from undertow.storage.layouts.candle_layout import CandleTable

BARS, SYMBOLS = 2138, 2115
PERIODS = {
    1: "1m", 2: "2m", 3: "3m", 5: "5m", 6: "10m", 7: "15m", 8: "30m", 9: "1h", 10: "4h", 11: "12h",
    12: "1d", 13: "1w", 14: "1M",
}  # fmt: skip
_SCALE = 100_000.0
_MINUTE_NS = 60 * 10**9
_MOST_BITS = 70

Fields = list[tuple[int, int | bytes]]


class TrendBars(msgspec.Struct, frozen=True):
    """Bars of one answer; `symbol` is empty when the recording does not name it."""

    symbol: str
    timeframe: str
    table: CandleTable


def has_trend_bars(text: bytes) -> bool:
    """A quick look: whether a file can be such a recording."""
    return text.lstrip()[:1] in (b"{", b"[") and b'"payload"' in text and b"2138" in text


def read_trend_bars(text: bytes) -> list[TrendBars]:
    """Every answer with bars; raises `DataError` when there is none or one is garbled."""
    try:
        frames = list(_frames(json.loads(text)))
        names = {
            number: name
            for kind, payload in frames
            if kind == SYMBOLS
            for number, name in _symbols(payload)
        }
        found = [_bars(payload, names) for kind, payload in frames if kind == BARS]
    except (ValueError, binascii.Error, KeyError, IndexError) as error:
        raise DataError(f"expected recorded answers of cTrader, found {error}") from error
    if not found:
        raise DataError("expected answers with trend bars, found none")
    return found


def protobuf_fields(data: bytes) -> Fields:
    """Numbers and values of a protobuf message: integers as they are, the rest as bytes."""
    found: Fields = []
    place = 0
    while place < len(data):
        key, place = _varint(data, place)
        kind = key & 7
        value: int | bytes
        if kind == 0:
            value, place = _varint(data, place)
        else:
            size = 8 if kind == 1 else 4
            if kind == 2:
                size, place = _varint(data, place)
            elif kind not in (1, 5):
                raise ValueError(f"a field of kind {kind}")
            value, place = data[place : place + size], place + size
            if len(value) < size:
                raise ValueError("a message that is cut off")
        found.append((key >> 3, value))
    return found


def _varint(data: bytes, place: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, _MOST_BITS, 7):
        if place >= len(data):
            raise ValueError("a number that is cut off")
        byte = data[place]
        place += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, place
    raise ValueError("a number of more than 64 bits")


def _frames(node: Any) -> Iterator[tuple[int, bytes]]:
    if isinstance(node, dict):
        if isinstance(node.get("type"), int) and isinstance(node.get("payload"), str):
            yield node["type"], base64.b64decode(node["payload"], validate=True)
        for value in node.values():
            yield from _frames(value)
    elif isinstance(node, list):
        for value in node:
            yield from _frames(value)


def _symbols(payload: bytes) -> Iterator[tuple[int, str]]:
    for number, value in protobuf_fields(payload):
        if number == 3 and isinstance(value, bytes):
            fields = dict(protobuf_fields(value))
            name = fields.get(2, b"")
            if isinstance(name, bytes):
                yield int(fields[1]), name.decode()


def _bars(payload: bytes, names: dict[int, str]) -> TrendBars:
    fields = protobuf_fields(payload)
    single = {number: value for number, value in fields if isinstance(value, int)}
    bars = [
        {key: int(one) for key, one in protobuf_fields(value)}
        for number, value in fields
        if number == 5 and isinstance(value, bytes)
    ]
    low = np.array([bar[5] for bar in bars], np.float64)

    def above(field: int) -> Any:
        return (low + np.array([bar.get(field, 0) for bar in bars])) / _SCALE

    nothing = np.full(len(bars), np.nan)
    table = CandleTable(
        layout="ctrader",
        times_ns=np.array([bar[9] * _MINUTE_NS for bar in bars], np.int64),
        open=above(6),
        high=above(8),
        low=low / _SCALE,
        close=above(7),
        volume=np.array([float(bar.get(3, 0)) for bar in bars]),
        bought=nothing,
        trades=nothing,
        volume_unit="ticks",
    )
    return TrendBars(names.get(single.get(6, 0), ""), PERIODS[single[3]], table)
