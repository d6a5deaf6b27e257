import numpy as np
import pytest

from undertow.kernels.synthetic.book_layout import WALL_COLUMNS, WALL_ENDED_NS, WALL_RESERVE
from undertow.simulator.market.ground_truth import EVERY_ASSET, TruthKind
from undertow.simulator.market.listing import Listing
from undertow.simulator.market.market_config import STEP_NS
from undertow.simulator.market.plan import Plan, PlannedWall
from undertow.simulator.market.plan_outcome import outcome, wall_outcome

STEP = 100_000_000


def _wall(reserve: int, ended_ns: int) -> np.ndarray:
    row = np.zeros(WALL_COLUMNS, dtype=np.int64)
    row[WALL_RESERVE], row[WALL_ENDED_NS] = reserve, ended_ns
    return row


def test_a_burst_is_what_was_filled(listing: Listing) -> None:
    plan = Plan(TruthKind.WHALE, 1, 7, -1, 10, 30, filled_lots=80, filled_orders=3)
    plan.first_fill_ns, plan.last_fill_ns = 1_100, 2_900
    record = outcome(plan, listing, _wall(0, 0), 0)
    assert record is not None
    assert (record.asset, record.start_ns, record.end_ns) == ("SOL", 1_100, 2_900)
    assert (record.magnitude, record.note) == (80.0, "orders=3")


def test_a_burst_that_met_a_halt_did_not_happen(listing: Listing) -> None:
    assert outcome(Plan(TruthKind.SWEEP, 0, 1, 1, 10, 11), listing, _wall(0, 0), 0) is None


def test_a_cascade_is_measured_in_money(listing: Listing) -> None:
    plan = Plan(TruthKind.LONG_CASCADE, 0, -1, -1, 10, 30, filled_orders=9, filled_value=1e6)
    plan.first_fill_ns = plan.last_fill_ns = 5
    record = outcome(plan, listing, _wall(0, 0), 0)
    assert record is not None
    assert record.magnitude == 1e6


@pytest.mark.parametrize(
    ("reserve", "ended_ns", "name"), [(0, 5, "consumed"), (30, 5, "pulled"), (30, 0, "held")]
)
def test_ends_of_a_wall(listing: Listing, reserve: int, ended_ns: int, name: str) -> None:
    plan = Plan(TruthKind.WALL, 0, 1, 1, 10, 30, magnitude=100.0)
    plan.wall = PlannedWall(1, 949_000, 100, 100, 0)
    row = _wall(reserve, ended_ns)
    record = outcome(plan, listing, row, 0)
    assert record is not None
    assert record.note == f"ticks=949000 outcome={name} taken_lots={100 - reserve}"
    assert record.end_ns == (ended_ns or 30 * STEP)
    assert wall_outcome(plan, row) == name


def test_absorption_is_measured_in_lots_taken(listing: Listing) -> None:
    plan = Plan(TruthKind.ABSORPTION, 0, 1, 1, 10, 30)
    plan.wall = PlannedWall(1, 949_000, 100, 5, 0)
    record = outcome(plan, listing, _wall(40, 0), 0)
    assert record is not None
    assert record.magnitude == 60.0


def test_an_outage_names_its_venue(listing: Listing) -> None:
    plan = Plan(TruthKind.OUTAGE, 2, -1, 0, 10, 60, magnitude=5.0, venue=1)
    record = outcome(plan, listing, _wall(0, 0), 7)
    assert record is not None
    assert (record.asset, record.note) == (EVERY_ASSET, "venue=borea")
    assert (record.start_ns, record.end_ns) == (7 + 10 * STEP, 7 + 60 * STEP)


def test_a_prepared_pattern_is_recorded_from_where_it_can_be_found(listing: Listing) -> None:
    plan = Plan(TruthKind.DIVERGENCE, 0, -1, 1, 10, 90, found_step=70)
    record = outcome(plan, listing, _wall(0, 0), 0)
    assert record is not None
    assert (record.start_ns, record.end_ns) == (70 * STEP_NS, 90 * STEP_NS)
