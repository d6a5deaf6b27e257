"""Watched prices: which trade touches them, and the gate that keeps the common trade cheap.

RISES_TO is touched by a trade at or above its level, FALLS_TO at or below. TRAIL_LONG keeps the
highest trade since it was set and is touched by a trade at or below extreme * (1 - trail);
TRAIL_SHORT keeps the lowest and is touched at or above extreme * (1 + trail)."""

from undertow.kernels.compiled import compiled
from undertow.kernels.flow.flow_memory import instruments_of, watches_of
from undertow.kernels.flow.layout import (
    FALLS_TO,
    NEVER_HIGH,
    NEVER_LOW,
    RISES_TO,
    TRAIL_LONG,
    TRAIL_SHORT,
    Record,
)

PPM = 1_000_000


@compiled
def trail_level(kind: int, extreme_ticks: int, trail_ppm: int) -> int:
    """Price at which a trail touches: rounded away from the extreme, so never early.

    Split so that no product leaves 64 bits.

    """
    whole = extreme_ticks // PPM
    rest = extreme_ticks % PPM
    if kind == TRAIL_LONG:
        kept = PPM - trail_ppm
        return whole * kept + rest * kept // PPM
    kept = PPM + trail_ppm
    return whole * kept + (rest * kept + PPM - 1) // PPM


@compiled
def move_trail(watch: Record, ticks: int) -> None:
    """Follow a new extreme."""
    is_new_high = watch.kind == TRAIL_LONG and ticks > watch.extreme_ticks
    is_new_low = watch.kind == TRAIL_SHORT and ticks < watch.extreme_ticks
    if is_new_high or is_new_low or watch.level_ticks < 0:
        watch.extreme_ticks = ticks
        watch.level_ticks = trail_level(watch.kind, ticks, watch.trail_ppm)


@compiled
def is_touched(watch: Record, ticks: int) -> bool:
    """Whether a trade at that price touches the watch (trails already moved)."""
    if watch.kind == RISES_TO or watch.kind == TRAIL_SHORT:
        return bool(ticks >= watch.level_ticks)
    return bool(ticks <= watch.level_ticks)


@compiled
def set_gate(run: Record, index: int) -> None:
    """Set the prices between which no watch or wall of the instrument needs a look."""
    instrument = instruments_of(run)[index]
    watches = watches_of(run)
    high = NEVER_HIGH
    low = NEVER_LOW
    for i in range(run.watch_count):
        watch = watches[i]
        if watch.instrument != index or watch.touched_ns > 0:
            continue
        if watch.level_ticks < 0:
            high = NEVER_LOW
        elif watch.kind == RISES_TO:
            high = min(high, watch.level_ticks)
        elif watch.kind == FALLS_TO:
            low = max(low, watch.level_ticks)
        elif watch.kind == TRAIL_LONG:
            high = min(high, watch.extreme_ticks + 1)
            low = max(low, watch.level_ticks)
        else:
            high = min(high, watch.level_ticks)
            low = max(low, watch.extreme_ticks - 1)
    instrument.touch_high = high
    instrument.touch_low = low
    instrument.watch_high = min(high, instrument.wall_high)
    instrument.watch_low = max(low, instrument.wall_low)


@compiled
def touch_watches(run: Record, index: int, ticks: int, now_ns: int) -> None:
    """Show a trade to the instrument's watches; the touched ones are done."""
    instrument = instruments_of(run)[index]
    if instrument.touch_low < ticks < instrument.touch_high:
        return
    watches = watches_of(run)
    for i in range(run.watch_count):
        watch = watches[i]
        if watch.instrument != index or watch.touched_ns > 0:
            continue
        if watch.kind >= TRAIL_LONG:
            move_trail(watch, ticks)
        if is_touched(watch, ticks):
            watch.touched_ticks = ticks
            watch.touched_ns = now_ns
            run.touched_count += 1
    set_gate(run, index)
