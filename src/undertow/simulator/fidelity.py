"""What the recorded data can show of a market, and so how orders are matched on it."""

from enum import StrEnum

from undertow.timeline.market_data import DataFidelity


class Fidelity(StrEnum):
    """BOOK: the displayed book, from BOOK rows. QUOTES: best bid and ask where QUOTE rows exist,
    and trades. TRADES: the last trade is all that is known. BARS: bars alone.
    """

    BOOK = "book"
    QUOTES = "quotes"
    TRADES = "trades"
    BARS = "bars"


FIDELITY_OF_DATA = {
    DataFidelity.L2: Fidelity.BOOK,
    DataFidelity.QUOTES: Fidelity.QUOTES,
    DataFidelity.TRADES: Fidelity.TRADES,
    DataFidelity.BARS: Fidelity.BARS,
}
"""How data of each class is matched."""
