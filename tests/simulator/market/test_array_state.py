import numpy as np
import pytest

from undertow.domain.errors import SnapshotCorrupt
from undertow.simulator.market.array_state import ArrayBytes, pack_arrays, unpack_arrays


def test_round_trip_is_exact_and_in_place() -> None:
    arrays = {"a": np.array([[1.5, np.nan]]), "b": np.arange(4)}
    packed = pack_arrays(arrays)
    others = {"a": np.zeros((1, 2)), "b": np.zeros(4, dtype=np.int64)}
    kept = others["a"]
    unpack_arrays(packed, others)
    assert kept.tobytes() == arrays["a"].tobytes()
    assert others["b"].tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize(
    "found",
    [
        {"b": np.zeros(3)},
        {"a": np.zeros(2)},
        {"a": np.zeros(3, dtype=np.int64)},
        {"a": np.zeros(3), "b": np.zeros(1)},
    ],
)
def test_other_names_types_and_shapes_are_refused(found: dict[str, np.ndarray]) -> None:
    target = {"a": np.ones(3)}
    with pytest.raises(SnapshotCorrupt, match="expected"):
        unpack_arrays(pack_arrays(found), target)
    assert target["a"].tolist() == [1.0, 1.0, 1.0]


def test_short_bytes_are_refused() -> None:
    with pytest.raises(SnapshotCorrupt, match="of 7 bytes"):
        unpack_arrays({"a": ArrayBytes("<f8", (1,), b"1234567")}, {"a": np.zeros(1)})
