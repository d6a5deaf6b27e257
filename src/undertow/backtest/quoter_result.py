"""A compiled quoter's run as the result of every backtest: exact money, trades, marked equity.

Money is counted from the fills by the instrument's own exact arithmetic, in the settlement
currency; floats only enter what is for analysis.
"""

import hashlib
import inspect
from itertools import pairwise

import msgspec
import numpy as np
from numpy.typing import NDArray

from undertow.backtest.exit_reason import EXIT_SIGNAL, FORCE_EXIT
from undertow.backtest.quoter_run import QuoterRun
from undertow.backtest.result import (
    BacktestResult,
    ClosedTrade,
    CostSplit,
    EquityCurve,
    RunCounts,
    TradeOrder,
)
from undertow.domain.fixed import format_scaled, power_of_ten
from undertow.domain.instrument import Instrument, MarketKind
from undertow.domain.market_event import FUNDING_RATE_DIGITS
from undertow.domain.money import MONEY_DIGITS, MONEY_UNIT, divide_half_even
from undertow.domain.side import Side
from undertow.domain.time_grid import time_grid
from undertow.simulator.valuation import value_at
from undertow.simulator.venue_position import VenuePosition
from undertow.timeline.market_data import DataFidelity, DataNote

_Priced = tuple[float, int]
"""Ticks and lots."""


class _Part(msgspec.Struct, frozen=True):
    # What one fill did: lots of it that opened and closed, and the money after it.
    at_ns: int
    number: int
    side: int
    ticks: int
    lots: int
    is_maker: bool
    reference2: int
    gross: int
    fee: int


def quoter_result(
    run: QuoterRun,
    *,
    starting_balance: float = 10_000.0,
    data_digest: str = "",
    notes: tuple[DataNote, ...] = (),
) -> BacktestResult:
    """Tell a finished run. starting_balance: in the settlement currency.

    `wallet` is exact: what was realised, less fees, and funding. `final_balance` counts the open
    position at the last touch.
    """
    instrument, name = run.instrument, run.quoter.name
    parts = _parts(run)
    funding, funding_ns = _funding(run)
    fees = sum(part.fee for part in parts)
    start = round(starting_balance * 10**8) * 10 ** (MONEY_DIGITS - 8)
    wallet = start + sum(part.gross for part in parts) - fees + sum(funding)
    trades = _trades(run, parts, funding, funding_ns)
    equity = _equity(run, parts, funding, funding_ns, starting_balance)
    counts, (start_ns, stop_ns) = run.counts, run.span_ns
    final = float(equity.equity[-1])
    return BacktestResult(
        run_name=f"{name} (kernel)",
        settings={"face": "kernel", "venue": msgspec.to_builtins(run.config)},
        strategies=(name,),
        strategy_sources={name: _source(run)},
        instruments=(instrument.instrument_id,),
        venues=(instrument.venue,),
        timeframe="",
        start_ns=start_ns,
        stop_ns=stop_ns,
        reporting_currency=instrument.settle,
        starting_balance=starting_balance,
        final_balance=final,
        fidelity=DataFidelity.L2,
        fills=str(run.config.queue_model),
        assumptions=(
            f"queue {run.config.queue_model}, latencies feed {run.config.feed_latency}, order "
            f"{run.config.order_latency}, response {run.config.response_latency}",
            "no margin is asked for and nothing is liquidated: the quoter bounds its own position",
        ),
        notes=notes,
        data_digest=data_digest,
        trades=trades,
        equity=equity,
        curves={name: equity},
        closes={instrument.instrument_id: _prices(run)},
        costs=CostSplit(fees=fees / MONEY_UNIT, funding=-sum(funding) / MONEY_UNIT),
        counts=RunCounts(
            events=counts.rows,
            wakes=counts.wakes,
            signals=counts.orders,
            orders=counts.orders,
            fills=counts.fills,
            refusals=counts.refused,
        ),
        wallet={instrument.settle: format_scaled(wallet, MONEY_DIGITS)},
        failures=(),
        state_hash=hashlib.blake2b(run.fills.tobytes(), digest_size=16).hexdigest(),
        seed=0,
        elapsed_s=0.0,
        present_rules=(instrument.instrument_id,),
    )


def _parts(run: QuoterRun) -> list[_Part]:
    instrument, parts, position = run.instrument, [], VenuePosition(0)
    fees = instrument.fees
    names = ("at_ns", "id", "side", "ticks", "lots", "is_maker", "reference2")
    for at_ns, number, sign, ticks, lots, is_maker, reference2 in zip(
        *(run.fills[name].tolist() for name in names), strict=True
    ):
        rate = fees.maker_ppm if is_maker else fees.taker_ppm
        fee = instrument.fee(ticks, lots, rate).amount
        gross = _book(instrument, position, Side(sign), ticks, lots)
        parts.append(
            _Part(at_ns, number, sign, ticks, lots, bool(is_maker), reference2, gross, fee)
        )
    return parts


def _book(
    instrument: Instrument, position: VenuePosition, side: Side, ticks: int, lots: int
) -> int:
    # As the venue books it; returns the profit realised.
    closing = min(lots, max(0, -side * position.signed_lots))
    gross = 0
    if closing:
        gross, _ = position.reduce(instrument, closing, instrument.cost(ticks, closing).amount)
    if lots > closing:
        position.increase(side, lots - closing, instrument.cost(ticks, lots - closing).amount, 0)
    return gross


def _funding(run: QuoterRun) -> tuple[list[int], list[int]]:
    # What was received at each settlement (negative: paid), and when.
    found, times = [], []
    unit = power_of_ten(FUNDING_RATE_DIGITS)
    for row in run.fundings:
        held = int(row["position"])
        value = value_at(run.instrument, int(row["mark_e8"]), abs(held))
        paid = divide_half_even(value * int(row["rate_e12"]), unit)
        found.append(-paid if held > 0 else paid)
        times.append(int(row["at_ns"]) - run.config.feed_latency.floor_ns)
    return found, times


def _trades(
    run: QuoterRun, parts: list[_Part], funding: list[int], funding_ns: list[int]
) -> tuple[ClosedTrade, ...]:
    # Flat to flat; a fill that turns the position closes one trade and opens the next.
    groups: list[list[tuple[_Part, int]]] = []
    held = 0
    for part in parts:
        left = part.lots
        closing = min(left, max(0, -part.side * held))
        if closing:
            groups[-1].append((part, closing))
            held += part.side * closing
            left -= closing
        if left:
            if held == 0:
                groups.append([])
            groups[-1].append((part, left))
            held += part.side * left
    starts = [group[0][0].at_ns for group in groups]
    bounds = [*starts, run.span_ns[1] + 1]
    received = np.array(funding, np.float64) / MONEY_UNIT
    times = np.array(funding_ns, np.int64)
    return tuple(
        _trade(run, k, group, float(received[(times >= first) & (times < last)].sum()),
               is_open=k == len(groups) - 1 and held != 0)
        for k, (group, (first, last)) in enumerate(zip(groups, pairwise(bounds), strict=True))
    )  # fmt: skip


def _trade(
    run: QuoterRun, k: int, group: list[tuple[_Part, int]], received: float, *, is_open: bool
) -> ClosedTrade:
    instrument = run.instrument
    side = group[0][0].side
    price, step = instrument.price_float, _base(instrument)
    entries: list[_Priced] = [(part.ticks, lots) for part, lots in group if part.side == side]
    exits: list[_Priced] = [(part.ticks, lots) for part, lots in group if part.side != side]
    if is_open:
        exits.append((_last_ticks(run), sum(n for _, n in entries) - sum(n for _, n in exits)))
    entry, exit_ = price(_mean(entries)), price(_mean(exits))
    qty = sum(lots for _, lots in entries) * step
    gross = sum(_float_value(instrument, t, n) for t, n in exits) - sum(
        _float_value(instrument, t, n) for t, n in entries
    )
    gross *= -side if instrument.kind is MarketKind.INVERSE else side
    fees = sum(part.fee * lots / part.lots for part, lots in group) / MONEY_UNIT
    low, high = min(t for t, _ in entries + exits), max(t for t, _ in entries + exits)
    return ClosedTrade(
        trade_id=k + 1,
        strategy=run.quoter.name,
        instrument_id=instrument.instrument_id,
        side=Side(side),
        open_time_ns=group[0][0].at_ns,
        close_time_ns=run.span_ns[1] if is_open else group[-1][0].at_ns,
        qty=qty,
        entry_price=entry,
        exit_price=exit_,
        stake=sum(_float_value(instrument, t, n) for t, n in entries),
        leverage=1.0,
        gross=gross,
        fees=fees,
        funding=-received,
        pnl=gross - fees + received,
        low_price=price(low),
        high_price=price(high),
        exit_reason=FORCE_EXIT if is_open else EXIT_SIGNAL,
        is_open=is_open,
        orders=tuple(_order(instrument, part, lots, side) for part, lots in group),
    )


def _order(instrument: Instrument, part: _Part, lots: int, side: int) -> TradeOrder:
    return TradeOrder(
        client_order_id=f"q{part.number}",
        time_ns=part.at_ns,
        side=Side(part.side),
        price=instrument.price_float(part.ticks),
        qty=lots * _base(instrument),
        fee=part.fee * lots / part.lots / MONEY_UNIT,
        is_maker=part.is_maker,
        reference_price=instrument.price_float(part.reference2 / 2),
        purpose="entry" if part.side == side else "exit",
    )


def _equity(
    run: QuoterRun,
    parts: list[_Part],
    funding: list[int],
    funding_ns: list[int],
    starting_balance: float,
) -> EquityCurve:
    # Realised money as of each noted price, and the open position at that price.
    step = run.mark_every_ns
    marks = _prices(run)
    at_ns = np.array([part.at_ns for part in parts], np.int64)
    signed = np.array([part.side * part.lots for part in parts], np.float64)
    value = np.array(
        [_float_value(run.instrument, p.ticks, p.side * p.lots) for p in parts], np.float64
    )
    fees = np.array([part.fee for part in parts], np.float64) / MONEY_UNIT
    place = np.searchsorted(at_ns, marks.time_ns, side="right")
    held, paid, cost = (_running(column)[place] for column in (signed, value, fees))
    worth = np.array(
        [
            _float_value(run.instrument, price, lots)
            for price, lots in zip(_mark_ticks(run), held.tolist(), strict=True)
        ]
    )
    gain = paid - worth if run.instrument.kind is MarketKind.INVERSE else worth - paid
    received = _running(np.array(funding, np.float64) / MONEY_UNIT)
    settled = np.searchsorted(np.array(funding_ns, np.int64), marks.time_ns, side="right")
    equity = starting_balance + gain - cost + received[settled]
    return EquityCurve(marks.time_ns, np.concatenate([[starting_balance], equity[1:]]), step)


def _prices(run: QuoterRun) -> EquityCurve:
    times = _grid(run)
    ticks = np.array(_mark_ticks(run))
    instrument = run.instrument
    scale = instrument.price_step.coefficient / power_of_ten(instrument.price_step.digits)
    return EquityCurve(times, ticks * scale, run.mark_every_ns)


def _grid(run: QuoterRun) -> NDArray[np.int64]:
    # Whole multiples of the step from before the first row to after the last.
    step, (first, last) = run.mark_every_ns, run.span_ns
    return time_grid(first // step * step, last + step - 1, step)


def _mark_ticks(run: QuoterRun) -> list[float]:
    marks, grid = run.marks, _grid(run)
    if not len(marks):
        return [float(_last_ticks(run))] * len(grid)
    place = np.searchsorted(marks["at_ns"], grid, side="right") - 1
    ticks = marks["ticks2"][np.maximum(place, 0)] / 2.0
    ticks[-1] = _last_ticks(run)
    found: list[float] = ticks.tolist()
    return found


def _last_ticks(run: QuoterRun) -> float:
    bid, ask = run.touch
    if bid and ask:
        return (bid + ask) / 2.0
    return float(run.marks["ticks2"][-1] / 2.0) if len(run.marks) else float(bid or ask or 1)


def _mean(parts: list[_Priced]) -> float:
    lots = sum(n for _, n in parts)
    return sum(t * n for t, n in parts) / lots if lots else float("nan")


def _base(instrument: Instrument) -> float:
    return instrument.qty_step.float(1) * instrument.contract_size.float(1)


def _float_value(instrument: Instrument, ticks: float, lots: float) -> float:
    if instrument.kind is MarketKind.INVERSE:
        return lots * _base(instrument) / instrument.price_float(ticks)
    return lots * _base(instrument) * instrument.price_float(ticks)


def _running(column: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.concatenate([[0.0], np.cumsum(column)])


def _source(run: QuoterRun) -> str:
    try:
        return inspect.getsource(run.quoter.function)
    except (OSError, TypeError):
        return ""
