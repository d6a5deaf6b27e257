"""What a run decided, in order, so that two runs can be compared up to a time."""

import msgspec

from undertow.backtest.result import BacktestResult


class Decided(msgspec.Struct, frozen=True, order=True):
    """A signal (`what` is its action) or a fill (`what` is "fill") with its numbers as text."""

    time_ns: int
    strategy: str
    instrument_id: str
    what: str
    numbers: str


def decisions(result: BacktestResult, until_ns: int) -> list[Decided]:
    """Signals given and fills made before `until_ns`: entries, exits, stops and sizes."""
    found = [
        Decided(
            row.time_ns,
            row.strategy,
            row.instrument_id,
            row.action,
            f"{int(row.side)} at {row.price!r} stop {row.stop!r} ({row.reason}) {row.tag}",
        )
        for row in result.signals
        if row.time_ns < until_ns
    ]
    for trade in result.trades:
        found += [
            Decided(
                order.time_ns,
                trade.strategy,
                trade.instrument_id,
                "fill",
                f"{int(order.side)} {order.qty!r} at {order.price!r} ({order.purpose})",
            )
            for order in trade.orders
            if order.time_ns < until_ns
        ]
    return sorted(found)


def first_difference(one: list[Decided], other: list[Decided]) -> Decided | None:
    """The first decision that only one of two runs made, of the first run where both differ; None
    when they decided the same.
    """
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            return min(mine, theirs)
    if len(one) == len(other):
        return None
    longer = one if len(one) > len(other) else other
    return longer[min(len(one), len(other))]
