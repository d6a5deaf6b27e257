"""Orders are refused, expired and kept for the reasons of the simulated exchange."""

from collections import Counter

import msgspec
import pytest
from tests.backtest.quoter_world import MS, PERP, Reference, random_rows, restless

from undertow.backtest.quoter_run import QuoterRun
from undertow.domain.report import OrderExpired, OrderRejected
from undertow.kernels.quoting.desk import best_ask, best_bid, order_side, place, post
from undertow.kernels.quoting.quoter import kernel
from undertow.simulator.exchange_config import ExchangeConfig


def clumsy_function(desk, now_ns, state):  # type: ignore[no-untyped-def]
    """Asks for what cannot be."""
    state[0] += 1
    turn = int(state[0]) % 5
    bid = best_bid(desk)
    ask = best_ask(desk)
    if order_side(desk, 40) != 0:
        return
    if turn == 0:
        place(desk, 1, bid, 0)
    elif turn == 1:
        place(desk, 1, bid, 1)
    elif turn == 2:
        place(desk, -1, ask, 5_000)
    elif turn == 3:
        place(desk, 1, ask + 2_000, 5)
    else:
        post(desk, 1, ask + 1, 5)


clumsy = kernel(clumsy_function)


@pytest.mark.parametrize("quoter", [clumsy, restless], ids=["clumsy", "restless"])
def test_refusals_and_expiries_are_the_exchanges(
    quoter: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    strict = msgspec.structs.replace(PERP, min_lots=2, max_lots=1_000, min_notional="2.5")
    monkeypatch.setattr("tests.backtest.quoter_world.PERP", strict)
    rows = random_rows(8, 700)
    chosen = {"clumsy": clumsy, "restless": restless}["clumsy" if quoter is clumsy else "restless"]
    reference = Reference(chosen.function, ExchangeConfig(), rows, 16)
    refused: Counter[str] = Counter()
    expired = 0
    hear = reference.hear

    def listen(report: object) -> None:
        nonlocal expired
        if isinstance(report, OrderRejected):
            refused[report.code] += 1
        expired += isinstance(report, OrderExpired)
        hear(report)  # type: ignore[arg-type]

    monkeypatch.setattr(reference, "hear", listen)
    reference.run(4 * MS)
    run = QuoterRun(chosen, strict, ExchangeConfig(), every_ns=4 * MS)
    run.push(rows)
    run.finish()
    unheard = reference.heard
    for _, report in unheard:
        listen(report)
    assert run.counts.refused == dict(refused)
    assert run.counts.expired == expired
    if quoter is clumsy:
        assert len(refused) >= 4
