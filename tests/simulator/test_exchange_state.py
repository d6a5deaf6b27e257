from typing import Any

import msgspec
import pytest

from undertow.domain.errors import SnapshotCorrupt
from undertow.simulator.exchange_state import decode_state, encode_state


def test_round_trip(make_trader: Any) -> None:
    data = make_trader().exchange.snapshot()
    assert encode_state(decode_state(data, "aster")) == data


def test_other_versions_are_refused(make_trader: Any) -> None:
    data = make_trader().exchange.snapshot()
    newer = msgspec.structs.replace(decode_state(data, "aster"), version=4)
    with pytest.raises(SnapshotCorrupt, match="found 4 of aster"):
        decode_state(encode_state(newer), "aster")
