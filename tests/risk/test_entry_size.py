from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from undertow.domain.account import AccountView, MarketFacts, WorkingOrder
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.intent import Intent
from undertow.domain.money import Money
from undertow.domain.order import Limit, TimeInForce
from undertow.domain.side import Side
from undertow.risk.entry_checks import EntryCase
from undertow.risk.entry_size import EntrySize, exposures_of, size_entry
from undertow.risk.limits import RiskLimits
from undertow.risk.stake import Stake

replace = msgspec.structs.replace
WIDE = RiskLimits(
    max_position_ppm=10_000_000, max_exposure_ppm=10_000_000, max_asset_ppm=10_000_000
)


def _size(case: EntryCase, ppm: int = 1_000_000) -> EntrySize:
    assets = {str(case.intent.instrument_id): case.instrument.base}
    return size_entry(case, exposures_of(case.account, case, assets), ppm)


@pytest.fixture
def case(
    entry: Intent, table: InstrumentTable, account: AccountView, market: MarketFacts
) -> EntryCase:
    return EntryCase(entry, table[0], account, market, WIDE)


def test_risk_at_the_stop_sets_the_size(case: EntryCase) -> None:
    # 1 % of 10,000 over 200 of move and 2 x 0.05 % of fees: 100 / (0.2 + 0.0499) lots of 0.001.
    size = _size(case)
    assert size.lots == 400
    assert size.reason == "heat_limit"


def test_half_size_after_a_drawdown(case: EntryCase) -> None:
    assert _size(case, 500_000).lots == 200


@pytest.mark.parametrize(
    ("limits", "code", "lots"),
    [
        (RiskLimits(), "position_limit", 50),
        (RiskLimits(max_position_notional="100"), "position_limit", 2),
        (RiskLimits(max_exposure_ppm=100_000), "exposure_limit", 20),
        (RiskLimits(max_exposure_notional="200"), "exposure_limit", 4),
        (RiskLimits(max_asset_ppm=50_000), "asset_limit", 10),
        (RiskLimits(tradable_ppm=10_000), "insufficient_cash", 5),
        (RiskLimits(max_heat_ppm=100), "heat_limit", 4),
    ],
)
def test_the_tightest_cap_wins_and_is_named(
    case: EntryCase, limits: RiskLimits, code: str, lots: int
) -> None:
    size = _size(replace(case, limits=limits))
    assert (size.code.value, size.lots) == (code, lots)


def test_too_little_is_refused_with_the_reason(case: EntryCase) -> None:
    poor = replace(case.account, free_cash={})
    refused = _size(replace(case, account=poor))
    assert (refused.lots, refused.code.value) == (0, "insufficient_cash")
    dust = _size(replace(case, limits=RiskLimits(max_position_notional="4")))
    assert (dust.lots, dust.code.value) == (0, "position_limit")
    tick = replace(case.instrument, min_lots=3)
    small = _size(replace(case, instrument=tick, limits=RiskLimits(max_position_notional="100")))
    assert (small.lots, small.code.value) == (0, "below_minimum")


@pytest.mark.parametrize(
    ("least", "cap", "lots"),
    [("70", "100", 2), ("50", "50", 1), ("100.1", "110", 0), ("100", "100", 2)],
)
def test_the_least_value_is_rounded_up_to_whole_lots(
    case: EntryCase, least: str, cap: str, lots: int
) -> None:
    # One lot is worth 50; a least value of 70 needs two of them.
    dear = replace(case.instrument, min_notional=least)
    limits = RiskLimits(max_position_notional=cap)
    assert _size(replace(case, instrument=dear, limits=limits)).lots == lots


def test_a_sale_is_valued_at_its_own_lower_price(case: EntryCase) -> None:
    short = replace(
        case.intent, side=Side.SELL, stop_ticks=502_000, terms=Limit(499_000, TimeInForce.IOC)
    )
    dear = replace(case.instrument, min_notional="100")
    limits = RiskLimits(max_position_notional="100")
    assert _size(replace(case, intent=short, instrument=dear, limits=limits)).lots == 0


def test_open_positions_and_working_entries_use_room(
    case: EntryCase, position: Any, working: WorkingOrder
) -> None:
    account = replace(case.account, positions=(position(),), working=(working,))
    assets = {str(case.intent.instrument_id): "BTC"}
    exposures = exposures_of(account, case, assets)
    assert exposures["total"] == exposures["asset"] == Money.of("2000", "USDT")
    assert exposures["heat"] == Money.of("9", "USDT")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(490_000, 499_999), st.integers(1, 10**6))
def test_the_loss_at_the_stop_never_exceeds_the_risk(
    case: EntryCase, stop: int, equity: int
) -> None:
    money = Money.of(str(equity), "USDT")
    account = replace(case.account, equity=money, free_cash={"aster": money})
    size = _size(replace(case, account=account, intent=replace(case.intent, stop_ticks=stop)))
    loss = case.instrument.notional(500_000 - stop, size.lots)
    assert loss <= money.times(10_000, 1_000_000)


def test_a_stake_sets_the_size_whatever_the_stop(case: EntryCase) -> None:
    # 500 of own money at 3x over 50,000 a coin: 0.03 coins are 30 lots.
    limits = replace(WIDE, stake=Stake.read("500"), max_leverage=3)
    size = _size(replace(case, limits=limits))
    assert (size.lots, size.reason) == (30, "stake_limit")


def test_unlimited_is_a_share_of_equity_for_each_position(case: EntryCase) -> None:
    limits = replace(WIDE, stake=Stake.read("unlimited", 0.5), max_positions=2, max_leverage=1)
    assert _size(replace(case, limits=limits)).lots == 2_500 // 50


def test_research_is_bound_by_stake_and_cash_alone(case: EntryCase) -> None:
    limits = RiskLimits(
        stake=Stake.read("unlimited"), max_leverage=1, max_positions=1, tradable_ppm=1_000_000
    )
    bound = _size(replace(case, limits=limits))
    free = _size(replace(case, limits=replace(limits, is_research=True)))
    assert bound.reason == "position_limit"
    assert (free.lots, free.reason) == (199, "insufficient_cash")  # fees come out of it
