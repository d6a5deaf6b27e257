"""An exit by what was earned in the time: less is enough the longer it takes (BT-12, BT-21)."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Self

import msgspec

from undertow.decision.conditions import at_least, verdict
from undertow.decision.context import Context
from undertow.decision.exit_rule import profit_ppm
from undertow.domain.errors import ConfigurationError
from undertow.domain.intent import Verdict
from undertow.domain.parameter import decimal_range, declare, integer_range
from undertow.domain.position import PositionView
from undertow.domain.time import NS_PER_MINUTE

_PPM = 1e6


class RoiExit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The position is as old as a step and has earned that step's share of its entry price.

    Three steps, `at_start` from the fill on, `second` after `second_minutes`, `third` after
    `third_minutes`; or any number of them in `table`, minutes to shares, which then stands alone.
    What counts is the price move less taker fees at both ends, without leverage: divide the shares
    of a leveraged table by the leverage. A share of 0 means: out as soon as nothing is lost.
    """

    name: ClassVar[str] = "roi"
    at_start: Annotated[float, declare(decimal_range(0.01, 0.20, space="roi"))] = 0.10
    second: Annotated[float, declare(decimal_range(0.01, 0.10, space="roi"))] = 0.05
    third: Annotated[float, declare(decimal_range(0.001, 0.05, space="roi"))] = 0.02
    second_minutes: Annotated[int, declare(integer_range(1, 1_440, space="roi"))] = 60
    third_minutes: Annotated[int, declare(integer_range(2, 10_080, space="roi"))] = 120
    table: tuple[tuple[float, float], ...] = ()

    def __post_init__(self) -> None:
        minutes = [step[0] for step in self.steps]
        if minutes != sorted(set(minutes)) or minutes[0] < 0:
            raise ConfigurationError(
                f"expected steps of rising minutes from 0 on, found {', '.join(map(str, minutes))}"
            )

    @classmethod
    def of(cls, table: Mapping[str, float]) -> Self:
        """From freqtrade's `minimal_roi`, such as {"0": 0.04, "30": 0.02, "60": 0.0}."""
        steps = sorted((float(minutes), share) for minutes, share in table.items())
        if not steps:
            raise ConfigurationError("expected a table with at least one step, found none")
        return cls(table=tuple(steps))

    @property
    def steps(self) -> tuple[tuple[float, float], ...]:
        """Minutes and shares, by rising minutes."""
        if self.table:
            return self.table
        return (
            (0.0, self.at_start),
            (float(self.second_minutes), self.second),
            (float(self.third_minutes), self.third),
        )

    def judge(self, ctx: Context, position: PositionView) -> Verdict:
        """Judge what was earned against the step that the position's age has reached."""
        held_minutes = (ctx.now_ns - position.opened_ns) / NS_PER_MINUTE
        reached = [share for minutes, share in self.steps if held_minutes >= minutes]
        wanted = reached[-1] * _PPM if reached else float("inf")
        earned = profit_ppm(ctx, position) - 2 * ctx.instrument.fees.taker_ppm
        return verdict(self.name, [at_least("earned_ppm", earned, wanted)])
