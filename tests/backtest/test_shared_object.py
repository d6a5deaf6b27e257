import pickle
from pathlib import Path

import numpy as np
import pytest

from undertow.backtest.shared_object import SharingRoom


def test_arrays_come_back_read_only_and_from_the_file() -> None:
    value = {
        "rows": np.arange(100_000),
        "empty": np.empty(0, np.float64),
        "odd": np.arange(7, dtype=np.int8),
        "grid": np.arange(12.0).reshape(3, 4),
        "word": "as it is",
    }
    with SharingRoom(value) as room:
        shared = pickle.loads(pickle.dumps(room.shared))
        assert len(shared.body) < 1_000
        found = shared.open()
        assert found["word"] == "as it is"
        for name in ("rows", "empty", "odd", "grid"):
            np.testing.assert_array_equal(found[name], value[name])
        with pytest.raises(ValueError, match="read-only"):
            found["rows"][0] = 1


def test_the_file_is_gone_afterwards_and_what_is_open_stays() -> None:
    with SharingRoom(np.arange(10.0)) as room:
        found = room.shared.open()
        path = Path(room.shared.path)
        assert path.is_file()
    assert not path.exists()
    assert found.sum() == 45.0


def test_without_arrays_nothing_is_mapped() -> None:
    with SharingRoom("words") as room:
        assert room.shared.spans == ()
        assert room.shared.open() == "words"


def test_what_cannot_be_pickled_is_told() -> None:
    with pytest.raises((pickle.PicklingError, AttributeError, TypeError)):
        SharingRoom(lambda: None)
