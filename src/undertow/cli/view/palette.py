"""The colours of the terminal view, made for dark terminals; fewer colours are mapped by rich."""

TEXT = "#c9d1d9"
STRONG = "bold #f0f6fc"
DIM = "#6e7681"
FRAME = "#30363d"
TITLE = "bold #58a6ff"
GOOD = "#3fb950"
BAD = "#f85149"
WARN = "#d29922"
ACCENT = "#39c5cf"
BANNER = "bold #0d1117 on #39c5cf"
ALARM = "bold #0d1117 on #f85149"
CAUTION = "bold #0d1117 on #d29922"


def signed(value: float) -> str:
    """The colour of a gain, a loss, or neither."""
    if value > 0:
        return GOOD
    return BAD if value < 0 else DIM
