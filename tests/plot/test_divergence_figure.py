from typing import Any

import numpy as np

from undertow.flow.asset_series import AssetSeries
from undertow.flow.cvd_divergence import DivergenceRules, cvd_divergences
from undertow.plot import divergences
from undertow.plot.drawing import Curve, Points

SHORT = DivergenceRules(swing=2, smooth=1)


def test_each_divergence_is_a_line_in_both_panels(long_series: AssetSeries, marks_of: Any) -> None:
    found = cvd_divergences(long_series, long_series.total, SHORT)
    assert found
    price, flow = divergences(long_series, rules=SHORT).drawing.panels
    lines = marks_of(price, Curve)[1:]
    assert [line.x.tolist() for line in lines] == [[one.from_ns, one.to_ns] for one in found]
    assert [line.is_dashed for line in lines] == [not one.is_strong for one in found]
    assert len(marks_of(flow, Curve)) == 1 + len(found)
    known = np.concatenate([mark.x for mark in marks_of(price, Points)])
    assert sorted(known.tolist()) == sorted(one.confirmed_ns for one in found)
