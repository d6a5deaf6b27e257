"""Trades through bar builders of every kind, footprints, VPIN and the arrival rate."""

from time import process_time

from benchmarks.result import Result, per_second
from benchmarks.synthetic_trades import table, trades
from undertow.flow.bar_builder import BarBuilder
from undertow.flow.bar_kinds import (
    BarKind,
    DollarBars,
    FixedImbalanceBars,
    ImbalanceBars,
    Measure,
    RangeBars,
    RenkoBars,
    RunsBars,
    TickBars,
    TimeBars,
    VolumeBars,
)
from undertow.flow.footprint import FootprintBuilder, FootprintConfig
from undertow.flow.trade_intensity import TradeIntensity
from undertow.flow.vpin import Vpin

TRADES = 5_000_000

KINDS: tuple[tuple[str, BarKind], ...] = (
    ("tick bars of 100", TickBars(100)),
    ("volume bars, whole trades", VolumeBars(25)),
    ("volume bars, split trades", VolumeBars(25, is_split=True)),
    ("dollar bars, whole trades", DollarBars(1_500_000)),
    ("dollar bars, split trades", DollarBars(1_500_000, is_split=True)),
    ("fixed volume imbalance bars", FixedImbalanceBars(Measure.QTY, 3)),
    ("tick imbalance bars, bounded", ImbalanceBars(Measure.TRADES, 100, 100, 3, 50, 500)),
    ("tick imbalance bars, window of 1000", ImbalanceBars(Measure.TRADES, 100, 1000, 3, 20, 500)),
    ("dollar runs bars, bounded", RunsBars(Measure.VALUE, 100, 100, 3, 50, 500)),
    ("Renko bricks of 10 ticks", RenkoBars(1)),
    ("range bars of 20 ticks", RangeBars(2)),
    ("time bars of 60 s", TimeBars(60)),
    ("time bars of 1 s", TimeBars(1)),
)


def measure() -> list[Result]:
    """5 M trades over 7 days per kind; the rows that miss their budget included."""
    rows = trades(TRADES)
    instrument = table()[0]
    results = []
    for name, kind in KINDS:
        bars = len(BarBuilder(kind, instrument).push(rows))
        results.append(
            per_second(
                f"trades into {name}", TRADES,
                lambda kind=kind: BarBuilder(kind, instrument).push(rows),  # type: ignore[misc]
                repeats=5, budget=">= 20 M/s", note=f"{bars:,} bars; CPU time", clock=process_time,
            )
        )  # fmt: skip
    footprints = (
        ("footprints of 1 minute, rows of 1 tick", FootprintConfig()),
        ("footprints of 15 minutes, rows of 5 ticks", FootprintConfig(seconds=900, row_ticks=5)),
    )
    for name, config in footprints:
        results.append(
            per_second(
                f"trades into {name}", TRADES,
                lambda config=config: FootprintBuilder(config).push(rows),  # type: ignore[misc]
                repeats=5, budget=">= 20 M/s", note="CPU time", clock=process_time,
            )
        )  # fmt: skip
    results.append(
        per_second(
            "trades into 1-minute footprints, every bar taken out", TRADES,
            lambda: sum(1 for _ in FootprintBuilder().walk(rows)),
            repeats=5, budget=">= 20 M/s", note="a Python object per bar; CPU time",
            clock=process_time,
        )
    )  # fmt: skip
    results.append(
        per_second(
            "trades into VPIN by side", TRADES, lambda: Vpin(instrument, 2_500, 50).push(rows),
            repeats=5, note="500 buckets; CPU time", clock=process_time,
        )
    )  # fmt: skip
    results.append(
        per_second(
            "trades into the fading arrival rate", TRADES, lambda: TradeIntensity().push(rows),
            repeats=5, note="an exponential per trade; CPU time", clock=process_time,
        )
    )  # fmt: skip
    return results


if __name__ == "__main__":
    for result in measure():
        print(f"{result.what}: {result.best / 1e6:,.1f} M/s ({result.budget} {result.note})")
