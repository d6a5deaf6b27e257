"""Layouts: what others rely on."""

from undertow.domain.bar import BAR
from undertow.kernels.bars.bar_layout import BUILDER, MOST_FLAT, MOST_PER_TRADE, TRADE_BAR
from undertow.kernels.flow.layout import HOLES


def test_a_bar_of_trades_has_every_field_of_a_bar() -> None:
    assert set(BAR.names or ()) <= set(TRADE_BAR.names or ())


def test_records_have_no_padding() -> None:
    assert all(TRADE_BAR[name].itemsize == 8 for name in TRADE_BAR.names or ())
    assert TRADE_BAR.itemsize == 8 * len(TRADE_BAR.names or ())
    assert BUILDER["forming"] == TRADE_BAR
    plain = len(BUILDER.names or ()) - 2
    assert BUILDER.itemsize == 8 * plain + TRADE_BAR.itemsize + 16 * HOLES


def test_bounds_are_finite() -> None:
    assert 100 < MOST_PER_TRADE < MOST_FLAT
