import numpy as np

from undertow.flow.asset_flow import AssetFlow
from undertow.flow.conviction import conviction
from undertow.plot.series_until import series_until


def test_a_cut_series_is_the_series_of_then(asset: AssetFlow) -> None:
    series = asset.series(30)
    cut = series_until(series, 12)
    assert len(cut) == 12
    assert (cut.asset, cut.members) == (series.asset, series.members)
    np.testing.assert_array_equal(cut.total.cvd_usd, series.total.cvd_usd[:12])
    for name, flow in cut.venues.items():
        np.testing.assert_array_equal(flow.buy_usd, series.venues[name].buy_usd[:12])
    np.testing.assert_array_equal(cut.returns, series.returns[:12])
    assert conviction(series_until(series, 30)) == conviction(series)
