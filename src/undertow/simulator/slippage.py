"""What a taker pays beyond the last known price where no depth is recorded (BT-06, C-69)."""

import msgspec

from undertow.domain.errors import ConfigurationError

_PPM = 1_000_000


class Slippage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """ticks = max(min_ticks, price * rate_ppm, rounded up) + range * range_share, rounded up.

    `range` is the span of trade prices of the last second that had trades, or of the present one
    when that is wider: fast markets cost more. From bars it is the range of the last bar scaled to
    a second by the square root of time. Wrong for large orders: size does not enter.
    """

    min_ticks: int = 1
    rate_ppm: int = 500
    range_share_ppm: int = 500_000

    def __post_init__(self) -> None:
        if self.min_ticks < 0 or self.rate_ppm < 0 or self.range_share_ppm < 0:
            raise ConfigurationError(
                "expected min_ticks and rates of at least 0, "
                f"found {self.min_ticks}, {self.rate_ppm}, {self.range_share_ppm}"
            )

    def ticks(self, price_ticks: int, range_ticks: int) -> int:
        """Slippage in ticks, at least `min_ticks`."""
        share = -(-price_ticks * self.rate_ppm // _PPM)
        return max(self.min_ticks, share) - (-range_ticks * self.range_share_ppm // _PPM)
