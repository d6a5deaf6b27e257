from undertow.domain.identity import ClientOrderId, IdSource
from undertow.timeline.run_ids import RunIds


def test_run_ids_are_an_id_source() -> None:
    source: IdSource = RunIds(7)
    assert ClientOrderId(source.next_id("order")) == "ut7-o1"
    assert source.next_id("order") != source.next_id("order")
