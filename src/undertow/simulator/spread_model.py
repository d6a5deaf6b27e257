"""The half spread assumed where no quotes are recorded (trades-only and bars-only data)."""

import msgspec

from undertow.domain.errors import ConfigurationError

_PPM = 1_000_000


class FixedSpread(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="fixed"):
    """Always the same share of the price. Wrong in every market whose spread moves, that is in
    all of them: too dear in quiet hours, too cheap in a panic.
    """

    half_ppm: int = 100

    def __post_init__(self) -> None:
        _check(self.half_ppm)

    def half_ticks(self, price_ticks: int, estimate_e3: int) -> int:
        """Half the spread in ticks, rounded up."""
        return -(-price_ticks * self.half_ppm // _PPM)


class EstimatedSpread(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="estimated"):
    """Estimated from the prices themselves, `fallback_half_ppm` until there is an estimate.

    From trades by Roll (1984): 2 sqrt(-cov of successive price changes), over blocks of 256 trades;
    from bars by Corwin and Schultz (2012), the high-low estimator, mean over blocks of 64 pairs of
    bars, negative pairs counted as 0. A block without an estimate (positive covariance) keeps the
    last one. Wrong where prices trend inside a block, and where few trades set the extremes.
    """

    fallback_half_ppm: int = 100

    def __post_init__(self) -> None:
        _check(self.fallback_half_ppm)

    def half_ticks(self, price_ticks: int, estimate_e3: int) -> int:
        """Half the spread in ticks, rounded up; `estimate_e3`: the spread in 1/1000 ticks, < 0 when
        there is no estimate yet.
        """
        if estimate_e3 < 0:
            return -(-price_ticks * self.fallback_half_ppm // _PPM)
        return -(-estimate_e3 // 2_000)


SpreadModel = FixedSpread | EstimatedSpread


def _check(half_ppm: int) -> None:
    if not 0 <= half_ppm < _PPM:
        raise ConfigurationError(
            f"expected a half spread of 0 .. 999,999 ppm of the price, found {half_ppm}"
        )
