import json

import msgspec

from undertow.decision.failure import StrategyFailed, is_own_file, own_line
from undertow.domain.identity import InstrumentId, StrategyId


def test_survives_msgpack() -> None:
    failed = StrategyFailed(
        1, StrategyId("s"), InstrumentId("BTC/USDT@aster"), "on_bar", "KeyError: 'x'", 3, True
    )
    data = msgspec.msgpack.encode(failed)
    assert msgspec.msgpack.decode(data, type=StrategyFailed) == failed


def test_the_own_line_is_the_last_that_is_no_librarys() -> None:
    try:
        json.loads("{")
    except json.JSONDecodeError as error:
        found = own_line(error)
    name, _, line = found.rpartition(":")
    assert name == __file__
    assert int(line) > 0


def test_bundled_strategies_count_as_own_and_the_engine_does_not() -> None:
    from undertow.decision import host
    from undertow.strategies import ema_cross

    assert is_own_file(ema_cross.__file__)
    assert not is_own_file(host.__file__)
    assert not is_own_file(msgspec.__file__)
    assert not is_own_file("<string>")
    assert own_line(ValueError()) == ""
