from collections.abc import Callable

from undertow.domain.instrument import Instrument
from undertow.domain.side import Side
from undertow.ledger.fill import Fill


def test_position_id_comes_from_the_opening_fill(
    linear: Instrument, make_fill: Callable[..., Fill]
) -> None:
    first, second = (make_fill(linear, Side.BUY, "1", "100") for _ in range(2))
    assert first.position_id == "ut1-o1/f1"
    assert first.position_id != second.position_id
