"""The order flow of one asset over all its instruments and venues."""

from collections.abc import Callable, Mapping
from math import nan

from undertow.domain.instrument import MarketKind
from undertow.flow.asset_series import AssetSeries, asset_series
from undertow.flow.flow_config import FlowConfig
from undertow.flow.instrument_flow import InstrumentFlow
from undertow.flow.member_minutes import Absence, present_trouble


class AssetFlow:
    """Sums over the healthy instruments of one base coin, in the table's order.

    A member whose source is silent, down or was never heard is left out and named in `excluded`: a
    stale venue must not look like a balanced one. Each member's window ends at its own source's
    progress, so that venues' clock errors do not shift one against the other. Sums in money take
    only members whose quote counts as a dollar (`FlowConfig.dollar_quotes`, at par); the others are
    in `not_in_dollars`. `kind` restricts a sum to SPOT, LINEAR or INVERSE."""

    def __init__(self, asset: str, members: tuple[InstrumentFlow, ...], config: FlowConfig) -> None:
        self.base = asset
        self.members = members
        self._config = config
        self._dollars = frozenset(config.dollar_quotes)

    @property
    def excluded(self) -> tuple[str, ...]:
        """Ids of the members left out because they are not healthy."""
        return tuple(m.instrument.instrument_id for m in self.members if not m.is_healthy)

    @property
    def exclusions(self) -> dict[str, Absence]:
        """The same with the reason of each; `series(n).excluded` judges minutes and prices too."""
        return {
            str(one.instrument.instrument_id): present_trouble(one)
            for one in self.members
            if not one.is_healthy
        }

    @property
    def not_in_dollars(self) -> tuple[str, ...]:
        """Ids of the members that sums in money leave out because of their quote currency."""
        return tuple(m.instrument.instrument_id for m in self.members if not self._is_dollar(m))

    @property
    def is_complete(self) -> bool:
        """Whether no member is left out."""
        return all(member.is_healthy for member in self.members)

    @property
    def funding_interval_s(self) -> int:
        """Taken where a venue has not shown its own."""
        return self._config.funding_interval_s

    @property
    def watermark_ns(self) -> int:
        """Least watermark of the healthy members' sources; 0 when none is healthy."""
        marks = [m.source.watermark_ns for m in self.healthy() if m.source is not None]
        return min(marks, default=0)

    def healthy(self, kind: MarketKind | None = None) -> tuple[InstrumentFlow, ...]:
        """Members that count now, of one kind or of all."""
        return tuple(
            member
            for member in self.members
            if member.is_healthy and (kind is None or member.instrument.kind is kind)
        )

    def cvd_base(self, seconds: int | None = None, *, kind: MarketKind | None = None) -> float:
        """Aggressive buying less selling in base coins, over `seconds` or the whole run."""
        return sum((member.cvd_base(seconds) for member in self.healthy(kind)), 0.0)

    def cvd_usd(self, seconds: int | None = None, *, kind: MarketKind | None = None) -> float:
        """The same in dollars, each trade at its own price."""
        return sum((member.cvd_usd(seconds) for member in self._in_dollars(kind)), 0.0)

    def cvd_by_venue(
        self, seconds: int | None = None, *, kind: MarketKind | None = None
    ) -> dict[str, float]:
        """`cvd_usd` of each venue with a healthy member, venues in the table's order."""
        out: dict[str, float] = {}
        for member in self._in_dollars(kind):
            venue = member.instrument.venue
            out[venue] = out.get(venue, 0.0) + member.cvd_usd(seconds)
        return out

    def window_usd(self, seconds: int, *, kind: MarketKind | None = None) -> tuple[float, float]:
        """Dollars bought and sold by aggressors in the last `seconds` (1 .. 900)."""
        bought = sold = 0.0
        for member in self._in_dollars(kind):
            buy, sell = member.traded_usd(seconds)
            bought += buy
            sold += sell
        return bought, sold

    def series(
        self,
        minutes: int,
        *,
        weights: Mapping[str, float] | None = None,
        reference: str | None = None,
    ) -> AssetSeries:
        """The last closed `minutes` over all venues, aligned; see `asset_series`.

        weights: factor of each venue in sums instead of the configured ones. reference: id of the
        member whose price is taken instead of the volume-weighted one.
        """
        return asset_series(
            self.base, self.members, minutes, self._config, weights=weights, reference=reference
        )

    def basis_bps(self) -> float:
        """Perpetual over spot price in basis points: mean of the healthy members' prices each.

        A member's price is its middle, else its last trade. NaN without both kinds.
        """
        spot = self._mean_price(lambda kind: kind is MarketKind.SPOT)
        perp = self._mean_price(lambda kind: kind is not MarketKind.SPOT)
        return (perp / spot - 1.0) * 1e4

    def _mean_price(self, is_wanted: Callable[[MarketKind], bool]) -> float:
        prices = []
        for member in self._in_dollars(None):
            mid = member.mid_price
            price = mid if mid == mid else member.last_price
            if price > 0.0 and is_wanted(member.instrument.kind):
                prices.append(price)
        return sum(prices) / len(prices) if prices else nan

    def _in_dollars(self, kind: MarketKind | None) -> tuple[InstrumentFlow, ...]:
        return tuple(member for member in self.healthy(kind) if self._is_dollar(member))

    def _is_dollar(self, member: InstrumentFlow) -> bool:
        return member.instrument.quote in self._dollars
