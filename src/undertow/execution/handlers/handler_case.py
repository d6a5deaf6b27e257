"""An approved intent on its way through the handlers: each reads it, and leaves its verdict."""

from fractions import Fraction

import msgspec

from undertow.domain.account import AccountView
from undertow.domain.instrument import Instrument
from undertow.domain.intent import Approved, Check, Intent, Verdict
from undertow.execution.desk_step import DeskStep
from undertow.execution.execution_config import StrategyPolicy
from undertow.execution.holding import Holding


class HandlerCase(msgspec.Struct):
    """quote_rate: value of one unit of the quote currency in the reporting currency.

    outcome: what came of it, "rejected" until a handler acts.
    """

    step: DeskStep
    approved: Approved
    account: AccountView
    quote_rate: Fraction | float
    held: Holding
    outcome: str = "rejected"
    verdicts: list[Verdict] = []

    @property
    def intent(self) -> Intent:
        """What was approved."""
        return self.approved.intent

    @property
    def instrument(self) -> Instrument:
        """What it trades."""
        return self.step.state.table.get(self.intent.instrument_id)

    @property
    def policy(self) -> StrategyPolicy:
        """How its strategy's intents are carried out."""
        return self.step.state.config.policy(self.intent.strategy)


def passes(name: str, reason: str) -> Verdict:
    """The handler has nothing against it."""
    return Verdict(name, True, reason)


def fails(name: str, code: str, reason: str, value: float = 0, threshold: float = 0) -> Verdict:
    """The handler ends the way; `code` is stable and counted."""
    check = Check(code, False, value, threshold, reason)
    return Verdict(name, False, reason, checks=(check,))
