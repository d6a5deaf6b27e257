"""Free money, margin in use and liquidation slack, with the published examples."""

from typing import Any

import pytest

from undertow.domain.fixed import Step
from undertow.domain.instrument import FeeSchedule, Instrument, MarketKind
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.market_event import MarkPrice
from undertow.domain.money import MONEY_UNIT
from undertow.domain.order import Limit, Liquidity
from undertow.domain.side import Side
from undertow.simulator.exchange_config import MarginMode
from undertow.simulator.maintenance import MaintenanceTier

LINEAR, INVERSE = 1, 2
FREE = FeeSchedule(0, 0)


def mark(index: int, price: str) -> MarkPrice:
    return MarkPrice(index, 0, 1, 1, round(float(price) * 1e8), 0, 0, 0)


def money(amount: int) -> float:
    return amount / MONEY_UNIT


def perp(symbol: str, kind: MarketKind = MarketKind.LINEAR, **more: Any) -> Instrument:
    given = {"fees": FREE, "max_leverage": 10, **more}
    settle = "USDT" if kind is MarketKind.LINEAR else "BTC"
    return Instrument(
        symbol, "aster", symbol, kind, symbol, "USDT", settle, Step.of("0.01"), Step.of("0.001"),
        **given,
    )  # fmt: skip


def test_margin_in_use_and_free_money(make_desk: Any, new_order: Any) -> None:
    desk = make_desk("1000 USDT")
    desk.see(mark(LINEAR, "100"))
    desk.account.fill(LINEAR, Side.BUY, 100, 10, Liquidity.MAKER)
    assert money(desk.margin.required(LINEAR)) == 100
    # A resting sell of 15 could leave 5 short: less than the 10 long already paid for.
    desk.rest(new_order("a", Side.SELL, 15, Limit(110)))
    assert money(desk.margin.required(LINEAR)) == 100
    desk.rest(new_order("b", Side.BUY, 4, Limit(90)))
    assert money(desk.margin.required(LINEAR)) == 140
    assert money(desk.margin.required(LINEAR, Side.SELL, 10)) == 150
    assert money(desk.margin.free("USDT")) == pytest.approx(1000 - 0.2 - 140)


def test_losses_count_profits_do_not(make_desk: Any) -> None:
    desk = make_desk("1000 USDT")
    desk.account.fill(LINEAR, Side.SELL, 100, 10, Liquidity.MAKER)
    desk.see(mark(LINEAR, "110"))
    assert money(desk.margin.profit(LINEAR)) == -100
    assert money(desk.margin.equity("USDT")) == pytest.approx(899.8)
    assert money(desk.margin.free("USDT")) == pytest.approx(999.8 - 100 - 110)
    desk.see(mark(LINEAR, "90"))
    assert money(desk.margin.free("USDT")) == pytest.approx(999.8 - 90)


def test_reduce_only_and_triggers_need_no_margin(make_desk: Any, new_order: Any) -> None:
    desk = make_desk("1000 USDT")
    desk.see(mark(LINEAR, "100"))
    desk.rest(new_order("a", Side.SELL, 15, Limit(110), reduce=True))
    assert desk.margin.required(LINEAR) == 0


def test_isolated_margin_is_fixed_at_the_entry(make_desk: Any) -> None:
    desk = make_desk("1000 USDT", margin_mode=MarginMode.ISOLATED, leverage=5)
    desk.account.fill(LINEAR, Side.BUY, 100, 10, Liquidity.MAKER)
    desk.see(mark(LINEAR, "90"))
    assert money(desk.margin.required(LINEAR)) == 200
    assert money(desk.margin.free("USDT")) == pytest.approx(799.8)
    assert money(desk.margin.slack(LINEAR)) == pytest.approx(200 - 100 - 4.5)


def test_binance_official_example(make_desk: Any) -> None:
    # Binance FAQ b3c689c1f50a44cabb3a84e663b81d93: wallet 1,535,443.01, ETH long liquidated at
    # 1,153.26 while a BTC long stands at 31,967.27.
    table = InstrumentTable([perp("ETH", max_leverage=125), perp("BTC", max_leverage=125)])
    tiers = {
        "ETH": (MaintenanceTier("0", 50_000), MaintenanceTier("2707300", 100_000)),
        "BTC": (MaintenanceTier("0", 5_000), MaintenanceTier("815000", 25_000)),
    }
    desk = make_desk("1535443.01 USDT", table=table, maintenance_of=tiers)
    desk.account.fill(0, Side.BUY, 145_684, 3_683_979, Liquidity.MAKER)
    desk.account.fill(1, Side.BUY, 3_248_198, 109_488, Liquidity.MAKER)
    desk.see(mark(1, "31967.27"), mark(0, "1335.18"))
    assert money(desk.margin.maintenance(1)) == pytest.approx(71_200.81144)
    assert money(desk.margin.profit(1)) == pytest.approx(-56_354.57, abs=0.01)
    desk.see(mark(0, "1153.27"))
    assert desk.margin.slack(0) > 0
    desk.see(mark(0, "1153.25"))
    assert desk.margin.slack(0) < 0


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize("leverage", [2, 10, 25])
def test_isolated_linear_formula(make_desk: Any, side: Side, leverage: int) -> None:
    # Long P = e (1 - 1/L) / (1 - MMR), short P = e (1 + 1/L) / (1 + MMR).
    table = InstrumentTable([perp("BTC", max_leverage=100)])
    config = {"margin_mode": MarginMode.ISOLATED, "leverage": leverage}
    desk = make_desk("100000 USDT", table=table, **config)
    desk.account.fill(0, side, 5_000_000, 1_000, Liquidity.MAKER)
    price = 50_000 * (1 - side / leverage) / (1 - side * 0.005)
    desk.see(mark(0, str(price + side * 0.001)))
    assert desk.margin.slack(0) > 0
    desk.see(mark(0, str(price - side * 0.001)))
    assert desk.margin.slack(0) < 0


@pytest.mark.parametrize("side", list(Side))
def test_isolated_inverse_formula(make_desk: Any, side: Side) -> None:
    # Bybit help centre example, mark based: 60,000 USD at 50,000, 10x, MMR 0.5 %:
    # long LP = size (1 + MMR) / (PV + PV / L), short LP = size (1 - MMR) / (PV - PV / L).
    one = InstrumentTable([perp("BTC", MarketKind.INVERSE, contract_size=Step(1000, 0))])
    desk = make_desk("10 BTC", table=one, margin_mode=MarginMode.ISOLATED)
    desk.account.fill(0, side, 5_000_000, 60_000, Liquidity.MAKER)
    value = 60_000 / 50_000
    price = 60_000 * (1 + side * 0.005) / (value + side * value / 10)
    desk.see(mark(0, str(price + side * 0.001)))
    assert desk.margin.slack(0) > 0
    desk.see(mark(0, str(price - side * 0.001)))
    assert desk.margin.slack(0) < 0


@pytest.mark.parametrize("mode", list(MarginMode))
@pytest.mark.parametrize("side", list(Side))
def test_inside_the_guards_nothing_is_liquidated(
    make_desk: Any, mode: MarginMode, side: Side
) -> None:
    symbols = InstrumentTable([perp("BTC"), perp("ETH")])
    desk = make_desk("13000 USDT", table=symbols, margin_mode=mode)
    desk.account.fill(0, side, 5_000_000, 1_000, Liquidity.MAKER)
    desk.account.fill(1, side, 200_000, 10_000, Liquidity.MAKER)
    desk.see(mark(0, "50000"), mark(1, "2000"))
    desk.margin.guard("USDT")
    bound = "guard_low_e8" if side is Side.BUY else "guard_high_e8"
    guards = [int(guard) for guard in desk.markets._markets[bound]]
    for index, guard in enumerate(guards):
        desk.see(mark(index, str((guard + side) / 1e8)))
    assert all(desk.margin.slack(index) > 0 for index in (0, 1))
    assert all(
        abs(guard / 1e8 - price) > 1 for guard, price in zip(guards, (50_000, 2_000), strict=True)
    )


def test_nothing_known_nothing_owed(make_desk: Any) -> None:
    desk = make_desk("1000 USDT")
    assert desk.margin.profit(LINEAR) == 0
    assert desk.margin.required(LINEAR) == 0
    assert desk.planner.market(LINEAR, Side.BUY, 1).takes == ()
