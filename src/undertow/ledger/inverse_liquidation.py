"""Liquidation and bankruptcy prices of inverse positions: value in quote money, margin in the coin.

size: contracts * contract value, in quote money. Its value in the coin is size / price, so a long
loses more coins per dollar the lower the price: distances are not symmetric. NaN: no such price.
"""

from math import nan

from undertow.domain.side import Side


def inverse_liquidation_price(
    side: Side, size: float, entry: float, margin: float, rate: float
) -> float:
    """Maintenance at the mark: size * (1 + m) / (PV + margin) long, minus for plus when short.

    PV = size / entry; margin: isolated margin (PV / leverage), or the wallet when cross.
    Source: Bybit help centre, page of 2026-05-27; DEFINITIONS liquidation.bybit_inverse.
    """
    return _positive(size * (1 + side * rate), size / entry + side * margin)


def entry_based_inverse_price(
    side: Side, size: float, entry: float, margin: float, rate: float
) -> float:
    """Maintenance at the entry: LP = size / (PV +- (IM - MM)), MM = PV * rate (Bybit, classic)."""
    value = size / entry
    return _positive(size, value + side * (margin - value * rate))


def inverse_bankruptcy_price(
    side: Side, size: float, entry: float, margin: float, closing_fee: float = 0.0
) -> float:
    """Where the margin is gone with the closing fee: size * (1 +- fee) / (PV +- margin)."""
    return _positive(size * (1 + side * closing_fee), size / entry + side * margin)


def inverse_cross_liquidation_price(
    side: Side, size: float, entry: float, wallet: float, rate: float, *, closing_fee: float
) -> float:
    """Legacy inverse cross: LP = size / (PV +- (wallet - MM - fee)), MM = PV * rate at the entry,
    the fee that of closing at the bankruptcy price.

    Source: Bybit help 360039261334; DEFINITIONS liquidation.bybit_inverse_cross_legacy (its 5739.50
    is 5739.08 rounded up to the tick).
    """
    value = size / entry
    bankruptcy = inverse_bankruptcy_price(side, size, entry, wallet, closing_fee)
    fee = size / bankruptcy * closing_fee
    return _positive(size, value + side * (wallet - value * rate - fee))


def _positive(numerator: float, denominator: float) -> float:
    return numerator / denominator if denominator > 0 else nan
