from typing import Any

import msgspec
import pytest

from undertow.domain.account import AccountView, MarketFacts, WorkingOrder
from undertow.domain.identity import InstrumentId
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
    assert len(checks) == 11


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
