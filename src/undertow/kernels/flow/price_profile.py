"""Volume by price, one histogram a minute, over a sliding quarter of an hour.

Row size: a power of two of ticks, at first the smallest that is at least 1/20000 of the minute's
first price (so 0.5 to 1 basis point, or one tick where ticks are coarser). Rows lie on multiples of
their size, so minutes of different row sizes add up exactly at the coarser one. When a minute's
prices do not fit into 128 rows its rows double in size, at most 16-fold (over 10 % of price in one
minute); volume beyond that is counted apart."""

from undertow.kernels.compiled import compiled
from undertow.kernels.flow.layout import PROFILE_ROWS, Record

PRICE_SHARE = 20_000
MOST_DOUBLINGS = 4


@compiled
def start_minute(part: Record, minute: int, ticks: int) -> None:
    """Make the slot an empty minute whose rows are centred on a price."""
    shift = 0
    while (PRICE_SHARE << shift) < ticks:
        shift += 1
    part.minute = minute
    part.shift = shift
    part.most_shift = shift + MOST_DOUBLINGS
    part.first_row = (ticks >> shift) - PROFILE_ROWS // 2
    for row in range(PROFILE_ROWS):
        part.lots[row] = 0


@compiled
def coarsen(part: Record, doublings: int) -> None:
    """Add up rows so that each is 2 ** doublings times as high."""
    first = part.first_row >> doublings
    for row in range(PROFILE_ROWS):
        lots = part.lots[row]
        part.lots[row] = 0
        part.lots[((part.first_row + row) >> doublings) - first] += lots
    part.first_row = first
    part.shift += doublings


@compiled
def move_rows(part: Record, first: int) -> None:
    """Let the rows begin at `first`; those with volume must still fit."""
    by = part.first_row - first
    for place in range(PROFILE_ROWS):
        row = place if by < 0 else PROFILE_ROWS - 1 - place
        lots = part.lots[row]
        if lots != 0:
            part.lots[row] = 0
            part.lots[row + by] = lots
    part.first_row = first


@compiled
def make_room(part: Record, ticks: int) -> bool:
    """Move and if need be coarsen the rows so that a price fits; False when it cannot."""
    low = high = ticks >> part.shift
    for row in range(PROFILE_ROWS):
        if part.lots[row] != 0:
            low = min(low, part.first_row + row)
            high = max(high, part.first_row + row)
    doublings = 0
    while (high >> doublings) - (low >> doublings) >= PROFILE_ROWS:
        doublings += 1
    if part.shift + doublings > part.most_shift:
        return False
    coarsen(part, doublings)
    span = (high >> doublings) - (low >> doublings) + 1
    move_rows(part, (low >> doublings) - (PROFILE_ROWS - span) // 2)
    return True


@compiled
def add_volume(part: Record, minute: int, ticks: int, lots: int) -> bool:
    """Add a trade to the slot of its minute; False when its price is too far from the others."""
    if part.minute != minute:
        start_minute(part, minute, ticks)
    row = (ticks >> part.shift) - part.first_row
    if row < 0 or row >= PROFILE_ROWS:
        if not make_room(part, ticks):
            return False
        row = (ticks >> part.shift) - part.first_row
    part.lots[row] += lots
    return True
