"""Bars, footprints and VPIN of two recorded markets beside sums taken from the raw messages."""

import gzip
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from undertow.domain.fixed import Step
from undertow.domain.instrument import Instrument, MarketKind
from undertow.flow.bar_builder import BarBuilder
from undertow.flow.bar_kinds import DollarBars, TimeBars, VolumeBars
from undertow.flow.bars_of_trades import bars_of
from undertow.flow.footprint import FootprintBuilder, FootprintConfig
from undertow.flow.readable_rows import trade_rows
from undertow.flow.vpin import Vpin, vpin_by_side

pytestmark = pytest.mark.recorded
MINUTE = 60 * 10**9
FILES = {
    "spot": ("spot/btcusdt_20240808.gz", "spot/btcusdt_20240809.gz"),
    "usdm": ("usdm/btcusdt_20240808.gz",),
}
Print = tuple[int, Decimal, Decimal, int]


def prints(folder: Path, market: str) -> list[Print]:
    """Time, price, quantity and side of every trade, as decimals."""
    found: list[Print] = []
    for name in FILES[market]:
        with gzip.open(folder / "hftbacktest" / name) as lines:
            for line in lines:
                if b"@trade" not in line:
                    continue
                one: Any = msgspec.json.decode(line.partition(b" ")[2])["data"]
                price, qty = Decimal(one["p"]), Decimal(one["q"])
                if price and qty:
                    found.append((one["T"] * 10**6, price, qty, -1 if one["m"] else 1))
    return found


@pytest.fixture(scope="module", params=list(FILES))
def tape(request: pytest.FixtureRequest, recorded: Path) -> list[Print]:
    return prints(recorded, request.param)


def columns(tape: list[Print]) -> tuple[Any, ...]:
    """Time, ticks of 0.01, lots of 0.00001, side."""
    times, prices, qtys, sides = zip(*tape, strict=True)
    ticks = [int(price * 100) for price in prices]
    return np.array(times), np.array(ticks), np.array([int(q * 100_000) for q in qtys]), sides


def instrument() -> Instrument:
    names = ("BTC/USDT", "binance", "BTCUSDT", MarketKind.SPOT, "BTC", "USDT", "USDT")
    return Instrument(*names, Step(1, 2), Step(1, 5))


def test_minutes(tape: list[Print]) -> None:
    bars = BarBuilder(TimeBars(60), instrument())
    made = bars.push_columns(*columns(tape))
    assert bars.counters["late_trades"] == bars.counters["refused_rows"] == 0
    inside: dict[int, list[Print]] = defaultdict(list)
    for one in tape:
        inside[one[0] // MINUTE].append(one)
    assert len(made) >= 5
    for bar in made:
        trades = inside[int(bar["open_time_ns"]) // MINUTE]
        assert bar["high_ticks"] == int(max(t[1] for t in trades) * 100)
        assert bar["buy_lots"] == sum(int(t[2] * 100_000) for t in trades if t[3] > 0)
        assert bar["sell_trades"] == sum(t[3] < 0 for t in trades)
        assert bar["value"] == pytest.approx(float(sum(t[1] * t[2] for t in trades)), rel=1e-12)


def test_footprints(tape: list[Print]) -> None:
    builder = FootprintBuilder(FootprintConfig(row_ticks=100, rows=512))
    builder.push_columns(*columns(tape))
    cells: dict[tuple[int, int, int], int] = defaultdict(int)
    for time_ns, price, qty, side in tape:
        cells[time_ns // MINUTE, int(price), side] += int(qty * 100_000)
    bars = builder.bars()
    assert len(bars) >= 5
    for bar in bars:
        assert bar.row_ticks == 100
        minute = bar.open_time_ns // MINUTE
        for side, lots in ((1, bar.buys), (-1, bar.sells)):
            shown = dict(zip((bar.rows // 100).tolist(), lots.tolist(), strict=True))
            expected = {p: q for (m, p, s), q in cells.items() if (m, s) == (minute, side)}
            assert {p: q for p, q in shown.items() if q} == expected


def test_volume_and_dollar_bars(tape: list[Print]) -> None:
    times, prices, qtys, sides = zip(*tape, strict=True)
    table = {"time_ns": times, "price": np.array(prices, float), "qty": np.array(qtys, float),
             "side": sides}  # fmt: skip
    for kind, threshold in ((VolumeBars(5), 5), (DollarBars(250_000), 250_000)):
        ends, total = [], Decimal(0)
        for one in tape:
            total += one[2] if threshold == 5 else one[1] * one[2]
            if total >= threshold:
                ends.append((one[0], float(one[1])))
                total = Decimal(0)
        bars = bars_of(table, kind)
        assert list(zip(bars["close_time_ns"], bars["close"], strict=True)) == ends
        assert len(ends) > 50


def test_vpin(tape: list[Print]) -> None:
    time_ns, ticks, lots, sides = columns(tape)
    bucket = int(lots.sum()) // 200
    expected = vpin_by_side(lots, sides, bucket, 50)
    vpin = Vpin(instrument(), Decimal(bucket) / 100_000, 50)
    points = [
        point for rows in trade_rows(time_ns, ticks, lots, sides) for point in vpin.push(rows)
    ]
    assert [point.vpin for point in points] == pytest.approx(expected.tolist(), nan_ok=True)
    assert 0.1 < points[-1].vpin < 1.0
