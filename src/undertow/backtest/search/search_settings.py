"""How a search is made: how many tries, judged by what, proposed by whom."""

from enum import StrEnum

import msgspec

from undertow.backtest.search.losses import find_loss
from undertow.backtest.search.samplers import Sampler, check_sampler
from undertow.domain.errors import ConfigurationError


class Face(StrEnum):
    """EVENTS: the engine, callbacks and all. SIGNALS: the vectorised face, for speed; the bars are
    read once, and a stretch begins without warm-up.
    """

    EVENTS = "events"
    SIGNALS = "signals"


class SearchSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """tries: how many in all, those of a resumed search included. losses: one, or several for a
    front of sets of which none is beaten in all. batch: tries proposed at a time; results depend on
    it, and on nothing that says how many processes there are. spaces: groups of parameters, none =
    all. segments: with 4 the first three quarters of the time are looked at one by one first, and a
    try that is behind the median of the finished ones is given up (the median pruner); 1 = never.
    pruner_start: finished tries before any is given up. least_trades: fewer count as the worst
    loss. seed: of the proposals; that of the runs is a setting of the backtest.
    """

    tries: int = 100
    losses: tuple[str, ...] = ("sharpe",)
    sampler: Sampler = Sampler.TPE
    seed: int = 7
    batch: int = 16
    spaces: tuple[str, ...] = ()
    segments: int = 1
    pruner_start: int = 8
    least_trades: int = 0
    face: Face = Face.EVENTS
    kind: str = "search"

    def __post_init__(self) -> None:
        for name in ("tries", "batch", "segments"):
            if getattr(self, name) < 1:
                raise ConfigurationError(
                    f"expected {name} of at least 1, found {getattr(self, name)}"
                )
        for name in ("pruner_start", "least_trades", "seed"):
            if getattr(self, name) < 0:
                raise ConfigurationError(
                    f"expected {name} of at least 0, found {getattr(self, name)}"
                )
        if not self.losses:
            raise ConfigurationError("expected a loss, found none")
        if len(self.losses) > 1 and self.segments > 1:
            raise ConfigurationError(
                f"expected one loss with segments (a try is given up by one number), found "
                f"{len(self.losses)}"
            )
        for name in self.losses:
            find_loss(name)
        check_sampler(self.sampler, len(self.losses))
