import numpy as np
import pytest

from undertow.domain.bar import BAR
from undertow.domain.errors import CallerError
from undertow.flow.instrument_flow import InstrumentFlow
from undertow.plot.drawing import Columns
from undertow.plot.price_bars import price_bars, volume_panel


def test_a_flow_gives_its_bars_in_quote_units(perp: InstrumentFlow) -> None:
    drawn = price_bars(perp, 60, 10)
    rows = perp.bars(60, 10)
    assert len(drawn.rows) == 10
    assert drawn.close[-1] == pytest.approx(
        perp.instrument.price_float(int(rows["close_ticks"][-1]))
    )
    assert drawn.middle_ns[0] == rows["open_time_ns"][0] + 30 * 10**9
    assert (drawn.end_ns - drawn.start_ns, drawn.length_name) == (600 * 10**9, "1m")
    assert drawn.price_label == "price (USDT)"
    assert drawn.price(10) == pytest.approx(drawn.tick * 10)


def test_an_array_has_the_tick_it_is_given() -> None:
    rows = np.zeros(3, BAR)
    rows["open_time_ns"] = np.arange(3) * 7 * 10**9
    rows["close_ticks"] = [10, 20, 30]
    drawn = price_bars(rows, 60, 2, 0.5)
    assert drawn.close.tolist() == [10.0, 15.0]
    assert (drawn.length_name, drawn.price_label, drawn.name) == ("7s", "price", "")
    with pytest.raises(CallerError, match="found 1"):
        price_bars(rows, 60, 1)


def test_sold_volume_lies_below_zero(perp: InstrumentFlow) -> None:
    bought, sold = volume_panel(price_bars(perp, 60, 10)).marks
    assert isinstance(bought, Columns)
    assert isinstance(sold, Columns)
    assert bought.heights.sum() == perp.bars(60, 10)["buy_lots"].sum()
    assert sold.heights.sum() == -perp.bars(60, 10)["sell_lots"].sum()
