from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from undertow.domain.errors import IllegalTransition
from undertow.domain.order import OrderState
from undertow.execution.order_table import ENDED, RESTING, TABLE, Happening, diagram, next_state

PAGE = Path(__file__).resolve().parents[2] / "docs" / "execution.md"


def test_every_state_has_its_row() -> None:
    assert set(TABLE) == set(OrderState)
    assert ENDED.isdisjoint(RESTING)


@given(st.sampled_from(OrderState), st.sampled_from(Happening))
def test_a_move_is_in_the_table_or_raises(state: OrderState, happening: Happening) -> None:
    if happening in TABLE[state]:
        assert next_state(state, happening) is TABLE[state][happening]
        return
    with pytest.raises(IllegalTransition, match=f"in state {state.name}, found {happening}"):
        next_state(state, happening)


def test_only_doubt_leads_to_unknown_and_time_never_ends_an_order() -> None:
    for state, row in TABLE.items():
        for happening, target in row.items():
            is_doubt = happening is Happening.DOUBTED
            stays = state is OrderState.UNKNOWN
            assert (target is OrderState.UNKNOWN) == (is_doubt or (stays and target is state))


def test_ended_orders_end_nowhere_else() -> None:
    for state in ENDED:
        allowed = {state, OrderState.FILLED, OrderState.UNKNOWN}
        assert set(TABLE[state].values()) <= allowed
    assert set(TABLE[OrderState.FILLED].values()) == {OrderState.FILLED}


def test_every_state_can_be_reached_and_left() -> None:
    reached = {OrderState.PENDING_CREATE}
    for _ in OrderState:
        reached |= {target for state in reached for target in TABLE[state].values()}
    assert reached == set(OrderState)


def test_the_page_shows_the_table() -> None:
    assert f"```mermaid\n{diagram()}\n```\n" in PAGE.read_text()
