from typing import Any

import msgspec
import numpy as np
import pytest

from undertow.domain.errors import CallerError
from undertow.flow.asset_flow import AssetFlow
from undertow.plot import open_interest
from undertow.plot.drawing import Columns, Curve, Region
from undertow.plot.ink import Ink


def test_panels_are_the_series(asset: AssetFlow, marks_of: Any) -> None:
    series = asset.series(30)
    regime = Region(0.0, 1.0, None, None, Ink.BUY, "new longs")
    price, held, change, funding, basis = open_interest(asset, 30, regimes=(regime,)).drawing.panels
    assert marks_of(price, Region) == [regime]
    (columns,) = marks_of(change, Columns)
    np.testing.assert_array_equal(columns.heights, series.open_interest_change)
    labels = [curve.label for curve in marks_of(funding, Curve)]
    assert labels == [*series.funding_by_venue, "all venues"]
    np.testing.assert_array_equal(marks_of(basis, Curve)[0].y, series.basis_bps)
    (path,) = marks_of(held, Curve)
    steps = np.diff(path.y)
    known = np.isfinite(steps) & np.isfinite(series.open_interest_change[1:])
    np.testing.assert_allclose(steps[known], series.open_interest_change[1:][known], atol=1e-9)
    assert np.nanmax(path.y) == pytest.approx(np.nanmax(series.open_interest_base), rel=0.2)


def test_without_open_interest_it_is_said(asset: AssetFlow) -> None:
    series = asset.series(10)
    none = msgspec.structs.replace(series, open_interest_base=np.full(len(series), np.nan))
    with pytest.raises(CallerError, match="found none"):
        open_interest(none)
