from typing import Any

import pytest

from undertow.cli.view.figures import money, price
from undertow.cli.view.positions_panel import positions_panel


def test_each_position_is_told_with_its_stop(open_run: Any) -> None:
    engine = open_run.engine
    rows = [line.text for line in positions_panel(engine, width=100, height=6)[1:]]
    held = engine.keeper.positions()
    assert len(rows) == len(held) == 2
    for row, position in zip(rows, held, strict=True):
        instrument = engine.table[position.index]
        assert "LONG" in row
        assert price(instrument, position.stop_ticks) in row
        assert price(instrument, position.last_ticks) in row
        assert money(float(position.unrealised), plus=True) in row
        assert "14s" in row
        assert row.endswith("planned")
    assert "BTC perp aster" in rows[0]


@pytest.mark.parametrize(("width", "gone"), [(75, "strategy"), (66, "%"), (60, "qty")])
def test_columns_go_where_it_is_narrow(open_run: Any, width: int, gone: str) -> None:
    lines = positions_panel(open_run.engine, width=width, height=6)
    assert gone not in lines[0].text
    assert all(line.width <= width for line in lines)
    assert "stop" in lines[0].text


def test_what_does_not_fit_is_counted(open_run: Any) -> None:
    lines = positions_panel(open_run.engine, width=100, height=2)
    assert [line.text for line in lines] == ["and 2 more"]


def test_nothing_is_said_in_words(small_run: Any) -> None:
    assert positions_panel(small_run.engine, width=80, height=4)[0].text == "no open position"
