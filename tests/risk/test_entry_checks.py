from typing import Any

import msgspec
import pytest

from undertow.domain.account import AccountView, MarketFacts, WorkingOrder
from undertow.domain.identity import InstrumentId
from undertow.domain.instrument import MarketKind
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.intent import Intent
from undertow.domain.order import Limit
from undertow.domain.side import Side
from undertow.risk.entry_checks import EntryCase, entry_checks
from undertow.risk.limits import RiskLimits

replace = msgspec.structs.replace


def _first_failure(case: EntryCase) -> str:
    return next((code.value for code, check in entry_checks(case) if not check.passed), "")


@pytest.fixture
def case(
    entry: Intent, table: InstrumentTable, account: AccountView, market: MarketFacts
) -> EntryCase:
    return EntryCase(entry, table[0], account, market, RiskLimits())


def test_a_sound_entry_passes_every_check(case: EntryCase) -> None:
    checks = [check for _, check in entry_checks(case)]
    assert all(check.passed for check in checks)
    assert len(checks) == 12


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"stop_ticks": 0}, "stop_missing"),
        ({"stop_ticks": 500_001}, "stop_wrong_side"),
        ({"stop_ticks": 497_000}, "stop_too_far"),
        ({"terms": Limit(520_000)}, "price_band"),
        ({"side": Side.SELL}, "stop_wrong_side"),
    ],
)
def test_bad_intents_are_named(case: EntryCase, change: dict[str, Any], code: str) -> None:
    assert _first_failure(replace(case, intent=replace(case.intent, **change))) == code


@pytest.mark.parametrize(
    ("kind", "side", "stop", "code"),
    [
        # 20x, maintenance 0.5 %: 500,000 * 0.95 / 0.995 = 477,386.9 and 500,000 * 1.05 / 1.005.
        (MarketKind.LINEAR, Side.BUY, 477_387, ""),
        (MarketKind.LINEAR, Side.BUY, 477_386, "stop_beyond_liquidation"),
        (MarketKind.LINEAR, Side.SELL, 522_388, ""),
        (MarketKind.LINEAR, Side.SELL, 522_389, "stop_beyond_liquidation"),
        # Inverse: 500,000 * 1.005 / 1.05 and 500,000 * 0.995 / 0.95.
        (MarketKind.INVERSE, Side.BUY, 478_572, ""),
        (MarketKind.INVERSE, Side.BUY, 478_571, "stop_beyond_liquidation"),
        (MarketKind.INVERSE, Side.SELL, 523_684, ""),
        (MarketKind.INVERSE, Side.SELL, 523_685, "stop_beyond_liquidation"),
    ],
)
def test_a_stop_is_met_before_the_liquidation(
    case: EntryCase, kind: MarketKind, side: Side, stop: int, code: str
) -> None:
    limits = RiskLimits(is_research=True, max_leverage=20, max_stop_ppm=100_000)
    perp = replace(case.instrument, kind=kind, max_leverage=50)
    intent = replace(case.intent, side=side, stop_ticks=stop, reference_ticks=500_000)
    high = replace(case, instrument=perp, limits=limits, intent=intent)
    assert _first_failure(high) == code
    spot = replace(high, instrument=replace(perp, kind=MarketKind.SPOT))
    assert _first_failure(spot) in {"", "no_short_on_spot"}


def test_market_and_lists(case: EntryCase, table: InstrumentTable) -> None:
    sick = replace(case, market=replace(case.market, is_healthy=False))
    assert _first_failure(sick) == "unhealthy_data"
    silent = replace(case, market=replace(case.market, last_ticks=0))
    assert _first_failure(silent) == "price_band"
    black = replace(case, limits=RiskLimits(blacklist=(case.intent.instrument_id,)))
    assert _first_failure(black) == "not_allowed"
    white = replace(case, limits=RiskLimits(whitelist=("ETH/USDT@aster",)))
    assert _first_failure(white) == "not_allowed"
    short = replace(case.intent, side=Side.SELL, stop_ticks=502_000)
    assert _first_failure(replace(case, instrument=table[1], intent=short)) == "no_short_on_spot"


def test_an_unknown_outcome_blocks_its_instrument(case: EntryCase) -> None:
    blocked = replace(case.account, blocked=frozenset({case.intent.instrument_id}))
    assert _first_failure(replace(case, account=blocked)) == "outcome_unknown"
    other = replace(case.account, blocked=frozenset({InstrumentId("X/Y@z")}))
    assert _first_failure(replace(case, account=other)) == ""


def test_counts(case: EntryCase, working: WorkingOrder, position: Any) -> None:
    twin = replace(case.account, working=(working,))
    assert _first_failure(replace(case, account=twin)) == "duplicate"
    crowd = tuple(position(f"p{i}", instrument_id=f"I{i}") for i in range(5))
    full = replace(case.account, positions=crowd)
    assert _first_failure(replace(case, account=full)) == "max_positions"
    busy = replace(case.account, trades_today=3)
    tired = replace(case, account=busy, limits=RiskLimits(max_trades_per_day=3))
    assert _first_failure(tired) == "max_trades"
