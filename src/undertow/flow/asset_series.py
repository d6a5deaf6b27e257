"""The asset minute by minute over all its venues: price, CVD, open interest, funding, basis.

Rules that keep it honest:

* A minute is in the series once every member has closed it or is overdue (`SourceFlow.overdue_s`);
  it never changes after.
* A member counts in a minute only when it closed it in time and nothing was wrong in it; else the
  minute has its `Absence`. Nothing is filled in for it.
* Flows are sums over the members that count, so a member that leaves or returns moves a running sum
  by what it trades and by nothing else. Changes of levels (returns, changes of open interest) use
  only members that count in both minutes.
"""

from collections.abc import Callable, Mapping, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.domain.errors import CallerError, UnknownNameError
from undertow.domain.instrument import MarketKind
from undertow.domain.suggestion import did_you_mean
from undertow.domain.time import NS_PER_S
from undertow.flow.flow_config import FlowConfig
from undertow.flow.instrument_flow import InstrumentFlow
from undertow.flow.member_minutes import (
    MINUTE_S,
    Absence,
    MemberMinutes,
    joined_s,
    last_closed_s,
    lay_minutes,
    settled_until_s,
)
from undertow.flow.minute_flow import Floats, MinuteFlow

STEP = 1e-12
_LEAST_JUDGES = 3


class AssetSeries(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """Arrays of n closed minutes, oldest first; NaN where nobody tells.

    time_ns: end of each minute. price: dollars, over members by their volume of the minute (equally
    when nobody traded), or of the reference. returns: log change of price over members in both
    minutes, the first NaN. total, spot, perp, linear, inverse, venues: flows. open_interest_*: sums
    over perpetuals, in base coins and in dollars; *_change: contracts opened
    less closed, in base coins, of members in both minutes; a move of the price does not change it.
    funding_per_hour: predicted fraction per hour, weighted by open interest (equally when nobody
    tells it), + = longs pay. basis_bps: mean price of perpetuals over that of spot. liquidated_*:
    dollars of forced buys (shorts closed) and forced sells. absence: (n, members) `Absence`.
    """

    asset: str
    members: tuple[str, ...]
    time_ns: NDArray[np.int64]
    absence: NDArray[np.int8]
    price: Floats
    returns: Floats
    total: MinuteFlow
    spot: MinuteFlow
    perp: MinuteFlow
    linear: MinuteFlow
    inverse: MinuteFlow
    venues: dict[str, MinuteFlow]
    open_interest_base: Floats
    open_interest_usd: Floats
    open_interest_change: Floats
    open_interest_by_venue: dict[str, Floats]
    funding_per_hour: Floats
    funding_by_venue: dict[str, Floats]
    basis_bps: Floats
    basis_by_venue: dict[str, Floats]
    liquidated_buy_usd: Floats
    liquidated_sell_usd: Floats

    def __len__(self) -> int:
        return len(self.time_ns)

    @property
    def excluded(self) -> dict[str, Absence]:
        """Members that do not count in the last minute, and why."""
        if not len(self):
            return {}
        last = zip(self.members, self.absence[-1].tolist(), strict=True)
        return {name: Absence(reason) for name, reason in last if reason}

    @property
    def steps(self) -> NDArray[np.int64]:
        """Log price in units of 1e-12, from the first minute on: the sum of `returns`.

        Free of jumps by who counts. Only differences mean anything, and they are the same whichever
        minutes were asked for; a minute without a return adds none."""
        steps: NDArray[np.int64] = np.cumsum(
            np.rint(np.nan_to_num(self.returns) / STEP).astype(np.int64)
        )
        return steps

    @property
    def open_interest_path(self) -> Floats:
        """Open interest of the last minute that tells it, carried back by `open_interest_change`.

        Base coins, free of jumps by who counts and by the price; NaN where the sum is."""
        is_known = np.isfinite(self.open_interest_base)
        if not is_known.any():
            return np.full(len(self), np.nan)
        last = int(np.flatnonzero(is_known)[-1])
        opened = np.cumsum(np.nan_to_num(self.open_interest_change))
        path = self.open_interest_base[last] + opened - opened[last]
        return np.where(is_known, path, np.nan)

    @property
    def path(self) -> Floats:
        """Price of the last minute carried back by `returns`; NaN where the price is."""
        is_known = np.isfinite(self.price)
        if not is_known.any():
            return np.full(len(self), np.nan)
        last = int(np.flatnonzero(is_known)[-1])
        steps = self.steps
        path = self.price[last] * np.exp((steps - steps[last]) * STEP)
        return np.where(is_known, path, np.nan)


_COLUMNS = tuple(name for name in MemberMinutes.__struct_fields__ if name != "absence")


class _Board(msgspec.Struct, frozen=True, eq=False):
    # Everything as (members, minutes), and what tells members apart. A group of members is the
    # list of their places.
    instruments: tuple[InstrumentFlow, ...]
    columns: dict[str, Floats]
    counts: NDArray[np.bool_]
    weights: Floats
    dollars: list[int]

    def column(self, name: str) -> Floats:
        return self.columns[name]

    def chosen(self, is_wanted: Callable[[InstrumentFlow], bool]) -> list[int]:
        return [place for place, one in enumerate(self.instruments) if is_wanted(one)]

    def in_dollars(self, group: list[int]) -> list[int]:
        return [place for place in group if place in self.dollars]


def asset_series(
    asset: str,
    members: Sequence[InstrumentFlow],
    minutes: int,
    config: FlowConfig,
    *,
    weights: Mapping[str, float] | None = None,
    reference: str | None = None,
) -> AssetSeries:
    """The last closed `minutes` of these members; fewer when fewer are kept.

    weights: factor of each venue in sums, instead of the configured ones; 1 where not named.
    reference: id of the member whose price is taken. Raises `UnknownNameError` for names that are
    not of this asset."""
    if minutes < 1:
        raise CallerError(f"expected at least 1 minute, found {minutes}")
    ahead = 2 + (config.lateness_ns + config.source_timeout_ns) // (MINUTE_S * NS_PER_S)
    kept = max(1, min(config.samples_1m, config.bars_1m) - ahead)  # a member may be ahead so far
    first_s, count = _stretch(members, min(minutes, kept))
    laid = tuple(lay_minutes(one, first_s, count, config.funding_interval_s) for one in members)
    board = _Board(
        instruments=tuple(members),
        columns={name: np.array([getattr(member, name) for member in laid]) for name in _COLUMNS},
        counts=np.zeros((len(laid), count), np.bool_),
        weights=_weights(members, config, weights),
        dollars=[k for k, m in enumerate(members) if m.instrument.quote in config.dollar_quotes],
    )
    absence = np.array([member.absence for member in laid])
    _judge_prices(board, absence, config.out_of_line_bps)
    board = msgspec.structs.replace(board, counts=absence == Absence.PRESENT)
    return _assemble(asset, board, absence, first_s, _place_of(members, reference))


def _stretch(members: Sequence[InstrumentFlow], minutes: int) -> tuple[int, int]:
    # First second and number of the minutes that are settled for everybody and kept by somebody.
    settled = [s for s in map(settled_until_s, members) if s is not None]
    closed = [last_closed_s(one) for one in members]
    end_s = min([max(closed, default=0), *settled])
    begun = [
        max(last_s - one.minutes_kept * MINUTE_S, joined_s(one))
        for one, last_s in zip(members, closed, strict=True)
        if last_s
    ]
    first_s = max(min(begun, default=end_s), end_s - minutes * MINUTE_S)
    return first_s, max(0, (end_s - first_s) // MINUTE_S)


def _weights(
    members: Sequence[InstrumentFlow], config: FlowConfig, weights: Mapping[str, float] | None
) -> Floats:
    venues = [one.instrument.venue for one in members]
    if weights is None:
        weights = dict(config.venue_weights)
    else:
        for name, weight in weights.items():
            if name not in venues:
                hint = did_you_mean(name, venues)
                raise UnknownNameError(f"expected a venue of this asset, found {name!r};{hint}")
            if not 0.0 < weight < np.inf:
                raise CallerError(f"expected a weight above 0 of {name}, found {weight}")
    return np.array([weights.get(venue, 1.0) for venue in venues], np.float64)


def _place_of(members: Sequence[InstrumentFlow], reference: str | None) -> int | None:
    if reference is None:
        return None
    names = [str(one.instrument.instrument_id) for one in members]
    if reference not in names:
        hint = did_you_mean(reference, names)
        raise UnknownNameError(f"expected a member of this asset, found {reference!r};{hint}")
    return names.index(reference)


def _judge_prices(board: _Board, absence: NDArray[np.int8], most_bps: int) -> None:
    # Three or more can tell which one is out of line: it is too far from their median.
    price: Floats = np.full(absence.shape, np.nan)
    for place in board.dollars:
        price[place] = np.where(absence[place] == 0, board.column("price")[place], np.nan)
    judges = np.isfinite(price).sum(axis=0)
    ordered, minutes = np.sort(price, axis=0), np.arange(price.shape[1])  # unknown ones last
    middle = (ordered[(judges - 1) // 2, minutes] + ordered[judges // 2 % len(price), minutes]) / 2
    middle[judges < _LEAST_JUDGES] = np.nan
    distance_bps = np.abs(price / middle - 1.0) * 1e4
    absence[distance_bps > most_bps] = Absence.OUT_OF_LINE


def _added(values: Floats) -> Floats:
    # Sum over the members in the table's order: a library's own order may depend on how many
    # minutes are asked for, and a minute must have the same bits whenever it is read.
    out = np.zeros(values.shape[-1])
    for row in values:
        out += row
    return out


def _total(values: Floats, counts: NDArray[np.bool_], weights: Floats) -> Floats:
    # Weighted sum over the members that count; NaN where none does.
    is_known = counts & np.isfinite(values)
    summed = _added(np.where(is_known, values * weights[:, None], 0.0))
    out: Floats = np.where(is_known.any(axis=0), summed, np.nan)
    return out


def _mean(values: Floats, counts: NDArray[np.bool_], weights: Floats) -> Floats:
    # Mean over the members that count, by (members, n) weights; equally where these are all 0.
    is_known = counts & np.isfinite(values)
    share = np.where(is_known & np.isfinite(weights), weights, 0.0)
    total = _added(share)
    if not np.all(total > 0.0):
        share = np.where(total > 0.0, share, is_known)
        total = _added(share)
    with np.errstate(invalid="ignore"):
        out: Floats = _added(np.where(is_known, values, 0.0) * share) / total
    return out


_TRADED = ("buy_base", "sell_base", "buy_usd", "sell_usd")


class _Traded(msgspec.Struct, frozen=True, eq=False):
    # Of each of _TRADED and each member what it adds, (4, members, minutes), and whether it does.
    added: Floats
    is_known: NDArray[np.bool_]

    def flow(self, board: _Board, group: list[int]) -> MinuteFlow:
        summed = np.zeros((len(_TRADED), self.added.shape[2]))
        is_known = np.zeros(summed.shape, np.bool_)
        counted = np.zeros(summed.shape[1], np.int64)
        for place in group:
            stop = len(_TRADED) if place in board.dollars else 2
            summed[:stop] += self.added[:stop, place]
            is_known[:stop] |= self.is_known[:stop, place]
            counted += board.counts[place]
        buy_base, sell_base, buy_usd, sell_usd = np.where(is_known, summed, np.nan)
        return MinuteFlow(buy_base, sell_base, buy_usd, sell_usd, counted)


def _traded(board: _Board) -> _Traded:
    values = np.array([board.column(name) for name in _TRADED])
    is_known = board.counts & np.isfinite(values)
    return _Traded(np.where(is_known, values * board.weights[:, None], 0.0), is_known)


def _flows_by_kind(board: _Board, traded: _Traded) -> dict[str, MinuteFlow]:
    kinds = [one.instrument.kind for one in board.instruments]

    def flow(*wanted: MarketKind) -> MinuteFlow:
        return traded.flow(board, [place for place, kind in enumerate(kinds) if kind in wanted])

    return {
        "total": flow(*MarketKind),
        "spot": flow(MarketKind.SPOT),
        "perp": flow(*(kind for kind in MarketKind if kind is not MarketKind.SPOT)),
        "linear": flow(MarketKind.LINEAR),
        "inverse": flow(MarketKind.INVERSE),
    }


def _levels(board: _Board, reference: int | None) -> dict[str, Floats]:
    judges = board.dollars if reference is None else [reference]
    price, counts = board.column("price")[judges], board.counts[judges]
    volume = board.column("buy_usd") + board.column("sell_usd")
    volume = volume[judges] * board.weights[judges, None]
    level = _mean(price, counts, volume)
    names = ("open_interest_base", "open_interest_usd", "liquidated_buy_usd", "liquidated_sell_usd")
    return {
        "price": level,
        "returns": _returns(price, counts, volume, level),
        "open_interest_change": _change(board),
        **{name: _total(board.column(name), board.counts, board.weights) for name in names},
    }


def _returns(price: Floats, counts: NDArray[np.bool_], volume: Floats, level: Floats) -> Floats:
    # Where nobody counts in both minutes the last known level stands in for the minute before.
    out = np.full(len(level), np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(price)
    out[1:] = _mean(np.diff(logs, axis=1), counts[:, 1:] & counts[:, :-1], volume[:, 1:])
    known = np.flatnonzero(np.isfinite(level))
    bridged = known[1:][~np.isfinite(out[known[1:]])]
    before = known[np.searchsorted(known, bridged) - 1]
    out[bridged] = np.log(level[bridged] / level[before])
    return out


def _change(board: _Board) -> Floats:
    counts = board.counts.copy()
    counts[:, 1:] &= board.counts[:, :-1]
    counts[:, :1] = False
    return _total(board.column("open_interest_change"), counts, board.weights)


def _held(board: _Board, group: list[int]) -> Floats:
    held = board.column("open_interest_usd")[group]
    return _total(held, board.counts[group], np.ones(len(group)))


def _funding(board: _Board, group: list[int]) -> Floats:
    held = board.column("open_interest_usd")[group] * board.weights[group, None]
    return _mean(board.column("funding_per_hour")[group], board.counts[group], held)


def _basis(board: _Board, group: list[int]) -> Floats:
    def mean(wanted: list[int]) -> Floats:
        price = board.column("price")[wanted]
        return _mean(price, board.counts[wanted], np.ones_like(price))

    group = board.in_dollars(group)
    spots = board.chosen(lambda one: one.instrument.kind is MarketKind.SPOT)
    spot = [place for place in group if place in spots]
    perp = [place for place in group if place not in spots]
    if not spot or not perp:
        return np.full(board.counts.shape[1], np.nan)
    return (mean(perp) / mean(spot) - 1.0) * 1e4


def _assemble(
    asset: str, board: _Board, absence: NDArray[np.int8], first_s: int, reference: int | None
) -> AssetSeries:
    ends_s = first_s + MINUTE_S * np.arange(1, absence.shape[1] + 1, dtype=np.int64)
    groups: dict[str, list[int]] = {}
    for place, one in enumerate(board.instruments):
        groups.setdefault(one.instrument.venue, []).append(place)
    traded = _traded(board)
    flows, levels = _flows_by_kind(board, traded), _levels(board, reference)
    everyone = list(range(len(board.instruments)))
    return AssetSeries(
        asset=asset,
        members=tuple(str(one.instrument.instrument_id) for one in board.instruments),
        time_ns=ends_s * NS_PER_S,
        absence=np.ascontiguousarray(absence.T),
        venues={name: traded.flow(board, group) for name, group in groups.items()},
        open_interest_by_venue={name: _held(board, group) for name, group in groups.items()},
        funding_per_hour=_funding(board, everyone),
        funding_by_venue={name: _funding(board, group) for name, group in groups.items()},
        basis_bps=_basis(board, everyone),
        basis_by_venue={name: _basis(board, group) for name, group in groups.items()},
        total=flows["total"],
        spot=flows["spot"],
        perp=flows["perp"],
        linear=flows["linear"],
        inverse=flows["inverse"],
        price=levels["price"],
        returns=levels["returns"],
        open_interest_base=levels["open_interest_base"],
        open_interest_usd=levels["open_interest_usd"],
        open_interest_change=levels["open_interest_change"],
        liquidated_buy_usd=levels["liquidated_buy_usd"],
        liquidated_sell_usd=levels["liquidated_sell_usd"],
    )
