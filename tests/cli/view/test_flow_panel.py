from typing import Any

import pytest

from undertow.cli.view.figures import compact, price
from undertow.cli.view.flow_panel import WINDOW_S, asset_line, busiest, flow_panel


def test_an_asset_s_line_is_its_flow(open_run: Any) -> None:
    asset = busiest(open_run.engine)[0]
    line = asset_line(asset)
    bought, sold = asset.window_usd(WINDOW_S)
    assert line.cvd == pytest.approx(bought - sold)
    assert line.traded == pytest.approx(bought + sold)
    assert line.cvd == pytest.approx(sum(line.by_venue.values()))
    assert line.imbalances[3] == pytest.approx((bought - sold) / (bought + sold))
    assert line.lead.instrument.instrument_id == "BTC/USDT:USDT@aster"


def test_real_numbers_are_on_the_screen(open_run: Any) -> None:
    line = asset_line(busiest(open_run.engine)[0])
    head, row = (one.text for one in flow_panel(open_run.engine, width=116, height=6))
    for name in ("asset", "price", "15m", "traded", "CVD $", "aster", "borea", "spot", "perp"):
        assert name in head
    assert price(line.lead.instrument, line.lead.last_ticks) in row
    for value in (line.cvd, line.spot_cvd, *line.by_venue.values()):
        assert compact(value, plus=True) in row
    assert row.count("│") == 4


@pytest.mark.parametrize("width", [60, 72, 80, 100, 116, 200])
def test_no_line_is_wider_than_the_panel(open_run: Any, width: int) -> None:
    lines = flow_panel(open_run.engine, width=width, height=4)
    assert all(line.width <= width for line in lines)
    assert len({line.width for line in lines}) == 1


def test_venues_come_before_other_columns(open_run: Any) -> None:
    narrow = flow_panel(open_run.engine, width=66, height=4)[0].text
    assert "borea" in narrow
    assert "spot" not in narrow


def test_an_asset_with_a_lost_venue_has_a_star(open_run: Any) -> None:
    engine = open_run.engine
    engine.flow.set_source_health(0, is_healthy=False)
    try:
        assert flow_panel(engine, width=100, height=4)[1].text.startswith("BTC*")
    finally:
        engine.flow.set_source_health(0, is_healthy=True)
