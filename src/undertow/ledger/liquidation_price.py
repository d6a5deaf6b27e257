"""Liquidation and bankruptcy prices of linear positions, solved tier by tier (D-45).

A position is liquidated where equity equals maintenance margin, both at the mark price P:

    equity(P) = wallet + side * qty * (P - entry),  maintenance(P) = qty * P * rate - cum + fees

with the rate and cum of the tier that contains the notional AT P, not at the entry. Because the
tiers are continuous exactly one of them is consistent. Prices are floats for risk and display; the
simulator decides with exact money. NaN: no price liquidates the position. Where a venue reports its
own liquidation price, use that.
"""

from math import inf, nan

from undertow.domain.side import Side
from undertow.ledger.margin_tiers import MarginTiers


def cross_liquidation_price(
    side: Side,
    qty: float,
    entry: float,
    wallet: float,
    tiers: MarginTiers,
    *,
    others_profit: float = 0.0,
    others_maintenance: float = 0.0,
    closing_fee: float = 0.0,
) -> float:
    """LP = (WB - TMM + UPNL + cum - side*qty*entry) / (qty*(MMR + fee) - side*qty).

    wallet: WB, of the whole account. others_profit, others_maintenance: UPNL and TMM of its other
    positions, at their marks; the profit of a short is -qty * (mark - entry) (one popular bot drops
    that sign). closing_fee: taker rate counted as needed at the close; 0 in Binance's own formula.

    Source: Binance support FAQ "How to Calculate Liquidation Price of USD-M Futures Contracts";
    DEFINITIONS liquidation.binance_usdm_official_example, liquidation.linear_isolated_tiers.
    """
    if qty <= 0 or entry <= 0:
        return nan
    backing = wallet - others_maintenance + others_profit
    ceilings = [tier.floor for tier in tiers.tiers[1:]] + [inf]
    for tier, cum, ceiling in zip(tiers.tiers, tiers.cums, ceilings, strict=True):
        slope = qty * (tier.rate + closing_fee) - side * qty
        price = (backing + cum - side * qty * entry) / slope if slope else nan
        if price > 0 and tier.floor <= qty * price < ceiling:
            return price
    return nan


def isolated_liquidation_price(
    side: Side,
    qty: float,
    entry: float,
    margin: float,
    tiers: MarginTiers,
    *,
    closing_fee: float = 0.0,
) -> float:
    """The same with the position's own margin as wallet (entry * qty / leverage, plus what was
    added): long (entry - (margin + cum) / qty) / (1 - MMR - fee), short mirrored.
    """
    return cross_liquidation_price(side, qty, entry, margin, tiers, closing_fee=closing_fee)


def entry_based_liquidation_price(
    side: Side, qty: float, entry: float, leverage: float, tiers: MarginTiers, *, extra: float = 0.0
) -> float:
    """LP = entry -+ (IM - MM) / qty -+ extra / qty, margins at the ENTRY value (Bybit until 2025).

    Source: Bybit help centre, "Liquidation Price Calculation under Isolated Mode (UTA)", 2024;
    DEFINITIONS liquidation.bybit_linear_entry_based. More conservative for longs than at the mark.
    """
    value = entry * qty
    room = value / leverage - tiers.maintenance(value) + extra
    return entry - side * room / qty


def bankruptcy_price(
    side: Side, qty: float, entry: float, wallet: float, closing_fee: float = 0.0
) -> float:
    """Where the wallet behind a position is gone: wallet + side*qty*(P - entry) = qty*P*fee."""
    price = (side * qty * entry - wallet) / (side * qty - qty * closing_fee)
    return price if price > 0 else nan


def break_even_price(
    side: Side, entry: float, fee: float, closing_fee: float | None = None
) -> float:
    """The price at which fees of both sides are earned back: long entry * (1 + f) / (1 - f).

    fee: rate of the entry; closing_fee: of the exit, the same when left out.
    """
    out = fee if closing_fee is None else closing_fee
    return entry * (1 + side * fee) / (1 - side * out)
