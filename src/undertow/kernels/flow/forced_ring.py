"""The last forced orders (liquidations) of an instrument: when, which side, where and how many."""

from undertow.kernels.compiled import compiled
from undertow.kernels.flow.flow_memory import forced_of, instruments_of
from undertow.kernels.flow.layout import Record
from undertow.kernels.flow.venue_facts import is_forced


@compiled
def keep_forced(run: Record, index: int, row: Record, event_ns: int) -> None:
    """Note a forced order that the totals have just taken; an impossible one is not noted.

    event_ns below 0 (misdated) is kept as 0: the time is not known."""
    if not is_forced(row):
        return
    slot = (instruments_of(run)[index].liquidations - 1) % run.liquidations_kept
    forced = forced_of(run)[index, slot]
    forced.event_ns = max(event_ns, 0)
    forced.side = row.side
    forced.ticks = row.price_ticks
    forced.lots = row.qty_lots
