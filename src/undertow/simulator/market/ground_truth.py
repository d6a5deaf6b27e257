"""What was planted, when and where: the answers beside the synthetic data."""

from enum import StrEnum

import msgspec

from undertow.domain.errors import DataError


class TruthKind(StrEnum):
    """Kinds of planted things; each but REGIME is also the name of its rate."""

    WHALE = "whale"
    SWEEP = "sweep"
    WALL = "wall"
    SPOOF = "spoof"
    ABSORPTION = "absorption"
    LONG_CASCADE = "long_cascade"
    SHORT_CASCADE = "short_cascade"
    SPOT_LEAD = "spot_lead"
    TRAP = "trap"
    NEWS = "news"
    OUTAGE = "outage"
    EXHAUSTION = "exhaustion"
    DIVERGENCE = "divergence"
    PERP_LEAD = "perp_lead"
    NETTED_TRAP = "netted_trap"
    OI_BUILD = "oi_build"
    REGIME = "regime"


EVERY_ASSET = "*"
"""`asset` of a record that concerns the whole market (the common factor, a venue)."""


class GroundTruth(msgspec.Struct, frozen=True, gc=False):
    """One planted thing, in true time: event times of a venue are ahead by its clock skew.

    asset: base coin or `EVERY_ASSET`. instrument: index in the table, -1 = all of the asset.
    end_ns: 0 while a regime lasts. side: +1 up or buying, -1 down or selling, 0 neither; of a wall
    and an absorption the side that rests. note: `key=value` pairs.

    magnitude: lots traded (whale, sweep), lots resting in all (wall, spoof), lots absorbed
    (absorption), lots times price forced in USDT (cascades), planned move of the log price in bps
    (spot lead, perp lead, traps, news; of the push or first leg: exhaustion, divergence), seconds
    (outage), open interest added as a share of the first (oi_build), factor on volatility (regime).
    """

    kind: TruthKind
    asset: str
    instrument: int
    start_ns: int
    end_ns: int
    side: int
    magnitude: float
    note: str


_decoder = msgspec.msgpack.Decoder(list[GroundTruth])


def encode_truth(records: list[GroundTruth]) -> bytes:
    """Records as msgpack."""
    return msgspec.msgpack.encode(records)


def decode_truth(data: bytes) -> list[GroundTruth]:
    """The records of `encode_truth`; raises `DataError` when the bytes are something else."""
    try:
        return _decoder.decode(data)
    except msgspec.DecodeError as error:
        raise DataError(f"expected msgpack of ground truth records, found: {error}") from error


def truth_json(records: list[GroundTruth]) -> bytes:
    """Records as JSON, one object a line."""
    return b"".join(msgspec.json.encode(record) + b"\n" for record in records)
