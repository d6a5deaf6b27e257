"""A detector under study: what it claims to see, how often it looks and which thresholds it has."""

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from undertow.domain.errors import ConfigurationError
from undertow.flow.asset_series import AssetSeries
from undertow.flow.flow_state import FlowState
from undertow.simulator.market.ground_truth import TruthKind


class Sign(msgspec.Struct, frozen=True, gc=False):
    """What one look found: `side` +1 or -1, and the `score` that thresholds are put to."""

    side: int
    score: float


class Scene(msgspec.Struct, frozen=True):
    """What a detector looks at. focus: index of the perp that detectors of one instrument watch.

    shared: what looks of one instant need not work out twice, by name, with the instant.
    """

    flow: FlowState
    asset: str
    focus: int
    shared: dict[str, tuple[int, Any]]


Look = Callable[[int], Sign | None]
"""One look at market time `now_ns`; None when there is nothing even at the loosest threshold."""

MinuteLook = Callable[[AssetSeries], Iterable[tuple[int, Sign]]]
"""All looks at the settled minutes of a day: places of minutes, ascending, and what was there to be
seen once that minute was settled, by it and those before it alone.
"""


class Detector(msgspec.Struct, frozen=True):
    """One detector.

    row: the requirement it answers. kinds: what it claims to see; `shapes` narrows them for its
    page. threshold: what is varied, in words. default: the requirement's value. thresholds:
    loosest first, the default among them. is_least: a score at or above the threshold fires, else
    at or below. is_asset_wide: an episode anywhere on the asset counts, else only on the focus or
    of the whole asset. has_side: the sides must agree. lookalikes: what it
    must not take for its own kinds. cadence_s: seconds between looks, as a
    strategy would look. grace_s: after the end of an episode, what still counts. silence_s: after a
    detection, no other of the same side. warm_up_s: how long from the start of a day it is not
    judged, as its windows fill. Either `fresh`: a look over a scene, with a memory of its
    own; or `minutes`: its looks at settled minutes.
    """

    name: str
    row: str
    kinds: tuple[TruthKind, ...]
    threshold: str
    default: float
    thresholds: tuple[float, ...]
    fresh: Callable[[Scene], Look] | None = None
    minutes: MinuteLook | None = None
    cadence_s: int = 5
    grace_s: float = 30.0
    silence_s: float = 60.0
    warm_up_s: int = 1_200
    is_least: bool = True
    is_asset_wide: bool = False
    has_side: bool = True
    lookalikes: tuple[TruthKind, ...] = ()

    def __post_init__(self) -> None:
        if (self.fresh is None) == (self.minutes is None):
            raise ConfigurationError(f"expected one kind of look for {self.name}")
        ordered = sorted(self.thresholds, reverse=not self.is_least)
        if list(self.thresholds) != ordered or self.default not in self.thresholds:
            raise ConfigurationError(
                f"expected thresholds of {self.name}, loosest first, with the default "
                f"{self.default} among them, found {self.thresholds}"
            )

    def passes(self, score: float, threshold: float) -> bool:
        """Whether a score fires at a threshold."""
        return score >= threshold if self.is_least else score <= threshold
