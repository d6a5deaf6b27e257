"""How hard the bias detectors look."""

import msgspec

from undertow.domain.errors import ConfigurationError


class LookPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """cuts: places at which the future of a run is taken away, and as many at which it is altered.
    signal_cuts: the same for the vectorised face, which is quick. rows: market rows of the stretch
    that is run again and again; decisions late in a long history cost no more than early ones.
    starts: other beginnings of the history. Everything is drawn from `seed`.
    """

    cuts: int = 2
    signal_cuts: int = 24
    rows: int = 20_000
    starts: int = 1
    seed: int = 1

    def __post_init__(self) -> None:
        if self.cuts < 1 or self.signal_cuts < 1 or self.rows < 1_000 or self.starts < 0:
            raise ConfigurationError(
                "expected at least 1 cut, 1 signal cut, 1,000 rows and 0 starts, found "
                f"{self.cuts}, {self.signal_cuts}, {self.rows}, {self.starts}"
            )

    @classmethod
    def exhaustive(cls) -> "LookPlan":
        """Many cuts over everything: as slow as it sounds."""
        return cls(cuts=50, signal_cuts=2_000, rows=100_000_000, starts=4)
