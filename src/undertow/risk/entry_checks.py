"""The checks an entry must pass before it is sized: state, permission, stop, price, counts."""

from collections.abc import Iterator
from math import isnan

import msgspec

from undertow.domain.account import AccountView, MarketFacts
from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.intent import Check, Intent
from undertow.domain.order import Limit, Purpose
from undertow.domain.side import Side
from undertow.ledger.inverse_liquidation import inverse_liquidation_price
from undertow.ledger.liquidation_distance import is_stop_inside
from undertow.ledger.liquidation_price import isolated_liquidation_price
from undertow.ledger.margin_tiers import MarginTiers
from undertow.risk.limits import RiskLimits
from undertow.risk.refusal import RefusalCode
from undertow.risk.stake import Sizing
from undertow.risk.stop_loss import PPM


class EntryCase(msgspec.Struct, frozen=True):
    """Everything the checks of one entry look at."""

    intent: Intent
    instrument: Instrument
    account: AccountView
    market: MarketFacts
    limits: RiskLimits

    @property
    def leverage(self) -> int:
        """Notional over margin of the entry."""
        if not self.instrument.is_perp:
            return 1
        return min(self.limits.max_leverage, self.instrument.max_leverage)


CodedCheck = tuple[RefusalCode, Check]


def entry_checks(case: EntryCase) -> Iterator[CodedCheck]:
    """Yield each check with the code it refuses with, in the order they are judged."""
    yield from _permission(case)
    yield from _stop(case)
    yield from _price(case)
    yield from _counts(case)


def _permission(case: EntryCase) -> Iterator[CodedCheck]:
    intent, account, limits = case.intent, case.account, case.limits
    blocked = intent.instrument_id in account.blocked
    yield RefusalCode.OUTCOME_UNKNOWN, _flag("outcome_known", holds=not blocked)
    yield RefusalCode.UNHEALTHY_DATA, _flag("data_healthy", holds=case.market.is_healthy)
    listed = not limits.whitelist or intent.instrument_id in limits.whitelist
    allowed = listed and intent.instrument_id not in limits.blacklist
    yield RefusalCode.NOT_ALLOWED, _flag("on_the_lists", holds=allowed)
    can_sell = case.instrument.is_perp or intent.side is Side.BUY
    yield RefusalCode.NO_SHORT_ON_SPOT, _flag("can_short", holds=can_sell)


def _stop(case: EntryCase) -> Iterator[CodedCheck]:
    intent, limits = case.intent, case.limits
    if limits.is_research and not intent.stop_ticks and limits.stake.sizing is not Sizing.RISK:
        return
    yield RefusalCode.STOP_MISSING, _flag("stop_present", holds=intent.stop_ticks > 0)
    distance = intent.side * (intent.reference_ticks - intent.stop_ticks)
    yield (
        RefusalCode.STOP_WRONG_SIDE,
        Check("stop_side", distance > 0, float(distance), 0.0, "ticks from entry to stop"),
    )
    share = distance * PPM / max(1, intent.reference_ticks)
    widest = case.limits.max_stop_ppm
    yield (
        RefusalCode.STOP_TOO_FAR,
        Check("stop_distance", share <= widest, share, float(widest), "ppm of the entry price"),
    )
    yield from _liquidation(case)


def _liquidation(case: EntryCase) -> Iterator[CodedCheck]:
    # A stop behind the liquidation price of the entry's own margin would never be met.
    intent, leverage = case.intent, case.leverage
    if leverage == 1 or not intent.stop_ticks or intent.reference_ticks < 1:
        return
    entry, rate = float(intent.reference_ticks), case.limits.maintenance_ppm / PPM
    if case.instrument.kind is MarketKind.INVERSE:
        margin = 1 / entry / leverage
        price = inverse_liquidation_price(intent.side, 1.0, entry, margin, rate)
    else:
        tiers = MarginTiers.flat(rate)
        price = isolated_liquidation_price(intent.side, 1.0, entry, entry / leverage, tiers)
    holds = is_stop_inside(intent.side, float(intent.stop_ticks), price)
    yield (
        RefusalCode.STOP_BEYOND_LIQUIDATION,
        Check(
            "stop_inside_liquidation",
            holds,
            float(intent.stop_ticks),
            0.0 if isnan(price) else price,
            "ticks, stop against liquidation price",
        ),
    )


def _price(case: EntryCase) -> Iterator[CodedCheck]:
    last = case.market.last_ticks
    terms = case.intent.terms
    asked = terms.price_ticks if isinstance(terms, Limit) else case.intent.reference_ticks
    band = case.limits.price_band_ppm
    off = abs(asked - last) * PPM / last if last > 0 else float("inf")
    yield (
        RefusalCode.PRICE_BAND,
        Check("price_band", off <= band, off, float(band), "ppm from the last trade"),
    )


def _counts(case: EntryCase) -> Iterator[CodedCheck]:
    intent, account, limits = case.intent, case.account, case.limits
    entries = [order for order in account.working if order.purpose is Purpose.ENTRY]
    same = sum(
        1
        for order in entries
        if order.instrument_id == intent.instrument_id
        and order.strategy == intent.strategy
        and order.side == intent.side
    )
    yield RefusalCode.DUPLICATE, Check("no_twin_order", same == 0, float(same), 0.0)
    held = {(p.strategy, p.instrument_id) for p in account.positions}
    held |= {(order.strategy, order.instrument_id) for order in entries}
    held.add((intent.strategy, intent.instrument_id))
    most = limits.max_positions
    yield (
        RefusalCode.MAX_POSITIONS,
        Check("open_positions", most == 0 or len(held) <= most, float(len(held)), float(most)),
    )
    trades = account.trades_today
    cap = limits.max_trades_per_day
    yield (
        RefusalCode.MAX_TRADES,
        Check("trades_today", cap == 0 or trades < cap, float(trades), float(cap)),
    )


def _flag(name: str, *, holds: bool) -> Check:
    return Check(name, holds, float(holds), 1.0)
