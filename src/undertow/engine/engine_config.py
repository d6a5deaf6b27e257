"""How an engine is set up: everything that its state may depend on beside its inputs."""

import msgspec

from undertow.decision.host import Recording
from undertow.domain.errors import ConfigurationError
from undertow.domain.fixed import parse_scaled
from undertow.domain.money import MONEY_DIGITS
from undertow.execution.execution_config import ExecutionConfig
from undertow.flow.flow_config import FlowConfig
from undertow.risk.limits import RiskLimits

PPM = 1_000_000


def _pegs() -> dict[str, str]:
    return {"USD": "1", "USDC": "1"}


class EngineConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """reporting_currency: what equity and limits are counted in. pegs: currencies of fixed worth in
    it, as decimal texts. wallets: starting balances by venue and currency, as decimal texts.
    entry_slippage_ppm: how far beyond the touch a marketable entry may pay. review_every_s: period
    of the account review on a grid. record_decisions: which decisions are kept in the journal.
    least_candle_s: shortest bar that is told as an event, 0 = none. follow_every_s: period at which
    trailing stops follow the price (C-87). entries_at_market: entries are market orders and pay
    whatever it takes. entries_at_next_price: an entry is sized and sent when the instrument's next
    price is known, such as the open of the next bar. halts_on_failure: a call ends where a strategy
    failed, so that its driver can stop. looks_ahead: strategies may be asked about many bars at
    once, with the same outcome (`foresight`): for recorded market, which comes in long slices.
    """

    reporting_currency: str = "USDT"
    pegs: dict[str, str] = msgspec.field(default_factory=_pegs)
    wallets: dict[str, dict[str, str]] = {}
    entry_slippage_ppm: int = 300
    review_every_s: int = 10
    least_candle_s: int = 60
    follow_every_s: int = 1
    entries_at_market: bool = False
    entries_at_next_price: bool = False
    halts_on_failure: bool = False
    looks_ahead: bool = False
    record_decisions: Recording = Recording.CHANGES
    limits: RiskLimits = RiskLimits()
    execution: ExecutionConfig = ExecutionConfig()
    flow: FlowConfig = FlowConfig()

    def __post_init__(self) -> None:
        for name, least, most in (
            ("entry_slippage_ppm", 0, PPM - 1),
            ("review_every_s", 1, None),
            ("least_candle_s", 0, None),
            ("follow_every_s", 1, None),
        ):
            found = getattr(self, name)
            if found < least or (most is not None and found > most):
                limits = f"of at least {least}" if most is None else f"from {least} to {most}"
                raise ConfigurationError(f"expected {name} {limits}, found {found}")
        for currency, rate in self.pegs.items():
            if parse_scaled(rate, MONEY_DIGITS) <= 0:
                raise ConfigurationError(f"expected a peg above 0 for {currency}, found {rate}")
        for venue, wallet in self.wallets.items():
            for currency, text in wallet.items():
                if parse_scaled(text, MONEY_DIGITS) < 0:
                    raise ConfigurationError(
                        f"expected at least 0 {currency} in the wallet of {venue}, found {text}"
                    )
