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
    # Everything as (minutes, members), and what tells members apart.
    instruments: tuple[InstrumentFlow, ...]
    columns: dict[str, Floats]
    counts: NDArray[np.bool_]
    weights: Floats
    is_dollar: NDArray[np.bool_]

    def column(self, name: str) -> Floats:
        return self.columns[name]

    def chosen(self, is_wanted: Callable[[InstrumentFlow], bool]) -> NDArray[np.bool_]:
        return np.array([is_wanted(one) for one in self.instruments], np.bool_)


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
        columns={
            name: np.column_stack([getattr(member, name) for member in laid]) for name in _COLUMNS
        },
        counts=np.zeros((count, len(laid)), np.bool_),
        weights=_weights(members, config, weights),
        is_dollar=np.array([one.instrument.quote in config.dollar_quotes for one in members]),
    )
    absence = np.column_stack([member.absence for member in laid])
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
    price = np.where((absence == 0) & board.is_dollar, board.column("price"), np.nan)
    has_judges = np.isfinite(price).sum(axis=1) >= _LEAST_JUDGES
    middle = np.full(len(price), np.nan)
    if has_judges.any():
        middle[has_judges] = np.nanmedian(price[has_judges], axis=1)
    distance_bps = np.abs(price / middle[:, None] - 1.0) * 1e4
    absence[distance_bps > most_bps] = Absence.OUT_OF_LINE


def _added(values: Floats) -> Floats:
    # Sum over the members in the table's order: a library's own order may depend on how many
    # minutes are asked for, and a minute must have the same bits whenever it is read.
    out = np.zeros(len(values))
    for column in values.T:
        out += column
    return out


def _total(values: Floats, counts: NDArray[np.bool_], weights: Floats) -> Floats:
    # Weighted sum over the members that count; NaN where none does.
    is_known = counts & np.isfinite(values)
    summed = _added(np.where(is_known, values * weights, 0.0))
    out: Floats = np.where(is_known.any(axis=1), summed, np.nan)
    return out


def _mean(values: Floats, counts: NDArray[np.bool_], weights: Floats) -> Floats:
    # Mean over the members that count, by (n, members) weights; equally where these are all 0.
    is_known = counts & np.isfinite(values)
    share = np.where(is_known, np.nan_to_num(weights), 0.0)
    share = np.where(_added(share)[:, None] > 0.0, share, is_known)
    with np.errstate(invalid="ignore"):
        out: Floats = _added(np.where(is_known, values, 0.0) * share) / _added(share)
    return out


def _flow(board: _Board, is_wanted: NDArray[np.bool_]) -> MinuteFlow:
    counts = board.counts & is_wanted
    dollars = counts & board.is_dollar
    return MinuteFlow(
        buy_base=_total(board.column("buy_base"), counts, board.weights),
        sell_base=_total(board.column("sell_base"), counts, board.weights),
        buy_usd=_total(board.column("buy_usd"), dollars, board.weights),
        sell_usd=_total(board.column("sell_usd"), dollars, board.weights),
        members=counts.sum(axis=1),
    )


def _flows_by_kind(board: _Board) -> dict[str, MinuteFlow]:
    def kind(wanted: MarketKind) -> NDArray[np.bool_]:
        return board.chosen(lambda one: one.instrument.kind is wanted)

    return {
        "total": _flow(board, np.ones(len(board.instruments), np.bool_)),
        "spot": _flow(board, kind(MarketKind.SPOT)),
        "perp": _flow(board, ~kind(MarketKind.SPOT)),
        "linear": _flow(board, kind(MarketKind.LINEAR)),
        "inverse": _flow(board, kind(MarketKind.INVERSE)),
    }


def _levels(board: _Board, reference: int | None) -> dict[str, Floats]:
    price, counts = board.column("price"), board.counts & board.is_dollar
    if reference is not None:
        counts = board.counts & (np.arange(board.counts.shape[1]) == reference)
    volume = (board.column("buy_usd") + board.column("sell_usd")) * board.weights
    level = _mean(price, counts, volume)
    held = board.column("open_interest_base")
    return {
        "price": level,
        "returns": _returns(price, counts, volume, level),
        "open_interest_base": _total(held, board.counts, board.weights),
        "open_interest_usd": _total(board.column("open_interest_usd"), board.counts, board.weights),
        "open_interest_change": _change(board),
        "liquidated_buy_usd": _total(
            board.column("liquidated_buy_usd"), board.counts, board.weights
        ),
        "liquidated_sell_usd": _total(
            board.column("liquidated_sell_usd"), board.counts, board.weights
        ),
    }


def _returns(price: Floats, counts: NDArray[np.bool_], volume: Floats, level: Floats) -> Floats:
    # Where nobody counts in both minutes the last known level stands in for the minute before.
    out = np.full(len(price), np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(price)
    out[1:] = _mean(np.diff(logs, axis=0), counts[1:] & counts[:-1], volume[1:])
    known = np.flatnonzero(np.isfinite(level))
    bridged = known[1:][~np.isfinite(out[known[1:]])]
    before = known[np.searchsorted(known, bridged) - 1]
    out[bridged] = np.log(level[bridged] / level[before])
    return out


def _change(board: _Board) -> Floats:
    counts = board.counts.copy()
    counts[1:] &= board.counts[:-1]
    counts[:1] = False
    return _total(board.column("open_interest_change"), counts, board.weights)


def _funding(board: _Board, is_wanted: NDArray[np.bool_]) -> Floats:
    held = board.column("open_interest_usd") * board.weights
    return _mean(board.column("funding_per_hour"), board.counts & is_wanted, held)


def _basis(board: _Board, is_wanted: NDArray[np.bool_]) -> Floats:
    price, counts = board.column("price"), board.counts & board.is_dollar & is_wanted
    is_spot = board.chosen(lambda one: one.instrument.kind is MarketKind.SPOT)
    equal = np.ones_like(price)
    spot = _mean(price, counts & is_spot, equal)
    return (_mean(price, counts & ~is_spot, equal) / spot - 1.0) * 1e4


def _assemble(
    asset: str, board: _Board, absence: NDArray[np.int8], first_s: int, reference: int | None
) -> AssetSeries:
    ends_s = first_s + MINUTE_S * np.arange(1, len(absence) + 1, dtype=np.int64)
    names = dict.fromkeys(one.instrument.venue for one in board.instruments)
    held = board.column("open_interest_usd")
    venue_of = np.array([one.instrument.venue for one in board.instruments])
    chosen = {name: venue_of == name for name in names}
    flows, levels = _flows_by_kind(board), _levels(board, reference)
    everyone = np.ones(len(board.instruments), np.bool_)
    return AssetSeries(
        asset=asset,
        members=tuple(str(one.instrument.instrument_id) for one in board.instruments),
        time_ns=ends_s * NS_PER_S,
        absence=absence,
        venues={name: _flow(board, mask) for name, mask in chosen.items()},
        open_interest_by_venue={
            name: _total(held, board.counts & mask, np.ones(len(everyone)))
            for name, mask in chosen.items()
        },
        funding_per_hour=_funding(board, everyone),
        funding_by_venue={name: _funding(board, mask) for name, mask in chosen.items()},
        basis_bps=_basis(board, everyone),
        basis_by_venue={name: _basis(board, mask) for name, mask in chosen.items()},
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
