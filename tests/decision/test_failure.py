import msgspec

from undertow.decision.failure import StrategyFailed
from undertow.domain.identity import InstrumentId, StrategyId


def test_survives_msgpack() -> None:
    failed = StrategyFailed(
        1, StrategyId("s"), InstrumentId("BTC/USDT@aster"), "on_bar", "KeyError: 'x'", 3, True
    )
    data = msgspec.msgpack.encode(failed)
    assert msgspec.msgpack.decode(data, type=StrategyFailed) == failed
