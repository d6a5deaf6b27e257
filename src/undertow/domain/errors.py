"""Every error Undertow raises, as one tree split by whose fault it is and what the caller can do.

The first level says who must act: the caller (`CallerError`), the data (`DataError`), the venue
(`VenueError`) or us (`InvariantBroken`). `exit_code` is what the command line returns for it.
A message says what was expected and what was found.
"""


class UndertowError(Exception):
    """Root of the tree. Catch a branch of it, not this, outside the supervisor."""

    exit_code = 1


class CallerError(UndertowError):
    """The request or the configuration is wrong; the caller must change it."""

    exit_code = 2


class ConfigurationError(CallerError):
    """A configuration key or value is unknown or does not fit."""


class UnknownNameError(CallerError):
    """A symbol, strategy, venue or command that does not exist; the message suggests near ones."""


class StrategyFault(CallerError):
    """A strategy asked for what cannot be: an entry without a stop, a stop on the wrong side."""


class PrecisionError(CallerError):
    """A number is not a whole count of the step it must be counted in (tick, lot, money digit)."""


class DataError(UndertowError):
    """What was read is not what its format promises; the source must be repaired or replaced."""

    exit_code = 3


class MalformedMessage(DataError):
    """One message of a venue could not be decoded; it is counted and skipped, the feed goes on."""


class JournalCorrupt(DataError):
    """A journal frame fails its checksum or its hash chain; the message names the frame."""


class SnapshotCorrupt(DataError):
    """A snapshot fails its checksum or was written by an incompatible version."""


class StorageUnavailable(DataError):
    """The disk refused a write (full, read-only, gone): what is not recorded is not sent."""


class VenueError(UndertowError):
    """The venue or the way to it failed."""

    exit_code = 4


class VenueRefused(VenueError):
    """Definitive: the venue answered and said no. The request had no effect."""


class OutcomeUnknown(VenueError):
    """Ambiguous: no answer, or one that does not say. Only the venue can end this state."""


class ConnectionLost(VenueError):
    """The transport went down; open requests become `OutcomeUnknown`."""


class InvariantBroken(UndertowError):
    """A thing that cannot happen has happened: our bug. Trading stops."""

    exit_code = 5


class IllegalTransition(InvariantBroken):
    """A state machine was asked for a move that its table does not have."""
