"""How a protective stop follows the best price of a position (RISK-12, RISK-13, BT-22)."""

from typing import Annotated, Self

import msgspec

from undertow.domain.errors import ConfigurationError
from undertow.domain.parameter import declare, integer_range

PPM = 1_000_000


class Trail(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All distances are parts per million of the price, 0 = off; a stop never widens.

    distance_ppm: how far behind the best price since the entry, once that price has gained
    `activation_ppm` (0 = from the entry on). near_ppm: a closer distance, once the best price has
    gained `near_from_ppm`. break_even_ppm: the gain from which on the stop is not below the entry
    price (fees come on top of that).
    """

    distance_ppm: Annotated[
        int, declare(integer_range(0, 350_000, step=1_000, space="trailing"))
    ] = 0
    activation_ppm: Annotated[
        int, declare(integer_range(0, 450_000, step=1_000, space="trailing"))
    ] = 0
    near_ppm: Annotated[int, declare(integer_range(0, 350_000, step=1_000, space="trailing"))] = 0
    near_from_ppm: Annotated[
        int, declare(integer_range(0, 450_000, step=1_000, space="trailing"))
    ] = 0
    break_even_ppm: Annotated[
        int, declare(integer_range(0, 450_000, step=1_000, space="trailing"))
    ] = 0

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            if not 0 <= getattr(self, name) < PPM:
                raise ConfigurationError(
                    f"expected {name} from 0 to {PPM - 1}, found {getattr(self, name)}"
                )

    @classmethod
    def of_ratios(
        cls,
        stoploss: float,
        *,
        positive: float = 0.0,
        positive_offset: float = 0.0,
        only_offset_is_reached: bool = False,
    ) -> Self:
        """From the names of freqtrade's configuration: `trailing_stop` with its variants.

        stoploss: the initial distance, negative or positive. Without `positive` the stop trails by
        it from the entry on. With it, by `positive` once the price has gained `positive_offset`;
        before that by `stoploss`, or not at all when `only_offset_is_reached`. Ratios are of the
        price: divide those of a leveraged position by the leverage.
        """
        distance = abs(round(stoploss * PPM))
        if only_offset_is_reached and not positive:
            # The offset alone: trail by the stop-loss from there on.
            return cls(distance_ppm=distance, activation_ppm=round(positive_offset * PPM))
        return cls(
            distance_ppm=0 if only_offset_is_reached else distance,
            near_ppm=round(positive * PPM),
            near_from_ppm=round(positive_offset * PPM),
        )

    def distance_at(self, gained_ppm: int) -> int:
        """The distance that holds when the best price has gained so much; 0 while it is off."""
        active = []
        if self.distance_ppm and gained_ppm >= self.activation_ppm:
            active.append(self.distance_ppm)
        if self.near_ppm and gained_ppm >= self.near_from_ppm:
            active.append(self.near_ppm)
        return min(active, default=0)
