import json

import pytest

from undertow.domain.errors import DataError
from undertow.simulator.market.ground_truth import (
    GroundTruth,
    TruthKind,
    decode_truth,
    encode_truth,
    truth_json,
)
from undertow.simulator.market.pattern_rates import PatternRates

RECORDS = [
    GroundTruth(TruthKind.WHALE, "BTC", 1, 5, 9, 1, 120.0, "orders=4"),
    GroundTruth(TruthKind.REGIME, "*", -1, 5, 0, 0, 0.7, "regime=calm"),
]


def test_msgpack_round_trip() -> None:
    assert decode_truth(encode_truth(RECORDS)) == RECORDS


def test_json_is_one_object_a_line() -> None:
    lines = truth_json(RECORDS).splitlines()
    assert [json.loads(line)["kind"] for line in lines] == ["whale", "regime"]


def test_other_bytes_are_refused() -> None:
    with pytest.raises(DataError, match="ground truth"):
        decode_truth(b"\x93\x01\x02\x03")


def test_each_kind_but_the_regime_has_a_rate() -> None:
    kinds = {str(kind) for kind in TruthKind} - {"regime"}
    assert kinds == set(PatternRates.__struct_fields__)
