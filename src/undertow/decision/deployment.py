"""One strategy on one instrument: its indicators, its state, its record of failures."""

from collections.abc import Hashable

import msgspec

from undertow.decision.indicator_set import IndicatorSet, SetSnapshot
from undertow.decision.strategy import Strategy
from undertow.domain.errors import ConfigurationError, SnapshotCorrupt
from undertow.domain.identity import InstrumentId, StrategyId
from undertow.domain.instrument import Instrument


class DeploymentSnapshot(msgspec.Struct, frozen=True):
    """A deployment as bytes: everything but the cache, which is rebuilt from closed bars."""

    strategy: StrategyId
    instrument_id: InstrumentId
    state: bytes
    indicators: SetSnapshot
    failures: int
    is_suspended: bool
    last_outcome: tuple[str, str]
    insufficient: dict[str, list[str]]


class Deployment:
    """What a host keeps for one (strategy, instrument).

    wakes_on_s: length of the bars that wake `on_bar`, 0 for none. last_outcome: outcome and reason
    of the last evaluation. insufficient: by verdict the metrics
    that last wanted data, so that each want is reported once.
    """

    __slots__ = (
        "cache",
        "failures",
        "index",
        "indicators",
        "instrument",
        "insufficient",
        "is_suspended",
        "last_outcome",
        "state",
        "strategy",
        "strategy_id",
        "wakes_on_s",
    )

    def __init__(self, strategy: Strategy, instrument: Instrument, index: int) -> None:
        self.strategy = strategy
        self.strategy_id = strategy.strategy_id
        self.instrument = instrument
        self.index = index
        self.wakes_on_s = 0
        self.indicators = IndicatorSet(strategy.indicators(), strategy.timeframe)
        self.state = _checked_state(strategy)
        self.cache: dict[Hashable, tuple[int, object]] = {}
        self.failures = 0
        self.is_suspended = False
        self.last_outcome = ("", "")
        self.insufficient: dict[str, list[str]] = {}

    def dump(self) -> DeploymentSnapshot:
        """Everything needed to go on elsewhere."""
        return DeploymentSnapshot(
            self.strategy_id,
            self.instrument.instrument_id,
            b"" if self.state is None else msgspec.msgpack.encode(self.state),
            self.indicators.dump(),
            self.failures,
            self.is_suspended,
            self.last_outcome,
            {name: list(metrics) for name, metrics in self.insufficient.items()},
        )

    def load(self, saved: DeploymentSnapshot) -> None:
        """Go on from a dump; raises `SnapshotCorrupt` when the state does not fit the strategy."""
        self.indicators.load(saved.indicators)
        if self.state is not None:
            try:
                self.state = msgspec.msgpack.decode(saved.state, type=type(self.state))
            except msgspec.DecodeError as error:
                raise SnapshotCorrupt(
                    f"expected a {type(self.state).__name__} of {self.strategy_id}, found {error}"
                ) from None
        self.cache.clear()
        self.failures = saved.failures
        self.is_suspended = saved.is_suspended
        self.last_outcome = saved.last_outcome
        self.insufficient = {name: list(metrics) for name, metrics in saved.insufficient.items()}


def _checked_state(strategy: Strategy) -> msgspec.Struct | None:
    state = strategy.new_state()
    if state is None:
        return None
    if not isinstance(state, msgspec.Struct):
        raise ConfigurationError(
            f"expected new_state of {strategy.strategy_id} to make a msgspec Struct or None, "
            f"found {type(state).__name__}"
        )
    encoded = msgspec.msgpack.encode(state)
    if msgspec.msgpack.encode(msgspec.msgpack.decode(encoded, type=type(state))) != encoded:
        raise ConfigurationError(
            f"expected the state of {strategy.strategy_id} to survive being saved, found {state}"
        )
    return state
