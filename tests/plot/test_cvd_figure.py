from typing import Any

import numpy as np
import pytest

from undertow.domain.errors import CallerError
from undertow.flow.asset_flow import AssetFlow
from undertow.flow.member_minutes import Absence
from undertow.plot import cvd_by_venue
from undertow.plot.cvd_figure import missing_stretches
from undertow.plot.drawing import Curve, Region


def test_lines_are_the_series(asset: AssetFlow, marks_of: Any) -> None:
    series = asset.series(30)
    price, together, venues = cvd_by_venue(asset, 30).drawing.panels
    (line,) = marks_of(price, Curve)
    np.testing.assert_array_equal(line.y, series.path)
    drawn = {curve.label: curve.y for curve in marks_of(together, Curve)}
    assert list(drawn) == ["total", "spot", "perpetuals"]
    np.testing.assert_allclose(drawn["total"], series.total.cvd_usd / 1e6)
    assert [curve.label for curve in marks_of(venues, Curve)] == list(series.venues)
    assert together.y_label == "CVD (million USD)"


def test_minutes_without_a_member_are_shaded(asset: AssetFlow) -> None:
    series = asset.series(30)
    series.absence[:] = Absence.PRESENT
    assert missing_stretches(series) == []
    series.absence[2:4, 0] = Absence.SILENT
    series.absence[29, 1] = Absence.GAPPED
    first, last = missing_stretches(series)
    assert isinstance(first, Region)
    assert isinstance(last, Region)
    assert (first.x0, first.x1) == (series.time_ns[1], series.time_ns[3])
    assert (last.x1, last.label) == (series.time_ns[29], "")


def test_one_minute_is_too_little(asset: AssetFlow) -> None:
    with pytest.raises(CallerError, match="at least 2 closed minutes"):
        cvd_by_venue(asset, 1)
