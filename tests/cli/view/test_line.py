import pytest

from undertow.cli.view.line import Line, beside, inner_size, pairs, section, stacked, tabulated


@pytest.mark.parametrize(
    ("width", "text"), [(9, "ab cd    "), (5, "ab cd"), (4, "ab …"), (2, "a…"), (1, "…")]
)
def test_a_line_is_fitted_to_any_width(width: int, text: str) -> None:
    line = Line(("ab", "bold"), (" cd", "")).fitted(width)
    assert (line.text, line.width) == (text, width)


def test_columns_are_as_wide_as_their_widest_cell() -> None:
    rows = [[Line(("BTC", "")), Line(("7", ""))], [Line(("X", "")), Line(("1234", ""))]]
    lines = tabulated(("asset", "n"), rows)
    assert [line.text for line in lines] == ["asset    n", "BTC      7", "X     1234"]
    assert [line.text for line in tabulated((), rows, left=2)] == ["BTC 7", "X   1234"]
    assert tabulated((), []) == []


def test_a_section_is_exactly_its_size() -> None:
    body = [Line((f"line {i}", "")) for i in range(9)]
    ruled = section("FLOW", body, (20, 4), framed=False, note="all")
    framed = section("FLOW", body, (20, 4), framed=True)
    assert [line.width for line in (*ruled, *framed)] == [20] * 8
    assert ruled[0].text == "FLOW  all ──────────"
    assert [line.text for line in framed] == [
        "╭─ FLOW ───────────╮",
        "│ line 0           │",
        "│ line 1           │",
        "╰──────────────────╯",
    ]
    assert inner_size((20, 4), framed=True) == (16, 2)
    assert inner_size((20, 4), framed=False) == (20, 3)


def test_panels_stand_side_by_side() -> None:
    left, right = stacked([Line(("a", ""))], 2, 2), stacked([], 3, 2)
    assert [line.text for line in beside(left, right)] == ["a    ", "     "]


def test_pairs_are_named() -> None:
    assert pairs(("day", "+1", ""), ("fees", "2", "")).text == "day +1   fees 2"
