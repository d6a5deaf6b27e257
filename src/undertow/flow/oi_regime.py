"""Who opens and who closes: price, CVD and open interest read together (FLOW-17).

Over the last `window` minutes each of the three is measured in its own usual size (its change over
the robust standard deviation of such changes before), so 1 is an ordinary day's move and the sign
stays true:

| | price up | price down | price holds |
| --- | --- | --- | --- |
| open interest up, CVD up | long build | | distribution at a ceiling |
| open interest up, CVD down | | short build | absorption at a floor |
| open interest down, CVD up | short covering | | |
| open interest down, CVD down | | long unwind | |

A regime counts once it has held for `persistence` minutes in a row."""

from enum import StrEnum
from math import nan

import msgspec
import numpy as np

from undertow.domain.errors import CallerError
from undertow.flow.asset_series import AssetSeries
from undertow.flow.minute_flow import Floats, rolling_mean
from undertow.flow.sufficiency import LEAST_SAMPLES, Shortfall, shortfall
from undertow.stats.robust import robust_scale


class Regime(StrEnum):
    """NONE: none of the others, or not for long enough."""

    NONE = "none"
    ABSORPTION = "absorption"
    DISTRIBUTION = "distribution"
    LONG_BUILD = "long_build"
    SHORT_BUILD = "short_build"
    LONG_UNWIND = "long_unwind"
    SHORT_COVERING = "short_covering"


SIDES = {
    Regime.NONE: 0,
    Regime.ABSORPTION: 1,
    Regime.DISTRIBUTION: -1,
    Regime.LONG_BUILD: 1,
    Regime.SHORT_BUILD: -1,
    Regime.LONG_UNWIND: -1,
    Regime.SHORT_COVERING: 1,
}


class OiRegime(msgspec.Struct, frozen=True, gc=False):
    """regime: what has held long enough; candidate: what the last minute shows, for `minutes` in a
    row. side: +1 or -1 as the regime goes, 0 without one. price, cvd, open_interest: changes over
    the window in their usual sizes. location: place of the price in its range, 0 = floor, 1 =
    ceiling.
    """

    regime: Regime
    side: int
    candidate: Regime
    minutes: int
    price: float
    cvd: float
    open_interest: float
    location: float
    shortfall: Shortfall | None = None

    @property
    def is_sufficient(self) -> bool:
        """Whether all three have a present and a past."""
        return self.shortfall is None


class RegimeRules(msgspec.Struct, frozen=True, kw_only=True):
    """window: minutes of a change. history: minutes its usual size is taken from. least: change, in
    usual sizes, that counts. persistence: minutes in a row. range_minutes: the recent range; edge:
    share of it that is floor or ceiling.
    """

    window: int = 15
    history: int = 240
    least: float = 1.0
    persistence: int = 3
    range_minutes: int = 240
    edge: float = 0.15

    def __post_init__(self) -> None:
        if min(self.window, self.persistence, self.range_minutes) < 1 or not self.least > 0.0:
            raise CallerError(f"expected spans of at least 1 and least above 0, found {self}")
        if self.history < LEAST_SAMPLES or not 0.0 < self.edge < 0.5:
            raise CallerError(
                f"expected a history of at least {LEAST_SAMPLES} and an edge within 0 .. 0.5,"
                f" found {self}"
            )


DEFAULT_RULES = RegimeRules()


class _Moves(msgspec.Struct, frozen=True, eq=False):
    # Changes over the window that ends at each minute, and the price itself.
    price: Floats
    cvd: Floats
    open_interest: Floats
    path: Floats


def oi_regime(
    series: AssetSeries,
    rules: RegimeRules = DEFAULT_RULES,
    *,
    value_area: tuple[float, float] | None = None,
) -> OiRegime:
    """The regime at the end of the series.

    value_area: prices of its low and high edge; floor and ceiling are then at or beyond them
    instead of the edges of the recent range."""
    moves = _moves(series, rules.window)
    missing = _missing(moves, rules)
    if missing is not None:
        return OiRegime(Regime.NONE, 0, Regime.NONE, 0, nan, nan, nan, nan, missing)
    last = len(series) - 1
    sizes, location = _at(moves, last, rules, value_area)
    candidate = _regime(sizes, location, rules)
    minutes = 0
    while minutes < rules.persistence and candidate is not Regime.NONE:
        sizes_then, location_then = _at(moves, last - minutes, rules, value_area)
        if _regime(sizes_then, location_then, rules) is not candidate:
            break
        minutes += 1
    regime = candidate if minutes >= rules.persistence else Regime.NONE
    return OiRegime(regime, SIDES[regime], candidate, minutes, *sizes, location)


def _moves(series: AssetSeries, window: int) -> _Moves:
    path = series.path
    price = np.full(len(path), np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        price[window:] = np.log(path[window:] / path[:-window]) if len(path) > window else []
    return _Moves(
        price=price,
        cvd=rolling_mean(series.perp.delta_usd, window) * window,
        open_interest=rolling_mean(series.open_interest_change, window) * window,
        path=path,
    )


def _missing(moves: _Moves, rules: RegimeRules) -> Shortfall | None:
    # The minutes looked at for persistence need a past too.
    for name in ("price", "cvd", "open_interest"):
        values: Floats = getattr(moves, name)
        label = name.replace("_", " ")
        if not len(values) or not np.isfinite(values[-1]):
            return Shortfall(f"windows of {label}", 0, 1)
        past = values[: len(values) - rules.persistence][-rules.history :]
        missing = shortfall(f"earlier windows of {label}", int(np.isfinite(past).sum()), 60)
        if missing is not None:
            return missing
    return None


def _at(
    moves: _Moves, place: int, rules: RegimeRules, value_area: tuple[float, float] | None
) -> tuple[tuple[float, float, float], float]:
    sizes = (
        _size(moves.price, place, rules.history),
        _size(moves.cvd, place, rules.history),
        _size(moves.open_interest, place, rules.history),
    )
    return sizes, _location(moves.path[: place + 1], rules, value_area)


def _size(values: Floats, place: int, history: int) -> float:
    # Not centred: a rise must be one.
    return float(values[place]) / robust_scale(values[max(0, place - history) : place])


def _location(path: Floats, rules: RegimeRules, value_area: tuple[float, float] | None) -> float:
    recent = path[-rules.range_minutes :]
    low, high = float(np.nanmin(recent)), float(np.nanmax(recent))
    if value_area is not None:
        low, high = value_area
    if not high > low:
        return nan
    return (float(path[-1]) - low) / (high - low)


def _regime(sizes: tuple[float, float, float], location: float, rules: RegimeRules) -> Regime:
    price, cvd, opened = sizes
    least = rules.least
    if opened >= least:
        if cvd <= -least and location <= rules.edge and price > -least:
            return Regime.ABSORPTION
        if cvd >= least and location >= 1.0 - rules.edge and price < least:
            return Regime.DISTRIBUTION
        if price >= least and cvd > 0.0:
            return Regime.LONG_BUILD
        return Regime.SHORT_BUILD if price <= -least and cvd < 0.0 else Regime.NONE
    if opened <= -least:
        if price >= least and cvd > 0.0:
            return Regime.SHORT_COVERING
        return Regime.LONG_UNWIND if price <= -least and cvd < 0.0 else Regime.NONE
    return Regime.NONE
