from undertow.domain.identity import InstrumentId, StrategyId
from undertow.engine.counters import Counters
from undertow.engine.engine_memory import EngineMemory, WatchedPosition
from undertow.timeline.exact_msgpack import ExactDecoder, encode_exact


def test_memory_goes_through_bytes_unchanged() -> None:
    name = (StrategyId("s"), InstrumentId("X@aster"))
    memory = EngineMemory(
        now_ns=2**62,
        watches={7: WatchedPosition(*name, 3, 500), 9: WatchedPosition(*name, 3, 0, 41)},
        next_watch=10,
        healthy=[True, False],
        beat_ns=5,
        run=4,
        counters=Counters(rows=3, refused={"paused": 2}),
    )
    decoder: ExactDecoder[EngineMemory] = ExactDecoder(EngineMemory)
    assert decoder.decode(encode_exact(memory)) == memory


def test_a_trail_and_a_stop_of_one_position_are_two_watches() -> None:
    name = (StrategyId("s"), InstrumentId("X@aster"))
    assert len({WatchedPosition(*name, 3, 500), WatchedPosition(*name, 3, 0, 41)}) == 2
