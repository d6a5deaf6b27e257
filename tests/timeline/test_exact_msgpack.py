import math
from typing import cast

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from undertow.domain.engine_input import Input, ReportReceived
from undertow.domain.money import Money
from undertow.domain.report import BalanceReported
from undertow.timeline.exact_msgpack import ExactDecoder, encode_exact


def _balance(amount: int) -> ReportReceived:
    report = BalanceReported(venue="binance", event_time_ns=1, balance=Money(amount, "USDT"))
    return ReportReceived(2, report)


@settings(deadline=None, derandomize=True)
@given(st.integers(-(1 << 200), 1 << 200))
def test_money_of_any_size_round_trips(amount: int) -> None:
    decoder = ExactDecoder[Input](Input)
    assert decoder.decode(encode_exact(_balance(amount))) == _balance(amount)


@pytest.mark.parametrize("amount", [-(1 << 63) - 1, -(1 << 63), (1 << 64) - 1, 1 << 64, -1, 0])
def test_borders_of_64_bits(amount: int) -> None:
    assert ExactDecoder[int](int | None).decode(encode_exact([amount])[1:]) == amount


def test_small_integers_are_plain_msgpack() -> None:
    assert encode_exact({"a": 5}) == msgspec.msgpack.encode({"a": 5})


def test_floats_and_bytes_keep_their_bits_beside_big_integers() -> None:
    value = {"big": 1 << 80, "nan": math.nan, "raw": b"\x00\xff", "list": (1, 2.5)}
    decoded = ExactDecoder[dict[str, object]](dict[str, object]).decode(encode_exact(value))
    assert math.isnan(cast(float, decoded.pop("nan")))
    assert decoded == {"big": 1 << 80, "raw": b"\x00\xff", "list": [1, 2.5]}


def test_wrong_content_is_refused() -> None:
    with pytest.raises(msgspec.DecodeError):
        ExactDecoder[Input](Input).decode(encode_exact({"input": "nothing"}))


def test_unknown_extension_is_refused() -> None:
    data = msgspec.msgpack.encode(msgspec.msgpack.Ext(9, b"x"))
    with pytest.raises(msgspec.DecodeError, match="extension type 1"):
        ExactDecoder[object](object).decode(data)
