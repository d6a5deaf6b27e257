import numpy as np

from undertow.kernels.synthetic.book_layout import (
    WALL_ACTIVE,
    WALL_ENDED_NS,
    WALL_IN_BOOK,
    WALL_RESERVE,
)
from undertow.simulator.market.fundamental import Fundamental
from undertow.simulator.market.ground_truth import GroundTruth, TruthKind
from undertow.simulator.market.listing import Listing
from undertow.simulator.market.market_config import MarketConfig
from undertow.simulator.market.pattern_rates import PatternRates
from undertow.simulator.market.planner import MAKERS, Planner, PlannerState
from undertow.simulator.market.truth_log import TruthLog
from undertow.simulator.market.venue_books import VenueBooks


class Stage:
    """A planner with the parts it acts on, and books that never trade."""

    def __init__(self, **rates: float) -> None:
        config = MarketConfig(assets=("BTC", "SOL"), patterns=PatternRates(**{**_zero(), **rates}))
        self.rng = np.random.default_rng(2)
        self.listing = Listing(config)
        self.fundamental = Fundamental(config, self.listing, self.rng)
        self.books = VenueBooks(config, self.listing, self.fundamental.total_sigma, self.rng)
        mid = np.round(self.listing.reference / self.listing.tick).astype(np.int64)
        away = 2 + 5 * np.arange(20)
        self.books.book[:, 0, :, 0] = mid[:, None] - away
        self.books.book[:, 1, :, 0] = mid[:, None] + away
        self.truth = TruthLog(("BTC", "SOL"), 1_000)
        self.planner = Planner(config, self.listing, self.rng)

    def retire(self, number: int) -> None:
        step = 10 * number
        self.script = self.planner.retire(step, self.books, self.fundamental, self.truth)

    def block(self, number: int) -> None:
        self.retire(number)
        self.planner.start(self.script, self.books, self.fundamental, self.rng)

    @property
    def kinds(self) -> list[TruthKind]:
        return [plan.kind for plan in self.planner.state().plans]

    def found(self) -> list[GroundTruth]:
        return self.truth.records()


def _zero() -> dict[str, float]:
    return dict.fromkeys(PatternRates.__struct_fields__, 0.0)


def test_every_kind_has_a_maker() -> None:
    assert [kind for kind, _ in MAKERS] == [kind for kind in TruthKind if kind != TruthKind.REGIME]


def test_nothing_is_planned_without_rates() -> None:
    stage = Stage()
    for number in range(100):
        stage.block(number)
    assert stage.kinds == []


def test_arrivals_are_as_frequent_as_configured() -> None:
    stage = Stage(spot_lead=30.0)  # 60 an hour over two assets
    started = 0
    for number in range(1_800):
        stage.block(number)
        started += sum(p.begin_step // 10 == number for p in stage.planner.state().plans)
    assert 24 <= started <= 36


def test_one_pattern_at_a_time_on_an_asset() -> None:
    stage = Stage(spot_lead=1_000.0, trap=1_000.0, news=1_000.0, long_cascade=1_000.0)
    for number in range(200):
        stage.block(number)
        components = [plan.component for plan in stage.planner.state().plans]
        assert len(components) == len(set(components))


def test_a_wall_is_set_and_taken_down_again() -> None:
    stage = Stage(wall=20.0)
    number = 0
    while not stage.kinds:
        number += 1
        stage.block(number)
    plan = stage.planner.state().plans[0]
    row = stage.books.wall[plan.instrument]
    assert (row[WALL_ACTIVE], row[WALL_RESERVE]) == (1, plan.magnitude)
    assert stage.script.alive[0, plan.instrument] == 2
    stage.retire(plan.end_step // 10 + 1)
    assert (row[WALL_ACTIVE], row[WALL_RESERVE]) == (0, 0)
    assert stage.found()[0].note.endswith("outcome=held taken_lots=0")


def test_a_fallen_wall_is_recorded_at_once() -> None:
    stage = Stage(absorption=20.0)
    number = 0
    while not stage.kinds:
        number += 1
        stage.block(number)
    plan = stage.planner.state().plans[0]
    row = stage.books.wall[plan.instrument]
    row[WALL_ACTIVE], row[WALL_RESERVE], row[WALL_ENDED_NS] = 0, 0, 12345
    stage.block(number + 1)
    assert plan not in stage.planner.state().plans
    assert "outcome=consumed" in stage.found()[0].note
    assert stage.found()[0].end_ns == 12345
    assert not stage.fundamental.push.any()


def test_no_new_wall_while_the_old_one_is_in_the_book() -> None:
    stage = Stage(wall=3_600.0)
    stage.books.wall[:, WALL_IN_BOOK] = 5
    for number in range(1, 20):
        stage.block(number)
    assert stage.kinds == []


def test_what_follows_is_pushed_when_a_plan_is_over() -> None:
    stage = Stage(spot_lead=20.0)
    number = 0
    while not stage.kinds:
        number += 1
        stage.block(number)
    plan = stage.planner.state().plans[0]
    stage.retire(plan.end_step // 10 + 1)
    assert stage.fundamental.push[plan.component] == plan.afterwards != 0.0


def test_one_outage_at_a_time_and_nothing_begins_there() -> None:
    stage = Stage(outage=3_600.0, sweep=1_800.0)
    seen = 0
    for number in range(1, 200):
        stage.block(number)
        plans = stage.planner.state().plans
        halted = [plan.venue for plan in plans if plan.venue >= 0]
        assert len(halted) <= 1
        fresh = [p for p in plans if p.kind is TruthKind.SWEEP and halted]
        fresh = [p for p in fresh if p.begin_step // 10 == number]
        seen += len(fresh)
    assert seen > 0


def test_state_round_trip() -> None:
    stage, other = Stage(whale=600.0), Stage(whale=600.0)
    for number in range(30):
        stage.block(number)
    state = stage.planner.state()
    other.planner.load(state)
    assert other.planner.state() == state
    assert isinstance(state, PlannerState)


def test_kinds_that_are_off_leave_the_chance_of_the_others_alone() -> None:
    usual, more = Stage(whale=10.0, outage=18.0), Stage(whale=10.0, outage=18.0, oi_build=1.0)
    kinds = [kind for kind, _ in MAKERS]
    first = usual.planner.state().next_ns
    assert more.planner.state().next_ns[kinds.index(TruthKind.WHALE)] == first[0]
    assert first[kinds.index(TruthKind.OI_BUILD)] == first[kinds.index(TruthKind.NEWS)]
    # One uniform for each usual kind, none for the five that are off.
    rng = Stage().rng
    drawn = Stage(oi_build=1.0).rng
    assert rng.random() != drawn.random()
