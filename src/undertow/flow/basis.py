"""Perpetual over spot price, in basis points, and how unusual that is (FLOW-45).

(mean price of perpetuals / mean price of spot - 1) * 10 000, per venue and over all. A perpetual
has no date at which it converges, so nothing is annualised here; `annualised_basis` is for dated
contracts."""

from math import isfinite, nan

import msgspec
import numpy as np

from undertow.domain.errors import CallerError
from undertow.flow.asset_series import AssetSeries
from undertow.flow.sufficiency import LEAST_SAMPLES, Shortfall, shortfall
from undertow.stats.robust import modified_z_score

DAYS_PER_YEAR = 365.0


class Basis(msgspec.Struct, frozen=True):
    """basis_bps: over all venues, + = perpetuals dearer. by_venue: of the venues with both kinds.

    z_score: against the minutes before, NaN without enough of them or without spread. is_wide: at
    least `alert_bps` either way."""

    basis_bps: float
    z_score: float
    by_venue: dict[str, float]
    is_wide: bool
    shortfall: Shortfall | None = None

    @property
    def is_sufficient(self) -> bool:
        """Whether both kinds have a price and a past."""
        return self.shortfall is None


def basis(
    series: AssetSeries,
    *,
    history: int = 240,
    alert_bps: float = 200.0,
    least_history: int = LEAST_SAMPLES,
) -> Basis:
    """The last minute's basis against up to `history` minutes before it."""
    if history < least_history:
        raise CallerError(f"expected a history of at least {least_history}, found {history}")
    values = series.basis_bps
    present = float(values[-1]) if len(values) else nan
    by_venue = {name: float(own[-1]) for name, own in series.basis_by_venue.items() if len(own)}
    by_venue = {name: bps for name, bps in by_venue.items() if isfinite(bps)}
    if not isfinite(present):
        found = Shortfall("prices of spot and of a perpetual", 0, 1)
        return Basis(nan, nan, by_venue, is_wide=False, shortfall=found)
    past = values[:-1][-history:]
    missing = shortfall("earlier minutes of basis", int(np.isfinite(past).sum()), least_history)
    z_score = nan if missing else modified_z_score(present, past)
    return Basis(present, z_score, by_venue, is_wide=abs(present) >= alert_bps, shortfall=missing)


def annualised_basis(basis_bps: float, days_to_expiry: float) -> float:
    """Simple yearly fraction of a dated contract's basis; NaN at or after expiry."""
    if not days_to_expiry > 0.0:
        return nan
    return basis_bps / 1e4 * DAYS_PER_YEAR / days_to_expiry
