from typing import Any

import numpy as np

from undertow.flow.asset_flow import AssetFlow
from undertow.plot import liquidations
from undertow.plot.drawing import Columns, Curve


def test_forced_buys_lie_above_and_forced_sells_below(asset: AssetFlow, marks_of: Any) -> None:
    series = asset.series(35)
    _, forced, net = liquidations(asset, 35).drawing.panels
    bought, sold = marks_of(forced, Columns)
    np.testing.assert_allclose(bought.heights, np.nan_to_num(series.liquidated_buy_usd) / 1e3)
    np.testing.assert_allclose(sold.heights, -np.nan_to_num(series.liquidated_sell_usd) / 1e3)
    (line,) = marks_of(net, Curve)
    assert line.y[-1] == np.sum(bought.heights) + np.sum(sold.heights)
