import numpy as np
import pytest

from undertow.backtest.detection.day_result import DayResult
from undertow.backtest.detection.stored_series import (
    minutes_between,
    pack_series,
    unpack_series,
)
from undertow.domain.errors import DataError
from undertow.flow.asset_series import AssetSeries


@pytest.fixture(scope="module")
def series(short_day: DayResult) -> AssetSeries:
    return unpack_series(short_day.minutes)


def test_every_array_comes_back_bit_by_bit(series: AssetSeries) -> None:
    again = unpack_series(pack_series(series))
    assert again.members == series.members
    assert np.array_equal(again.absence, series.absence)
    assert again.price.tobytes() == series.price.tobytes()
    assert list(again.venues) == list(series.venues)
    assert again.venues["borea"].buy_usd.tobytes() == series.venues["borea"].buy_usd.tobytes()


def test_a_part_is_cut_alike_in_all_arrays(series: AssetSeries) -> None:
    part = minutes_between(series, 5, 20)
    assert len(part) == 15
    assert np.array_equal(part.time_ns, series.time_ns[5:20])
    assert np.array_equal(part.perp.sell_base, series.perp.sell_base[5:20])
    assert np.array_equal(part.venues["aster"].buy_usd, series.venues["aster"].buy_usd[5:20])
    assert part.absence.shape == (15, 6)
    assert part.asset == series.asset


@pytest.mark.parametrize("data", [b"", b"nothing"])
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(DataError, match="series of minutes"):
        unpack_series(data)
