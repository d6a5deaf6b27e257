from decimal import Decimal

from undertow.domain.fixed import Step
from undertow.domain.instrument import FeeSchedule, Instrument, MarketKind
from undertow.domain.money import Money
from undertow.domain.side import Side
from undertow.risk.refusal import RefusalCode
from undertow.risk.sizing import (
    SizeCap,
    exact,
    loss_per_lot,
    lots_for_money,
    notional_per_lot,
    share,
    tightest,
)

LINEAR = Instrument(
    "X/USDT:USDT", "v", "X", MarketKind.LINEAR, "X", "USDT", "USDT", Step.of("0.1"),
    Step.of("0.1"), fees=FeeSchedule(0, 1_000),
)  # fmt: skip


def test_loss_per_lot_is_move_plus_both_fees() -> None:
    # 0.1 X from 100 to 99: 0.1 lost, fees 0.1 % of 10 and of 9.9.
    loss = loss_per_lot(LINEAR, Side.BUY, 1_000, 990, 1.0)
    assert loss == Decimal("0.1") + Decimal("0.0199")
    short = loss_per_lot(LINEAR, Side.SELL, 1_000, 1_010, 2.0)
    assert short == (Decimal("0.1") + Decimal("0.0201")) * 2


def test_quantity_is_floored_exactly() -> None:
    assert lots_for_money(Money.of("0.3", "USDT"), Decimal("0.1")) == 3
    assert lots_for_money(Money.of("0.29999", "USDT"), Decimal("0.1")) == 2
    assert lots_for_money(Money.of("-1", "USDT"), Decimal("0.1")) == 0
    assert lots_for_money(Money.of("1", "USDT"), Decimal(0)) == 0


def test_leverage_does_not_change_the_loss() -> None:
    # D-41: 10,000 at 2 % over a 0.5 % stop is 40,000 of notional whatever the leverage.
    free = Instrument(
        **{f: getattr(LINEAR, f) for f in LINEAR.__struct_fields__} | {"fees": FeeSchedule(0, 0)}
    )
    lots = lots_for_money(Money.of("200", "USDT"), loss_per_lot(free, Side.BUY, 1_000, 995, 1.0))
    assert free.notional(1_000, lots) == Money.of("40000", "USDT")


def test_small_parts() -> None:
    assert exact(1.1) == Decimal("1.1")
    assert share(Money.of("50", "USDT"), 20_000) == Money.of("1", "USDT")
    assert notional_per_lot(LINEAR, 1_000, 0.5) == Decimal("5.0")
    first = SizeCap(RefusalCode.HEAT_LIMIT, 3)
    assert (
        tightest([SizeCap(RefusalCode.ASSET_LIMIT, 5), first, SizeCap(RefusalCode.COOLDOWN, 3)])
        is first
    )
