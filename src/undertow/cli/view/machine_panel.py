"""How the machine copes: counts, the journal, the queue and the event loop."""

from undertow.cli.view.answer_times import AnswerTimes
from undertow.cli.view.figures import count, money
from undertow.cli.view.line import Line, pairs
from undertow.cli.view.palette import DIM, GOOD, TEXT, WARN
from undertow.cli.view.view_state import RunGauges, ViewState
from undertow.engine.engine import Engine

SLOW_LOOP_MS = 250.0


def machine_panel(engine: Engine, state: ViewState) -> list[Line]:
    """What the engine counted, how fast venues answer, then what the driver tells."""
    counters = engine.memory.counters
    rejected = sum(counters.rejected.values())
    refused = sum(counters.refused.values())
    blocked = len(engine.execution.blocked())
    return [
        pairs(
            ("decisions", count(counters.decisions), TEXT),
            ("signals", count(counters.signals), TEXT),
            ("refused", count(refused), WARN if refused else DIM),
        ),
        pairs(
            ("orders", count(counters.orders), TEXT),
            ("fills", count(counters.fills), TEXT),
            ("rejected", count(rejected), WARN if rejected else DIM),
            ("in doubt", count(blocked), WARN if blocked else DIM),
        ),
        pairs(
            ("exposure", money(float(state.exposure)), TEXT),
            ("open", count(len(engine.ledger.positions)), TEXT),
        ),
        *_gauges(state.gauges, state.answers),
    ]


def _gauges(gauges: RunGauges, answers: AnswerTimes) -> list[Line]:
    lines: list[Line] = []
    if answers.median_ms is not None and answers.worst_ms is not None:
        words = f"{answers.median_ms:.0f} ms, at most {answers.worst_ms:.0f}"
        lines.append(pairs(("orders answered in", words, TEXT)))
    if gauges.journal_frames is not None:
        waiting = gauges.journal_frames - (gauges.journal_durable or 0)
        words = f"{count(waiting)} not yet" if waiting else "all"
        frames = ("journal", f"{count(gauges.journal_frames)} frames", TEXT)
        lines.append(pairs(frames, ("on disk", words, DIM if waiting else GOOD)))
    named: list[tuple[str, str, str]] = []
    if gauges.queue_rows is not None:
        named.append(("queue", f"{count(gauges.queue_rows)} rows", TEXT))
    if gauges.dropped_rows:
        named.append(("dropped", count(gauges.dropped_rows), WARN))
    if gauges.loop_lag_ms is not None:
        is_slow = gauges.loop_lag_ms > SLOW_LOOP_MS
        named.append(("loop", f"{gauges.loop_lag_ms:.0f} ms late", WARN if is_slow else TEXT))
    if gauges.memory_mib is not None:
        named.append(("memory", f"{gauges.memory_mib:.0f} MiB", TEXT))
    return [*lines, pairs(*named)] if named else lines
