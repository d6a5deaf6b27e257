"""One instrument's closed minutes laid on the minutes of its asset, in base coins and dollars.

A minute counts when the instrument closed it in time and nothing was wrong in it; every other one
has its `Absence`."""

from enum import IntEnum

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.domain.instrument import MarketKind
from undertow.domain.market_event import FUNDING_RATE_DIGITS, MARK_PRICE_DIGITS
from undertow.domain.time import NS_PER_S
from undertow.flow.instrument_flow import InstrumentFlow
from undertow.flow.minute_flow import Floats
from undertow.flow.traded_value import TradedValue
from undertow.kernels.flow import layout

MINUTE_S = 60


class Absence(IntEnum):
    """Why an instrument does not count in a minute; 0 = it counts."""

    PRESENT = 0
    NOT_BEGUN = 1
    """Nothing traded yet, or its first minute, which it joined midway."""
    SILENT = 2
    """Its source sent nothing for longer than the timeout."""
    OUT_OF_STEP = 3
    """It closed the minute later than lateness and timeout after its end."""
    DOWN = 4
    """A driver reported the connection down."""
    LOST = 5
    """The feed was reported lost."""
    GAPPED = 6
    """Trades of the minute were lost."""
    OUT_OF_LINE = 7
    """Its price was too far from the others'."""


_FLAG_REASONS = (
    (layout.MINUTE_SILENT, Absence.SILENT),
    (layout.MINUTE_LATE, Absence.OUT_OF_STEP),
    (layout.MINUTE_GAPPED, Absence.GAPPED),
    (layout.MINUTE_LOST, Absence.LOST),
    (layout.MINUTE_DOWN, Absence.DOWN),
    (layout.MINUTE_FIRST, Absence.NOT_BEGUN),
)
"""Of several the last one counts."""


class MemberMinutes(msgspec.Struct, frozen=True, eq=False):
    """Arrays of one value per minute; NaN where the instrument has none.

    price: middle of bid and ask at the close, else the last trade. open_interest_usd is valued at
    the mark price, else at `price`. funding_per_hour: predicted, a fraction, + = longs pay.
    open_interest_change: base coins of contracts opened less closed in the minute, at its own mark.
    liquidated_*: forced orders of the minute, by their own side, at the mean price of its trades.
    """

    absence: NDArray[np.int8]
    price: Floats
    buy_base: Floats
    sell_base: Floats
    buy_usd: Floats
    sell_usd: Floats
    open_interest_base: Floats
    open_interest_usd: Floats
    open_interest_change: Floats
    funding_per_hour: Floats
    liquidated_buy_usd: Floats
    liquidated_sell_usd: Floats


def last_closed_s(flow: InstrumentFlow) -> int:
    """End of the last minute that the instrument closed; 0 before any."""
    last = flow.bars(60, 1)
    return int(last["open_time_ns"][-1]) // NS_PER_S + MINUTE_S if len(last) else 0


def joined_s(flow: InstrumentFlow) -> int:
    """End of the minute of its first trade, from which on it counts; 0 before that trade."""
    if flow.first_trade_s == 0:
        return 0
    return (flow.first_trade_s // MINUTE_S + 1) * MINUTE_S


def settled_until_s(flow: InstrumentFlow) -> int | None:
    """Up to where it is settled what the instrument adds: it closed, or is overdue.

    None before its first trade, when it holds nobody up; the minute of that trade never counts.
    """
    source = flow.source
    if flow.first_trade_s == 0 or source is None:
        return None
    overdue_s = source.overdue_s // MINUTE_S * MINUTE_S
    return max(last_closed_s(flow), joined_s(flow), overdue_s)


def lay_minutes(
    flow: InstrumentFlow, first_s: int, count: int, funding_interval_s: int
) -> MemberMinutes:
    """The `count` minutes from `first_s` on; `funding_interval_s` where the venue's is unknown."""
    rows = flow.minutes(flow.minutes_kept)
    places = (rows["open_time_ns"] // NS_PER_S - first_s) // MINUTE_S
    first, stop = np.searchsorted(places, (0, count)).tolist()
    rows, places = rows[first:stop], places[first:stop]
    known = _values(flow, rows, funding_interval_s)
    laid: dict[str, Floats] = dict(zip(known, np.full((len(known), count), np.nan), strict=True))
    for name, values in known.items():
        laid[name][places] = values
    return MemberMinutes(absence=_absences(flow, rows, places, first_s, count), **laid)


def _absences(
    flow: InstrumentFlow,
    rows: NDArray[np.void],
    places: NDArray[np.int64],
    first_s: int,
    count: int,
) -> NDArray[np.int8]:
    # Minutes before the first one kept were not begun; those after the last one are overdue.
    out = np.full(count, Absence.NOT_BEGUN, np.int8)
    if len(places):
        out[int(places[-1]) + 1 :] = present_trouble(flow)
    elif 0 < last_closed_s(flow) <= first_s:
        out[:] = present_trouble(flow)
    reasons = np.zeros(len(rows), np.int8)
    for flag, reason in _FLAG_REASONS:
        reasons[(rows["flags"] & flag) != 0] = reason
    out[places] = reasons
    return out


def present_trouble(flow: InstrumentFlow) -> Absence:
    """Why an instrument that is not healthy is not."""
    source = flow.source
    if source is None:
        return Absence.NOT_BEGUN
    if source.is_down:
        return Absence.DOWN
    return Absence.LOST if flow.is_lost else Absence.SILENT


def _values(flow: InstrumentFlow, rows: NDArray[np.void], interval_s: int) -> dict[str, Floats]:
    instrument = flow.instrument
    value, tick = TradedValue(instrument), instrument.price_float(1)
    is_inverse = instrument.kind is MarketKind.INVERSE
    bid, ask = rows["bid_ticks"], rows["ask_ticks"]
    middle = np.where((bid > 0) & (ask > 0), (bid + ask) / 2.0, rows["close_ticks"])
    price = middle * tick
    if is_inverse:
        usd_per_lot, base_per_value = value.quote(_ONE_LOT)[0], value.base(_ONE_VALUE)[0]
        base = [rows[name] * base_per_value for name in ("buy_value", "sell_value")]
        usd = [rows[name] * usd_per_lot for name in ("buy_lots", "sell_lots")]
    else:
        base_per_lot, usd_per_value = value.base(_ONE_LOT)[0], value.quote(_ONE_VALUE)[0]
        base = [rows[name] * base_per_lot for name in ("buy_lots", "sell_lots")]
        usd = [rows[name] * usd_per_value for name in ("buy_value", "sell_value")]
    mark = rows["mark_e8"] / 10.0**MARK_PRICE_DIGITS
    worth = np.where(mark > 0.0, mark, price)
    lots = np.where(rows["open_interest_lots"] > 0, rows["open_interest_lots"], np.nan)
    volume = rows["buy_lots"] + rows["sell_lots"]
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(volume > 0, rows["tick_lots"] / volume, rows["close_ticks"]) * tick
    if is_inverse:
        held_usd = lots * usd_per_lot
        held_base, per_lot = held_usd / worth, np.full(len(rows), usd_per_lot)
        lot_base = usd_per_lot / worth
    else:
        held_base = lots * base_per_lot
        held_usd, per_lot = held_base * worth, mean * base_per_lot
        lot_base = np.full(len(rows), base_per_lot)
    return {
        "price": price,
        "buy_base": base[0],
        "sell_base": base[1],
        "buy_usd": usd[0],
        "sell_usd": usd[1],
        "open_interest_base": held_base,
        "open_interest_usd": held_usd,
        "open_interest_change": _risen(lots) * lot_base,
        "funding_per_hour": _funding_per_hour(rows, interval_s, is_perp=instrument.is_perp),
        "liquidated_buy_usd": _risen(rows["liquidated_buy_lots"]) * per_lot,
        "liquidated_sell_usd": _risen(rows["liquidated_sell_lots"]) * per_lot,
    }


_ONE_LOT = (1, 0, 0.0, 0.0, 0.0, 0.0)
_ONE_VALUE = (0, 0, 1.0, 0.0, 1.0, 0.0)


def _funding_per_hour(rows: NDArray[np.void], interval_s: int, *, is_perp: bool) -> Floats:
    rate = rows["funding_rate_e12"] / 10.0**FUNDING_RATE_DIGITS
    interval = np.where(rows["funding_interval_s"] > 0, rows["funding_interval_s"], interval_s)
    is_told = (rows["mark_e8"] > 0) & (rows["next_funding_ns"] > 0) & is_perp
    out: Floats = np.where(is_told, rate * 3600.0 / interval, np.nan)
    return out


def _risen(totals: NDArray[np.int64] | Floats) -> Floats:
    # How much each number grew in its minute; unknown in the first one.
    out = np.full(len(totals), np.nan)
    out[1:] = np.diff(totals)
    return out
