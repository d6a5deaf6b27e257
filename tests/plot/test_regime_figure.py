from typing import Any

import numpy as np
import pytest

from undertow.domain.errors import CallerError
from undertow.flow.asset_flow import AssetFlow
from undertow.flow.asset_series import AssetSeries
from undertow.flow.conviction import conviction
from undertow.flow.oi_regime import oi_regime
from undertow.plot import leaders, regimes
from undertow.plot.drawing import Curve, Region
from undertow.plot.series_until import series_until


def test_regimes_are_those_of_each_minute(long_series: AssetSeries, marks_of: Any) -> None:
    price, sizes = regimes(long_series, shown=25).drawing.panels
    count = len(long_series)
    seen = [oi_regime(series_until(long_series, n)) for n in range(count - 24, count + 1)]
    curves = {curve.label: curve.y for curve in marks_of(sizes, Curve)}
    np.testing.assert_array_equal(curves["CVD"], [one.cvd for one in seen])
    assert np.isfinite(curves["CVD"]).any()
    shaded = sum((r.x1 - r.x0) // (60 * 10**9) for r in marks_of(price, Region))
    assert shaded == sum(one.side != 0 for one in seen)


def test_leaders_are_those_of_each_minute(long_series: AssetSeries, marks_of: Any) -> None:
    price, scores = leaders(long_series, shown=25).drawing.panels
    last = conviction(long_series)
    curves = {curve.label: curve.y for curve in marks_of(scores, Curve)}
    assert curves["spot"][-1] == last.spot_z
    assert curves["perpetuals"][-1] == last.perp_z
    assert len(marks_of(price, Curve)[0].x) == 25


def test_a_past_that_is_too_short_is_said(asset: AssetFlow) -> None:
    for figure in (regimes, leaders):
        with pytest.raises(CallerError, match="a past long enough"):
            figure(asset, 20)
