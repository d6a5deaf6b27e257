from typing import Any

from undertow.cli.view.machine_panel import machine_panel
from undertow.cli.view.palette import WARN
from undertow.cli.view.view_state import RunGauges, ViewState


def test_counts_and_journal(small_run: Any, small_state: ViewState) -> None:
    lines = [line.text for line in machine_panel(small_run.engine, small_state)]
    assert lines[0] == "decisions 5   signals 5   refused 1"
    assert lines[1] == "orders 8   fills 7   rejected 0   in doubt 0"
    assert lines[2] == "exposure 0.00   open 0"
    assert lines[3] == "orders answered in 40 ms, at most 40"
    assert lines[4] == "journal 120 frames   on disk 2 not yet"


def test_a_slow_loop_and_drops_are_warned_of(small_run: Any) -> None:
    gauges = RunGauges(
        journal_frames=5, journal_durable=5, queue_rows=10, dropped_rows=7, loop_lag_ms=900.0,
        memory_mib=312.0,
    )  # fmt: skip
    state = ViewState(small_run.engine, lambda: gauges)
    state.sample(small_run.engine, 1, ())
    lines = machine_panel(small_run.engine, state)
    assert lines[3].text == "journal 5 frames   on disk all"
    assert lines[4].text == "queue 10 rows   dropped 7   loop 900 ms late   memory 312 MiB"
    assert [style for text, style in lines[4].spans if text in ("7", "900 ms late")] == [WARN] * 2


def test_without_gauges_there_are_counts_only(small_run: Any) -> None:
    state = ViewState(small_run.engine, RunGauges)
    state.sample(small_run.engine, 1, ())
    assert len(machine_panel(small_run.engine, state)) == 3
