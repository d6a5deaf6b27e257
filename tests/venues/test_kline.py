import msgspec
import pytest

from undertow.venues.kline import Kline

KLINE = Kline(
    *(0, 1, 10, 11, "1m", 60, 120, 5, 9, 4, 6, 100, 40),
    turnover="600.0",
    buy_turnover="240.0",
    trades=7,
    first_trade_id=1,
    last_trade_id=7,
    is_closed=True,
)


def test_a_kline_is_a_value() -> None:
    assert msgspec.structs.replace(KLINE, trades=7) == KLINE
    with pytest.raises(AttributeError):
        KLINE.trades = 8  # type: ignore[misc]  # frozen: that is the point


def test_a_kline_survives_the_wire() -> None:
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(KLINE), type=Kline) == KLINE
