"""A message that is not taken, why, and the record of all of them."""

from enum import StrEnum

import msgspec

from undertow.domain.errors import MalformedMessage

_EXAMPLE_CHARACTERS = 200


class Reason(StrEnum):
    """Why a message was refused. Each is counted apart; none stops the feed."""

    LINE = "line"
    JSON = "json"
    SCHEMA = "schema"
    UNKNOWN_EVENT = "unknown_event"
    UNKNOWN_SYMBOL = "unknown_symbol"
    WRONG_SYMBOL = "wrong_symbol"
    NUMBER = "number"
    OFF_GRID = "off_grid"
    RANGE = "range"
    NEGATIVE = "negative"
    UPDATE_IDS = "update_ids"
    CROSSED = "crossed"
    TIME = "time"


class Refusal(MalformedMessage):
    """One message could not be decoded to something true; it is counted and skipped."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


class RefusalExample(msgspec.Struct, frozen=True, gc=False):
    """The first message refused for a reason: its number in the feed (from 1), why, its start."""

    number: int
    detail: str
    text: str


class RefusalLog(msgspec.Struct):
    """How many messages were refused, by reason (sorted), and the first message of each.

    It does not depend on the order of `add`: the same messages make the same log.
    """

    counts: dict[str, int] = msgspec.field(default_factory=dict)
    examples: dict[str, RefusalExample] = msgspec.field(default_factory=dict)

    def add(self, reason: Reason, number: int, detail: str, text: bytes) -> None:
        """Count one refusal and keep the first of its reason as an example."""
        name = reason.value
        if name not in self.counts:
            self.counts = dict(sorted({**self.counts, name: 0}.items()))
        self.counts[name] += 1
        known = self.examples.get(name)
        if known is None or number < known.number:
            shown = text[:_EXAMPLE_CHARACTERS].decode("utf-8", "replace")
            example = RefusalExample(number, detail, shown)
            self.examples = dict(sorted({**self.examples, name: example}.items()))

    @property
    def total(self) -> int:
        """All refusals together."""
        return sum(self.counts.values())
