"""Protobuf written here by a second, small encoder, and the recorded answer beside the project."""

import base64
import json
from pathlib import Path

import pytest

from undertow.domain.errors import DataError
from undertow.storage.layouts.ctrader_bars import (
    has_trend_bars,
    protobuf_fields,
    read_trend_bars,
)


def varint(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])


def message(*fields: tuple[int, int | bytes]) -> bytes:
    parts = []
    for number, value in fields:
        if isinstance(value, int):
            parts.append(varint(number << 3) + varint(value))
        else:
            parts.append(varint(number << 3 | 2) + varint(len(value)) + value)
    return b"".join(parts)


def frame(kind: int, payload: bytes) -> dict[str, object]:
    return {"type": kind, "payload": base64.b64encode(payload).decode()}


BAR = message((3, 1_613), (5, 114_791), (6, 22), (7, 35), (8, 44), (9, 29_828_535))
ANSWER = frame(2138, message((3, 7), (5, BAR), (6, 41)))
NAMES = frame(2115, message((3, message((1, 41), (2, b"EURUSD")))))


def test_bars_and_their_symbol() -> None:
    (found,) = read_trend_bars(json.dumps({"a": [NAMES], "b": {"c": [ANSWER]}}).encode())
    table = found.table
    assert (found.symbol, found.timeframe) == ("EURUSD", "15m")
    prices = [float(column[0]) for column in (table.open, table.high, table.low, table.close)]
    assert prices == pytest.approx([1.14813, 1.14835, 1.14791, 1.14826])
    assert (table.volume.tolist(), table.times_ns.tolist()) == ([1_613], [29_828_535 * 60 * 10**9])


def test_fields_of_every_kind() -> None:
    data = (
        message((1, 300), (2, b"ab"))
        + bytes([3 << 3 | 1])
        + b"8bytes__"
        + bytes([4 << 3 | 5])
        + b"4byt"
    )
    assert protobuf_fields(data) == [(1, 300), (2, b"ab"), (3, b"8bytes__"), (4, b"4byt")]
    for cut in (b"\x08", b"\x12\x05a", b"\x0b", b"\x08" + b"\xff" * 11):
        with pytest.raises(ValueError, match=r"cut off|kind 3|64 bits"):
            protobuf_fields(cut)


@pytest.mark.parametrize(
    "text",
    [b"{", b"{}", json.dumps(NAMES).encode(), json.dumps(frame(2138, b"\x08")).encode(),
     b'{"type": 2138, "payload": "x"}', json.dumps(frame(2138, message((3, 99)))).encode()],
)  # fmt: skip
def test_what_has_no_bars(text: bytes) -> None:
    with pytest.raises(DataError, match="expected"):
        read_trend_bars(text)
    assert not has_trend_bars(b"date,open")


@pytest.mark.recorded
def test_the_recorded_answer(recorded: Path) -> None:
    text = (recorded / "ctrader" / "openapi_frames.json").read_bytes()
    assert has_trend_bars(text)
    (found,) = read_trend_bars(text)
    assert (found.symbol, found.timeframe, len(found.table)) == ("EURUSD", "15m", 49)
    assert (found.table.high >= found.table.open).all()
    assert (found.table.high >= found.table.close).all()
