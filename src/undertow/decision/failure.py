"""What a host reports when a strategy's own code fails."""

from pathlib import Path
from traceback import extract_tb

import msgspec

from undertow.domain.identity import InstrumentId, StrategyId


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


def own_line(error: BaseException) -> str:
    """`file:line` of the last line of an error's way that is not Undertow's; "" when all of it is.

    Bundled strategies count as somebody's own.
    """
    ours = Path(__file__).parents[1]
    for frame in reversed(extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        is_ours = path.is_relative_to(ours) and not path.is_relative_to(ours / "strategies")
        if not is_ours and not frame.filename.startswith("<"):
            return f"{frame.filename}:{frame.lineno}"
    return ""
