"""What a host reports when a strategy's own code fails."""

import traceback
from traceback import extract_tb

import msgspec

from undertow.domain.identity import InstrumentId, StrategyId

_OURS = __file__.rpartition("decision")[0]
_PYTHON = traceback.__file__.rpartition("traceback")[0]


class StrategyFailed(msgspec.Struct, frozen=True):
    """A handler raised or returned what is no decision; the others went on.

    count: failures of this strategy on this instrument so far. is_suspended: it is not called
    there any more; its open position keeps the protection it has. where: file and line of the
    strategy's own code, empty when none of it was on the way.
    """

    at_ns: int
    strategy: StrategyId
    instrument_id: InstrumentId
    handler: str
    error: str
    count: int
    is_suspended: bool
    where: str = ""


def is_own_file(name: str) -> bool:
    """Whether a line of that file is a strategy's: not Undertow's, Python's or a library's.

    Bundled strategies count as somebody's own.
    """
    if name.startswith(_OURS):
        return name.startswith(f"{_OURS}strategies")
    is_library = "site-packages" in name or name.startswith(_PYTHON)
    return not is_library and not name.startswith("<")


def own_line(error: BaseException) -> str:
    """`file:line` of the last line of a strategy's own on an error's way; "" when there is none."""
    for frame in reversed(extract_tb(error.__traceback__)):
        if is_own_file(frame.filename):
            return f"{frame.filename}:{frame.lineno}"
    return ""
