"""Implementation shortfall: what an order cost against the price at which it was decided."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from undertow.domain.errors import CallerError
from undertow.stats.columns import checked_series


class ImplementationShortfall(NamedTuple):
    """In money, positive where it hurts: total = delay + execution + opportunity + fees.

    filled: units. average_price: NaN when nothing was filled. bps: total over the paper value at
    the decision price, in basis points.
    """

    delay: float
    execution: float
    opportunity: float
    fees: float
    total: float
    bps: float
    filled: float
    average_price: float


def implementation_shortfall(
    side: int,
    qty: float,
    prices: tuple[float, float, float],
    fills: tuple[ArrayLike, ArrayLike],
    *,
    fees: float = 0.0,
) -> ImplementationShortfall:
    """Paper return less actual return of one parent order, split by cause.

    side: +1 buy, -1 sell. qty: units wanted, above 0. prices: at the decision, at arrival (when the
    order reached the market) and at the end, for what stayed unfilled. fills: prices and
    quantities, each shape (n,). delay = side * filled * (arrival - decision); execution = side *
    (paid - filled * arrival); opportunity = side * unfilled * (end - decision).

    Source: Perold (1988), J. Portfolio Management 14(3); Wagner and Edwards (1993). Variant: the
    unfilled part is measured from the decision price (Perold); some take the arrival price.
    """
    paid, filled = _executed(fills)
    if side not in (1, -1) or not qty > 0.0 or filled > qty * (1.0 + 1e-9):
        raise CallerError(
            f"expected side 1 or -1 and 0 < filled <= qty, found {side}, {filled} of {qty}"
        )
    decision, arrival, end = prices
    delay = side * filled * (arrival - decision)
    execution = side * (paid - filled * arrival)
    opportunity = side * max(qty - filled, 0.0) * (end - decision)
    total = delay + execution + opportunity + fees
    return ImplementationShortfall(
        delay=delay,
        execution=execution,
        opportunity=opportunity,
        fees=fees,
        total=total,
        bps=total / (qty * decision) * 1e4 if decision > 0.0 else float("nan"),
        filled=filled,
        average_price=paid / filled if filled > 0.0 else float("nan"),
    )


def _executed(fills: tuple[ArrayLike, ArrayLike]) -> tuple[float, float]:
    at, sizes = checked_series(fills[0], "fill prices"), checked_series(fills[1], "fill quantities")
    if at.shape != sizes.shape or (sizes < 0.0).any():
        raise CallerError(f"expected {len(at)} fill quantities not below 0, found {sizes}")
    return float(np.sum(at * sizes)), float(np.sum(sizes))
