from undertow.domain.side import Side


def test_sides_are_signs() -> None:
    assert Side.BUY * 5 == 5
    assert Side.SELL * 5 == -5
    assert Side.BUY.opposite is Side.SELL
    assert Side.SELL.opposite is Side.BUY
