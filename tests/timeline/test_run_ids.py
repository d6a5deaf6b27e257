import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from undertow.domain.errors import InvariantBroken
from undertow.domain.identity import IdSource
from undertow.timeline.run_ids import RunIds

KINDS = st.lists(st.sampled_from(["order", "decision", "oco", "intent"]), max_size=50)


def test_form_of_an_id() -> None:
    ids: IdSource = RunIds(7)
    assert [ids.next_id("order"), ids.next_id("order"), ids.next_id("decision")] == [
        "ut7-o1",
        "ut7-o2",
        "ut7-d1",
    ]


@settings(deadline=None, derandomize=True)
@given(KINDS, st.integers(1, 5))
def test_no_id_twice_over_runs(kinds: list[str], runs: int) -> None:
    ids = RunIds(1)
    given_out: list[str] = []
    for run in range(1, runs + 1):
        if run > 1:
            ids.begin_run(run)
        given_out += [ids.next_id(kind) for kind in kinds]
    assert len(set(given_out)) == len(given_out)


@settings(deadline=None, derandomize=True)
@given(KINDS, KINDS)
def test_snapshot_continues(before: list[str], after: list[str]) -> None:
    ids, other = RunIds(3), RunIds(1)
    for kind in before:
        ids.next_id(kind)
    other.restore(ids.snapshot())
    assert other.snapshot() == ids.snapshot()
    assert [ids.next_id(kind) for kind in after] == [other.next_id(kind) for kind in after]


def test_counters_recovered_from_a_journal() -> None:
    ids = RunIds(7)
    ids.observe(["ut6-o99", "ut7-o41", "ut7-o12", "manual-order", "ut7-d3"])
    assert (ids.next_id("order"), ids.next_id("decision")) == ("ut7-o42", "ut7-d4")


def test_a_later_run_in_the_journal_is_refused() -> None:
    with pytest.raises(InvariantBroken, match="up to run 7, found ut8-o1"):
        RunIds(7).observe(["ut8-o1"])


def test_runs_and_kinds_are_checked() -> None:
    with pytest.raises(InvariantBroken):
        RunIds(0)
    with pytest.raises(InvariantBroken):
        RunIds(2).begin_run(2)
    with pytest.raises(InvariantBroken):
        RunIds(2).next_id("Order")
