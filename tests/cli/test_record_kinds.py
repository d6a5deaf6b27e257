from undertow.cli.record_kinds import VALUE_KINDS
from undertow.timeline.journal import FrameKind


def test_every_value_is_found_by_its_name() -> None:
    assert VALUE_KINDS["OrderPlaced"] is FrameKind.EVENT
    assert VALUE_KINDS["SubmitOrder"] is FrameKind.COMMAND
    assert VALUE_KINDS["OrderFilled"] is FrameKind.INPUT
    assert VALUE_KINDS["OperatorCommanded"] is FrameKind.INPUT
    assert "ReportReceived" not in VALUE_KINDS
