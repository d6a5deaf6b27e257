"""Every instrument of an asset beside the others: price, flow, and whether and why it counts."""

from math import nan

import msgspec
import numpy as np

from undertow.domain.instrument import MarketKind
from undertow.domain.time import NS_PER_MS, NS_PER_S
from undertow.flow.asset_flow import AssetFlow
from undertow.flow.asset_series import AssetSeries
from undertow.flow.instrument_flow import InstrumentFlow
from undertow.flow.minute_flow import MinuteFlow

WINDOW_S = 900
LINE_MINUTES = 60
WINDOWS_S = (30, 60, 300, 900)
_KINDS = {MarketKind.SPOT: "spot", MarketKind.LINEAR: "perp", MarketKind.INVERSE: "inverse"}


class ToldVenue(msgspec.Struct, frozen=True):
    """One instrument; kind: spot, perp (linear), inverse. Prices in quote units; move: of the last
    15 minutes, a fraction; cvd_usd and traded_usd: of the same, dollars. cvd_line: CVD in lots at
    the last 60 minutes' ends. left_out: why it is not in the sums now, "" when it is.
    clock_offset_ms: receipt less event time. trouble: counters that are not 0.
    """

    instrument_id: str
    venue: str
    kind: str
    last: float
    bid: float
    ask: float
    spread_bps: float
    move: float
    cvd_usd: float
    traded_usd: float
    cvd_line: list[float]
    left_out: str
    clock_offset_ms: float
    trouble: dict[str, int]


class ToldSum(msgspec.Struct, frozen=True):
    """A sum over members: all of them, spot or perpetuals. As for `ToldVenue`; the line is in
    dollars.
    """

    name: str
    cvd_usd: float
    traded_usd: float
    cvd_line: list[float]


class ToldWindow(msgspec.Struct, frozen=True):
    """Dollars bought and sold over the last seconds, over all members. ratio: bought / sold, NaN
    when one side is empty. imbalance: (bought - sold) / (bought + sold).
    """

    seconds: int
    bought_usd: float
    sold_usd: float
    ratio: float
    imbalance: float


def told_venues(asset: AssetFlow, now_ns: int) -> tuple[ToldVenue, ...]:
    """All members, in the table's order."""
    return tuple(_venue(member, now_ns) for member in asset.members)


def told_sums(asset: AssetFlow, series: AssetSeries) -> tuple[ToldSum, ...]:
    """Total, spot and perpetuals."""
    kinds = [kind for kind in MarketKind if kind is not MarketKind.SPOT]
    groups = (
        ("total", (None,), series.total),
        ("spot", (MarketKind.SPOT,), series.spot),
        ("perp", tuple(kinds), series.perp),
    )
    return tuple(
        ToldSum(
            name=name,
            cvd_usd=sum(asset.cvd_usd(WINDOW_S, kind=kind) for kind in chosen),
            traded_usd=sum(sum(asset.window_usd(WINDOW_S, kind=kind)) for kind in chosen),
            cvd_line=_line(flow),
        )
        for name, chosen, flow in groups
    )


def told_windows(asset: AssetFlow) -> tuple[ToldWindow, ...]:
    """The ladder of imbalances, shortest first."""
    found = []
    for seconds in WINDOWS_S:
        bought, sold = asset.window_usd(seconds)
        both = bought + sold
        ratio = bought / sold if bought > 0 and sold > 0 else nan
        found.append(
            ToldWindow(seconds, bought, sold, ratio, (bought - sold) / both if both else nan)
        )
    return tuple(found)


def _line(flow: MinuteFlow) -> list[float]:
    line: list[float] = flow.cvd_usd.tolist()
    return line


def _venue(member: InstrumentFlow, now_ns: int) -> ToldVenue:
    instrument, source = member.instrument, member.source
    bought, sold = member.traded_usd(WINDOW_S) if source is not None else (0.0, 0.0)
    bars = member.bars(60, LINE_MINUTES)
    line = np.cumsum(bars["buy_lots"] - bars["sell_lots"]).tolist()
    quarter = bars[-15:]
    opened = int(quarter["open_ticks"][0]) if len(quarter) else 0
    trouble = {name: count for name, count in member.counters.items() if _is_trouble(name, count)}
    return ToldVenue(
        instrument_id=str(instrument.instrument_id),
        venue=instrument.venue,
        kind=_KINDS[instrument.kind],
        last=member.last_price or nan,
        bid=instrument.price_float(member.bid_ticks) if member.bid_ticks else nan,
        ask=instrument.price_float(member.ask_ticks) if member.ask_ticks else nan,
        spread_bps=member.spread_bps,
        move=member.last_ticks / opened - 1.0 if opened else nan,
        cvd_usd=bought - sold,
        traded_usd=bought + sold,
        cvd_line=[float(value) for value in line],
        left_out=left_out(member, now_ns),
        clock_offset_ms=source.clock_offset_ns / NS_PER_MS if source is not None else nan,
        trouble=trouble,
    )


def _is_trouble(name: str, count: int) -> bool:
    # A counter of work done is no trouble.
    return count > 0 and name not in ("book_updates", "dropped_levels")


def left_out(member: InstrumentFlow, now_ns: int) -> str:
    """Why a member is not in the sums of this moment; "" when it is."""
    source = member.source
    if source is None:
        return "nothing heard yet"
    if member.is_healthy:
        return ""
    silent_s = (now_ns - source.last_receive_ns) // NS_PER_S
    if source.is_down:
        return f"{source.name} is down"
    if source.is_healthy:
        return "its feed was lost"
    return f"{source.name} silent for {silent_s} s"
