from typing import Any

import pytest

from undertow.cli.view import answer_times
from undertow.cli.view.answer_times import AnswerTimes
from undertow.domain.event import OrderPlaced


def test_the_first_report_of_each_order_counts(small_run: Any) -> None:
    answers = AnswerTimes()
    assert (answers.median_ms, answers.worst_ms) == (None, None)
    answers.take(small_run.recent)
    answers.take(small_run.recent)
    assert (answers.median_ms, answers.worst_ms) == (40.0, 40.0)


def test_orders_without_an_answer_are_forgotten(
    small_run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answer_times, "_MOST_WAITING", 1)
    answers = AnswerTimes()
    placed = [item for item in small_run.recent if isinstance(item, OrderPlaced)]
    answers.take(placed)
    answers.take(item for item in small_run.recent if item not in placed)
    assert answers.median_ms == 40.0
    assert answers.worst_ms == answers.median_ms
