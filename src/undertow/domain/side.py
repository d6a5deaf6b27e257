"""Buy and sell: the aggressor's side on a trade, our side on an order."""

from enum import IntEnum


class Side(IntEnum):
    """BUY = +1 and SELL = -1, so that signed quantity is `side * qty`.

    On book levels BUY means the bid side and SELL the ask side.
    """

    BUY = 1
    SELL = -1

    @property
    def opposite(self) -> "Side":
        """The other side."""
        return Side(-self)
