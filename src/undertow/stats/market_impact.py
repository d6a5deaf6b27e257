"""What an order's own size does to the price."""

from math import nan, sqrt
from typing import NamedTuple

from undertow.domain.errors import CallerError

AVERAGE_OF_PEAK = 2.0 / 3.0
"""Average cost over peak impact of an order worked at a constant rate under the square root."""


class AlmgrenImpact(NamedTuple):
    """Fractions of the price: permanent, temporary, and cost = permanent / 2 + temporary."""

    permanent: float
    temporary: float
    cost: float


def square_root_impact(
    qty: float, daily_volume: float, daily_volatility: float, *, factor: float = 1.0
) -> float:
    """PEAK impact at the end of an order, a fraction of the price: Y * sigma * sqrt(Q / V).

    qty and daily_volume in the same unit; daily_volatility: a day's deviation, a fraction. The
    average cost of an order worked at a constant rate is two thirds of it (`AVERAGE_OF_PEAK`).
    factor Y: about 1, found by fitting. NaN without volume.

    Source: Toth et al. (2011), Physical Review X 1; Grinold and Kahn (2000).
    """
    if qty < 0.0 or daily_volatility < 0.0:
        raise CallerError(f"expected sizes not below 0, found {qty}, {daily_volatility}")
    return factor * daily_volatility * sqrt(qty / daily_volume) if daily_volume > 0.0 else nan


def almgren_impact(
    qty: float, days: float, daily_volume: float, daily_volatility: float, *, outstanding: float
) -> AlmgrenImpact:
    """Permanent and temporary impact of `qty` worked evenly over `days`, as fractions of the price.

    I = 0.314 sigma (X/V) (Theta/V)^(1/4), K = 0.142 sigma |X/(V T)|^(3/5), cost = I/2 + K.
    outstanding Theta: units in existence. NaN without volume or time. The constants were fitted to
    US shares of 2001 to 2003: a check of the form, not a forecast for anything else.

    Source: Almgren, Thum, Hauptmann and Li (2005), Direct estimation of equity market impact.
    """
    if not (days > 0.0 and daily_volume > 0.0 and outstanding > 0.0):
        return AlmgrenImpact(nan, nan, nan)
    share = qty / daily_volume
    permanent = 0.314 * daily_volatility * share * (outstanding / daily_volume) ** 0.25
    size = 0.142 * daily_volatility * abs(share / days) ** 0.6
    temporary = size if qty >= 0.0 else -size
    return AlmgrenImpact(permanent, temporary, permanent / 2.0 + temporary)
