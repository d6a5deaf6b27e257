from undertow.domain.identity import InstrumentId, StrategyId
from undertow.execution.protection import Protection


def test_nothing_is_protected_by_default() -> None:
    found = Protection(StrategyId("alpha"), InstrumentId("BTC/USDT@aster"))
    assert (found.stop_ticks, found.planned_ticks, found.extreme_ticks) == (0, 0, 0)
    assert (found.take_profit_ticks, found.trail_ppm) == (0, 0)
