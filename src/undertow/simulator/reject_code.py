"""Why the simulated venue says no. The codes are stable, counted, and the same for every venue."""

from enum import StrEnum

import msgspec


class RejectCode(StrEnum):
    """Codes of `OrderRejected`, `CancelRejected` and `AmendRejected`."""

    UNKNOWN_INSTRUMENT = "unknown_instrument"
    OFF_GRID = "off_grid"
    BELOW_MIN_LOTS = "below_min_lots"
    ABOVE_MAX_LOTS = "above_max_lots"
    BELOW_MIN_NOTIONAL = "below_min_notional"
    PRICE_BAND = "price_band"
    NO_BOOK = "no_book"
    POST_ONLY_WOULD_TAKE = "post_only_would_take"
    NOTHING_TO_REDUCE = "nothing_to_reduce"
    INSUFFICIENT_BALANCE = "insufficient_balance"
    INSUFFICIENT_MARGIN = "insufficient_margin"
    DUPLICATE_CLIENT_ID = "duplicate_client_id"
    UNKNOWN_ORDER = "unknown_order"
    ALREADY_OVER = "already_over"
    NOT_AMENDABLE = "not_amendable"
    VENUE_BUSY = "venue_busy"


class Rejection(msgspec.Struct, frozen=True, gc=False):
    """A refusal: its code, and words that say what was expected and what was found."""

    code: RejectCode
    reason: str
