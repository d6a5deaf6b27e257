"""Triple-barrier labels: which of profit target, stop and time limit a trade would meet first."""

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from undertow.domain.errors import CallerError
from undertow.stats.array_input import whole_numbers
from undertow.stats.columns import checked_series

Touch = Literal["strict", "inclusive"]
Both = Literal["loss_first", "profit_first", "unknown"]

_ROUNDING = 1e-12  # of a price: 100 * 1.02 and 102 are one price whatever their last bit
_CELLS = 1 << 20  # prices looked at in one go
_NARROWEST = 16


class BarrierLabels(NamedTuple):
    """One label an event, shape (n,).

    label: 1 profit barrier, -1 loss barrier, 0 time limit. sign: the same, but at the time limit
    the sign of the outcome. ends: place of the bar that ended it. outcome: simple return in the
    trade's direction, side x (P_end / P_start - 1). is_cut: the data ended before the time limit,
    so that a label of 0 may be wrong: leave these out of training.
    """

    label: NDArray[np.int64]
    sign: NDArray[np.int64]
    ends: NDArray[np.int64]
    outcome: NDArray[np.float64]
    is_cut: NDArray[np.bool_]


class Barriers(NamedTuple):
    """Events and their barriers, checked: places, last places, sides (1, -1), widths above 0.

    profits, losses: simple returns in the trade's direction, inf where there is no such barrier.
    """

    events: NDArray[np.int64]
    limits: NDArray[np.int64]
    sides: NDArray[np.int64]
    profits: NDArray[np.float64]
    losses: NDArray[np.float64]


def barriers(
    events: ArrayLike,
    targets: ArrayLike,
    limits: ArrayLike,
    *,
    profit: float | None = 1.0,
    loss: float | None = 1.0,
    sides: ArrayLike | None = None,
) -> Barriers:
    """Barriers at profit x target and -loss x target of simple return until place `limits`.

    events: places of the bars whose close is the entry. targets: a fraction for all or one an
    event, above 0. limits: the last place looked at (`bar_limits`, `time_limits`). profit, loss:
    None for no such barrier. sides: 1 long (default), -1 short, one an event; both barriers are
    meant in the side's direction.

    Source: Lopez de Prado (2018), Advances in Financial Machine Learning, snippets 3.2 to 3.6.
    Variant: without a side `loss` keeps its own width (the book uses `profit` for both).
    """
    places = whole_numbers(events, "events")
    width = np.broadcast_to(np.asarray(targets, dtype=np.float64), places.shape)
    if not (width > 0.0).all() or not np.isfinite(width).all():
        raise CallerError("expected targets that are finite fractions above 0")
    last = np.broadcast_to(whole_numbers(np.atleast_1d(limits), "limits"), places.shape)
    if (last < places).any():
        raise CallerError("expected limits at or after their events")
    side = np.ones(len(places), dtype=np.int64)
    if sides is not None:
        side = whole_numbers(sides, "sides")
        if side.shape != places.shape or not np.isin(side, (1, -1)).all():
            raise CallerError("expected a side of 1 or -1 for each event")
    scales = [np.inf if scale is None else float(scale) for scale in (profit, loss)]
    if not min(scales) > 0.0:
        raise CallerError(f"expected profit and loss above 0 or None, found {profit}, {loss}")
    return Barriers(places, last, side, width * scales[0], width * scales[1])


def bar_limits(events: ArrayLike, horizon: int) -> NDArray[np.int64]:
    """event + horizon: the vertical barrier a number of bars later (it may lie beyond the data).

    Source: Lopez de Prado (2018), snippet 3.4.
    """
    if horizon < 1:
        raise CallerError(f"expected a horizon of at least 1 bar, found {horizon}")
    return whole_numbers(events, "events") + horizon


def time_limits(times_ns: ArrayLike, events: ArrayLike, limit_ns: int) -> NDArray[np.int64]:
    """Place of the last bar or tick no later than `limit_ns` after each event; n where data ends.

    times_ns: shape (n,), in order. n marks an event whose limit lies beyond the last time, so its
    label may be cut. For a limit of 15 minutes: 900_000_000_000.

    Source: Lopez de Prado (2018), snippet 3.4.
    """
    times = whole_numbers(times_ns, "times")
    places = whole_numbers(events, "events")
    if (np.diff(times) < 0).any() or limit_ns < 1:
        raise CallerError(f"expected times in order and a limit of 1 ns or more, found {limit_ns}")
    _check_places(places, len(times))
    wanted = times[places] + limit_ns
    found = np.searchsorted(times, wanted, side="right") - 1
    return np.where(wanted > times[-1], len(times), found).astype(np.int64)


def close_barrier_labels(
    closes: ArrayLike, given: Barriers, *, touch: Touch = "strict"
) -> BarrierLabels:
    """Labels from closes alone: the first later close beyond a barrier.

    strict: a close exactly at the barrier does not touch (the book), inclusive: it does. Prices are
    compared with barrier PRICES to 1e-12 of their size, since returns in binary floats make an
    exact touch arbitrary. The outcome is at the close that touched, beyond the barrier.

    Source: Lopez de Prado (2018), snippets 3.2 to 3.5.
    """
    prices = _checked_prices(closes, "closes")
    upper, lower = _levels(prices, given)
    stops = np.minimum(given.limits, len(prices) - 1)
    rise, fall = _first_touches((prices, prices), given.events, stops, (upper, lower), touch)
    return _labelled(given, prices, (rise, fall), None)


def timed_barrier_labels(
    times_ns: ArrayLike,
    prices: ArrayLike,
    events: ArrayLike,
    *,
    profit: float,
    loss: float,
    limit_ns: int = 15 * 60 * 1_000_000_000,
    sides: ArrayLike | None = None,
    touch: Touch = "strict",
) -> BarrierLabels:
    """Take-profit, stop-loss and a time limit (15 minutes by default), whichever is met first.

    times_ns, prices: of bars or ticks, shape (n,), in order of time. profit, loss: fractions of the
    entry price, above 0. Otherwise as `close_barrier_labels`.

    Source: Lopez de Prado (2018), snippets 3.2 to 3.5.
    """
    limits = time_limits(times_ns, events, limit_ns)
    given = barriers(events, 1.0, limits, profit=profit, loss=loss, sides=sides)
    return close_barrier_labels(prices, given, touch=touch)


def range_barrier_labels(
    bars: tuple[ArrayLike, ArrayLike, ArrayLike, ArrayLike],
    given: Barriers,
    *,
    touch: Touch = "inclusive",
    both: Both = "loss_first",
) -> BarrierLabels:
    """Labels from bars (opens, highs, lows, closes): the first later bar whose range meets a
    barrier.

    Earlier touches than from closes. A bar that opens at or beyond a barrier ends there, at its
    open. Of a bar whose range holds both, no one knows the order: `loss_first` assumes the worst,
    `profit_first` the best, `unknown` labels 0 (sign 0, outcome NaN). Otherwise the outcome is at
    the barrier.

    Source: Lopez de Prado (2018), snippet 3.2. Variant: high and low, order inside a bar by rule.
    """
    opens, highs, lows, closes = (
        _checked_prices(column, name)
        for column, name in zip(bars, ("opens", "highs", "lows", "closes"), strict=True)
    )
    if len({len(opens), len(highs), len(lows), len(closes)}) != 1:
        raise CallerError("expected opens, highs, lows and closes of one length")
    if (highs < np.maximum(opens, closes)).any() or (lows > np.minimum(opens, closes)).any():
        raise CallerError("expected highs at or above, lows at or below opens and closes")
    if both not in {"loss_first", "profit_first", "unknown"}:
        raise CallerError(f"expected loss_first, profit_first or unknown, found {both!r}")
    levels = _levels(closes, given)
    stops = np.minimum(given.limits, len(closes) - 1)
    rise, fall = _first_touches((highs, lows), given.events, stops, levels, touch)
    return _labelled(given, closes, (rise, fall), _Inside(opens, levels, touch, both))


class _Inside(NamedTuple):
    # What is needed to order two touches inside one bar and to price a touch.
    opens: NDArray[np.float64]
    levels: tuple[NDArray[np.float64], NDArray[np.float64]]
    touch: Touch
    both: Both


def _checked_prices(values: ArrayLike, name: str) -> NDArray[np.float64]:
    prices = checked_series(values, name, least=1)
    if not (prices > 0.0).all():
        raise CallerError(f"expected {name} above 0, found {prices.min()}")
    return prices


def _check_places(places: NDArray[np.int64], count: int) -> None:
    if len(places) and (places.min() < 0 or places.max() >= count):
        raise CallerError(
            f"expected events at 0 to {count - 1}, found {places.min()} to {places.max()}"
        )


def _levels(
    closes: NDArray[np.float64], given: Barriers
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    # Upper and lower barrier price of each event; inf and -inf where there is none.
    _check_places(given.events, len(closes))
    entry = closes[given.events]
    is_long = given.sides == 1
    up = np.where(is_long, given.profits, given.losses)
    down = np.where(is_long, given.losses, given.profits)
    return entry * (1.0 + up), entry * (1.0 - down)


def _is_beyond(
    prices: NDArray[np.float64], level: NDArray[np.float64], touch: Touch
) -> NDArray[np.bool_]:
    # prices at (inclusive) or above (both) the level, equal within rounding being "at".
    slack = np.where(np.isfinite(level), np.abs(level) * _ROUNDING, 0.0)
    return prices >= level - slack if touch == "inclusive" else prices > level + slack


def _first_touches(
    paths: tuple[NDArray[np.float64], NDArray[np.float64]],
    events: NDArray[np.int64],
    stops: NDArray[np.int64],
    levels: tuple[NDArray[np.float64], NDArray[np.float64]],
    touch: Touch,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    # First place after each event, up to its stop, where the high path is beyond the upper level
    # and where the low path is beyond the lower one; n where none. All open events look at one
    # stretch of bars at once; those that touched are done, the others look at the next.
    if touch not in {"strict", "inclusive"}:
        raise CallerError(f"expected strict or inclusive, found {touch!r}")
    highs, lows = paths
    count = len(highs)
    found = np.full((2, len(events)), count, dtype=np.int64)
    open_ones = np.flatnonzero(stops > events)
    begin = events + 1
    while len(open_ones):
        width = max(_CELLS // len(open_ones), _NARROWEST)
        width = min(width, int((stops[open_ones] - begin[open_ones]).max()) + 1)
        places = begin[open_ones, None] + np.arange(width)
        inside = places <= stops[open_ones, None]
        places = np.minimum(places, count - 1)
        rises = inside & _is_beyond(highs[places], levels[0][open_ones, None], touch)
        falls = inside & _is_beyond(-lows[places], -levels[1][open_ones, None], touch)
        for row, hits in enumerate((rises, falls)):
            hit = hits.any(axis=1)
            found[row, open_ones[hit]] = begin[open_ones[hit]] + hits[hit].argmax(axis=1)
        begin[open_ones] += width
        done = rises.any(axis=1) | falls.any(axis=1) | (begin[open_ones] > stops[open_ones])
        open_ones = open_ones[~done]
    return found[0], found[1]


def _labelled(
    given: Barriers,
    closes: NDArray[np.float64],
    touches: tuple[NDArray[np.int64], NDArray[np.int64]],
    inside: _Inside | None,
) -> BarrierLabels:
    is_long = given.sides == 1
    gain = np.where(is_long, touches[0], touches[1])
    harm = np.where(is_long, touches[1], touches[0])
    stops = np.minimum(given.limits, len(closes) - 1)
    ends = np.minimum(np.minimum(gain, harm), stops)
    label = np.where(gain < harm, 1, np.where(harm < gain, -1, 0))
    end_prices = closes[ends]
    if inside is not None:
        label, end_prices = _ordered(given, inside, (gain, harm), (label, end_prices))
    outcome = given.sides * (end_prices / closes[given.events] - 1.0)
    is_met = np.minimum(gain, harm) < len(closes)
    sign = np.where(is_met, label, np.sign(np.nan_to_num(outcome)).astype(np.int64))
    return BarrierLabels(
        label.astype(np.int64),
        sign.astype(np.int64),
        ends,
        outcome,
        ~is_met & (given.limits > len(closes) - 1),
    )


def _ordered(
    given: Barriers,
    inside: _Inside,
    touches: tuple[NDArray[np.int64], NDArray[np.int64]],
    found: tuple[NDArray[np.int64], NDArray[np.float64]],
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    # Decide bars that met both barriers, and price every touch: at the open of a bar that opened
    # beyond, else at the barrier.
    (gain, harm), (label, end_prices) = touches, found
    count = len(inside.opens)
    is_met = np.minimum(gain, harm) < count
    at_open = inside.opens[np.minimum(np.minimum(gain, harm), count - 1)]
    upper, lower = inside.levels
    over = is_met & _is_beyond(at_open, upper, inside.touch)
    under = is_met & _is_beyond(-at_open, -lower, inside.touch)
    is_both = is_met & (gain == harm)
    choice = {"loss_first": -1, "profit_first": 1, "unknown": 0}[inside.both]
    label = np.where(is_both, choice, label)
    label = np.where(is_both & over, given.sides, np.where(is_both & under, -given.sides, label))
    barrier = np.where(label * given.sides > 0, upper, lower)
    price = np.where(over | under, at_open, barrier)
    price = np.where(is_both & (label == 0), np.nan, price)
    return label, np.where(is_met, price, end_prices)
