"""What can go wrong at a venue, on request: lost, doubled and late answers, refusals, outages."""

from itertools import pairwise

import msgspec

from undertow.domain.errors import ConfigurationError
from undertow.domain.time import NS_PER_MS

_PPM = 1_000_000


class Outage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From `start_ns` up to, not including, `stop_ns` of venue time nothing goes in or out.

    Matching goes on behind the closed doors. Commands that arrive have no effect and no answer;
    reports wait until the end; market rows of that time are never seen (`Exchange.visible`).
    """

    start_ns: int
    stop_ns: int


class FaultPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Probabilities in parts per million, each drawn from its own seeded stream; all off.

    drop_ppm: the answer to a command is lost, its effect stays. reject_ppm: a command is refused
    with `venue_busy`. duplicate_ppm: a report comes twice. reorder_ppm: a report is held back up to
    `reorder_ns` while later ones pass it. outages: in order of time, not overlapping.
    """

    drop_ppm: int = 0
    reject_ppm: int = 0
    duplicate_ppm: int = 0
    reorder_ppm: int = 0
    reorder_ns: int = 100 * NS_PER_MS
    outages: tuple[Outage, ...] = ()

    def __post_init__(self) -> None:
        rates = (self.drop_ppm, self.reject_ppm, self.duplicate_ppm, self.reorder_ppm)
        if not all(0 <= rate <= _PPM for rate in rates) or self.reorder_ns < 1:
            raise ConfigurationError(
                f"expected fault rates of 0 .. {_PPM} ppm and reorder_ns of at least 1, "
                f"found {rates} and {self.reorder_ns}"
            )
        ends = [edge for outage in self.outages for edge in (outage.start_ns, outage.stop_ns)]
        if any(early >= late for early, late in pairwise(ends)):
            raise ConfigurationError(f"expected outages in order of time, found {self.outages}")

    def outage_stop(self, at_ns: int) -> int:
        """End of the outage that contains this venue time, 0 when there is none."""
        for outage in self.outages:
            if outage.start_ns <= at_ns < outage.stop_ns:
                return outage.stop_ns
        return 0
