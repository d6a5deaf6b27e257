"""What a run says at its end, for programs and for people."""

from typing import Any

import msgspec

from undertow.domain.errors import InvariantBroken
from undertow.engine.engine import Engine


def engine_summary(engine: Engine, elapsed_s: float, rows_before: int = 0) -> dict[str, Any]:
    """Counts, money and the state hash of an engine.

    Counts are of the whole session; the rate is of this run, which began after `rows_before` rows.
    """
    counters = engine.memory.counters
    return {
        "inputs": counters.rows + counters.inputs,
        "decisions": counters.decisions,
        "signals": counters.signals,
        "refused": dict(sorted(counters.refused.items())),
        "orders": counters.orders,
        "rejected": dict(sorted(counters.rejected.items())),
        "fills": counters.fills,
        "trades": counters.trades,
        "long_trades": counters.long_trades,
        "short_trades": counters.short_trades,
        "wins": counters.wins,
        "open_positions": len(engine.ledger.positions),
        "final_equity": engine.keeper.look(engine.now_ns).equity.text,
        "currency": engine.config.reporting_currency,
        "ledger_balanced": ledger_balanced(engine),
        "funnel": {
            strategy.strategy_id: msgspec.to_builtins(
                engine.host.funnel.total(strategy.strategy_id)
            )
            for strategy in engine.host.strategies
        },
        "state_hash": engine.state_hash(),
        "elapsed_s": round(elapsed_s, 3),
        "events_per_s": round((counters.rows - rows_before) / elapsed_s) if elapsed_s > 0 else 0,
    }


def ledger_balanced(engine: Engine) -> bool:
    """Whether books and orders fit together."""
    try:
        engine.check()
    except InvariantBroken:
        return False
    return True
