"""Prices written as whole points (129613 for 1.29613), as some MetaTrader exports have them.

Only currencies and metals: their prices have a known size. Where every price is whole and the
median lies above what the pair can cost, but within it after division by the pair's points, they
are points. Wrong for a currency that has lost most of its value since 2026.
"""

import numpy as np
from numpy.typing import NDArray

from undertow.domain.symbol import SymbolName
from undertow.storage.catalog.series_name import CURRENCIES

_THOUSANDS = ("JPY", "HUF")
_METALS = {"XAU": (100.0, 200.0, 20_000.0), "XAG": (1_000.0, 2.0, 500.0)}
_USUAL, _LARGE = (100_000.0, 0.02, 60.0), (1_000.0, 20.0, 1_000.0)


def point_scale(symbol: SymbolName, prices: NDArray[np.float64]) -> float:
    """What prices must be divided by: 1 when they are prices already."""
    if symbol.base not in CURRENCIES or symbol.quote not in CURRENCIES or not len(prices):
        return 1.0
    points, least, most = _METALS.get(symbol.base, _LARGE if symbol.quote in _THOUSANDS else _USUAL)
    finite = prices[np.isfinite(prices)]
    middle = float(np.median(finite)) if len(finite) else 0.0
    is_whole = bool((np.abs(finite - np.rint(finite)) < 1e-6).all())
    return points if is_whole and middle > most and least <= middle / points <= most else 1.0
