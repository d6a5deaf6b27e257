"""How an engine is set up: everything that its state may depend on beside its inputs."""

import msgspec

from undertow.decision.host import Recording
from undertow.execution.execution_config import ExecutionConfig
from undertow.flow.flow_config import FlowConfig
from undertow.risk.limits import RiskLimits


def _pegs() -> dict[str, str]:
    return {"USD": "1", "USDC": "1"}


class EngineConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """reporting_currency: what equity and limits are counted in. pegs: currencies of fixed worth in
    it, as decimal texts. wallets: starting balances by venue and currency, as decimal texts.
    entry_slippage_ppm: how far beyond the touch a marketable entry may pay. trail_ppm: trailing
    distance of positions whose signal does not name one; 0 = no trailing. review_every_s: period of
    the account review on a grid. record_decisions: which decisions are kept in the journal.
    least_candle_s: shortest bar that is told as an event, 0 = none.
    """

    reporting_currency: str = "USDT"
    pegs: dict[str, str] = msgspec.field(default_factory=_pegs)
    wallets: dict[str, dict[str, str]] = {}
    entry_slippage_ppm: int = 300
    trail_ppm: int = 5_000
    review_every_s: int = 10
    least_candle_s: int = 60
    record_decisions: Recording = Recording.CHANGES
    limits: RiskLimits = RiskLimits()
    execution: ExecutionConfig = ExecutionConfig()
    flow: FlowConfig = FlowConfig()
