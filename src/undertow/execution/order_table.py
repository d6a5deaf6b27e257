"""The life of an order as one table. Everything that moves an order's state goes through it.

Theory of operation
-------------------
An order is created by us and lives at the venue, so at any moment there are two truths: what the
venue did, and what we have heard of it. The table holds only what we have heard. Its rows are
complete: a pair that is not here is a move that cannot be, and asking for it raises
`IllegalTransition`.

Three kinds of happenings move an order. We sent something (CANCEL_SENT, AMEND_SENT; the submission
itself makes the order PENDING_CREATE). The venue said something: ACCEPTED, REJECTED, CANCELED,
EXPIRED, FILLED_IN_PART, FILLED_IN_FULL, and CONFIRMED or CONFIRMED_PART when it says that the order
rests without or with fills (an amendment was taken, a query answered). Or we lost certainty
(DOUBTED): a request without an answer, a refused cancel or amendment (the order goes on, or it is
already over: the refusal does not say), an order that should long be over, two reports that
contradict each other, a status that knows of fills we never received.

DOUBTED leads to UNKNOWN, and only the venue leads out of it: a status, or a report that leaves no
doubt. No time-out ever makes an order terminal. Reports may come late, twice and in any order, so
fills are taken in every state in which the order can have existed, also after its end: a fill
that raced a cancel is booked after CANCELED. An ended order that shows signs of life (a fill of a
rejected one, a status that knows of more fills) goes back to UNKNOWN rather than being argued with.

FILLED is final. CANCELED and EXPIRED are final but for late fills and doubt; REJECTED but for
doubt. What a report means for a given order, and whether it is stale, a duplicate or impossible,
is decided in `order_tracker`; quantities live there too.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from undertow.domain.errors import IllegalTransition
from undertow.domain.order import OrderState


class Happening(StrEnum):
    """What can happen to an order."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    FILLED_IN_PART = "filled_in_part"
    FILLED_IN_FULL = "filled_in_full"
    CANCELED = "canceled"
    EXPIRED = "expired"
    CANCEL_SENT = "cancel_sent"
    AMEND_SENT = "amend_sent"
    CONFIRMED = "confirmed"
    CONFIRMED_PART = "confirmed_part"
    DOUBTED = "doubted"


TABLE: Final[Mapping[OrderState, Mapping[Happening, OrderState]]] = {
    OrderState.PENDING_CREATE: {
        Happening.ACCEPTED: OrderState.OPEN,
        Happening.REJECTED: OrderState.REJECTED,
        Happening.FILLED_IN_PART: OrderState.PARTIALLY_FILLED,
        Happening.FILLED_IN_FULL: OrderState.FILLED,
        Happening.CANCELED: OrderState.CANCELED,
        Happening.EXPIRED: OrderState.EXPIRED,
        Happening.CANCEL_SENT: OrderState.PENDING_CANCEL,
        Happening.CONFIRMED: OrderState.OPEN,
        Happening.DOUBTED: OrderState.UNKNOWN,
    },
    OrderState.OPEN: {
        Happening.ACCEPTED: OrderState.OPEN,
        Happening.FILLED_IN_PART: OrderState.PARTIALLY_FILLED,
        Happening.FILLED_IN_FULL: OrderState.FILLED,
        Happening.CANCELED: OrderState.CANCELED,
        Happening.EXPIRED: OrderState.EXPIRED,
        Happening.CANCEL_SENT: OrderState.PENDING_CANCEL,
        Happening.AMEND_SENT: OrderState.PENDING_AMEND,
        Happening.CONFIRMED: OrderState.OPEN,
        Happening.DOUBTED: OrderState.UNKNOWN,
    },
    OrderState.PARTIALLY_FILLED: {
        Happening.ACCEPTED: OrderState.PARTIALLY_FILLED,
        Happening.FILLED_IN_PART: OrderState.PARTIALLY_FILLED,
        Happening.FILLED_IN_FULL: OrderState.FILLED,
        Happening.CANCELED: OrderState.CANCELED,
        Happening.EXPIRED: OrderState.EXPIRED,
        Happening.CANCEL_SENT: OrderState.PENDING_CANCEL,
        Happening.AMEND_SENT: OrderState.PENDING_AMEND,
        Happening.CONFIRMED_PART: OrderState.PARTIALLY_FILLED,
        Happening.DOUBTED: OrderState.UNKNOWN,
    },
    OrderState.PENDING_CANCEL: {
        Happening.ACCEPTED: OrderState.PENDING_CANCEL,
        Happening.REJECTED: OrderState.REJECTED,
        Happening.FILLED_IN_PART: OrderState.PENDING_CANCEL,
        Happening.FILLED_IN_FULL: OrderState.FILLED,
        Happening.CANCELED: OrderState.CANCELED,
        Happening.EXPIRED: OrderState.EXPIRED,
        Happening.DOUBTED: OrderState.UNKNOWN,
    },
    OrderState.PENDING_AMEND: {
        Happening.ACCEPTED: OrderState.PENDING_AMEND,
        Happening.FILLED_IN_PART: OrderState.PENDING_AMEND,
        Happening.FILLED_IN_FULL: OrderState.FILLED,
        Happening.CANCELED: OrderState.CANCELED,
        Happening.EXPIRED: OrderState.EXPIRED,
        Happening.CANCEL_SENT: OrderState.PENDING_CANCEL,
        Happening.CONFIRMED: OrderState.OPEN,
        Happening.CONFIRMED_PART: OrderState.PARTIALLY_FILLED,
        Happening.DOUBTED: OrderState.UNKNOWN,
    },
    OrderState.UNKNOWN: {
        Happening.ACCEPTED: OrderState.UNKNOWN,
        Happening.REJECTED: OrderState.REJECTED,
        Happening.FILLED_IN_PART: OrderState.UNKNOWN,
        Happening.FILLED_IN_FULL: OrderState.FILLED,
        Happening.CANCELED: OrderState.CANCELED,
        Happening.EXPIRED: OrderState.EXPIRED,
        Happening.CONFIRMED: OrderState.OPEN,
        Happening.CONFIRMED_PART: OrderState.PARTIALLY_FILLED,
        Happening.DOUBTED: OrderState.UNKNOWN,
    },
    OrderState.FILLED: {
        Happening.ACCEPTED: OrderState.FILLED,
        Happening.CANCELED: OrderState.FILLED,
        Happening.EXPIRED: OrderState.FILLED,
    },
    OrderState.CANCELED: {
        Happening.ACCEPTED: OrderState.CANCELED,
        Happening.CANCELED: OrderState.CANCELED,
        Happening.EXPIRED: OrderState.CANCELED,
        Happening.FILLED_IN_PART: OrderState.CANCELED,
        Happening.FILLED_IN_FULL: OrderState.FILLED,
        Happening.DOUBTED: OrderState.UNKNOWN,
    },
    OrderState.EXPIRED: {
        Happening.ACCEPTED: OrderState.EXPIRED,
        Happening.CANCELED: OrderState.EXPIRED,
        Happening.EXPIRED: OrderState.EXPIRED,
        Happening.FILLED_IN_PART: OrderState.EXPIRED,
        Happening.FILLED_IN_FULL: OrderState.FILLED,
        Happening.DOUBTED: OrderState.UNKNOWN,
    },
    OrderState.REJECTED: {
        Happening.REJECTED: OrderState.REJECTED,
        Happening.CANCELED: OrderState.REJECTED,
        Happening.EXPIRED: OrderState.REJECTED,
        Happening.DOUBTED: OrderState.UNKNOWN,
    },
}

ENDED: Final = frozenset(
    {OrderState.FILLED, OrderState.CANCELED, OrderState.REJECTED, OrderState.EXPIRED}
)
"""States in which an order can no longer change the market."""

RESTING: Final = frozenset({OrderState.OPEN, OrderState.PARTIALLY_FILLED})
"""States in which no request of ours is under way."""


def next_state(state: OrderState, happening: Happening) -> OrderState:
    """Where the happening leads; raises `IllegalTransition` when the table has no such move."""
    found = TABLE[state].get(happening)
    if found is None:
        possible = ", ".join(TABLE[state])
        raise IllegalTransition(
            f"expected one of {possible} in state {state.name}, found {happening.value}"
        )
    return found


def diagram() -> str:
    """The table as a mermaid state diagram; moves between the same two states share an arrow."""
    lines = ["stateDiagram-v2", "    [*] --> PENDING_CREATE: submit sent"]
    for state, row in TABLE.items():
        arrows: dict[OrderState, list[str]] = {}
        for happening, target in row.items():
            arrows.setdefault(target, []).append(happening.value)
        for target, words in arrows.items():
            lines.append(f"    {state.name} --> {target.name}: {', '.join(words)}")
    lines += [f"    {state.name} --> [*]" for state in TABLE if state in ENDED]
    return "\n".join(lines)
