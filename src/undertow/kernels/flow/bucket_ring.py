"""The ring of one-second buckets of an instrument."""

from undertow.kernels.compiled import compiled
from undertow.kernels.flow.layout import NS_PER_SECOND, RING, Record


@compiled
def open_bucket(instrument: Record, bucket: Record, second: int) -> None:
    """Make the bucket in the slot of a second that second's, empty unless it already is.

    Nothing of the slot's former second stays, so that equal histories leave equal bytes."""
    if bucket.open_time_ns == second * NS_PER_SECOND:
        return
    slot = second & (RING - 1)
    instrument.touched[slot >> 6] |= 1 << (slot & 63)
    bucket.open_time_ns = second * NS_PER_SECOND
    bucket.open_ticks = 0
    bucket.high_ticks = 0
    bucket.low_ticks = 0
    bucket.close_ticks = 0
    traded = bucket.traded
    traded.buy_lots = 0
    traded.sell_lots = 0
    traded.buy_trades = 0
    traded.sell_trades = 0
    traded.buy_tick_lots = 0.0
    traded.sell_tick_lots = 0.0
    traded.buy_inverse = 0.0
    traded.sell_inverse = 0.0
    bucket.open_after_ns = 0
    bucket.close_after_ns = 0
    bucket.ofi_lots = 0
    bucket.large_buy_lots = 0
    bucket.large_sell_lots = 0
    bucket.effective_ticks = 0
    bucket.effective_trades = 0
    bucket.prior_ticks = 0


@compiled
def is_touched(instrument: Record, second: int) -> bool:
    """Whether the second has a bucket of its own (trades or OFI) in the ring."""
    slot = second & (RING - 1)
    return bool((instrument.touched[slot >> 6] >> (slot & 63)) & 1)


@compiled
def forget_second(instrument: Record, second: int) -> None:
    """Declare the slot of a second empty, whatever older second it holds."""
    slot = second & (RING - 1)
    instrument.touched[slot >> 6] &= ~(1 << (slot & 63))
