import msgspec
import pytest

from undertow.decision.deployment import Deployment
from undertow.decision.strategy import Strategy
from undertow.domain.errors import ConfigurationError, SnapshotCorrupt
from undertow.domain.instrument_table import InstrumentTable


class Count(msgspec.Struct):
    seen: int = 0
    best: float = float("nan")


class Counting(Strategy):
    def new_state(self) -> Count:
        return Count()


def test_a_dump_brings_everything_back(table: InstrumentTable) -> None:
    one = Deployment(Counting(), table[0], 0)
    assert isinstance(one.state, Count)
    one.state.seen, one.failures, one.is_suspended = 5, 3, True
    one.insufficient["regime"] = ["adx"]
    other = Deployment(Counting(), table[0], 0)
    other.cache["k"] = (1, "stale")
    other.load(one.dump())
    assert isinstance(other.state, Count)
    assert other.state.seen == 5
    assert (other.failures, other.is_suspended, other.cache) == (3, True, {})
    assert msgspec.msgpack.encode(other.dump()) == msgspec.msgpack.encode(one.dump())


def test_a_state_of_another_shape_is_refused(table: InstrumentTable) -> None:
    one = Deployment(Counting(), table[0], 0)
    dump = msgspec.structs.replace(one.dump(), state=msgspec.msgpack.encode({"seen": "many"}))
    with pytest.raises(SnapshotCorrupt, match="expected a Count of counting"):
        one.load(dump)


def test_state_must_be_a_struct_that_can_be_saved(table: InstrumentTable) -> None:
    class Listing(Strategy):
        def new_state(self) -> msgspec.Struct | None:
            return [1]  # type: ignore[return-value]  # users write what they like

    with pytest.raises(ConfigurationError, match="msgspec Struct or None, found list"):
        Deployment(Listing(), table[0], 0)
