"""What `funding` of a backtest's settings means: which plan stands in for rows that are missing."""

from undertow.domain.errors import ConfigurationError
from undertow.domain.suggestion import did_you_mean
from undertow.simulator.fill_preset import Fills
from undertow.simulator.funding_plan import ConstantFunding, FundingPlan, RecordedFunding

ASSUMED, DATA, NONE = "assumed", "data", "none"
CHOICES = (ASSUMED, DATA, NONE)

_HOUR_NS = 3_600 * 10**9
_HOURS = 8
_MOST_RATE = 0.1
_E12 = 10**12


def funding_plan(choice: str, fills: Fills) -> FundingPlan | None:
    """The plan of all derivatives.

    `assumed`: 0.01 % every 8 hours until an instrument's own rows begin; under pessimistic fills
    nobody receives it. `data`: rows alone, nothing where there are none. `none`: no funding at all,
    rows or not. `RATE[,HOURS]`: that share of the notional each so many hours (8), rows or not; a
    negative rate is paid by shorts. Raises `ConfigurationError` for anything else.
    """
    if choice == ASSUMED:
        return ConstantFunding(is_one_sided=fills is Fills.PESSIMISTIC, is_fallback=True)
    if choice == DATA:
        return None
    if choice == NONE:
        return RecordedFunding(())
    return _stated(choice)


def _stated(choice: str) -> ConstantFunding:
    rate_text, _, hours_text = choice.partition(",")
    try:
        rate, hours = float(rate_text), float(hours_text or _HOURS)
    except ValueError:
        raise ConfigurationError(
            f"expected funding of {', '.join(CHOICES)} or RATE[,HOURS] such as 0.0001,8, "
            f"found {choice!r};{did_you_mean(choice, CHOICES)}"
        ) from None
    if not -_MOST_RATE <= rate <= _MOST_RATE or not 1 / 60 <= hours <= 24 * 365:
        raise ConfigurationError(
            f"expected a funding rate as a share of the notional from {-_MOST_RATE} to "
            f"{_MOST_RATE}, every minute to every year, found {choice!r}"
        )
    return ConstantFunding(round(rate * _E12), round(hours * _HOUR_NS))
