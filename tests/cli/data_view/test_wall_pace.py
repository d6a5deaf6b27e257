"""The machine's clock goes on, and waiting takes time."""

from undertow.cli.data_view.wall_pace import WallPace


def test_waits() -> None:
    pace = WallPace()
    before = pace.now_ns()
    pace.wait(0.002)
    assert pace.now_ns() - before >= 2_000_000
