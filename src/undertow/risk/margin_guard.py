"""The margin guard: nothing is added below half a margin buffer, below 30 % something is closed.

The buffer of a venue is (equity - maintenance) / equity, equity being what its derivatives can lose
before they are liquidated: spendable balances less open losses, never plus open profits. One pool a
venue and one assumed maintenance rate (`maintenance_ppm`): under isolated margin the venue itself
acts on less than the whole pool, and earlier. Source: RISK-10.
"""

from collections.abc import Iterable
from math import inf, isnan

import msgspec

from undertow.domain.account import AccountView
from undertow.domain.event import CircuitBreakerReset, CircuitBreakerTriggered, Event
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.position import PositionView
from undertow.ledger.liquidation_distance import (
    BufferVerdict,
    judge_buffer,
    liquidation_distance,
    margin_buffer,
)
from undertow.ledger.liquidation_price import cross_liquidation_price
from undertow.ledger.margin_tiers import MarginTiers
from undertow.risk.arbiter import ClosePosition, Rule
from undertow.risk.limits import RiskLimits
from undertow.risk.stop_loss import PPM

RULE = "margin_buffer"


class MarginState(msgspec.Struct, frozen=True):
    """One venue's margin in the reporting currency; positions are its derivatives."""

    venue: str
    equity: float
    maintenance: float
    positions: tuple[PositionView, ...]

    @property
    def buffer(self) -> float:
        """Share of the equity that can be lost before liquidation begins; NaN without equity."""
        return margin_buffer(self.maintenance, self.equity)

    def distance(self, position: PositionView) -> float:
        """Adverse move of one position to the liquidation of all, a share of its price."""
        notional = float(position.notional)
        share = self.maintenance * notional / sum(float(p.notional) for p in self.positions)
        price = cross_liquidation_price(
            position.side,
            notional,
            1.0,
            self.equity,
            MarginTiers.flat(share / notional),
            others_maintenance=self.maintenance - share,
        )
        return liquidation_distance(position.side, 1.0, price)

    @property
    def worst(self) -> PositionView:
        """The position nearest to liquidating all of them; of equals the one that lost most."""
        return min(self.positions, key=self._rank)

    def _rank(self, position: PositionView) -> tuple[float, float, str]:
        # What has no price that liquidates it is the last to go.
        distance = self.distance(position) if float(position.notional) > 0 else inf
        known = inf if isnan(distance) else distance
        return known, position.return_ppm, position.position_id


class MarginGuard:
    """Looks at every venue; remembers whose close it has asked for, to tell each once."""

    def __init__(self, limits: RiskLimits, table: InstrumentTable) -> None:
        self._limits = limits
        self._table = table
        self.thin: list[str] = []

    def review(self, account: AccountView) -> tuple[list[Event], list[ClosePosition]]:
        """Close the worst position of each venue whose buffer is below `margin_reduce_ppm`; asked
        again, go on with the next until it no longer is.
        """
        if not self._limits.margin_reduce_ppm:
            return [], []
        events: list[Event] = []
        closes: list[ClosePosition] = []
        thin: list[str] = []
        for state in self._states(account):
            if self._verdict(state) is not BufferVerdict.REDUCE:
                continue
            worst = state.worst
            thin.append(worst.position_id)
            least = self._limits.margin_reduce_ppm / PPM
            reason = f"margin buffer {state.buffer:.1%} at {state.venue}, at least {least:.0%}"
            if worst.position_id not in self.thin:
                events.append(
                    CircuitBreakerTriggered(
                        at_ns=account.now_ns, rule=RULE, level=1, reason=reason, until_ns=0
                    )
                )
            closes.append(ClosePosition(Rule.MARGIN, worst.strategy, worst.instrument_id, reason))
        if self.thin and not thin:
            events.append(CircuitBreakerReset(at_ns=account.now_ns, rule=RULE))
        self.thin = thin
        return events, closes

    def refusal(self, account: AccountView, instrument_id: str) -> str:
        """Why nothing may be added at the instrument's venue; empty when it may."""
        instrument = self._table.get(instrument_id)
        if not self._limits.margin_reduce_ppm or not instrument.is_perp:
            return ""
        for state in self._states(account):
            if state.venue == instrument.venue and self._verdict(state) is not BufferVerdict.KEEP:
                wanted = self._limits.margin_wanted_ppm / PPM
                return f"margin buffer {state.buffer:.1%} at {state.venue}, {wanted:.0%} is wanted"
        return ""

    def _verdict(self, state: MarginState) -> BufferVerdict:
        limits = self._limits
        return judge_buffer(
            state.buffer,
            wanted=limits.margin_wanted_ppm / PPM,
            least=limits.margin_reduce_ppm / PPM,
        )

    def _states(self, account: AccountView) -> Iterable[MarginState]:
        # Venues with open derivatives, in the order of the table.
        held = [p for p in account.positions if self._table.get(p.instrument_id).is_perp]
        for venue in self._table.venues if held else ():
            mine = tuple(p for p in held if self._table.get(p.instrument_id).venue == venue)
            if mine and venue in account.free_cash:
                yield self._state(venue, float(account.free_cash[venue]), mine)

    def _state(self, venue: str, cash: float, held: tuple[PositionView, ...]) -> MarginState:
        # The venue nets the strategies of an instrument; free cash has their margin taken off.
        net: dict[str, float] = {}
        for position in held:
            signed = position.side * float(position.notional)
            net[position.instrument_id] = net.get(position.instrument_id, 0.0) + signed
        bound = self._limits.max_leverage
        margin = sum(
            abs(value) / min(bound, self._table.get(name).max_leverage)
            for name, value in net.items()
        )
        maintenance = sum(map(abs, net.values())) * self._limits.maintenance_ppm / PPM
        return MarginState(venue, cash + margin, maintenance, held)
