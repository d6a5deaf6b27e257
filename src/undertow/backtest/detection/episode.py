"""Planted episodes and detections, and which of them belong together."""

from collections.abc import Sequence

import msgspec

from undertow.backtest.detection.day_result import DayResult, Signs
from undertow.backtest.detection.detector import Detector
from undertow.backtest.detection.simulated_day import FOCUS
from undertow.domain.time import NS_PER_S
from undertow.simulator.market.ground_truth import TruthKind


class Episode(msgspec.Struct, frozen=True, gc=False):
    """One planted thing: seconds since the day began, and its side."""

    start_s: float
    end_s: float
    side: int


class Detection(msgspec.Struct, frozen=True, gc=False):
    """A detector fired at the look that ended this second."""

    second: int
    side: int


class Tally(msgspec.Struct, frozen=True):
    """What a day came to at one threshold. delays_s: of the episodes found. duplicates: further
    detections inside an episode found before; they count neither way.
    """

    episodes: int
    found: int
    false: int
    duplicates: int
    seconds: int
    delays_s: list[float]


def episodes_of(
    day: DayResult, detector: Detector, kinds: tuple[TruthKind, ...] | None = None
) -> list[Episode]:
    """What the detector should find (or those `kinds`), in order of the end, warm-up and the day's
    last grace left out.
    """
    wanted = detector.kinds if kinds is None else kinds
    last_s = day.plan.seconds - detector.grace_s
    found = []
    for record in day.truth:
        is_here = detector.is_asset_wide or record.instrument in (-1, FOCUS)
        if record.kind not in wanted or not is_here:
            continue
        start_s = (record.start_ns - day.origin_ns) / NS_PER_S
        end_s = (record.end_ns - day.origin_ns) / NS_PER_S
        if start_s >= detector.warm_up_s and end_s <= last_s:
            found.append(Episode(start_s, end_s, record.side))
    return sorted(found, key=lambda episode: (episode.end_s, episode.start_s))


def detections_of(signs: Signs, detector: Detector, threshold: float) -> list[Detection]:
    """The signs that fire at a threshold. After one the detector is silent on that side for
    `silence_s`, whether the condition lasts or not.
    """
    silent_until = dict.fromkeys((1, -1), float(detector.warm_up_s))
    found = []
    for second, side, score in zip(signs.seconds, signs.sides, signs.scores, strict=True):
        if second < silent_until[side] or not detector.passes(score, threshold):
            continue
        silent_until[side] = second + detector.silence_s
        found.append(Detection(second, side))
    return found


def tally(
    detections: Sequence[Detection], episodes: Sequence[Episode], detector: Detector, seconds: int
) -> Tally:
    """Match detections to episodes, in order of time, each to the earliest ending one that fits.

    It fits when the time lies in [start, end + grace] and the sides agree. An episode is found
    once. A detection that fits only episodes found before is a duplicate; one that fits none is
    false. `seconds`: length of the day, from which the warm-up is taken.
    """
    delays: dict[int, float] = {}
    false = duplicates = first = 0
    for detection in detections:
        while first < len(episodes) and (
            episodes[first].end_s + detector.grace_s < detection.second
        ):
            first += 1
        fitting = [
            k for k in range(first, len(episodes)) if _fits(detection, episodes[k], detector)
        ]
        fresh = [k for k in fitting if k not in delays]
        if fresh:
            delays[fresh[0]] = detection.second - episodes[fresh[0]].start_s
        elif fitting:
            duplicates += 1
        else:
            false += 1
    return Tally(
        episodes=len(episodes),
        found=len(delays),
        false=false,
        duplicates=duplicates,
        seconds=max(0, seconds - detector.warm_up_s),
        delays_s=sorted(delays.values()),
    )


def _fits(detection: Detection, episode: Episode, detector: Detector) -> bool:
    is_then = episode.start_s <= detection.second <= episode.end_s + detector.grace_s
    return is_then and (not detector.has_side or detection.side == episode.side)
