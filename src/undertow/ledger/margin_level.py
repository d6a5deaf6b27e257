"""Margin in use and what is left: required, available, the call, and whether to open (RISK-09).

Everything in one currency, as floats for decisions; exact money is the ledger's.
"""

from math import nan

import msgspec

from undertow.ledger.margin_tiers import MarginTiers

MARGIN_CALL_THRESHOLD = 0.8
MAX_LEVERAGE = 10.0


def required_margin(
    price: float, qty: float, leverage: float, *, contract_size: float = 1.0
) -> float:
    """price * qty * contract size / leverage."""
    return price * qty * contract_size / leverage


def available_margin(
    wallet: float,
    *,
    position_margin: float,
    order_margin: float = 0.0,
    unrealised: float = 0.0,
    is_isolated: bool = False,
) -> float:
    """Wallet less margin of positions and open orders; unrealised P&L counts only under cross
    margin (D-46), isolated positions neither lend nor borrow.
    """
    return wallet - position_margin - order_margin + (0.0 if is_isolated else unrealised)


def margin_ratio(maintenance: float, equity: float) -> float:
    """Maintenance margin over equity: 1 is liquidation. NaN without equity."""
    return maintenance / equity if equity > 0 else nan


def is_margin_call(
    maintenance: float, equity: float, threshold: float = MARGIN_CALL_THRESHOLD
) -> bool:
    """True when the margin ratio has reached the threshold, or no equity is left to need it."""
    if equity <= 0:
        return maintenance > 0
    return maintenance / equity >= threshold


class OpenQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """A position that might be opened, and the account it would be opened in.

    available: see `available_margin`. notional: what is asked for, in the same currency;
    held_notional: already open in the same instrument, same side. fee: taker rate of the entry.
    """

    notional: float
    leverage: float
    available: float
    tiers: MarginTiers
    fee: float = 0.0
    held_notional: float = 0.0
    max_leverage: float = MAX_LEVERAGE


def refusals_to_open(question: OpenQuestion) -> tuple[str, ...]:
    """Why a position cannot be opened; empty when it can: margin and fee against what is available,
    leverage against the cap and against the tier of the whole notional (D-47, D-52).
    """
    reasons = []
    total = question.notional + question.held_notional
    allowed = question.tiers.max_leverage(total, question.max_leverage)
    if question.notional <= 0 or question.leverage <= 0:
        reasons.append(
            "expected a notional and leverage above 0, "
            f"found {question.notional:g} and {question.leverage:g}"
        )
        return tuple(reasons)
    if question.leverage > allowed:
        reasons.append(f"expected a leverage of at most {allowed:g}, found {question.leverage:g}")
    needed = question.notional / question.leverage + question.notional * question.fee
    if needed > question.available:
        reasons.append(
            f"expected margin and fee of at most {question.available:g}, found {needed:g}"
        )
    return tuple(reasons)
