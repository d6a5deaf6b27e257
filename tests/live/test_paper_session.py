"""A session is a function of its settings, its seed and its strategies."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from undertow.domain.errors import ConfigurationError, SnapshotCorrupt
from undertow.domain.money import Money
from undertow.engine.engine_config import EngineConfig
from undertow.execution.execution_config import ExecutionConfig
from undertow.live.paper_session import PaperSession, PaperSettings, digest_of, with_wallets
from undertow.risk.limits import RiskLimits
from undertow.timeline.row_slice import RowSlice
from undertow.timeline.snapshot import PartBytes

Make = Callable[..., PaperSession]


def _hash(session: PaperSession) -> dict[str, PartBytes]:
    parts = session.snapshot()
    parts.pop("engine.flow")  # may differ in bytes that mean nothing
    return {**parts, "state": session.engine.state_hash().encode()}


def _go_on(session: PaperSession, seconds: float) -> None:
    """Rows only; what the engine sends goes to the venues."""
    world, engine = session.world, session.engine
    end_ns = world.now_ns + int(seconds * 1e9)
    while world.now_ns < end_ns:
        item = world.next_item(end_ns, engine.next_due_ns)
        if isinstance(item, RowSlice):
            world.consume(engine.advance(item.rows, item.start, item.stop))
        elif item is not None:
            engine.step(item)
        world.submit([e for e in engine.drain() if hasattr(e, "sent_ns")], engine.now_ns)  # type: ignore[misc]  # commands


def test_the_same_seed_is_the_same_session(make_session: Make) -> None:
    first, second = make_session(), make_session()
    for session in (first, second):
        session.warm_up()
        _go_on(session, 20)
    assert _hash(first) == _hash(second)
    assert first.engine.memory.counters.orders > 0


def test_another_seed_is_another_market(make_session: Make) -> None:
    rows = [make_session(seed=seed).world.take_rows(200).tobytes() for seed in (3, 4)]
    assert rows[0] != rows[1]


def test_warming_up_teaches_and_trades_nothing(make_session: Make) -> None:
    session, shares = make_session(), list[float]()
    session.warm_up(shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert session.engine.memory.counters.decisions == 0
    assert session.engine.flow[0].last_ticks > 0
    end_ns = session.settings.market.start_ns + session.settings.warm_up_s * 10**9
    assert session.world.now_ns == end_ns


def test_a_restored_session_goes_on_the_same(make_session: Make) -> None:
    first, second = make_session(), make_session()
    first.warm_up()
    _go_on(first, 12)
    second.restore(first.snapshot())
    for session in (first, second):
        _go_on(session, 12)
    assert _hash(first) == _hash(second)


@pytest.mark.parametrize("part", ["world.market", "world.exchange.borea", "engine.risk"])
def test_a_snapshot_without_a_part_is_refused(make_session: Make, part: str) -> None:
    session = make_session()
    parts = session.snapshot()
    del parts[part]
    with pytest.raises(SnapshotCorrupt, match=part.rpartition(".")[2]):
        session.restore(parts)


def test_every_venue_has_money_to_start_with(make_session: Make) -> None:
    session = make_session()
    for venue in ("aster", "borea"):
        assert session.engine.ledger.balance(venue, "USDT") == Money.of("10000", "USDT")
        assert session.exchanges[venue].balances() == (Money.of("10000", "USDT"),)


def test_wallets_that_are_given_stay() -> None:
    config = EngineConfig(wallets={"aster": {"USDC": "5"}, "elsewhere": {"USDT": "1"}})
    filled = with_wallets(config, ["aster", "borea"])
    assert filled.wallets == {"aster": {"USDC": "5"}, "borea": {"USDT": "10000"}}


def test_latencies_of_venues_are_independent_of_each_other(make_session: Make) -> None:
    first, second = make_session().exchanges.values()
    assert first.snapshot() != second.snapshot()


def test_another_configuration_has_another_name() -> None:
    assert digest_of("a") == digest_of("a") != digest_of("b")
    assert len(digest_of("a")) == 16


def test_settings_go_through_json(make_session: Make) -> None:
    settings: Any = make_session().settings
    text = msgspec.json.encode(settings)
    assert msgspec.json.decode(text, type=type(settings)) == settings


@pytest.mark.parametrize(
    "engine",
    [
        EngineConfig(limits=RiskLimits(is_research=True)),
        EngineConfig(execution=ExecutionConfig(require_stops=False)),
    ],
)
def test_research_is_for_backtests_alone(engine: EngineConfig) -> None:
    with pytest.raises(ConfigurationError, match="for backtests"):
        PaperSettings(engine=engine)
