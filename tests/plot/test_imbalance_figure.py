from typing import Any

import numpy as np
import pytest

from undertow.domain.errors import CallerError
from undertow.flow.asset_flow import AssetFlow
from undertow.flow.instrument_flow import InstrumentFlow
from undertow.plot import imbalance
from undertow.plot.drawing import Heat


def test_the_ladder_of_windows_is_that_of_closed_seconds(
    perp: InstrumentFlow, marks_of: Any
) -> None:
    panel = imbalance(perp, windows_s=(30, 300)).drawing.panels[1]
    (heat,) = marks_of(panel, Heat)
    rows = perp.bars(1, 900)
    for place, seconds in ((1, 30), (0, 300)):
        buy, sell = (int(rows[name][-seconds:].sum()) for name in ("buy_lots", "sell_lots"))
        assert heat.values[place, -1] == pytest.approx((buy - sell) / (buy + sell))
        assert np.isnan(heat.values[place, seconds - 2])
        assert not np.isnan(heat.values[place, seconds - 1])
    assert [name.split("\n")[0] for _, name in panel.y_names] == ["30 s", "5 min"]


def test_venues_and_their_sum(asset: AssetFlow, marks_of: Any) -> None:
    panel = imbalance(asset, minutes=20).drawing.panels[1]
    (heat,) = marks_of(panel, Heat)
    series = asset.series(20)
    wanted = series.total.delta_usd / series.total.volume_usd
    np.testing.assert_allclose(heat.values[-1], wanted)
    assert len(panel.y_names) == 1 + len(series.venues)


def test_wrong_windows_are_refused(perp: InstrumentFlow) -> None:
    for wrong in ((), (0,), (901,)):
        with pytest.raises(CallerError, match="windows of 1"):
            imbalance(perp, windows_s=wrong)
