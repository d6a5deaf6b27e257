"""A progress line is drawn on a terminal only."""

import io

from undertow.cli.data_view.progress_line import ProgressLine


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_drawn_on_a_terminal() -> None:
    stream = Terminal()
    tell = ProgressLine(stream)
    tell(1, 2, "BTC/USDT@binance")
    tell(2, 2, "")
    assert stream.getvalue().startswith("\r[############............] 1 of 2 BTC/USDT@binance")
    assert stream.getvalue().endswith("\n")


def test_silent_elsewhere() -> None:
    stream = io.StringIO()
    ProgressLine(stream)(1, 2, "x")
    assert stream.getvalue() == ""
