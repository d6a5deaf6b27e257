from typing import Any

from undertow.decision.rolling_bar import RollingView, rolling_bar


def test_seconds_become_one_bar(flow: Any) -> None:
    flow.set_bars(1, [(10, 12, 9, 11, 1, 2), (11, 15, 11, 14, 3, 4), (14, 14, 8, 9, 5, 6)])
    bar = rolling_bar(flow, 2)[0]
    names = ("open_ticks", "high_ticks", "low_ticks", "close_ticks", "buy_lots", "sell_lots")
    assert [int(bar[name]) for name in names] == [11, 15, 8, 9, 8, 10]
    assert bar["open_time_ns"] == flow.bars(1, 2)["open_time_ns"][0]


def test_too_few_seconds_make_none(flow: Any) -> None:
    assert len(rolling_bar(flow, 60)) == 0


def test_the_view_only_replaces_the_last_minute(flow: Any) -> None:
    flow.set_closes(1, [10, 11, 12])
    flow.set_closes(60, [20, 21])
    view = RollingView(flow, rolling_bar(flow, 3))
    assert view.bars(60, 1)["close_ticks"].tolist() == [12]
    assert view.bars(60, 2)["close_ticks"].tolist() == [20, 21]
    assert view.bars(1, 1)["close_ticks"].tolist() == [12]
    assert (view.last_ticks, view.spread_bps) == (flow.last_ticks, flow.spread_bps)
    assert view.window(60) == flow.window(60)
