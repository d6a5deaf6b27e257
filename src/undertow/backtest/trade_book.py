"""Fills to trades: one position of one strategy on one instrument, from flat to flat.

Money is added up exactly from the fills and becomes floats at the end. A fill that crosses zero
ends one trade and begins the next, its fee split by lots.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction

import msgspec

from undertow.backtest.exit_reason import FORCE_EXIT, LIQUIDATION, exit_reason
from undertow.backtest.price_grid import PriceGrid
from undertow.backtest.result import ClosedTrade, TradeOrder
from undertow.backtest.run_record import FillNote, FundingNote, RunRecord
from undertow.domain.identity import InstrumentId
from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.instrument_table import InstrumentTable
from undertow.domain.money import MONEY_UNIT
from undertow.domain.side import Side
from undertow.ledger.fill import Fill

Rate = Callable[[str], Fraction]
"""What a unit of a currency is worth in the reporting currency."""

_Key = tuple[str, str]


class _Part(msgspec.Struct, frozen=True, gc=False):
    # A fill, or the part of one that belongs to one trade.
    note: FillNote
    lots: int

    @property
    def fill(self) -> Fill:
        return self.note.fill


class _Life(msgspec.Struct):
    side: Side
    parts: list[_Part] = []
    lots: int = 0
    most_lots: int = 0

    def add(self, note: FillNote, lots: int) -> None:
        part = _Part(note, lots)
        self.parts.append(part)
        self.lots += lots if part.fill.side is self.side else -lots
        self.most_lots = max(self.most_lots, self.lots)


class TradeBook:
    """The trades of a run. rate: of fees and of settlement currencies, at the end of the run."""

    def __init__(
        self,
        table: InstrumentTable,
        record: RunRecord,
        grid: PriceGrid,
        rate: Rate,
        leverage: Mapping[InstrumentId, int],
    ) -> None:
        self._table = table
        self._record = record
        self._grid = grid
        self._rate = rate
        self._leverage = leverage
        self._liquidated = set(record.liquidated)
        self._funded: dict[_Key, list[FundingNote]] = {}
        for note in record.funding:
            self._funded.setdefault((note.strategy, note.instrument_id), []).append(note)

    def trades(self, stop_ns: int, last_ticks: Callable[[int], int]) -> tuple[ClosedTrade, ...]:
        """Every trade, by the time of its end; those still held are closed on paper at the end."""
        lives: dict[_Key, _Life] = {}
        found: list[ClosedTrade] = []
        for note in self._record.fills:
            key = (note.fill.strategy, note.fill.instrument_id)
            rest = note.fill.qty_lots
            life = lives.get(key)
            if life is not None and note.fill.side is not life.side:
                closing = min(rest, life.lots)
                life.add(note, closing)
                rest -= closing
                if life.lots == 0:
                    found.append(self._closed(len(found) + 1, lives.pop(key)))
                    life = None
            if rest:
                life = life or lives.setdefault(key, _Life(note.fill.side, []))
                life.add(note, rest)
        for (_, name), life in lives.items():
            ticks = last_ticks(self._table.index(name))
            found.append(self._open(len(found) + 1, life, stop_ns, ticks))
        return tuple(found)

    def _closed(self, number: int, life: _Life) -> ClosedTrade:
        last = life.parts[-1].fill
        by_force = any(
            at == last.at_ns for at, name in self._liquidated if name == last.instrument_id
        )
        reason = LIQUIDATION if by_force else exit_reason(last.reason, last.purpose)
        trade = self._trade(number, life, last.at_ns, last.price_ticks)
        return msgspec.structs.replace(
            trade, exit_reason=reason, exit_tag=last.reason, is_liquidation=reason == LIQUIDATION
        )

    def _open(self, number: int, life: _Life, stop_ns: int, ticks: int) -> ClosedTrade:
        trade = self._trade(number, life, stop_ns, ticks)
        return msgspec.structs.replace(trade, exit_reason=FORCE_EXIT, exit_tag="end", is_open=True)

    def _trade(self, number: int, life: _Life, stop_ns: int, last_ticks: int) -> ClosedTrade:
        first = life.parts[0].fill
        instrument = self._table.get(first.instrument_id)
        rate = self._rate(instrument.settle)
        entries = [part for part in life.parts if part.fill.side is life.side]
        exits = [part for part in life.parts if part.fill.side is not life.side]
        entry_cost = sum(_cost(instrument, part) for part in entries)
        exit_value = sum(_cost(instrument, part) for part in exits)
        if life.lots:
            exit_value += instrument.cost(last_ticks, life.lots).amount
        gain = exit_value - entry_cost
        if instrument.kind is MarketKind.INVERSE:
            gain = -gain
        gross = life.side * _money(gain, rate)
        fees = sum(self._fee(part) for part in life.parts)
        funding = -_money(self._funding(first, stop_ns), rate)
        unit = float(instrument.base_qty(first.price_ticks, 1))
        leverage = self._leverage.get(first.instrument_id, 1) if instrument.is_perp else 1
        costs = [self._beyond(instrument, part) for part in life.parts]
        note = self._record.signals.get(first.decision_id)
        trade = ClosedTrade(
            trade_id=number,
            strategy=first.strategy,
            instrument_id=first.instrument_id,
            side=life.side,
            open_time_ns=first.at_ns,
            close_time_ns=stop_ns,
            qty=life.most_lots * unit,
            entry_price=_mean_price(instrument, entries, last_ticks, 0),
            exit_price=_mean_price(instrument, exits, last_ticks, life.lots),
            stake=_money(entry_cost, rate) / leverage,
            leverage=float(leverage),
            gross=gross,
            fees=fees,
            funding=funding,
            pnl=gross - fees - funding,
            spread=sum(half for half, _ in costs),
            slippage=sum(rest for _, rest in costs),
            entry_tag=(note.signal.tag or note.signal.reason) if note else "",
            orders=tuple(self._order(instrument, part) for part in life.parts),
        )
        return self._with_path(trade, life, instrument, float(rate) / MONEY_UNIT)

    def _with_path(
        self, trade: ClosedTrade, life: _Life, instrument: Instrument, rate: float
    ) -> ClosedTrade:
        # Excursions of the whole position against its mean entry, fills themselves included.
        index = self._table.index(trade.instrument_id)
        low, high = self._grid.range(index, trade.open_time_ns, trade.close_time_ns)
        prices = [trade.entry_price, trade.exit_price]
        prices += [price for price in (low, high) if price == price]
        low, high = min(prices), max(prices)
        best, worst = (high, low) if trade.side is Side.BUY else (low, high)
        entry = trade.entry_price
        lots, side = life.most_lots, trade.side

        def gain(price: float) -> float:
            tick = instrument.price_float(1)
            ends = (entry / tick, price / tick)
            if instrument.kind is MarketKind.INVERSE:
                unit = instrument.cost(1, 1).amount
                return side * lots * unit * (1 / ends[0] - 1 / ends[1]) * rate
            return side * lots * instrument.cost(1, 1).amount * (ends[1] - ends[0]) * rate

        note = self._record.signals.get(life.parts[0].fill.decision_id)
        stop = instrument.price_float(note.signal.stop_ticks) if note else 0.0
        return msgspec.structs.replace(
            trade,
            mae=min(0.0, gain(worst)),
            mfe=max(0.0, gain(best)),
            low_price=low,
            high_price=high,
            risk=max(0.0, -gain(stop)) if stop else 0.0,
        )

    def _order(self, instrument: Instrument, part: _Part) -> TradeOrder:
        fill = part.fill
        return TradeOrder(
            client_order_id=fill.client_order_id,
            time_ns=fill.at_ns,
            side=fill.side,
            price=instrument.price_float(fill.price_ticks),
            qty=float(instrument.base_qty(fill.price_ticks, part.lots)),
            fee=self._fee(part),
            is_maker=fill.liquidity.value == "maker",
            reference_price=instrument.price_float(part.note.reference_ticks),
            purpose=fill.purpose.value,
        )

    def _fee(self, part: _Part) -> float:
        fill = part.fill
        share = fill.fee.amount * part.lots
        return _money(share, self._rate(fill.fee.currency), over=fill.qty_lots)

    def _beyond(self, instrument: Instrument, part: _Part) -> tuple[float, float]:
        # Half the spread, and what was paid beyond it, in the reporting currency.
        fill, note = part.fill, part.note
        if note.reference_ticks <= 0:
            return 0.0, 0.0
        paid_ticks = fill.side * (fill.price_ticks - note.reference_ticks)
        half_ticks = min(max(paid_ticks, 0.0), note.half_spread_ticks)
        worth = float(self._rate(instrument.settle)) / MONEY_UNIT
        per_tick = instrument.cost(fill.price_ticks, part.lots).amount / fill.price_ticks * worth
        return half_ticks * per_tick, (paid_ticks - half_ticks) * per_tick

    def _funding(self, first: Fill, stop_ns: int) -> int:
        notes = self._funded.get((first.strategy, first.instrument_id), ())
        return sum(note.amount for note in notes if first.at_ns <= note.at_ns <= stop_ns)


def _money(amount: int, rate: Fraction, over: int = 1) -> float:
    # Of integers: rounded once, at the end.
    return amount * rate.numerator / (over * rate.denominator * MONEY_UNIT)


def _cost(instrument: Instrument, part: _Part) -> int:
    return instrument.cost(part.fill.price_ticks, part.lots).amount


def _mean_price(
    instrument: Instrument, parts: list[_Part], last_ticks: int, open_lots: int
) -> float:
    pairs = [(part.fill.price_ticks, part.lots) for part in parts]
    if open_lots:
        pairs.append((last_ticks, open_lots))
    lots = sum(count for _, count in pairs)
    if instrument.kind is MarketKind.INVERSE:
        mean = lots / sum(count / ticks for ticks, count in pairs)
    else:
        mean = sum(ticks * count for ticks, count in pairs) / lots
    return instrument.price_float(mean)
