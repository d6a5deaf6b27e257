"""What an engine has done so far, for summaries and the journal's last frame."""

import msgspec


class Counters(msgspec.Struct):
    """Counts since the engine was made; restored with it.

    refused: intents that risk refused, by code. rejected: orders and signals that execution or the
    venue turned down, by code. trades: positions closed.
    """

    rows: int = 0
    inputs: int = 0
    decisions: int = 0
    signals: int = 0
    orders: int = 0
    fills: int = 0
    trades: int = 0
    wins: int = 0
    long_trades: int = 0
    short_trades: int = 0
    events: int = 0
    refused: dict[str, int] = {}
    rejected: dict[str, int] = {}

    def refuse(self, code: str) -> None:
        """Count a refusal of risk."""
        self.refused[code] = self.refused.get(code, 0) + 1

    def reject(self, code: str) -> None:
        """Count something that execution or a venue turned down."""
        self.rejected[code] = self.rejected.get(code, 0) + 1
