import numpy as np
import pytest

from undertow.domain.market_event import EventArray, EventKind
from undertow.simulator.market.listing import Listing
from undertow.simulator.market.market_config import MarketConfig
from undertow.simulator.market.perp_facts import CAP, PerpFacts

CONFIG = MarketConfig(assets=("BTC",), start_ns=0)
LISTING = Listing(CONFIG)
ALL = np.ones(6, dtype=bool)
PHASE = np.arange(6) * 1_000
SECOND = 10**9
HOUR = 3_600 * SECOND


def _mids(premium: float) -> np.ndarray:
    return np.where(LISTING.is_perp, 100.0 * (1.0 + premium), 100.0)


def _of(rows: EventArray, kind: EventKind) -> EventArray:
    return np.asarray(rows[rows["kind"] == kind])


def test_index_is_the_mean_of_working_spot_markets() -> None:
    facts = PerpFacts(CONFIG, LISTING)
    mid = np.array([100.0, 0.0, 104.0, 0.0, 300.0, 0.0])
    works = np.array([True, True, True, True, False, False])
    facts.observe(mid, works, 1.0)
    assert facts.index[0] == 102.0
    facts.observe(mid, ~ALL, 1.0)
    assert facts.index[0] == 168.0


@pytest.mark.parametrize("premium", [0.001, -0.0005])
def test_the_rate_has_the_sign_of_the_premium(premium: float) -> None:
    facts = PerpFacts(CONFIG, LISTING)
    for _ in range(5):
        facts.observe(_mids(premium), ALL, 1.0)
    # aster and borea pay each 8 h, cetus each hour: an eighth of it.
    assert np.allclose(facts.rates(), [premium, premium, premium / 8])


def test_the_rate_is_capped() -> None:
    facts = PerpFacts(CONFIG, LISTING)
    facts.observe(_mids(0.5), ALL, 1.0)
    assert facts.rates()[0] == CAP


def test_funding_is_paid_at_its_hour_and_starts_over() -> None:
    facts = PerpFacts(CONFIG, LISTING)
    facts.observe(_mids(0.001), ALL, 1.0)
    facts.settle(HOUR - SECOND, HOUR)
    before = facts.rows(HOUR - SECOND, HOUR, ALL, PHASE)
    assert len(_of(before, EventKind.FUNDING)) == 0
    facts.settle(HOUR, HOUR + SECOND)
    paid = _of(facts.rows(HOUR, HOUR + SECOND, ALL, PHASE), EventKind.FUNDING)
    assert paid["instrument"].tolist() == [5]
    assert paid["event_time_ns"].tolist() == [HOUR]
    assert paid["qty_b"].tolist() == [125_000_000]
    assert facts.samples.tolist() == [1.0, 1.0, 0.0]


def test_a_funding_in_an_outage_waits() -> None:
    facts = PerpFacts(CONFIG, LISTING)
    facts.observe(_mids(0.001), ALL, 1.0)
    down = ALL.copy()
    down[4:] = False
    facts.settle(HOUR, HOUR + SECOND)
    assert len(_of(facts.rows(HOUR, HOUR + SECOND, down, PHASE), EventKind.FUNDING)) == 0
    late = _of(facts.rows(HOUR + 9 * SECOND, HOUR + 10 * SECOND, ALL, PHASE), EventKind.FUNDING)
    assert late["event_time_ns"].tolist() == [HOUR]
    after = facts.rows(HOUR + 10 * SECOND, HOUR + 11 * SECOND, ALL, PHASE)
    assert len(_of(after, EventKind.FUNDING)) == 0


def test_marks_come_each_second_with_their_next_funding() -> None:
    facts = PerpFacts(CONFIG, LISTING)
    facts.observe(_mids(0.0), ALL, 1.0)
    marks = _of(facts.rows(5 * SECOND, 6 * SECOND, ALL, PHASE), EventKind.MARK_PRICE)
    assert marks["price_ticks"].tolist() == [10_000_000_000] * 3
    assert marks["price_b"].tolist() == [10_000_000_000] * 3
    assert marks["event_time_ns"].tolist() == [5 * SECOND + p for p in (1_000, 3_000, 5_000)]
    assert marks["sequence"].tolist() == [8 * HOUR, 8 * HOUR, HOUR]


def test_open_interest_falls_with_liquidations_down_to_a_floor() -> None:
    facts = PerpFacts(CONFIG, LISTING)
    start = facts.open_lots.copy()
    rng = np.random.default_rng(1)
    forced = np.array([0.0, 500.0, 0.0, 0.0, 0.0, 1e12])
    facts.trade(np.zeros((6, 2), dtype=np.int64), forced, rng)
    assert facts.open_lots[0] == start[0] - 500
    assert facts.open_lots[1] == start[1]
    assert 0.0 < facts.open_lots[2] < 0.25 * start[2]
    rows = _of(facts.rows(10 * SECOND, 11 * SECOND, ALL, PHASE), EventKind.OPEN_INTEREST)
    assert rows["qty_lots"].tolist() == facts.open_lots.astype(int).tolist()


def test_contracts_that_are_opened_add_to_open_interest() -> None:
    facts = PerpFacts(CONFIG, LISTING)
    start = facts.open_lots.copy()
    opened = facts.opened_lots(np.array([0.02]))
    assert opened[~LISTING.is_perp].tolist() == [0.0, 0.0, 0.0]
    facts.trade(np.zeros((6, 2), dtype=np.int64), -opened, np.random.default_rng(1))
    assert np.allclose(facts.open_lots / start, 1.02, atol=1e-4)


def test_a_halted_venue_says_nothing() -> None:
    facts = PerpFacts(CONFIG, LISTING)
    facts.observe(_mids(0.0), ALL, 1.0)
    assert len(facts.rows(0, SECOND, ~ALL, PHASE)) == 0
