from undertow.engine.counters import Counters


def test_refusals_and_rejections_are_counted_by_code() -> None:
    counters = Counters()
    for code in ("paused", "cooldown", "paused"):
        counters.refuse(code)
    counters.reject("min_qty")
    assert counters.refused == {"paused": 2, "cooldown": 1}
    assert counters.rejected == {"min_qty": 1}


def test_counters_share_nothing() -> None:
    Counters().refuse("paused")
    assert Counters().refused == {}
