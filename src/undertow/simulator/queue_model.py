"""What a cancel at our price does to the lots ahead of us: the models, by name.

All of them agree on everything that is observed: an order joins behind every displayed lot, a trade
at the price brings it forward by the lots traded, a level that is gone leaves nobody ahead. They
differ in what is not observed: of the lots that vanish without a trade, how many were ahead.

* `pessimistic`: none, ever. More lots may then be thought ahead than are displayed at all. Fills
  least; a bound from below.
* `risk_averse`: none, as long as what is displayed allows it: nobody is ahead who is not displayed
  (hftbacktest's `RiskAverseQueueModel`).
* `proportional`: their share, rounded down. Cancels are uniform in the queue; in life new orders at
  the back cancel more.
* `logarithm`: the share f(ahead) / (f(ahead) + f(behind)) with f(x) = log(1 + x) (Rigtorp 2013,
  "Estimating order queue position"; hftbacktest's `LogProbQueueModel`). A small queue ahead loses
  more than its share.
* `PowerQueue(n)`: the same with f(x) = x ** n. n = 1 is `proportional`; the greater n, the more the
  larger part of the queue loses.
* `optimistic`: all of them. A bound from above, and wrong.

Wrong for hidden and iceberg orders, pro-rata venues, and where the feed shows levels too seldom.
"""

from enum import StrEnum

import msgspec

from undertow.domain.errors import ConfigurationError
from undertow.kernels.matching import venue_state as codes

_EXPONENT_UNIT = 1_000
_EXPONENT_MAX = 20.0


class QueueModel(StrEnum):
    """The models without a parameter; see the head of this module."""

    PESSIMISTIC = "pessimistic"
    RISK_AVERSE = "risk_averse"
    PROPORTIONAL = "proportional"
    LOGARITHM = "logarithm"
    OPTIMISTIC = "optimistic"


class PowerQueue(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="power"):
    """Cancels fall ahead with weight ahead ** exponent, against behind ** exponent."""

    exponent: float = 3.0

    def __post_init__(self) -> None:
        if not 1 / _EXPONENT_UNIT <= self.exponent <= _EXPONENT_MAX:
            raise ConfigurationError(
                f"expected an exponent of 0.001 .. {_EXPONENT_MAX:g}, found {self.exponent}"
            )


AnyQueueModel = QueueModel | PowerQueue

_CODES = {
    QueueModel.PESSIMISTIC: codes.QUEUE_PESSIMISTIC,
    QueueModel.RISK_AVERSE: codes.QUEUE_RISK_AVERSE,
    QueueModel.PROPORTIONAL: codes.QUEUE_PROPORTIONAL,
    QueueModel.LOGARITHM: codes.QUEUE_LOGARITHM,
    QueueModel.OPTIMISTIC: codes.QUEUE_OPTIMISTIC,
}


def queue_code(model: AnyQueueModel) -> int:
    """The model as the kernels know it; a power model carries its exponent in thousandths."""
    if isinstance(model, PowerQueue):
        return codes.QUEUE_POWER + round(model.exponent * _EXPONENT_UNIT)
    return _CODES[model]
