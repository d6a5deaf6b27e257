import pytest

from undertow.domain.errors import MalformedMessage
from undertow.venues.refusal import Reason, Refusal, RefusalExample, RefusalLog


def test_each_reason_is_counted_and_its_first_example_kept() -> None:
    log = RefusalLog()
    log.add(Reason.JSON, 4, "first", b"{")
    log.add(Reason.JSON, 9, "second", b"[")
    log.add(Reason.NUMBER, 11, "third", b"x" * 1_000)
    assert log.counts == {"json": 2, "number": 1}
    assert log.total == 3
    assert log.examples["json"] == RefusalExample(4, "first", "{")
    assert len(log.examples["number"].text) == 200


def test_the_log_does_not_depend_on_the_order_of_counting() -> None:
    cases = [(Reason.NUMBER, 4), (Reason.JSON, 7), (Reason.NUMBER, 2), (Reason.JSON, 9)]
    logs = [RefusalLog(), RefusalLog()]
    for log, order in zip(logs, (cases, cases[::-1]), strict=True):
        for reason, number in order:
            log.add(reason, number, f"message {number}", b"")
    assert logs[0] == logs[1]
    assert list(logs[0].counts) == list(logs[1].counts) == ["json", "number"]
    assert logs[0].examples["number"].number == 2


def test_bytes_that_are_no_text_can_be_shown() -> None:
    log = RefusalLog()
    log.add(Reason.LINE, 1, "not text", b"\xff\xfe1")
    assert log.examples["line"].text == "��1"


def test_a_refusal_is_a_malformed_message_with_its_reason() -> None:
    with pytest.raises(MalformedMessage, match="found 'x'") as caught:
        raise Refusal(Reason.NUMBER, "expected a number, found 'x'")
    assert isinstance(caught.value, Refusal)
    assert caught.value.reason is Reason.NUMBER
