"""What a day of the study left: the truth and every sign of every detector, in one small file."""

import msgspec

from undertow.backtest.detection.day_plan import DayPlan
from undertow.domain.errors import DataError
from undertow.simulator.market.ground_truth import GroundTruth


class Signs(msgspec.Struct, frozen=True):
    """A detector's signs in order of time: seconds since the day began, sides, scores."""

    seconds: list[int]
    sides: list[int]
    scores: list[float]


class DayResult(msgspec.Struct, frozen=True):
    """One simulated day. `origin_ns` is its beginning; `rows` were generated; `spent_s` is how long
    it took. minutes: the asset's series, see `stored_series`. An unknown detector has no entry.
    """

    plan: DayPlan
    origin_ns: int
    rows: int
    spent_s: float
    truth: list[GroundTruth]
    minutes: bytes
    signs: dict[str, Signs]


_decoder = msgspec.msgpack.Decoder(DayResult)


def encode_day(result: DayResult) -> bytes:
    """A day as msgpack."""
    return msgspec.msgpack.encode(result)


def decode_day(data: bytes) -> DayResult:
    """The day of `encode_day`; raises `DataError` when the bytes are something else."""
    try:
        return _decoder.decode(data)
    except msgspec.DecodeError as error:
        raise DataError(f"expected a day of the detection study, found: {error}") from error
