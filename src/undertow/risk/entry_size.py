"""The quantity of an approved entry: risk at the stop, then every cap, each kept as a check."""

from decimal import ROUND_CEILING, Decimal

import msgspec

from undertow.domain.account import AccountView
from undertow.domain.intent import Check
from undertow.domain.money import Money
from undertow.domain.order import Limit, Purpose
from undertow.risk.entry_checks import EntryCase
from undertow.risk.refusal import RefusalCode
from undertow.risk.sizing import (
    SizeCap,
    loss_per_lot,
    lots_for_money,
    notional_per_lot,
    share,
    tightest,
)
from undertow.risk.stake import Sizing
from undertow.risk.stop_loss import PPM


class EntrySize(msgspec.Struct, frozen=True):
    """The quantity, the cap that set it, and all caps as checks; `lots` 0 means refused."""

    lots: int
    code: RefusalCode
    reason: str
    checks: tuple[Check, ...]


def size_entry(case: EntryCase, exposures: dict[str, Money], size_ppm: int) -> EntrySize:
    """Size an entry that passed its checks.

    exposures: notional in use, reporting currency, under "total", "asset" and "heat".
    size_ppm: share of the normal risk (500_000 while a drawdown halves it).
    """
    caps = _caps(case, exposures, size_ppm)
    chosen = tightest(caps)
    checks = tuple(
        Check(
            f"size_{cap.code.value}", cap.lots >= chosen.lots, float(cap.lots), float(chosen.lots)
        )
        for cap in caps
    )
    least = _least_lots(case)
    if chosen.lots < least:
        code = chosen.code if chosen.lots <= 0 else RefusalCode.BELOW_MINIMUM
        words = f"{chosen.code.value} leaves {chosen.lots} lots, the least order is {least}"
        return EntrySize(0, code, words, checks)
    return EntrySize(chosen.lots, chosen.code, chosen.code.value, checks)


def _caps(case: EntryCase, exposures: dict[str, Money], size_ppm: int) -> list[SizeCap]:
    if case.limits.stake.sizing is Sizing.RISK:
        caps = _risk_caps(case, exposures, size_ppm)
    else:
        caps = [SizeCap(RefusalCode.STAKE_LIMIT, _stake_lots(case, size_ppm))]
    if not case.limits.is_research:
        caps += _exposure_caps(case, exposures)
    per_lot = notional_per_lot(case.instrument, case.intent.reference_ticks, case.market.quote_rate)
    caps.append(SizeCap(RefusalCode.INSUFFICIENT_CASH, lots_for_money(_cash_room(case), per_lot)))
    if case.instrument.max_lots:
        caps.append(SizeCap(RefusalCode.POSITION_LIMIT, case.instrument.max_lots))
    if case.intent.qty_lots:
        caps.append(SizeCap(RefusalCode.NOTHING_TO_DO, case.intent.qty_lots))
    return caps


def _risk_caps(case: EntryCase, exposures: dict[str, Money], size_ppm: int) -> list[SizeCap]:
    limits, account, intent = case.limits, case.account, case.intent
    instrument, rate = case.instrument, case.market.settle_rate
    per_lot_loss = loss_per_lot(
        instrument, intent.side, intent.reference_ticks, intent.stop_ticks, rate
    )
    equity = account.equity
    risk = share(share(equity, limits.risk_per_trade_ppm), size_ppm)
    heat = share(equity, limits.max_heat_ppm) - exposures["heat"]
    return [SizeCap(RefusalCode.HEAT_LIMIT, lots_for_money(min(risk, heat), per_lot_loss))]


def _stake_lots(case: EntryCase, size_ppm: int) -> int:
    limits, market = case.limits, case.market
    money = share(limits.stake.money(case.account.equity, limits.max_positions), size_ppm)
    per_lot = notional_per_lot(case.instrument, case.intent.reference_ticks, market.quote_rate)
    return lots_for_money(money.times(case.leverage), per_lot)


def _exposure_caps(case: EntryCase, exposures: dict[str, Money]) -> list[SizeCap]:
    limits, equity = case.limits, case.account.equity
    per_lot = notional_per_lot(case.instrument, case.intent.reference_ticks, case.market.quote_rate)
    rooms = (
        (RefusalCode.POSITION_LIMIT, _position_room(case)),
        (RefusalCode.EXPOSURE_LIMIT, _total_room(case, exposures)),
        (RefusalCode.ASSET_LIMIT, share(equity, limits.max_asset_ppm) - exposures["asset"]),
    )
    return [SizeCap(code, lots_for_money(room, per_lot)) for code, room in rooms]


def _position_room(case: EntryCase) -> Money:
    limit = share(case.account.equity, case.limits.max_position_ppm)
    return _with_absolute(limit, case.limits.max_position_notional)


def _total_room(case: EntryCase, exposures: dict[str, Money]) -> Money:
    limit = share(case.account.equity, case.limits.max_exposure_ppm)
    return _with_absolute(limit, case.limits.max_exposure_notional) - exposures["total"]


def _with_absolute(limit: Money, text: str) -> Money:
    absolute = Money.of(text, limit.currency)
    return min(limit, absolute) if absolute else limit


def _cash_room(case: EntryCase) -> Money:
    nothing = Money.zero(case.account.equity.currency)
    free = case.account.free_cash.get(case.instrument.venue, nothing)
    usable = share(free, case.limits.tradable_ppm)
    leverage = case.leverage
    # Fees of the entry come out of the same cash.
    taker = max(0, case.instrument.fees.taker_ppm)
    return usable.times(leverage * PPM, PPM + leverage * taker)


def _least_lots(case: EntryCase) -> int:
    # The venue values an order at its own price, which for a sale is below the reference.
    instrument, intent = case.instrument, case.intent
    ticks = intent.reference_ticks
    if isinstance(intent.terms, Limit):
        ticks = min(ticks, intent.terms.price_ticks)
    one = instrument.notional(ticks, 1).decimal
    by_value = 0
    if one > 0:
        # Not `//`: a Decimal's floor division goes toward zero.
        shares = Decimal(instrument.min_notional) / one
        by_value = int(shares.to_integral_value(ROUND_CEILING))
    return max(1, instrument.min_lots, by_value)


def exposures_of(account: AccountView, case: EntryCase, assets: dict[str, str]) -> dict[str, Money]:
    """Notional in use: of everything, of the intent's asset, and what open stops would lose.

    assets: instrument id to base coin. Working entries count as if they were filled (D-55).
    """
    zero = Money.zero(account.equity.currency)
    total, asset, heat = zero, zero, zero
    base = case.instrument.base
    for position in account.positions:
        total += position.notional
        asset += position.notional if assets.get(position.instrument_id) == base else zero
        heat += position.heat
    for order in account.working:
        if order.purpose is Purpose.ENTRY:
            total += order.remaining_notional
            if assets.get(order.instrument_id) == base:
                asset += order.remaining_notional
            heat += share(order.remaining_notional, case.limits.max_stop_ppm)
    return {"total": total, "asset": asset, "heat": heat}
