"""Depth of an asset's books together, by distance from the price and by venue."""

import numpy as np

from undertow.domain.errors import CallerError
from undertow.flow.consolidated_book import ConsolidatedBook
from undertow.plot.drawing import Curve, Drawing, Mark, Panel
from undertow.plot.figure import Figure
from undertow.plot.ink import venue_ink


def depth(book: ConsolidatedBook) -> Figure:
    """Dollars resting up to each distance from the price, added up over the members."""
    if not book.books:
        raise CallerError("expected a synced book of at least one member, found none")
    away = (book.lows + book.bucket / 2) / book.price * 1e4 - 1e4
    marks: list[Mark] = []
    below = np.zeros(len(away))
    for place, member in enumerate(book.books):
        bids = np.cumsum(book.bid_usd[place][::-1])[::-1]
        asks = np.cumsum(book.ask_usd[place])
        below = below + np.where(away < 0.0, bids, asks) / 1e6
        marks.append(
            Curve(away, below.copy(), member.instrument_id, venue_ink(place), 1.4, is_step=True)
        )
    note = f"{len(book.excluded)} members left out" if book.excluded else "every member counts"
    return Figure(
        Drawing(
            title=f"{book.asset}, depth over {len(book.books)} books",
            panels=(Panel("resting up to here (million USD)", tuple(marks), has_zero=True),),
            subtitle=f"each line adds a member to those below it; {note}",
            x_label="distance from the price (bps)",
            has_time_axis=False,
        )
    )
