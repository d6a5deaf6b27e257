"""Trades as Binance prints them, one stream's messages in a row, to `EVENT` rows.

One pass over the bytes, no float. A message is taken only when it is plain: the very envelope of
the first, known fields once each and in any order, numbers of 1 to 18 digits, whole ticks and lots
above 0, the next trade id, a believable time. The first that is anything else ends the pass, and
nothing of it has been taken."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from undertow.kernels.compiled import compiled
from undertow.kernels.text.plain_levels import (
    COUNT_DIGITS,
    PRICE_COEFFICIENT,
    PRICE_DIGITS,
    SIZE_COEFFICIENT,
    SIZE_DIGITS,
    count_steps,
    read_number,
)

UNKNOWN, INTEGER, NUMBER, TRUTH, WORD = range(5)
"""Kinds of fields: a word has one value that it must have."""

NEXT_ID, LAST_NS, BUY_LOTS, SELL_LOTS = range(4)
"""Places of `state`."""

ID_KEY, UNIT_NS, SKEW_NS, BUY_TAIL, SELL_TAIL = range(5)
"""Places of `rules`."""

KEYS: Final = 128
"""Fields have names of one ASCII character; decimals of a number are kept so far behind it."""

SENTINEL: Final = b"\0" * 4
"""What must follow the bytes of the last message."""

_ZERO, _QUOTE, _COMMA, _COLON, _END, _TRUE = (ord(mark) for mark in '0",:}t')
_PRICE, _QTY, _TIME, _MAKER = (ord(mark) for mark in "pqTm")
_NOT_PLAIN: Final = -1
_MOST_NS: Final = 2**62
_TRUE_LENGTH: Final = len("true")


@compiled
def read_integer(text: NDArray[np.uint8], i: int) -> tuple[int, int]:
    """The whole number at i as JSON writes it, and where it goes on; -1 when it is not plain."""
    value = 0
    start = i
    while 0 <= np.int64(text[i]) - _ZERO <= 9 and i - start <= COUNT_DIGITS:
        value = 10 * value + np.int64(text[i]) - _ZERO  # type: ignore[assignment]  # an int64
        i += 1
    digits = i - start
    if digits == 0 or digits > COUNT_DIGITS or (digits > 1 and text[start] == _ZERO):
        return 0, _NOT_PLAIN
    return value, i


@compiled
def skip_word(text: NDArray[np.uint8], i: int, word: NDArray[np.uint8]) -> int:
    """Where the text goes on after the word at i; -1 when another stands there."""
    if i + len(word) > len(text):
        return _NOT_PLAIN
    for k in range(len(word)):
        if text[i + k] != word[k]:
            return _NOT_PLAIN
    return i + len(word)


@compiled
def read_truth(text: NDArray[np.uint8], i: int, truths: NDArray[np.uint8]) -> tuple[int, int]:
    """`true` or `false` at i, as 1 or 0; truths: both words joined."""
    if text[i] == _TRUE:
        return 1, skip_word(text, i, truths[:_TRUE_LENGTH])
    return 0, skip_word(text, i, truths[_TRUE_LENGTH:])


@compiled
def read_field(
    text: NDArray[np.uint8],
    i: int,
    key: int,
    fields: NDArray[np.int64],
    words: NDArray[np.uint8],
    values: NDArray[np.int64],
) -> int:
    """Read the value at i of the field `key` into `values`; returns where the text goes on, or -1.

    fields, (KEYS, 3): kind, and where in `words` its word starts and ends (of a truth: both).
    """
    kind = fields[key, 0]
    if kind == INTEGER:
        values[key], i = read_integer(text, i)
    elif kind == NUMBER:
        if text[i] != _QUOTE:
            return _NOT_PLAIN
        values[key], values[key + KEYS], i = read_number(text, i + 1)
    elif kind == TRUTH:
        values[key], i = read_truth(text, i, words[fields[key, 1] : fields[key, 2]])
    else:
        i = skip_word(text, i, words[fields[key, 1] : fields[key, 2]])
    return i


@compiled
def read_fields(
    text: NDArray[np.uint8],
    i: int,
    fields: NDArray[np.int64],
    words: NDArray[np.uint8],
    values: NDArray[np.int64],
    seen: NDArray[np.int64],
    mark: int,
) -> int:
    """Read an object's fields from its first name to the end of message; where that is, or -1.

    seen, (KEYS,): `mark` for every field read.
    """
    while text[i] == _QUOTE:
        key = np.int64(text[i + 1])
        if key >= KEYS or text[i + 2] != _QUOTE or text[i + 3] != _COLON:
            return _NOT_PLAIN
        if fields[key, 0] == UNKNOWN or seen[key] == mark:
            return _NOT_PLAIN
        seen[key] = mark
        i = read_field(text, i + 4, key, fields, words, values)  # type: ignore[arg-type]  # int64
        if i < 0:
            return _NOT_PLAIN
        if text[i] != _COMMA:
            return i + 2 if text[i] == _END and text[i + 1] == _END else _NOT_PLAIN
        i += 1
    return _NOT_PLAIN


@compiled
def take_trade(
    values: NDArray[np.int64],
    receive_ns: int,
    steps: NDArray[np.int64],
    rules: NDArray[np.int64],
    state: NDArray[np.int64],
    row: NDArray[np.int64],
) -> bool:
    """Check a trade and write its row, (8,) words of an EVENT; False: nothing was changed."""
    if values[rules[ID_KEY]] != state[NEXT_ID] or values[_TIME] > _MOST_NS // rules[UNIT_NS]:
        return False
    ticks, off_grid = count_steps(
        values[_PRICE], values[_PRICE + KEYS], steps[PRICE_DIGITS], steps[PRICE_COEFFICIENT]
    )
    lots, off_lot = count_steps(
        values[_QTY], values[_QTY + KEYS], steps[SIZE_DIGITS], steps[SIZE_COEFFICIENT]
    )
    event_ns = values[_TIME] * rules[UNIT_NS]
    is_sound = ticks > 0 and lots > 0 and off_grid == 0 and off_lot == 0
    if not is_sound or not -rules[SKEW_NS] < receive_ns - event_ns < rules[SKEW_NS]:
        return False
    state[LAST_NS] = max(state[LAST_NS], event_ns)
    is_sell = values[_MAKER]
    state[SELL_LOTS if is_sell else BUY_LOTS] += lots
    row[0] = event_ns
    row[1] = receive_ns
    row[2] = ticks
    row[3] = lots
    row[4] = 0
    row[5] = 0
    row[6] = state[NEXT_ID]
    row[7] = rules[SELL_TAIL] if is_sell else rules[BUY_TAIL]
    state[NEXT_ID] += 1
    return True


@compiled
def has_all(seen: NDArray[np.int64], required: NDArray[np.int64], mark: int) -> bool:
    """Whether every required field bears the mark."""
    missing = 0
    for k in range(len(required)):
        missing += seen[required[k]] != mark
    return missing == 0


@compiled
def read_plain_trades(
    text: NDArray[np.uint8],
    stops: NDArray[np.int64],
    receive_ns: NDArray[np.int64],
    envelope: NDArray[np.uint8],
    fields: NDArray[np.int64],
    required: NDArray[np.int64],
    words: NDArray[np.uint8],
    steps: NDArray[np.int64],
    rules: NDArray[np.int64],
    state: NDArray[np.int64],
    rows: NDArray[np.int64],
) -> int:
    """Fill `rows`, (messages, 8), with plain trades; returns how many messages were taken.

    text: the bytes of all messages and `SENTINEL`. stops, receive_ns, (messages,): where each ends
    and when it came. envelope: what each begins with. state: the id that comes next and the
    greatest event time, both moved on, and lots bought and sold so far.
    """
    values = np.zeros(2 * KEYS, np.int64)
    seen = np.zeros(KEYS, np.int64)
    i = 0
    for k in range(len(stops)):
        i = skip_word(text, i, envelope)
        if i >= 0:
            i = read_fields(text, i, fields, words, values, seen, k + 1)
        if i != stops[k] or not has_all(seen, required, k + 1):
            return k
        if not take_trade(values, receive_ns[k], steps, rules, state, rows[k]):
            return k
    return len(stops)
